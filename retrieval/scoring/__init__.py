"""The linear models: passages, units and spans, by named features."""

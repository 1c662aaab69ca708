"""From scored units to an answer that is cited, or declined."""

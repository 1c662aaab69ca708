"""Reading by meaning: a small model on this machine, where the extra for it is installed."""

"""Search engines: from terms to the passages that hold them."""

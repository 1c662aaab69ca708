"""The search engines, one a module, each with `build(passages)`."""

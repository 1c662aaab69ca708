"""Indexes in an OpenSearch cluster: kept and searched there, written by one process at a time."""

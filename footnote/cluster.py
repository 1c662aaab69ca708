"""For front ends: where a search cluster is."""

from retrieval.cluster.address import cluster_at

__all__ = ["cluster_at"]

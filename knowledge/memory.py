"""How much memory this process may have."""

from contextlib import suppress


def memory_limit() -> int | None:
    """The bytes of address space that the system allows (`ulimit -v`); None where any number."""
    with suppress(ImportError):  # not on every platform
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        return None if limit == resource.RLIM_INFINITY else limit
    return None

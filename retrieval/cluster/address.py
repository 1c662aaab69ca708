"""Where a search cluster is, and who asks it."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from knowledge.errors import FootnoteError

_FORM = "https://[USER:PASSWORD@]HOST[:PORT], several with commas between them"


class ClusterError(FootnoteError):
    """A search cluster that cannot be used as it is set up."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The addresses of a cluster's nodes, without user and password, which are in no `repr`.

    `authority` is a file with the certificates that those of the nodes are checked against, and
    `seconds` are what a node may take to answer.
    """

    nodes: tuple[str, ...]
    login: tuple[str, str] | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    authority: Path | None = None
    seconds: float = 3.0


def cluster_at(addresses: str, key: str | None = None, authority: Path | None = None) -> Cluster:
    """The cluster at some addresses, asked with an API key or as the user that one of them names.

    ClusterError where one is no address; it repeats none, since they may hold a password.
    """
    parts = [_split(address.strip()) for address in addresses.split(",") if address.strip()]
    if not parts:
        raise ClusterError(
            f"no address of a search cluster is given; set FOOTNOTE_OPENSEARCH to {_FORM}"
        )
    logins = {(one.username, one.password or "") for one in parts if one.username}
    if len(logins) > 1:
        raise ClusterError("the addresses of the search cluster name several users; name one")
    login = next(((unquote(user), unquote(word)) for user, word in logins), None)
    if authority is not None and not authority.is_file():
        raise ClusterError(f"{authority}: there is no such file with certificates")
    return Cluster(tuple(map(_bare, parts)), None if key else login, key, authority)


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # such as a port that is no number; what it says repeats the address
        is_address = None
    # Where a password has a / or a #, the rest of it is taken for the path, or what follows that.
    if not is_address or "@" in parts.path or parts.query or parts.fragment:
        raise ClusterError(
            f"an address of the search cluster cannot be read; write {_FORM}, with %40 for an @ in"
            " the password and so on"
        )
    return parts


def _bare(parts: SplitResult) -> str:
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 9200)
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"

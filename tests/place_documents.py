"""Documents of a mill and of a harbour, for tests of what is answered where."""

from bot.library import Library
from footnote import Document, from_texts
from knowledge.loading import read_text

MILL = "Who built the mill of Ulm?"
HARBOUR = "Who guards the harbour?"

_MORE = (
    " Its roof is of slate. It may be visited on Sundays from ten to four, but not in winter.\n\n"
    "## Tickets for the {0}\n\nTickets cost five euros, and nothing for children.\n"
)


def mill(builder: str) -> str:
    """A document that says who built the mill."""
    return f"# The mill of Ulm\n\n{builder} built the mill of Ulm in 1901.{_MORE.format('mill')}"


def harbour(guard: str) -> str:
    """A document that says who guards the harbour."""
    return f"# The harbour\n\n{guard} guards the harbour at night.{_MORE.format('harbour')}"


def collection(name: str, text: str) -> Library:
    """A library of one text."""
    return Library(from_texts({name: text})).prepare()


class Kept(dict[int, str]):
    """The text that each server keeps."""

    def documents(self, server: int) -> list[Document]:
        """The server's text as a document."""
        return list(read_text("own.md", self[server])) if server in self else []

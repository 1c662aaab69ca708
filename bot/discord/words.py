"""What several messages say: how many there are of something, and on which page one is."""

from bot.library import Library
from bot.texts import gettext, gettext_noop, ngettext, number

BEFORE, AFTER = gettext_noop("← Previous"), gettext_noop("Next →")
"""The labels of the buttons that turn pages."""


def documents(count: int) -> str:
    """A number of documents."""
    return ngettext("{count} document", "{count} documents", count)


def passages(count: int) -> str:
    """A number of passages."""
    return ngettext("{count} passage", "{count} passages", count)


def summary_of(library: Library) -> str:
    """How much a library has, and how many files were skipped."""
    skipped = len(library.collection.report.skipped)
    return gettext(
        "{documents} with {passages}, {files}",
        documents=documents(len(library.collection.documents)),
        passages=passages(library.collection.passages),
        files=ngettext("{count} file skipped", "{count} files skipped", skipped),
    )


def page_of(page: int, pages: int) -> str:
    """Which page, counted from 0, this is."""
    return gettext("Page {page} of {pages}", page=number(page + 1), pages=number(pages))

"""Errors that mean something to a front end; what other errors say is for the log alone."""

from footnote import FootnoteError


class MemberError(FootnoteError):
    """One sentence for the member who asked, with what to do."""

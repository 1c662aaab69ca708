"""The errors of the project: one base, facts as attributes, told to people only at the edge."""


class FootnoteError(Exception):
    """Something the person can mend; its text is one sentence with the thing and the remedy."""


class ReadError(FootnoteError):
    """A file or folder that cannot be read as documents.

    `name` is the file as the person knows it, `reason` what is wrong with it and what to do.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason

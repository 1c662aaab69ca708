"""The defaults of settings, as questions with the lines that say them."""

import re
from collections.abc import Iterator

from knowledge.documents import BlockKind, Passage, Span, Unit
from retrieval.evaluation.headings import bare
from retrieval.evaluation.names import (
    Asked,
    Form,
    context_of,
    identifier_in,
    is_name,
    option_in,
    program_of,
)
from retrieval.text.tokens import is_identifier

_LEAST_LETTERS = 8
_LONGEST = 600
"""Characters of a setting with its default; from there on the default alone is evidence."""

_WITH_DEFAULT = re.compile(r"^(?P<name>[\w.$-]+)\s+\(default: (?P<value>[^()]{1,60})\)$", re.I)
_DEFAULT_ROW = re.compile(r"^Default(?: value)?s?:?\s*\|\s*(?P<value>\S.{0,80})$", re.I)
_DEFAULT_LINE = re.compile(
    r"^Defaults?(?: value)?s?(?::\s*| is | to )(?P<value>\S.{0,80})$|"
    r"\bdefault(?: value)?(?: for this (?:option|setting|parameter|directive))?(?: is|:| of) "
    r"[\"“'`*]*(?P<said>[^\s\"”'`]+)|\bdefaults to [\"“'`*]*(?P<falls>[^\s\"”'`]+)",
    re.I,
)
_VALUE = re.compile(
    r"^(?:[-+]?\d[\w.,:%×/-]*|(?i:true|false|none|null|yes|no|on|off|enabled|disabled|unlimited)"
    r"|[\"“'‘`].{1,40}[\"”'’`]|[/~$][\w./${}-]+|[A-Z][A-Z_\d]{2,}|[a-z](?=[\w-]*[_\d])[\w-]*)[.,;)]{0,2}$"
)
_OF_HEADING = re.compile(r"^Default(?: value)?:", re.I)


def defaults_in(passage: Passage) -> Iterator[Asked]:
    """The questions for the defaults that a passage says."""
    for unit in passage.units:
        if not unit.is_quotable:
            continue
        if unit.kind is BlockKind.ROW:
            name, span = _setting_in_row(passage, unit), unit.span
        elif unit.kind is BlockKind.TERM:
            name, span = _setting_in_term(passage.quote(unit.span)), unit.span
        elif unit.kind in (BlockKind.PARAGRAPH, BlockKind.DEFINITION):
            name, span = _setting_in_text(passage, unit), _with_lead(passage, unit)
        else:
            continue
        if name is not None:
            yield Asked(f"What is the default of {name}?", Form.SETTING, span)


def _setting_in_row(passage: Passage, unit: Unit) -> str | None:
    """The setting that a row says the default of, in a column or as the whole row."""
    text = passage.quote(unit.span)
    if _DEFAULT_ROW.match(text):
        context = context_of(passage)
        return context if context and is_identifier(context) else None
    header = passage.quote(unit.lead) if unit.lead else ""
    columns = [cell.strip().lower() for cell in header.strip("| ").split("|")]
    cells = [cell.strip(" `") for cell in text.strip("| ").split("|")]
    if "default" not in columns[1:] or len(cells) != len(columns):
        return None
    is_said = cells[0] and is_identifier(cells[0]) and cells[columns.index("default")]
    return cells[0] if is_said else None


def _setting_in_term(term: str) -> str | None:
    """The setting of "name (default: value)"."""
    found = _WITH_DEFAULT.match(" ".join(term.split()))
    if found is None or found["value"].lower().startswith("see "):
        return None
    name = found["name"]
    # "x" and "private" may be of anything.
    is_telling = is_identifier(name) or (name.islower() and len(name) >= _LEAST_LETTERS)
    return name if is_telling else None


def _setting_in_text(passage: Passage, unit: Unit) -> str | None:
    """The setting that a sentence says the default of: its term, or what its section is called."""
    text = passage.quote(unit.span)
    found = _DEFAULT_LINE.search(text)
    if found is None or not _VALUE.match(next(filter(None, found.groups()))):
        return None
    if unit.lead is not None and unit.kind is BlockKind.DEFINITION:
        return _of_term(" ".join(passage.quote(unit.lead).split()), passage)
    heading = bare(passage.heading[-1]) if passage.heading else ""
    is_setting = heading and is_identifier(heading) and _OF_HEADING.match(text)
    return heading if is_setting else None


def _of_term(term: str, passage: Passage) -> str | None:
    if option := option_in(term):
        program = program_of(passage)
        return f"the option {option} of {program}" if program else None
    if name := identifier_in(term):
        # "KEEP" may be of anything, and "\\name" is a command with arguments.
        return None if (name.isalpha() and name.isupper()) or name[0] == "\\" else name
    context = context_of(passage)
    return f"{term} in {context}" if is_name(term) and context else None


def _with_lead(passage: Passage, unit: Unit) -> Span:
    """A sentence with the term that it is about, where that is near."""
    is_near = (
        unit.lead is not None
        and passage.span.holds(unit.lead)
        and unit.span.end - unit.lead.start <= _LONGEST
    )
    return Span(unit.lead.start, unit.span.end) if unit.lead and is_near else unit.span

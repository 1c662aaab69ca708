"""Answers, passages and reports as text for a terminal: its width, its colours, its dangers.

Text of documents and questions is made harmless here: what a terminal would obey is shown instead.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from bot.locations import Location, shown_file, shown_location
from bot.presentation import (
    Line,
    block_lines,
    blocks_of,
    cited_first,
    counted,
    harmless,
    harmless_code,
    is_reworded,
    lines_near,
    named_path,
    running_text,
    short_names,
    vectors_text,
)
from bot.terminal.blocks import block_text
from bot.terminal.links import Links, linked
from bot.terminal.wrapping import (
    BOLD,
    INDENT,
    PLAIN,
    WIDEST,
    cut,
    filled,
    isolated,
    styled,
    wrapped,
)
from footnote import Answer, Citation, Collection, Document, Hit, Span, Verdict
from footnote.index import FEW
from footnote.text import line_spans

if TYPE_CHECKING:
    # Pydantic takes longer to import than an answer.
    from footnote.json_records import DocumentRecord
    from footnote.vectors import Made

_MARGIN = f"{INDENT}  "
_MOST_NAMED = 10
_SEE_ALSO = f"{INDENT}See also: "
_LEAST_NAME, _ENOUGH = 12, 24
"""Columns that the name of a section has, and with which it can have an anchor behind it."""


def answer_text(
    answer: Answer, width: int, options: Sequence[str] = (), links: Links = Links.WHOLE
) -> str:
    """The block that answers, what answers within it marked, and its source; or what came nearest.

    `options` are those that a hint has to repeat: which documents are asked, and how.
    """
    if answer.verdict is Verdict.DECLINED:
        shown = _decline_text(answer, width, options, links)
    else:
        shown = _quotes_text(answer, width, links)
    return "\n".join([*_repairs_text(answer, width), shown])


def _repairs_text(answer: Answer, width: int) -> list[str]:
    """What misspelt words were read as, if there were any."""
    if not answer.repairs:
        return []
    words = ", ".join(f"{repair.read_as} (not {repair.asked})" for repair in answer.repairs)
    return [wrapped(f"searched for: {harmless(words)}", width), ""]


def _quotes_text(answer: Answer, width: int, links: Links) -> str:
    """The blocks, each with its source."""
    parts = []
    for block in blocks_of(answer.citations):
        lines = block_lines(block, answer.short_confidence)
        source = _source(cited_first(block), width, links)
        parts.append(f"{block_text(lines, width)}\n\n{source}")
    if answer.unanswered:
        parts.append(wrapped(f"Nothing found for: {harmless(', '.join(answer.unanswered))}", width))
    if answer.nearest:
        parts.append(_others_text(answer.nearest, width))
    return "\n\n".join(parts)


def _others_text(nearest: Sequence[Citation], width: int) -> str:
    """The closest sections in one line, or in one for each where that is too long."""
    room = min(width, WIDEST) - len(_SEE_ALSO)
    others = [
        _other_text(one, name, room)
        for one, name in zip(nearest, short_names(nearest), strict=True)
    ]
    line = f"{_SEE_ALSO}{'; '.join(others)}"
    if len(line) > min(width, WIDEST):
        first, *rest = others
        line = "\n".join([f"{_SEE_ALSO}{first}", *(" " * len(_SEE_ALSO) + one for one in rest)])
    return click.style(line, dim=True)


def _other_text(one: Citation, name: str, room: int) -> str:
    """A section by its name and its place, which is never cut, as one line."""
    places = [
        harmless(shown_location(one.document_id, one.line, one.page, anchor))
        for anchor in (one.anchor, None)
    ]
    # An anchor says more than a line, but may take all of the room.
    place = next((place for place in places if len(place) + _ENOUGH <= room), places[-1])
    shown = cut(harmless(name), max(room - len(place) - len(" ()"), _LEAST_NAME))
    return f"{isolated(shown)} ({place})"


def _decline_text(answer: Answer, width: int, options: Sequence[str], links: Links) -> str:
    if not answer.nearest:
        return wrapped("The documents do not answer this.", width)
    parts = [wrapped("No sure answer. The closest sections:", width)]
    parts += [section_text(one, lines_near(one), width, links) for one in answer.nearest]
    question = harmless(answer.question)
    is_like_option = question.startswith("-")
    again = ["footnote", "search", *options, *(["--"] if is_like_option else []), question]
    # Never broken, so that it can be pasted.
    hint = " ".join(harmless_code(shlex.join(again)))
    parts.append(f"{wrapped('Rephrase the question, or search:', width)}\n{INDENT}{hint}")
    return "\n\n".join(parts)


def hits_text(hits: Iterable[Hit], documents: Mapping[str, Document], width: int) -> str:
    """The passages by rank, each with its source, its score and how it begins."""
    return "\n\n".join(_hit_text(hit, documents[hit.passage.document_id], width) for hit in hits)


def _hit_text(hit: Hit, document: Document, width: int) -> str:
    passage = hit.passage
    start_at = passage.span.start
    place = harmless(
        shown_location(
            document.source,
            document.line_at(start_at),
            document.page_at(start_at),
            passage.anchor,
        )
    )
    path = _path(passage.title, passage.heading)
    title = wrapped(f"{hit.rank}. {BOLD}{path}{PLAIN}", width)
    text = running_text(passage, document.source)
    begin = shorten(harmless(text), 4 * min(width, WIDEST), placeholder=" …")
    start = wrapped(isolated(begin), width)
    return "\n".join([title, click.style(f"{INDENT}{place}  {hit.score:.2f}", dim=True), start])


def surroundings_text(place: Location, width: int) -> str:
    """The lines of a passage, marked, with those of its neighbours, each with its number.

    What can be quoted from the line that was asked for is in bold.
    """
    document, passage, passages = place.document, place.passage, place.passages
    first = passages[max(place.position - 1, 0)].span.start
    last = passages[min(place.position + 1, len(passages) - 1)].span.end
    path = _path(document.title, passage.heading)
    lines = [wrapped(f"{BOLD}{path}{PLAIN}", width), ""]
    for number, (start, end) in enumerate(line_spans(document.text), start=1):
        if start > last:
            break
        if end < first:
            continue
        is_marked = start < passage.span.end and passage.span.start < end
        line = document.text[start:end]
        indent = " " * (len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()))
        margin = f"{document.line or number:6} {'▌' if is_marked else ' '} {indent}"
        rest = f"{'':6} {'▌' if is_marked else ' '} {indent}"
        # A line may be a whole document.
        content = _in_bold(document.text, max(start, first), min(end, last), place.marked)
        lines.append(styled(filled(content.strip(), width, margin, rest)) or margin.rstrip())
    return "\n".join(lines)


def _in_bold(text: str, start: int, end: int, marked: Sequence[Span]) -> str:
    """A line, harmless, with what is marked of it between the signs for bold."""
    parts, done = [], start
    for span in marked:
        first, last = max(span.start, done), min(span.end, end)
        if first < last:
            parts += [harmless(text[done:first]), BOLD, harmless(text[first:last]), PLAIN]
            done = last
    return "".join([*parts, harmless(text[done:end])])


def index_text(collection: Collection, made: "Made | None", width: int) -> str:
    """What the index holds, what was done to it, and what was skipped and why."""
    report = collection.report
    summary = (
        f"{counted(len(collection.documents), 'document')} with"
        f" {counted(collection.passages, 'passage')};"
        f" engine {collection.engine}{_reason(collection)}."
    )
    lines = [
        wrapped(summary, width),
        click.style(f"{INDENT}{harmless(collection.place)}", dim=True),
    ]
    done = [
        ("Added", report.added), ("Changed", report.changed), ("Removed", report.removed),
        ("Renamed", [f"{old} is now {new}" for old, new in report.renamed]),
    ]  # fmt: skip
    for what, files in done:
        if files:
            lines += ["", wrapped(f"{what} {counted(len(files), 'file')}:", width)]
            lines += [wrapped(harmless(file), width, "•") for file in files[:_MOST_NAMED]]
        if len(files) > _MOST_NAMED:
            lines.append(wrapped(f"and {len(files) - _MOST_NAMED:,} more", width, "•"))
    if report.is_nothing:
        lines += ["", wrapped("Nothing has changed.", width)]
    if made is not None:
        lines += ["", wrapped(vectors_text(made), width)]
    if report.skipped:
        # Imported here since answers have none.
        from bot.terminal.skipped import skipped_text

        lines += ["", skipped_text(report.skipped, width, names_all=False)]
    return "\n".join(lines)


def document_text(listed: "DocumentRecord", width: int) -> str:
    """A document in a list: its title, and below it the file and how it was read."""
    title = wrapped(f"{BOLD}{harmless(listed.title)}{PLAIN}", width)
    # The id of a record is another one than that of its file.
    is_named = listed.source.endswith(listed.document) or listed.document == listed.title
    facts = [
        harmless(shown_file(listed.source)),
        *([] if is_named else [harmless(listed.document)]),
        listed.language,
        *([harmless(listed.encoding)] if listed.encoding else []),
        counted(listed.passages, "passage"),
        f"read {listed.read:%Y-%m-%d %H:%M}",
    ]
    margin = f"{INDENT}  "
    below = filled(" · ".join(facts), width, margin, margin)
    lines = [title, click.style(below, dim=True)]
    if listed.url:
        lines.append(click.style(f"{INDENT}  {harmless(listed.url)}", dim=True))
    return "\n".join(lines)


def engine_text(collection: Collection, answer: Answer, width: int) -> str:
    """Which engine searched, and why it; what read, and with what."""
    reader = answer.reader
    if answer.is_read:
        reader += f", {'with' if answer.has_vectors else 'without'} vectors of the passages"
    elif collection.reader != reader:
        reader += f" ({collection.reader} had nothing to add, or no time)"
    text = f"Engine: {collection.engine}{_reason(collection)}. Reader: {reader}."
    return wrapped(harmless(text), width)


def _reason(collection: Collection) -> str:
    """Why this engine, where it was chosen by the number of passages."""
    if not collection.is_engine_chosen:
        return ""
    few = collection.passages <= FEW
    return f" (used {'up to' if few else 'above'} {FEW:,} passages)"


def question_text(question: str, width: int, understood: str, *, is_shown: bool) -> str:
    """A question above its answer, where there are several, and how it was understood.

    `is_shown` is False where it stands there already, since it was typed.
    """
    lines = [wrapped(f"{BOLD}? {harmless(question)}{PLAIN}", width)] if is_shown else []
    if is_reworded(question, understood):
        lines.append(wrapped(f"understood as: {harmless(understood)}", width))
    return "\n".join(["", *lines, ""]) if lines else ""


def _path(title: str, heading: Sequence[str]) -> str:
    """Title and headings, harmless, each in its own direction."""
    return " › ".join(isolated(harmless(part)) for part in named_path(title, heading))


def section_text(
    citation: Citation, lines: Sequence[Line], width: int, links: Links, mark: str = "—"
) -> str:
    """Some lines of a section below their source."""
    return f"{_source(citation, width, links, mark)}\n{block_text(lines, width, 2 * INDENT)}"


def _source(citation: Citation, width: int, links: Links, mark: str = "—") -> str:
    """Title and headings, and below them where it stands; neither path nor address is broken."""
    path = _path(citation.title, citation.heading)
    lines = [harmless(_place(citation))]
    if citation.address:
        lines.append(linked(harmless(citation.address), width - len(_MARGIN), links))
    places = [click.style(f"{_MARGIN}{line}", dim=True) for line in lines]
    return "\n".join([wrapped(path, width, mark), *places])


def _place(citation: Citation) -> str:
    return shown_location(citation.source, citation.line, citation.page, citation.anchor)

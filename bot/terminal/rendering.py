"""Answers, passages and reports as text for a terminal: its width, its colours, its dangers.

Text of documents and questions is made harmless here: what a terminal would obey is shown instead.
"""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import TextWrapper, shorten
from typing import TYPE_CHECKING

import click

from bot.locations import Location, shown_file, shown_location
from bot.presentation import (
    HIGHLIGHT_FROM,
    cited_first,
    cited_together,
    counted,
    harmless,
    harmless_code,
)
from footnote import Answer, Citation, Collection, Document, Hit, Skipped, Span, Verdict
from footnote.index import FEW
from footnote.text import is_unspaced, line_spans, readable_of

if TYPE_CHECKING:
    # Pydantic takes longer to import than an answer.
    from footnote.json_records import DocumentRecord

_WIDEST = 100
"""Columns; longer lines of text are hard to read, however wide the terminal is."""

_INDENT = "  "
_MOST_NAMED = 10

_TO_THE_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

# Stand for bold in text that is yet to be wrapped; harmless() leaves neither in any text.
_BOLD, _PLAIN = "\x02", "\x03"


def answer_text(answer: Answer, width: int, knowledge: Path | None = None) -> str:
    """The quote with the words that answer in bold, and its source; or the closest sections.

    `knowledge` is the path of the documents, where they are not those asked by default.
    """
    is_declined = answer.verdict is Verdict.DECLINED
    shown = _decline_text(answer, width, knowledge) if is_declined else _quotes_text(answer, width)
    return "\n".join([*_repairs_text(answer, width), shown])


def _repairs_text(answer: Answer, width: int) -> list[str]:
    """What misspelt words were read as, if there were any."""
    if not answer.repairs:
        return []
    words = ", ".join(f"{repair.read_as} (not {repair.asked})" for repair in answer.repairs)
    return [wrapped(f"searched for: {harmless(words)}", width), ""]


def _quotes_text(answer: Answer, width: int) -> str:
    """The quotes, each sentence and each list with its source."""
    parts = []
    for cited in cited_together(answer.citations):
        quotes = [_quote_text(citation, cited, answer, width) for citation in cited]
        parts.append("\n".join([*quotes, "", _source(cited_first(cited), width)]))
    if answer.unanswered:
        parts.append(wrapped(f"Nothing found for: {harmless(', '.join(answer.unanswered))}", width))
    if answer.nearest:
        others = "; ".join(
            f"{_isolated(harmless((one.title, *one.heading)[-1]))} ({harmless(_place(one))})"
            for one in answer.nearest
        )
        parts.append(click.style(wrapped(f"See also: {others}", width), dim=True))
    return "\n\n".join(parts)


def _quote_text(citation: Citation, cited: Sequence[Citation], answer: Answer, width: int) -> str:
    """One quote: code line by line, so that it can be pasted, and all else wrapped."""
    if citation.is_code:
        return "\n".join(f"{_INDENT}  {line}".rstrip() for line in harmless_code(citation.quote))
    return wrapped(_marked(citation, answer), width, "•" if _is_item(citation, cited) else "")


def _is_item(citation: Citation, cited: Sequence[Citation]) -> bool:
    return len(cited) > 1 and not citation.introduces


def _decline_text(answer: Answer, width: int, knowledge: Path | None) -> str:
    if not answer.nearest:
        return wrapped("The documents do not answer this.", width)
    parts = [wrapped("No confident answer. The closest sections:", width)]
    for one in answer.nearest:
        lines = [line for line in one.shown.splitlines() if line.strip()]
        shown = [wrapped(_isolated(harmless(line).strip()), width) for line in lines]
        parts.append("\n".join([_source(one, width), *shown]))
    within = [] if knowledge is None else ["--knowledge", str(knowledge)]
    again = shlex.join(["footnote", "search", *within, answer.question])
    # Never broken, so that it can be pasted.
    parts.append(
        f"{wrapped('Rephrase the question, or search:', width)}\n{_INDENT}{harmless(again)}"
    )
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
    title = wrapped(f"{hit.rank}. {_BOLD}{path}{_PLAIN}", width)
    text = readable_of(passage, passage.text, document.source)
    begin = shorten(harmless(text), 4 * min(width, _WIDEST), placeholder=" …")
    start = wrapped(_isolated(begin), width)
    return "\n".join([title, click.style(f"{_INDENT}{place}  {hit.score:.2f}", dim=True), start])


def surroundings_text(place: Location, width: int) -> str:
    """The lines of a passage, marked, with those of its neighbours, each with its number.

    What can be quoted from the line that was asked for is in bold.
    """
    document, passage, passages = place.document, place.passage, place.passages
    first = passages[max(place.position - 1, 0)].span.start
    last = passages[min(place.position + 1, len(passages) - 1)].span.end
    path = _path(document.title, passage.heading)
    lines = [wrapped(f"{_BOLD}{path}{_PLAIN}", width), ""]
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
        filled = _filled(content.strip(), min(width, _WIDEST), margin, rest)
        lines.append(_styled(filled) or margin.rstrip())
    return "\n".join(lines)


def _in_bold(text: str, start: int, end: int, marked: Sequence[Span]) -> str:
    """A line, harmless, with what is marked of it between the signs for bold."""
    parts, done = [], start
    for span in marked:
        first, last = max(span.start, done), min(span.end, end)
        if first < last:
            parts += [harmless(text[done:first]), _BOLD, harmless(text[first:last]), _PLAIN]
            done = last
    return "".join([*parts, harmless(text[done:end])])


def index_text(collection: Collection, width: int) -> str:
    """What the index holds, what was done to it, and what was skipped and why."""
    report = collection.report
    summary = (
        f"{counted(len(collection.documents), 'document')} with"
        f" {counted(collection.passages, 'passage')};"
        f" engine {collection.engine}{_reason(collection)}."
    )
    lines = [
        wrapped(summary, width),
        click.style(f"{_INDENT}{harmless(str(collection.folder))}", dim=True),
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
    if report.skipped:
        lines += skipped_text(report.skipped, width)
    return "\n".join(lines)


def skipped_text(skipped: Sequence[Skipped], width: int) -> list[str]:
    """Which files were skipped, and why."""
    lines = ["", wrapped(f"Skipped {counted(len(skipped), 'file')}:", width)]
    return lines + [
        wrapped(f"{harmless(one.name)} {harmless(one.reason)}", width, "•") for one in skipped
    ]


def document_text(listed: "DocumentRecord", width: int) -> str:
    """A document in a list: its title, and below it the file and how it was read."""
    title = wrapped(f"{_BOLD}{harmless(listed.title)}{_PLAIN}", width)
    # The id of a record is another one than that of its file.
    is_named = listed.source.endswith(listed.document) or listed.document == listed.title
    facts = [
        harmless(shown_file(listed.source)),
        *([] if is_named else [harmless(listed.document)]),
        listed.language,
        counted(listed.passages, "passage"),
        f"read {listed.read:%Y-%m-%d %H:%M}",
    ]
    margin = f"{_INDENT}  "
    below = _filled(" · ".join(facts), min(width, _WIDEST), margin, margin)
    lines = [title, click.style(below, dim=True)]
    if listed.url:
        lines.append(click.style(f"{_INDENT}  {harmless(listed.url)}", dim=True))
    return "\n".join(lines)


def engine_text(collection: Collection, width: int) -> str:
    """Which engine searched, and why it."""
    return wrapped(f"Engine: {collection.engine}{_reason(collection)}.", width)


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
    lines = [wrapped(f"{_BOLD}? {harmless(question)}{_PLAIN}", width)] if is_shown else []
    if understood != question:
        lines.append(wrapped(f"understood as: {harmless(understood)}", width))
    return "\n".join(["", *lines, ""]) if lines else ""


def _marked(citation: Citation, answer: Answer) -> str:
    """The quote, harmless, with the words that answer between the signs for bold."""
    likely = (answer.short_confidence or 0) >= HIGHLIGHT_FROM
    if citation.answering is None or not likely:
        return _isolated(harmless(citation.shown).strip())
    before, words, after = map(harmless, citation.shown_parts)
    return _isolated(f"{before}{_BOLD}{words}{_PLAIN}{after}".strip())


def _path(title: str, heading: Sequence[str]) -> str:
    """Title and headings, harmless, each in its own direction."""
    return " › ".join(_isolated(harmless(part)) for part in (title, *heading))


def _isolated(text: str) -> str:
    """The text, its direction kept from what stands beside it where it is written to the left."""
    return f"\u2068{text}\u2069" if _TO_THE_LEFT.search(text) else text


def _source(citation: Citation, width: int) -> str:
    """Title and headings, and below them where it stands; neither path nor address is broken."""
    path = _path(citation.title, citation.heading)
    lines = [_place(citation), *filter(None, [citation.address])]
    places = [click.style(f"{_INDENT}  {harmless(line)}", dim=True) for line in lines]
    return "\n".join([wrapped(path, width, "—"), *places])


def _place(citation: Citation) -> str:
    return shown_location(citation.source, citation.line, citation.page, citation.anchor)


def wrapped(text: str, width: int, mark: str = "") -> str:
    """The text in indented lines, behind `mark` if there is one."""
    first, rest = (f"{_INDENT}{mark} ", f"{_INDENT}  ") if mark else (_INDENT, _INDENT)
    wrapped = _filled(text, min(width, _WIDEST), first, rest)
    return _styled(wrapped)


def _styled(text: str) -> str:
    return text.replace(_BOLD, "\x1b[1m").replace(_PLAIN, "\x1b[0m")


def _filled(text: str, width: int, first: str, rest: str) -> str:
    """The text in lines of up to `width`; long words, such as paths, are never broken.

    Without blanks between words it is, and its letters take two columns each.
    """
    if is_unspaced(text):
        # Imported here since it takes as long as an answer.
        from wcwidth import wrap

        lines = wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
        return "\n".join(lines)
    wrapper = TextWrapper(
        width=width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.fill(text)

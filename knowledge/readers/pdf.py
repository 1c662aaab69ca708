"""PDF files: paragraphs, headings and items put together from lines, with the pages.

A PDF knows letters and places only. Lines follow each other as they were written, column by column
in what usual programs make; what is a paragraph or a heading is read off gaps, sizes and ends.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import create_string_buffer
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from knowledge.documents import BlockKind, Document
from knowledge.errors import Obstacle, ReadError
from knowledge.numbering import number_in
from knowledge.readers.extract import PAGE, Extract
from knowledge.readers.extras import extra
from knowledge.source import SourceFile, checksum

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

_HYPHENS = "\ufffe\xad\x02"
"""What PDFium puts where a word is divided at the end of a line."""

_ITEM = re.compile(r"(?:[•‣◦▪–·●○■*-]|\(?(?:\d{1,3}|[a-z])[.)])\s+(?=\S)")
_END = re.compile(r"""[.!?…。！？؟।:;]["'”’»)\]]*$""")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|pages|seite|p|s|pág|página|pagina|pag|стр|str|side|sida)\b\W*)?"
    r"(?:\d{1,4}|[ivxlc]{1,7})\W*(?:(?:of|von|de|di|из|av|af|sur|/)?\W*\d{1,4}\W*)?",
    re.I,
)
_NUMBER_AT_END = re.compile(r"^\d+\s+(?=\w)|(?<=\w)\s+\d+$")
_NO_TITLE = re.compile(
    r"\.(?:docx?|dvi|fm|html?|indd|md|odt|pages|pdf|pptx?|ps|pub|qxd|rtf|tex|txt|xlsx?)$"
    r"|^microsoft (?:excel|powerpoint|publisher|word)\b|^\W*untitled\b"
    r"|^\W*(?:anonymous|no title|none|powerpoint presentation|title|unknown)\W*$"
    r"|^(?:book|document|dokument|presentation|slide)\s*\d*$",
    re.I,
)
_APART = 0.8
_LARGER = 1.12
_WIDE_GAP = 1.7
_MOST_OF_LINE = 0.75
_LONGEST_HEADING = 120
_REGULAR = 500
_BOLD = re.compile(rb"bold|black|heavy", re.I)
_REPEATED = 3
"""Pages on which a line stands at the top or the bottom that is no part of the text."""


@dataclass(slots=True)
class _Line:
    """A line of a page: its text, its place in points from the lower left corner, its letters."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    is_bold: bool
    is_divided: bool
    begins_page: bool = False

    @property
    def height(self) -> float:
        """How high its letters are."""
        return max(self.top - self.bottom, self.size, 1.0)


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document; ReadError where it is locked, broken, or holds pictures only."""
    pdfium = extra("pypdfium2", file)
    content = file.read_bytes()
    try:
        opened = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            reason = "is password-protected; save it without a password"
            raise ReadError(file.name, reason, Obstacle.LOCKED) from error
        raise ReadError(file.name, "is not a valid PDF; it may be incomplete") from error
    try:
        pages = [_lines(opened[number].get_textpage()) for number in range(len(opened))]
        title = _title(opened)
    except pdfium.PdfiumError as error:
        raise ReadError(file.name, f"has a page that cannot be read ({error})") from error
    if not any(pages):
        reason = "contains only images, no text; run OCR on it first (such as ocrmypdf)"
        raise ReadError(file.name, reason, Obstacle.NO_TEXT)
    extract = Extract()
    _Pages(list(_without_margins(pages)), extract).take()
    yield extract.document(file, checksum(content), title=title or file.path.stem)


def _title(opened: "PdfDocument") -> str | None:
    """The title that the file gives; None where it is what a program put there by itself."""
    title = " ".join(opened.get_metadata_dict().get("Title", "").split())
    return title if title and not _NO_TITLE.search(title) else None


def _lines(page: "PdfTextPage") -> list[_Line]:
    """The lines of a page, in the order in which they were written."""
    from pypdfium2 import raw

    letters = [chr(raw.FPDFText_GetUnicode(page, n)) for n in range(page.count_chars())]
    lines, start = [], 0
    for place, letter in enumerate([*letters, "\n"]):
        is_divided = letter in _HYPHENS
        if letter not in "\r\n" and not is_divided:
            continue
        shown = [n for n in range(start, place) if not letters[n].isspace()]
        if shown:
            text = "".join(letters[start:place]).replace("\0", "")
            lines.append(_line(page, text, shown, is_divided=is_divided))
        start = place + 1
    return lines


def _line(page: "PdfTextPage", text: str, shown: Sequence[int], *, is_divided: bool) -> _Line:
    from pypdfium2 import raw

    # Of a long line a dozen letters tell enough.
    looked_at = {*shown[:: max(len(shown) // 12, 1)], shown[-1]}
    boxes = [page.get_charbox(n) for n in looked_at]
    return _Line(
        text=" ".join(text.split()),
        left=page.get_charbox(shown[0])[0],
        right=page.get_charbox(shown[-1])[2],
        bottom=min(box[1] for box in boxes),
        top=max(box[3] for box in boxes),
        size=median(raw.FPDFText_GetFontSize(page, n) for n in looked_at),
        is_bold=all(_is_bold(page, n) for n in looked_at),
        is_divided=is_divided,
    )


def _is_bold(page: "PdfTextPage", place: int) -> bool:
    """Whether a letter is of a bold font: by its weight, or its name, since not all say both."""
    from pypdfium2 import raw

    name = create_string_buffer(128)
    raw.FPDFText_GetFontInfo(page, place, name, len(name), None)
    return (
        raw.FPDFText_GetFontWeight(page, place) > _REGULAR or _BOLD.search(name.value) is not None
    )


def _without_margins(pages: Sequence[list[_Line]]) -> Iterator[list[_Line]]:
    """The pages without running heads and page numbers.

    Those stand apart from the text at the top or the bottom; a head stands there at one height on
    several pages.
    """
    margins = [_margins(lines) for lines in pages]
    heads = Counter(key for lines in margins for key in set(map(_head, lines)))
    least = min(_REPEATED, len(pages))
    for lines, outer in zip(pages, margins, strict=True):
        left_out = {
            id(line)
            for line in outer
            if _PAGE_NUMBER.fullmatch(line.text) or (len(pages) > 1 and heads[_head(line)] >= least)
        }
        yield [line for line in lines if id(line) not in left_out]


def _margins(lines: Sequence[_Line]) -> list[_Line]:
    """The lines at the top and at the bottom of a page that stand apart from the others."""
    ordered = sorted(lines, key=lambda line: -line.top)
    found = []
    for one_way in (ordered, ordered[::-1]):
        for count in (1, 2):
            if len(one_way) > count:
                outer, inner = one_way[count - 1], one_way[count]
                gap = max(outer.bottom - inner.top, inner.bottom - outer.top)
                if gap > _APART * outer.height:
                    found += one_way[:count]
    return found


def _head(line: _Line) -> tuple[str, int]:
    """What makes a line the same on several pages: its words, but for a number, and its height."""
    return _NUMBER_AT_END.sub("#", line.text.casefold()), round(line.top / 4)


class _Pages:
    """The lines of all pages, as they become blocks."""

    def __init__(self, pages: Sequence[list[_Line]], extract: Extract) -> None:
        self._pages = pages
        self._extract = extract
        lines = [line for page in pages for line in page]
        lengths: Counter[float] = Counter()
        for line in lines:
            lengths[round(line.size, 1)] += len(line.text)
        self._size = lengths.most_common(1)[0][0] if lengths else 0.0
        larger = {round(line.size) for line in lines if self._is_larger(line)}
        self._levels = {size: n for n, size in enumerate(sorted(larger, reverse=True), start=1)}
        self._words = frozenset(word for line in lines for word in line.text.split())
        self._gathered: list[_Line] = []

    def take(self) -> None:
        """Take out every page."""
        for page in self._pages:
            if page and self._goes_on_elsewhere(page[0]):
                page[0].begins_page = True
            else:
                self._flush()
                self._extract.page()
            for line in page:
                if self._gathered and not self._belongs(line):
                    self._flush()
                self._gathered.append(line)
        self._flush()

    def _belongs(self, line: _Line) -> bool:
        """Whether a line goes on with what is gathered."""
        before = self._gathered[-1]
        if before.is_divided or line.begins_page:
            return True
        if self._is_heading_like(before) != self._is_heading_like(line):
            return False
        if abs(before.size - line.size) > 0.1 * before.size or _ITEM.match(line.text):
            return False
        gap = before.bottom - line.top
        is_below = -0.5 * line.height < gap < _WIDE_GAP * line.height - line.height
        if not is_below:
            return self._goes_on_elsewhere(line)
        if self._is_heading_like(line):
            return True
        # The last line of a paragraph is short, or the first of the next one is indented.
        widest = max(one.right for one in self._gathered)
        width = max(widest - min(one.left for one in self._gathered), 1.0)
        is_short = before.right - before.left < _MOST_OF_LINE * width and len(self._gathered) > 1
        is_indented = line.left - before.left > 0.8 * line.size and line.left > self._left + 1
        return not ((is_short or is_indented) and _END.search(before.text))

    @property
    def _left(self) -> float:
        return min(one.left for one in self._gathered)

    def _goes_on_elsewhere(self, line: _Line) -> bool:
        """Whether a line at the top of a column or page goes on with the sentence before it."""
        if not self._gathered:
            return False
        before = self._gathered[-1]
        if before.is_divided:
            return True
        is_alike = abs(before.size - line.size) <= 0.1 * before.size
        is_text = not (self._is_heading_like(before) or self._is_heading_like(line))
        begins_small = line.text[:1].islower() or not line.text[:1].isalpha()
        is_item = _ITEM.match(line.text) is not None
        return (
            is_alike and is_text and not is_item and not _END.search(before.text) and begins_small
        )

    def _is_larger(self, line: _Line) -> bool:
        return line.size > _LARGER * self._size and len(line.text) <= _LONGEST_HEADING

    def _is_heading_like(self, line: _Line) -> bool:
        is_bold = line.is_bold and line.size >= 0.97 * self._size
        return self._is_larger(line) or (is_bold and len(line.text) <= _LONGEST_HEADING)

    def _flush(self) -> None:
        if not self._gathered:
            return
        text, first = self._text(), self._gathered[0]
        is_heading = all(map(self._is_heading_like, self._gathered)) and not text.endswith(
            (",", ";")
        )
        self._gathered = []
        if is_heading and len(text) <= _LONGEST_HEADING:
            level = self._levels.get(round(first.size), len(self._levels) + 1)
            self._extract.heading(level, text.rstrip(" ¶"))
        elif item := _ITEM.match(text):
            number = number_in(item[0])
            self._extract.block(BlockKind.ITEM, text[item.end() :], has_pages=True, number=number)
        else:
            self._extract.block(BlockKind.PARAGRAPH, text, has_pages=True)

    def _text(self) -> str:
        """What is gathered as one text, divided words put together, PAGE between pages."""
        parts: list[str] = []
        for line, following in zip(self._gathered, [*self._gathered[1:], None], strict=True):
            parts += [PAGE] * line.begins_page
            parts.append(line.text)
            if not line.is_divided:
                parts.append(" ")
            elif following is not None and self._keeps_hyphen(line.text, following.text):
                parts.append("-")
        return "".join(parts).strip()

    def _keeps_hyphen(self, text: str, following: str) -> bool:
        """Whether a word that was divided at a hyphen is written with it elsewhere, or only so."""
        first, second = text.split()[-1], following.split()[0]
        return f"{first}-{second}" in self._words and f"{first}{second}" not in self._words

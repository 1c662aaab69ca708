"""Markdown (CommonMark with tables): its structure, with offsets into the text as it is."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.documents import Block, BlockKind, Document, Span, line_spans
from knowledge.numbering import OpenItems
from knowledge.readers.lines import HeadingPath, text_blocks
from knowledge.readers.markdown_extensions import extended, without_boxes
from knowledge.sentences import trimmed
from knowledge.source import SourceFile, address, checksum, decoded
from knowledge.unmarking import unmarked

# Structure only: the marks inside a line stay, for a quote is a slice of the source.
_RULES = (
    *("blockquote", "code", "fence", "heading", "hr", "html_block"),
    *("lheading", "list", "reference", "table"),
)
_FRONT_MATTER_FIELD = re.compile(r"""["']?\w[^:]*:|#""")

_ANCHOR = re.compile(r"\{#([^\s{}]+)(?:\s[^{}]*)?\}\s*")
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
_URLS = ("url", "canonical_url", "canonical", "permalink")

_ROWS = {"thead_open": BlockKind.HEADER, "tbody_open": BlockKind.ROW}
_CODE = ("fence", "code_block")

_LINK = re.compile(r"\[[^\[\]\n]*\]\([^()\s]*\)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)

# Each level takes the parser several calls, and Python stops at a thousand.
_DEEPEST = 200


def read(file: SourceFile) -> Iterator[Document]:
    """The file as one document, its title the first heading of level 1."""
    content = file.read_bytes()
    text, encoding = decoded(content, file.name)
    lines = list(line_spans(text))
    body = _front_matter_end(text, lines)
    tokens = _parser().parse("\n".join(without_boxes(_without_front_matter(text, lines, body))))
    front = _front_matter(text, lines[:body])
    title = _first_heading(tokens) or front.get("title") or file.path.stem
    # At its limit of nesting the parser drops all that follows: such a file is read as plain text.
    is_cut_short = any(token.level >= _DEEPEST - 1 for token in tokens)
    blocks = tuple(
        text_blocks(text, title)
        if is_cut_short
        else extended(text, _blocks(text, lines, tokens, HeadingPath(title)))
    )
    urls = filter(None, (address(front.get(name)) for name in _URLS))
    yield Document(
        id=file.id,
        title=title,
        source=file.name,
        text=text,
        checksum=checksum(content),
        blocks=blocks,
        url=next(urls, None),
        encoding=encoding,
    )


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": True, "maxNesting": _DEEPEST}).enable(list(_RULES))
    parser.core.ruler.enableOnly(["block"])
    return parser


def _front_matter_end(text: str, lines: list[tuple[int, int]]) -> int:
    """The number of lines that YAML between two lines of dashes takes up at the beginning."""
    contents = [text[start:end].rstrip() for start, end in lines[:200]]
    is_opened = contents[0].removeprefix("\ufeff") == "---"
    if not is_opened or not _FRONT_MATTER_FIELD.match("".join(contents[1:2])):
        return 0
    closing = (n for n, line in enumerate(contents[1:], start=2) if line in ("---", "..."))
    return next(closing, 0)


def _without_front_matter(text: str, lines: list[tuple[int, int]], body: int) -> Iterator[str]:
    """The lines for the parser, those of the front matter empty, so that line numbers stay."""
    for number, (start, end) in enumerate(lines):
        line = text[start:end] if number >= body else ""
        yield line.removeprefix("\ufeff") if number == 0 else line


def _front_matter(text: str, lines: list[tuple[int, int]]) -> dict[str, str]:
    """The fields that have a value on their line."""
    fields = (text[start:end].partition(":") for start, end in lines)
    return {name: value.strip().strip("\"'").strip() for name, _, value in fields}


def _first_heading(tokens: list[Token]) -> str | None:
    for token, inner in _with_next(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            return _heading(inner.content)[0] or None
    return None


def _with_next(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    """Each token with the one after it, which holds what stands in a heading or paragraph."""
    return zip(tokens, [*tokens[1:], *tokens[-1:]], strict=True)


def _blocks(
    text: str, lines: list[tuple[int, int]], tokens: list[Token], path: HeadingPath
) -> Iterator[Block]:
    slugs: Counter[str] = Counter()
    lists = _Lists()
    row = BlockKind.ROW
    for token, inner in _with_next(tokens):
        lists.pass_by(token)
        row = _ROWS.get(token.type, row)
        if token.type == "heading_open":
            heading, anchor = _heading(inner.content)
            path.enter(int(token.tag[1:]), heading, _numbered(anchor or _slug(heading), slugs))
            continue
        span = _content_span(text, lines, token, inner)
        if span is not None:
            kind = row if token.type == "tr_open" else _kind(token, lists.depth)
            # Code in an item is nested in it; an item of the outermost list is nested in nothing.
            level = lists.depth if kind is BlockKind.CODE else max(lists.depth - 1, 0)
            number = lists.items.take() if kind is BlockKind.ITEM else None
            block = path.block(kind, span, level, number)
            is_links = kind is BlockKind.ITEM and _is_links(span.of(text))
            yield replace(block, is_quotable=False) if is_links else block


class _Lists:
    """The lists and items around a token, and what these are numbered."""

    def __init__(self) -> None:
        self.items = OpenItems()
        self._numbers: list[int] = []  # of the last item of each list around

    @property
    def depth(self) -> int:
        """In how many lists it stands."""
        return len(self._numbers)

    def pass_by(self, token: Token) -> None:
        """Enter or leave the list or the item that a token opens or closes."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._numbers.append(-1)
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
            case "list_item_open":
                # Writers who leave the counting to others write the same number each time.
                self._numbers[-1] = max(int(token.info or 0), self._numbers[-1] + 1)
                self.items.begin(f"{self._numbers[-1]}{token.markup}" if token.info else None)
            case "list_item_close":
                self.items.end()


def _is_links(item: str) -> bool:
    """Whether an item is nothing but links, as in a table of contents."""
    left, links = _LINK.subn("", item)
    return links > 0 and not any(map(str.isalnum, left))


def _kind(token: Token, depth: int) -> BlockKind:
    """What a block outside of tables is that stands in so many lists."""
    if token.type in _CODE:
        return BlockKind.CODE
    return BlockKind.ITEM if depth else BlockKind.PARAGRAPH


def _content_span(
    text: str, lines: list[tuple[int, int]], token: Token, inner: Token
) -> Span | None:
    """What the block that a token opens holds; None where it opens none, or an empty one."""
    match token.type:
        case "paragraph_open":
            return _inline_span(text, lines, inner)
        case "tr_open":
            return _lines_span(text, lines, token)
        case "html_block":
            return _after_comments(text, _inline_span(text, lines, token))
        case "fence" | "code_block":
            return _code_span(text, lines, token)
        case _:
            return None


def _heading(content: str) -> tuple[str, str | None]:
    """The text of a heading as it is read, and the anchor that it names ("{#name}")."""
    begin = content.rfind("{#")
    named = _ANCHOR.fullmatch(content, begin) if begin >= 0 else None
    return unmarked(content[:begin].rstrip() if named else content), named and named[1]


def _slug(heading: str) -> str:
    """The anchor that GitHub makes of a heading, and others much like it."""
    return _NOT_IN_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-")


def _numbered(slug: str, seen: Counter[str]) -> str | None:
    """The anchor of a heading, numbered where headings before it have the same; None for none."""
    seen[slug] += 1
    number = f"-{seen[slug] - 1}" if seen[slug] > 1 else ""
    return f"{slug}{number}" if slug else None


def _lines_span(text: str, lines: list[tuple[int, int]], token: Token) -> Span | None:
    first, end = _line_numbers(token)
    return trimmed(text, lines[first][0], lines[end - 1][1])


def _inline_span(text: str, lines: list[tuple[int, int]], token: Token) -> Span | None:
    """The lines of a paragraph less the markers before its first word.

    Markers only stand before the content, so the first line ends in what the parser kept of it.
    """
    span = _lines_span(text, lines, token)
    if span is None:
        return None
    first_line_end = lines[_line_numbers(token)[0]][1]
    first_line = text[span.start : first_line_end].rstrip()
    content = token.content.split("\n", 1)[0].rstrip()
    if not first_line.endswith(content):
        return span
    return trimmed(text, span.start + len(first_line) - len(content), span.end)


def _after_comments(text: str, span: Span | None) -> Span | None:
    """What is left of a block of HTML behind the comments that it begins with."""
    while span is not None and (comment := _COMMENT.match(text, span.start, span.end)):
        span = trimmed(text, comment.end(), span.end)
    return span


def _code_span(text: str, lines: list[tuple[int, int]], token: Token) -> Span | None:
    """The lines of the code without its fences."""
    first, _ = _line_numbers(token)
    if token.type == "fence":
        first += 1
    if not token.content:
        return None
    length = token.content.removesuffix("\n").count("\n") + 1
    return trimmed(text, lines[first][0], lines[first + length - 1][1])


def _line_numbers(token: Token) -> tuple[int, int]:
    """The first line of a block, from 0, and the line after its last."""
    if token.map is None:
        raise ValueError(f"the parser gave no lines for {token.type}")
    return token.map[0], token.map[1]

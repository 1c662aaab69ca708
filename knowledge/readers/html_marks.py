"""What the elements of a web page say of themselves: what is no main text, and what only lists."""

import re
from collections.abc import Mapping
from enum import Enum

from selectolax.lexbor import LexborNode

_PASSED_OVER = {
    "aside", "audio", "button", "canvas", "dialog", "footer", "head", "iframe", "label", "math",
    "menu", "nav", "noscript", "object", "script", "select", "style", "svg", "template",
    "textarea", "video",
}  # fmt: skip
_ROLES = {
    "alertdialog", "banner", "complementary", "contentinfo", "dialog", "doc-backlink",
    "doc-noteref", "doc-toc", "menu", "menubar", "navigation", "search", "toolbar",
}  # fmt: skip
# Names that people and generators give to what is no main text, as a whole class or id; those of
# headings are made of their words, and stand on sections.
_NAMES = re.compile(
    r"(?:(?:site|page|main|global|top|left|right|primary|secondary|mobile|header|footer|wp|nav)-)?"
    r"(?:nav|navbar|navigation|menu|sidebar|breadcrumbs?|cookies?|cookie-\w+|consent|banner|footer"
    r"|masthead|ads?|advert\w*|share|sharing|social|related|pagination|skip-?\w*|toc|tocwrapper"
    r"|headerlink|permalink|navheader|navfooter|footnote-(?:ref|back)|mw-editsection|noprint"
    r"|sr-only|visually-hidden|header|nosearch|quickview|titlearea|nav-?path|navrow\d|ttc|lineno"
    r"|linenos|toplang|bottomlang|viewcode-back)",
    re.I,
)
_NAMED = {
    "a", "address", "aside", "div", "header", "li", "nav", "ol", "p", "span", "sup", "table", "td",
    "ul",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BACK = re.compile(r"#(?:footnote-ref|endnote-ref|fnref|cite_ref)")
# What Sphinx, DocBook and Texinfo call an index, and what stands in listings of source only: the
# way back to the documentation, the anchor of the first line.
_INDEX = re.compile(r"genindextable|indextable|modindextable|printindex|indexdiv|index-[a-z]{2}")
_IN_SOURCE = ".viewcode-back, #l00001, a[name=l00001]"

_ADMONITION_NAMES = {
    "admonition", "admonitionblock", "attention", "caution", "danger", "error", "hint", "important",
    "note", "seealso", "tip", "warning",
}  # fmt: skip
# What DocBook says of the tables by which it shows an admonition.
_ADMONITIONS = {"Note", "Tip", "Warning", "Caution", "Important"}
_BOXES = {"div", "section"}
_TITLES = {"admonition-title", "title", "topic-title"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}

Attributes = Mapping[str, str | None]


def is_passed_over(tag: str, attributes: Attributes, *, goes_by_names: bool) -> bool:
    """Whether an element is no main text, by its tag, its role or its names."""
    if tag in _PASSED_OVER or tag.startswith(("-", "!")):
        return True
    if not attributes:
        return False
    if _is_hidden(attributes) or (attributes.get("role") or "") in _ROLES:
        return True
    if tag == "a" and _BACK.match(attributes.get("href") or ""):
        return True
    is_named = "class" in attributes or "id" in attributes
    may_be = goes_by_names and is_named and tag in _NAMED
    return may_be and any(map(_NAMES.fullmatch, _names(attributes)))


def _is_hidden(attributes: Attributes) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return bool(style) and _HIDDEN.search(style or "") is not None


def _names(attributes: Attributes) -> list[str]:
    """Its classes and its id."""
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()


def is_link(tag: str, attributes: Attributes) -> bool:
    """Whether an element leads somewhere."""
    return tag == "a" and bool(attributes.get("href"))


def leads_away(attributes: Attributes) -> bool:
    """Whether a link leads to another page."""
    return not (attributes.get("href") or "").startswith("#")


def is_signature(attributes: Attributes) -> bool:
    """Whether a table is how Doxygen shows the name and the parameters of a function."""
    return attributes.get("class") == "memname"


class Mark(Enum):
    """What an element is besides its tag.

    An admonition is a note, a warning or the like. A listing is an index or one of source: it leads
    to text and is none.
    """

    ADMONITION = "admonition"
    TITLE = "title"
    LISTING = "listing"


def mark_of(
    node: LexborNode, tag: str, attributes: Attributes, *, is_in_admonition: bool
) -> Mark | None:
    """What an element is besides its tag; only what stands in an admonition is its title."""
    names = (attributes.get("class") or "").split()
    if is_in_admonition:
        if tag in _HEADINGS or (tag == "th" and not names) or not _TITLES.isdisjoint(names):
            return Mark.TITLE
    elif _is_admonition(tag, names, attributes):
        return Mark.ADMONITION
    return Mark.LISTING if _is_listing(node, tag, names) else None


def _is_admonition(tag: str, names: list[str], attributes: Attributes) -> bool:
    if tag == "table":
        return attributes.get("summary") in _ADMONITIONS
    return tag in _BOXES and not _ADMONITION_NAMES.isdisjoint(names)


def _is_listing(node: LexborNode, tag: str, names: list[str]) -> bool:
    if tag == "pre" or "fragment" in names:
        return node.css_first(_IN_SOURCE) is not None
    return any(map(_INDEX.fullmatch, names))

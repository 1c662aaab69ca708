"""Directives of Sphinx that docutils does not know: what they hold is read, nothing is run.

docutils is an optional library; this module is imported once it is there.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives

_DESCRIBING = (
    "attribute", "class", "classmethod", "cmdoption", "confval", "data", "decorator", "describe",
    "envvar", "exception", "function", "macro", "member", "method", "object", "option", "property",
    "setting", "staticmethod", "struct", "type", "var", "django-admin", "django-admin-option",
    "fieldlookup", "templatefilter", "templatetag",
)  # fmt: skip
_DOMAINS = ("", "py:", "c:", "cpp:", "js:", "std:", "rst:")
_NOTES = ("deprecated", "seealso", "versionadded", "versionchanged", "versionremoved")
_PARTS = ("centered", "glossary", "hlist", "only", "productionlist", "tab-set", "tab-item", "tabs")
_CODE = ("code-block", "sourcecode", "prompt")


class _AnyOption(dict[str, Callable[[str], Any]]):
    """The options of a directive, of whatever name; docutils asks it how to read each."""

    def __missing__(self, name: str) -> Callable[[str], Any]:
        return directives.unchanged


class _Directive(Directive):
    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = _AnyOption(
        name=directives.unchanged
    )


class _Described(_Directive):
    """Terms, one a line, with what they mean."""

    def run(self) -> list[nodes.Node]:
        terms = []
        for number, line in enumerate(self.arguments[0].splitlines() if self.arguments else []):
            term = nodes.term(line.strip(), line.strip())
            term.line = self.lineno + number
            terms.append(term)
        meaning = nodes.definition()
        self.state.nested_parse(self.content, self.content_offset, meaning)
        return [nodes.definition_list("", nodes.definition_list_item("", *terms, meaning))]


class _Part(_Directive):
    """What only holds other text."""

    def run(self) -> list[nodes.Node]:
        return [self._held()]

    def _held(self) -> nodes.container:
        box = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, box)
        return box


class _Note(_Part):
    """A note, whose first words may stand beside its name."""

    def run(self) -> list[nodes.Node]:
        words = [nodes.paragraph(text, text) for text in self.arguments]
        for paragraph in words:
            paragraph.line = self.lineno
        return [*words, self._held()]


class _Code(_Directive):
    """Code as it stands."""

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        code = nodes.literal_block(text, text)
        code.line = self.content_offset + 1
        return [code] if text.strip() else []


def register() -> None:
    """Let docutils know them; those that it knows itself stay."""
    for name in _DESCRIBING:
        for domain in _DOMAINS:
            if f"{domain}{name}" != "class":
                directives.register_directive(f"{domain}{name}", _Described)
    for name in _NOTES:
        directives.register_directive(name, _Note)
    for name in _PARTS:
        directives.register_directive(name, _Part)
    for name in _CODE:
        directives.register_directive(name, _Code)

"""Pages in the style of the generators of documentation: what is text, and what can be quoted."""

import pytest
from corpora import document
from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import passages_of
from knowledge.documents import BlockKind, Document

CODE, ITEM, PARAGRAPH = BlockKind.CODE, BlockKind.ITEM, BlockKind.PARAGRAPH
DEFINITION = BlockKind.DEFINITION


def _page(html: str) -> Document:
    return document(html, "a.html")


def _blocks(html: str) -> list[tuple[BlockKind, str]]:
    read = _page(html)
    return [(block.kind, block.span.of(read.text)) for block in read.blocks]


def _unquotable(html: str) -> list[str]:
    read = _page(html)
    return [block.span.of(read.text) for block in read.blocks if not block.is_quotable]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Boats - Harbour 3.2</title><h1>Harbour 3.2 docs</h1><h1>Boats</h1>", "Boats"),
        ("<title>harbour-moor</title><h1>NAME</h1><h1>OPTIONS</h1>", "harbour-moor"),
        ("<title>Harbour 3.2</title><h1>Boats</h1>", "Boats"),
        ("<h1>Boats</h1><h1>Ropes</h1>", "Boats"),
        ("<title>Boats</title>", "Boats"),
        ('<title>Boats</title><h1><a href="http://a.org/">Harbour</a></h1><h2>Ropes</h2>', "Boats"),
        ('<title>Harbour</title><h1><a href="#boats">Boats</a></h1>', "Boats"),
    ],
)
def test_the_title_is_not_that_of_the_site(html: str, title: str) -> None:
    """Of several headings of level 1, the page's name tells which is the title, or is it."""
    assert _page(f"{html}<p>Text.</p>").title == title


@pytest.mark.parametrize(
    "admonition",
    [
        '<div class="admonition note"><p class="admonition-title">Note</p><p>Moor twice.</p></div>',
        '<div class="note"><h3>Note</h3><p>Moor twice.</p></div>',
        '<div class="note"><h3>Note</h3>Moor twice.</div>',
        '<div class="tip"><table><tr><td rowspan="2"><img src="a"></td><th>Note</th></tr>'
        "<tr><td><p>Moor twice.</p></td></tr></table></div>",
        '<div class="admonitionblock note"><table><tr><td class="icon"><div class="title">Note'
        '</div></td><td class="content">Moor twice.</td></tr></table></div>',
        '<table summary="Note"><tr><td rowspan="2"><img src="a"></td><th>Note</th></tr>'
        "<tr><td><p>Moor twice.</p></td></tr></table>",
    ],
)
def test_the_title_of_a_note_goes_with_its_text(admonition: str) -> None:
    """It is a line of the first block, and no heading of what follows the note."""
    html = f"<h2>Mooring</h2><p>Ropes hold.</p>{admonition}<p>They wear out.</p>"
    read = _page(html)
    assert [block.span.of(read.text) for block in read.blocks] == [
        "Ropes hold.",
        "Note\nMoor twice.",
        "They wear out.",
    ]
    assert {block.heading for block in read.blocks} == {("Mooring",)}


def test_the_title_of_a_note_without_text_stands_alone() -> None:
    """A list or code in a note keeps its kind."""
    note = '<div class="warning"><p class="admonition-title">Warning</p>{}</div><p>Text.</p>'
    assert _blocks(note.format("<pre>rm a</pre>")) == [
        (PARAGRAPH, "Warning"),
        (CODE, "rm a"),
        (PARAGRAPH, "Text."),
    ]
    assert _blocks(note.format("")) == [(PARAGRAPH, "Warning"), (PARAGRAPH, "Text.")]
    assert _blocks(note.format("<ul><li>Knots</ul>"))[0] == (ITEM, "Warning\nKnots")


def test_a_note_in_a_definition_belongs_to_it() -> None:
    """The level of the definition stays."""
    html = (
        '<dl><dt>moor()<dd><p>Ties.</p><div class="admonition note">'
        '<p class="admonition-title">Note</p><p>Twice.</p></div></dl>'
    )
    assert _blocks(html)[1:] == [(DEFINITION, "Ties."), (DEFINITION, "Note\nTwice.")]


def test_listings_of_source_are_not_quotable() -> None:
    """Neither Sphinx's, which lead back to the documentation, nor Doxygen's, by numbered lines."""
    sphinx = (
        "<h1>Source code for moor</h1><pre>import ropes\n"
        '<div class="viewcode-block" id="moor"><a class="viewcode-back" href="#">[docs]</a>'
        "def moor():\n    return ropes</div>\nmoor()</pre>"
    )
    assert _unquotable(sphinx) == ["import ropes\ndef moor():\n    return ropes\n\nmoor()"]
    line = '<div class="line"><a id="l0000{0}" name="l0000{0}"></a><span class="lineno">{0}</span>'
    lines = line.format(1) + "int moor;</div>" + line.format(2) + "  int rope;</div>"
    assert _unquotable(f'<p>Text.</p><div class="fragment">{lines}</div>') == [
        "int moor;\n  int rope;"
    ]


def test_examples_are_code_with_their_lines() -> None:
    """Doxygen shows each line of an example in an element of its own."""
    lines = '<div class="line">moor(a,</div><div class="line">     b);</div>'
    html = f'<p>Text.</p><div class="fragment">{lines}</div><!-- fragment --><p>More.</p>'
    assert _blocks(html)[1] == (CODE, "moor(a,\n     b);")
    assert _unquotable(html) == []


@pytest.mark.parametrize(
    "html",
    [
        '<table class="indextable genindextable"><tr><td><ul><li>moor()<ul><li><a href="#a">in'
        " ropes</a>, [1]</ul></ul></td></tr></table>",
        '<table class="index-cp"><tr><td></td><td>moor()</td><td>in ropes</td></tr></table>',
        '<div class="indexdiv"><h3>M</h3><dl><dt>moor(), <a href="#a">in ropes</a></dt></dl></div>',
    ],
)
def test_indexes_are_not_quotable(html: str) -> None:
    """They lead to text and are none."""
    blocks = _page(f"<p>Text.</p>{html}<p>More.</p>").blocks
    assert [block.is_quotable for block in (blocks[0], blocks[-1])] == [True, True]
    assert len(blocks) > 2
    assert not any(block.is_quotable for block in blocks[1:-1])


def test_a_signature_is_one_line() -> None:
    """Doxygen lays out a function and its parameters as a table."""
    html = (
        '<h2>moor()</h2><table class="memname"><tr><td class="memname">int moor </td><td>(</td>'
        "<td>boat * </td><td><em>boat</em>, </td></tr><tr><td></td><td></td><td>int </td>"
        "<td><em>ropes</em> </td></tr><tr><td></td><td>)</td></tr></table><p>Ties.</p>"
        "<table><tr><td>a</td><td>b</td></tr></table>"
    )
    assert _blocks(html) == [
        (PARAGRAPH, "int moor ( boat * boat, int ropes )"),
        (PARAGRAPH, "Ties."),
        (BlockKind.ROW, "a | b"),
    ]


PIECES = [
    "<h2>Ropes</h2>", "<p>Ropes hold. They wear out.</p>", "<ul><li>one<pre>a\nb</pre>", "</ul>",
    '<div class="note"><h3>Note</h3>', "</div>", "<dl><dt>moor()<dd>Ties.", "</dl>",
    "<table><tr><th>a<td>b", "</table>", '<a href="b.html">b</a>', "<pre>x  y\n\nz</pre>",
    '<table class="memname"><tr><td>int<td>f', '<div class="fragment"><div class="line">c</div>',
    '<table class="indextable"><tr><td>i',
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)))
def test_spans_hold_whatever_the_page(pieces: list[str]) -> None:
    """No block overlaps another, and each passage is a slice of the document."""
    read = _page(f"<p>Text.</p>{''.join(pieces)}")
    ends = [0, *(block.span.end for block in read.blocks)]
    assert all(block.span.start >= end for block, end in zip(read.blocks, ends, strict=False))
    for passage in passages_of(read):
        assert passage.text == passage.span.of(read.text)
        assert all(passage.span.holds(unit.span) for unit in passage.units)

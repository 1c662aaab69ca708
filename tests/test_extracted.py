"""Text taken out of web pages, wikis and PDF files, where pages are not as they should be."""

from pathlib import Path

import pytest
from corpora import document, documents_at
from pdf_files import text_pdf

from knowledge.documents import BlockKind, Document
from knowledge.errors import ReadError
from knowledge.readers.pdf import _head, _Line, _without_margins


def _page(html: str, name: str = "a.html") -> Document:
    return document(html, name)


def _texts(read: Document) -> list[str]:
    return [block.span.of(read.text) for block in read.blocks]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>one<br>two &amp; light&shy;house</p>", ["one two & lighthouse"]),
        ("<form><p>All of it stands in a form.</p></form>", ["All of it stands in a form."]),
        ('<div class="menu"><p>All is called a menu.</p></div>', ["All is called a menu."]),
        ('<div class="has-sidebar"><p>Text.</p></div>', ["Text."]),
        ('<section id="sharing"><p>Text.</p></section>', ["Text."]),
        ('<p>Text.</p><div class="footer">No.</div><nav>No.</nav><p hidden>No.</p>', ["Text."]),
        ("<p>one&#12;two</p>", ["one two"]),
        ("<pre>a\f b</pre><p>Text.</p>", ["a\f b", "Text."]),
        ("<p>A half &#xD800; of a letter.</p>", ["A half � of a letter."]),
        ("<table><tr><td><h2>Goats</h2><p>One.<p>Two.</table>", ["One.", "Two."]),
        ("<table><tr><td>A<table><tr><td>B</td><td>C</td></table></table>", ["A", "B | C"]),
        (
            "<table><tr><th>Name</th><th>Type</th></tr>"
            "<tr><td>Marta</td><td rowspan=2>tug</td></tr><tr><td>Odin</td></tr></table>",
            ["Name | Type", "Marta | tug", "Odin | tug"],
        ),
        ("<ul><li>one<ul><li>two</li></ul></li></ul>", ["one", "two"]),
        ("<dl><dt>Baud rate<dd>9600</dl>", ["Baud rate", "9600"]),
        ("plain words", ["plain words"]),
    ],
)  # fmt: skip
def test_the_text_of_a_page(html: str, texts: list[str]) -> None:
    """Blocks are those that a reader sees, whatever elements make them."""
    assert _texts(_page(html)) == texts


def test_no_page_begins_in_a_web_page() -> None:
    """A form feed is no page, nor is the character that marks pages within a text."""
    read = _page("<pre>one\ftwo</pre><p>three \ue00c four</p>")
    assert read.pages == ()


def test_elements_that_are_closed_where_they_begin_are_empty() -> None:
    """XHTML closes scripts and titles so, which HTML would take for their beginning."""
    xhtml = '<?xml version="1.0"?><html><head><title/><script src="a.js"/></head><p>Text.</p>'
    assert _texts(_page(xhtml, "a.xhtml")) == ["Text."]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b'<meta charset="iso-8859-1"><p>\x93So\x94 caf\xe9</p>', "“So” café"),
        (b"<p>caf\xe9</p>", "café"),
        ('<meta charset="koi8-r"><p>дом</p>'.encode("koi8-r"), "дом"),
        ("<p>дом</p>".encode("utf-16"), "дом"),
        ("\ufeff<p>дом</p>".encode(), "дом"),
        (b'<meta charset="no-such"><p>caf\xc3\xa9</p>', "café"),
    ],
)
def test_the_encoding_is_the_one_that_browsers_take(
    tmp_path: Path, content: bytes, text: str
) -> None:
    """By its first bytes, by its name, or UTF-8, and else that of Windows."""
    (tmp_path / "a.html").write_bytes(content)
    (read,) = documents_at(tmp_path)
    assert read.text == text


WIKI = (
    "<mediawiki><siteinfo><base>https://w.example/wiki/Main</base></siteinfo><page><title>T</title>"
    "<ns>0</ns><revision><text>{}</text></revision></page></mediawiki>"
)


@pytest.mark.parametrize(
    ("wikitext", "texts"),
    [
        ("Ulm&lt;br/>Germany", ["Ulm Germany"]),
        ("See [[CSI: Miami]] and [[WP:NPOV|neutrality]].", ["See CSI: Miami and neutrality."]),
        ("Text.[[de:Text]] [[Category:A]] [[File:a.png|thumb|No]]", ["Text."]),
        ("&lt;nowiki>[x]&lt;/nowiki> {{lang|de|Haus}} {{unknown|a}}", ["[x] Haus"]),
        ("A half &amp;#xD800; of a letter.", ["A half � of a letter."]),
        ("* one\n** two\n# three", ["one", "two", "three"]),
        ("{|\n! A !! B\n|-\n| 1 || 2\n|}", ["A | B", "1 | 2"]),
    ],
)
def test_the_text_of_a_wiki(wikitext: str, texts: list[str]) -> None:
    """Links show their words, and what is no text is left out without cutting sentences."""
    assert _texts(document(WIKI.format(wikitext), "a.xml")) == texts


def _line(text: str, top: float) -> _Line:
    return _Line(text, 50, 300, top - 10, top, 10, is_bold=False, is_divided=False)


def _shown(*pages: list[_Line]) -> list[list[str]]:
    return [[line.text for line in page] for page in _without_margins(pages)]


def test_lines_of_the_text_are_no_margin() -> None:
    """What only stands first or last on several pages, close to the text, stays."""
    pages = [
        [_line("Goods were packed.", 700), _line(f"Sum: {n}.50 EUR", 688), _line("The end.", 676)]
        for n in (120, 340, 560)
    ]
    assert _shown(*pages) == [[line.text for line in page] for page in pages]


def test_heads_and_page_numbers_are_margins() -> None:
    """What stands apart at one height on several pages goes, and a number on a single page too."""
    body = [_line("The mill burned.", 700), _line("It was in Ulm.", 688)]
    pages = [
        [_line(f"Report on mills {n}", 780), *body, _line(f"Page {n} of 3", 40)] for n in (1, 2, 3)
    ]
    assert _shown(*pages) == [[line.text for line in body]] * 3
    assert _shown([*body, _line("– 7 –", 40)]) == [[line.text for line in body]]
    assert _shown([*body, _line("1984", 676)]) == [[*(line.text for line in body), "1984"]]


def test_a_head_is_known_by_its_words_and_its_height() -> None:
    """The number of the page in it may change."""
    assert _head(_line("Mills of Ulm 12", 780)) == _head(_line("Mills of Ulm 13", 781))
    assert _head(_line("Total: 12", 780)) != _head(_line("Sum: 12", 780))
    assert _head(_line("Mills of Ulm", 780)) != _head(_line("Mills of Ulm", 400))


def test_records_may_have_numbers_for_ids_and_no_title() -> None:
    """As many corpora of other makers do."""
    read = document('{"_id": 7, "title": null, "text": "The mill burned."}', "a.jsonl")
    assert (read.id, read.title) == ("7", "7")


def test_a_large_text_file_is_named(tmp_path: Path) -> None:
    """Text is read in this process, which must not grow; 100,000 records are read in parts."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 2_500_001)
    with pytest.raises(ReadError, match="is larger than 10 MB; split it"):
        documents_at(path)


def test_restructuredtext_has_its_definitions_and_tables() -> None:
    """A term comes with what it means, a row with all its cells, a note with its text."""
    text = (
        "Guide\n=====\n\nbaud rate\n  The rate is 9600.\n\n.. note:: The maker is Ravn.\n\n"
        "=====  =====\nCol A  Col B\n=====  =====\nx      y\n=====  =====\n"
    )
    read = document(text, "a.rst")
    assert [(block.kind, block.span.of(text)) for block in read.blocks] == [
        (BlockKind.TERM, "baud rate"),
        (BlockKind.DEFINITION, "The rate is 9600."),
        (BlockKind.PARAGRAPH, "The maker is Ravn."),
        (BlockKind.HEADER, "Col A  Col B"),
        (BlockKind.ROW, "x      y"),
    ]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Annual Report", "Annual Report"),
        ("Document retention", "Document retention"),
        ("A guide to Python 3.11", "A guide to Python 3.11"),
        (None, "report-2019"),
        ("", "report-2019"),
        ("  ", "report-2019"),
        ("untitled", "report-2019"),
        ("Untitled Document", "report-2019"),
        ("Microsoft Word - x.doc", "report-2019"),
        ("Microsoft Word - Annual Report", "report-2019"),
        ("annual.indd", "report-2019"),
        ("PowerPoint Presentation", "report-2019"),
        ("Document1", "report-2019"),
        ("(anonymous)", "report-2019"),
    ],
)
def test_a_pdf_without_a_usable_title_is_called_by_its_file(
    tmp_path: Path, title: str | None, shown: str
) -> None:
    """Programs leave names of their own there, and the largest line of a page is a guess."""
    (tmp_path / "report-2019.pdf").write_bytes(text_pdf("The mill burned in 1884.", title))
    (document,) = documents_at(tmp_path)
    assert (document.title, document.text) == (shown, "The mill burned in 1884.")

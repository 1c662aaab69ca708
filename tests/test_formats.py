"""Files of other programs: what is read of them, where it stands, what is said of broken ones."""

import json
from functools import cache
from pathlib import Path

import pytest
from corpora import answerer_over, documents_at

from knowledge.documents import Document
from knowledge.errors import ReadError
from knowledge.formats import FORMATS, format_of
from knowledge.unmarking import readable
from retrieval.answer.answer import Citation
from retrieval.answer.answering import Answerer
from retrieval.opening import open_collection

SAMPLES = Path(__file__).parent / "data" / "formats"
FACTS = [json.loads(line) for line in (SAMPLES / "facts.jsonl").read_text("utf-8").splitlines()]

BROKEN = {
    "scanned.pdf": "contains only images, no text; run OCR on it first (such as ocrmypdf)",
    "encrypted.pdf": "is password-protected; save it without a password",
    "truncated.pdf": "is not a valid PDF; it may be incomplete",
    "encrypted.docx": "is encrypted or in an old format; save it as a current, unencrypted file",
    "encrypted.odt": "is password-protected; save it without a password",
    "truncated.docx": "is damaged or incomplete; get it again",
    "notzip.docx": "is damaged or incomplete; get it again",
    "garbage.epub": "is damaged or incomplete; get it again",
    "zerobytes.docx": "is empty; give a file with text",
    "empty.docx": "holds no text; give a file with some",
    "noparagraphs.odt": "holds no text; give a file with some",
    "shelf.png": "is an image, a style, a script or a recording",
}


@cache
def _documents(name: str) -> tuple[Document, ...]:
    return documents_at(SAMPLES / name)


@cache
def _answerer(name: str) -> Answerer:
    return answerer_over(*_documents(name))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _citing(fact: dict[str, str]) -> Citation | None:
    """The citation that shows what the fact says; None where none does."""
    answer = _answerer(fact["file"]).answer(fact["question"])
    for citation in answer.best_quotes:
        if _one_line(fact["quote_contains"]) in _one_line(
            readable(citation.quote, citation.source)
        ):
            return citation
    return None


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact['file']}: {fact['question']}")
def test_a_fact_is_found_at_its_place(fact: dict[str, str]) -> None:
    """The question is answered by the right piece, which names its page or its section."""
    citation = _citing(fact)
    assert citation is not None
    (document,) = (d for d in _documents(fact["file"]) if d.id == citation.document_id)
    assert citation.span.of(document.text) == citation.quote
    assert document.language == fact["language"]
    assert citation.page == fact["page"]
    if fact["anchor"] is not None:
        assert (citation.anchor or "").rpartition("#")[2] == fact["anchor"]


def test_every_format_has_a_sample() -> None:
    """No format is read that was never tried on a file of another program."""
    tried = {format_of(fact["file"]) for fact in FACTS}
    assert tried >= {f for suffix, f in FORMATS.items() if suffix != ".jsonl"}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_named_with_the_remedy(name: str) -> None:
    """A broken, locked or foreign file gives one sentence; tests/data/formats has the files."""
    with pytest.raises(ReadError) as error:
        documents_at(SAMPLES / name)
    assert error.value.reason.startswith(BROKEN[name])


def test_the_rest_of_a_folder_is_read() -> None:
    """Files that cannot be read are skipped, and all others are there."""
    found = open_collection(SAMPLES)
    skipped = {s.name: s.reason for s in found.report.skipped if not s.name.startswith("sources/")}
    assert skipped.keys() == {*BROKEN, "facts.jsonl"}
    files = {Path(d.source).relative_to(SAMPLES).as_posix() for d in found.documents.values()}
    assert files >= {fact["file"] for fact in FACTS}


def test_text_formats_are_the_file_itself() -> None:
    """Where a format is text, the document is the decoded file, so that lines and offsets count."""
    for name in (
        "handbook.md",
        "handbook.adoc",
        "handbook.rst",
        "plots.csv",
        "plots.tsv",
        "plots-semicolon.csv",
    ):
        (document,) = _documents(name)
        with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
            assert document.text == file.read()


@pytest.mark.parametrize("name", ["site.html", "site-chromium.html"])
def test_a_page_gives_its_main_text_only(name: str) -> None:
    """Menus, banners, forms, sidebars, footers, scripts and what is hidden are left out."""
    (document,) = _documents(name)
    for left_out in ("cookie", "Catalogue", "Subscribe", "Latest news", "999", "Imprint", "script"):
        assert left_out not in document.text
    assert document.title == "Opening hours & visits"
    assert document.url == "https://seeds.example/opening-hours"
    assert "17\N{NO-BREAK SPACE}Quarry" not in document.text
    assert "17 Quarry Lane" in document.text
    assert "H2O" in document.text


def test_the_front_matter_says_where_a_document_is() -> None:
    """The address of a Markdown file is the one in its front matter."""
    (document,) = _documents("handbook.md")
    assert document.url == "https://seeds.example/handbook"


def test_running_heads_and_page_numbers_are_left_out() -> None:
    """What stands at the top or bottom of every page is no part of the text."""
    (document,) = _documents("report.pdf")
    assert "Page 1 of 4" not in document.text
    assert "Seed Library: Annual Report" not in document.text
    assert len(document.pages) == 4


def test_a_sentence_runs_over_the_end_of_a_page() -> None:
    """It is one sentence, cited with the page on which it begins; the next is on the next page."""
    (document,) = _documents("report.pdf")
    start = document.text.index("The work is to begin")
    sentence = "The work is to begin as soon as the ground has thawed, and no later than the middle"
    assert document.text.startswith(sentence, start)
    assert document.page_at(start) == 1
    assert document.page_at(document.text.index("Until then the tank stays")) == 2


def test_divided_words_are_put_together() -> None:
    """A hyphen at the end of a line is no part of the word, and columns follow each other."""
    (document,) = _documents("columns.pdf")
    for word in ("absolute punctuality", "employment", "demolished", "packhorse", "descended"):
        assert word in document.text
    assert "with a wooden lever as tall as himself" in document.text


def test_a_locked_pdf_that_opens_without_a_password_is_read() -> None:
    """Only the password to open it keeps a file from being read."""
    (document,) = _documents("restricted.pdf")
    assert "5,318 packets" in document.text


def test_an_article_of_a_wiki_is_a_document() -> None:
    """Redirects and talk pages are none; templates, notes and pictures are left out."""
    kiln, marmalade = _documents("wiki.xml")
    assert (kiln.id, marmalade.id) == ("Hensdale Lime Kiln", "Hensdale Marmalade")
    assert kiln.url == "https://wiki.seeds.example/wiki/Hensdale_Lime_Kiln"
    assert "11.5 m high" in kiln.text
    for left_out in ("cite book", "thumb", "Category", "{{", "[[", "'''", "parish chest"):
        assert left_out not in kiln.text


def test_a_row_is_an_item_with_its_column_names() -> None:
    """The row that answers comes with the row that names the columns."""
    answer = _answerer("plots.csv").answer("Which crop does Oskar Bruun grow?")
    quotes = [readable(c.quote, c.source) for c in answer.best_quotes]
    assert quotes == [
        "Plot number | Gardener | Crop | Area in m2 | Remarks",
        "9 | Oskar Bruun | Sweet peas | 17.8 | The bench belongs to plot 9.\nPlease do not move"
        " it.",
    ]


@pytest.mark.parametrize(
    ("source", "text", "shown"),
    [
        ("a.md", "The **old** `mill` of [Ulm](https://x.y/z_a) burned[^1] in *1884*.",
         "The old mill of Ulm burned in 1884."),
        ("a.md", "A &amp; B, 5\\*3, a_b_c, 2*3*4", "A & B, 5*3, a_b_c, 234"),
        ("a.md", "| a | **b** | c_d |", "a | b | c_d"),
        ("a.md", "See [the guide][g1].\n![a picture](a.png)", "See the guide.\n"),
        ("a.md", "[x] ~~10~~ 12 and a[1][2]", "~~10~~ 12 and a[1][2]"),
        ("a.md", "<b>bold</b><br>next <!-- note -->line", "bold next line"),
        ("a.md", "one\n> two", "one\ntwo"),
        ("a.md", "[^1]: The note.", "The note."),
        ("a.md", "a < b and c > d", "a < b and c > d"),
        ("a.md", "`a*b*` and [1]", "a*b* and [1]"),
        ("a.rst", "See ``code``, :ref:`the text <x>`, *em* and **b** [1]_.",
         "See code, the text, em and b."),
        ("a.rst", "`notes <http://a.b>`__ and 5\\*3", "notes and 5*3"),
        ("a.rst", r"``C:\new`` and ``name_``; grep|sort|uniq", r"C:\new and name_; grep|sort|uniq"),
        ("a.csv", "1;Berlin, Germany;5", "1;Berlin, Germany;5"),
        ("a.csv", '3,"Hawthorne, Emmeline",Beans', "3 | Hawthorne, Emmeline | Beans"),
        ("a.txt", "The **stars** stay.", "The **stars** stay."),
        ("a.pdf", "The *stars* stay.", "The *stars* stay."),
    ],
)  # fmt: skip
def test_marks_are_left_out_of_what_is_shown(source: str, text: str, shown: str) -> None:
    """A quote is shown as a reader of the document sees it."""
    assert readable(text, source) == shown

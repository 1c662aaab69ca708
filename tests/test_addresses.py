"""Addresses that open a document at a quote."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from corpora import answerer_over, document, passages_from
from hypothesis import given
from hypothesis import strategies as st

from bot.presentation import running_text
from knowledge.addresses import address_at, base_address, section_address
from knowledge.unmarking import readable
from retrieval.opening import open_collection

URL = "https://example.org/a"


@pytest.mark.parametrize(
    ("page", "anchor", "text", "source", "end"),
    [
        (3, None, "The mill.", "a.pdf", "#page=3"),
        (None, "the-mill", "The mill.", "a.html", "#the-mill:~:text=The%20mill."),
        (None, None, "The mill.", "a.html", "#:~:text=The%20mill."),
        (None, "größe", "x", "a.html", "#gr%C3%B6%C3%9Fe:~:text=x"),
        (None, None, "well-known, & so", "a.html", "#:~:text=well%2Dknown%2C%20%26%20so"),
        (None, None, "The **old** [mill](https://x.y)", "a.md", "#:~:text=The%20old%20mill"),
        (None, None, "The **old** mill", "a.txt", "#:~:text=The%20%2A%2Aold%2A%2A%20mill"),
    ],
)
def test_an_address_leads_to_the_words(
    page: int | None, anchor: str | None, text: str, source: str, end: str
) -> None:
    """A page of a PDF, or the section and the words as a reader sees them."""
    shown = readable(text, source)
    assert address_at(URL, page, anchor, shown, source) == f"{URL}{end}"
    assert address_at(f"{URL}#old", page, anchor, shown, source) == f"{URL}{end}"


def test_of_a_long_quote_the_beginning_and_the_end_are_named() -> None:
    """So that an address stays short, in scripts without blanks too."""
    text = " ".join(f"word{n}" for n in range(40))
    assert address_at(URL, None, None, text, "a.html") == (
        f"{URL}#:~:text=word0%20word1%20word2%20word3%20word4,word35%20word36%20word37%20word38%20word39"
    )
    chinese = (
        "图书馆由欧阳梅于年创立，每天开放。" + "入场对所有人免费，" * 9 + "冬天只在星期六开门。"
    )
    fragment = address_at(URL, None, None, chinese, "a.html").partition("text=")[2]
    assert [unquote(end) for end in fragment.split(",")] == [
        "图书馆由欧阳梅于年创立",
        "冬天只在星期六开门",
    ]
    words = (
        "Donaudampfschifffahrtsgesellschaft wurde unwiderruflich und außerordentlich wirkungsvoll"
    )
    assert unquote(address_at(URL, None, None, words, "a.html").partition("text=")[2]) == (
        "Donaudampfschifffahrtsgesellschaft wurde unwiderruflich,und außerordentlich wirkungsvoll"
    )


def test_cells_and_lines_are_not_named_across_their_ends() -> None:
    """On a page nothing stands between cells, and the words at an end are of one block."""
    row = address_at(URL, None, None, "Marta Lund | 1928 | steam tug", "a.html")
    assert row == f"{URL}#:~:text=Marta%20Lund,steam%20tug"
    shown = readable("| Marta **Lund** | 1928 | tug |", "a.md")
    markdown = address_at(URL, None, None, shown, "a.md")
    assert markdown == f"{URL}#:~:text=Marta%20Lund,tug"
    lines = address_at(URL, None, None, "First line.\nLast line.", "a.txt")
    assert lines == f"{URL}#:~:text=First%20line.,Last%20line."


@pytest.mark.parametrize(
    ("url", "source", "address"),
    [
        ("https://e.org/app/#/intro", "a.md", "https://e.org/app/#/intro"),
        ("https://e.org/a.docx", "a.docx", "https://e.org/a.docx"),
        ("https://e.org/a.epub", "a.epub", "https://e.org/a.epub"),
        ("https://e.org/wiki/A", "a.xml", "https://e.org/wiki/A#part:~:text=Words."),
        ("https://e.org/1", "a.jsonl", "https://e.org/1#part:~:text=Words."),
    ],
)
def test_only_pages_of_text_are_opened_at_words(url: str, source: str, address: str) -> None:
    """A file that a browser hands on, or a site that routes by the part behind #, stays whole."""
    assert address_at(url, None, "part", "Words.", source) == address


@given(st.text(min_size=1))
def test_an_address_is_one_word(text: str) -> None:
    """Whatever a quote or an id holds, its address has no blanks and one fragment."""
    for found in (
        address_at(URL, None, text, text, "a.html"),
        section_address(URL, None, text, "a.html"),
        base_address("https://example.org/", text),
    ):
        assert found.isascii()
        assert len(found.split()) == 1
        assert found.count("#") <= 1


def test_an_answer_links_to_where_its_document_is(tmp_path: Path) -> None:
    """By the document's own address, or below the base URL, or not at all."""
    own = document("---\nurl: https://own.example/m\n---\n\n# Mills\n\nThe mill burned.\n", "a.md")
    (citation,) = answerer_over(own).answer("What burned?").best_quotes
    assert citation.address == "https://own.example/m#mills:~:text=The%20mill%20burned."
    (citation,) = answerer_over(document("The mill burned.")).answer("What burned?").best_quotes
    assert citation.address is None
    (tmp_path / "a b.md").write_text("# Mills\n\nThe mill burned.\n", encoding="utf-8")
    based = open_collection(tmp_path, cache=tmp_path / "c", base_url="https://base.example/")
    (citation,) = based.ask("What burned?").best_quotes
    assert citation.address == "https://base.example/a%20b.md#mills:~:text=The%20mill%20burned."


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "x"])
def test_only_addresses_of_the_web_are_linked(url: str) -> None:
    """Another scheme, or a blank within, is no address."""
    front = document(f"---\nurl: {url}\n---\n\nThe mill burned.\n", "a.md")
    page = document(f'<link rel="canonical" href="{url}"><p>The mill burned.</p>', "a.html")
    assert front.url is page.url is None


def test_the_words_of_code_are_looked_for_as_they_stand() -> None:
    """A page shows code with its brackets, and so do the passages around it."""
    front = "---\nurl: https://own.example/m\n---\n\n"
    read = document(f"{front}# Cells\n\nThe cells are read so:\n\n    cells = a[i][j];\n", "a.md")
    (passage,) = passages_from(read)
    assert passage.has_code
    assert "cells = a[i][j];" in running_text(passage, "a.md")
    citations = answerer_over(read).answer("How are the cells read?").citations
    (code,) = (citation for citation in citations if citation.is_code)
    assert code.shown == code.quote == "cells = a[i][j];"
    assert code.address == "https://own.example/m#cells:~:text=cells%20%3D%20a%5Bi%5D%5Bj%5D%3B"

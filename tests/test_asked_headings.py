"""Headings that ask: the section below one that asks the same answers."""

from pathlib import Path

import pytest
from command import Run
from corpora import answerer_over, document

FAQ = """# Questions

## How do I reset my password?

Open the settings and press "Forgot".
A mail with a link arrives within a minute.

It is valid for an hour.

## 2.1. Can I use it offline?

Yes. Everything is kept on the device.

## What does it cost?

Nothing for one person. See [Can I use it offline](#offline).

## Which formats can be read?

These can be read:

- text
- tables

## Offline

The word offline means without a network, and to use it offline costs nothing.
"""


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        (
            "How do I reset my password?",
            'Open the settings and press "Forgot".\nA mail with a link arrives within a minute.',
        ),
        ("how can i reset a password", 'Open the settings and press "Forgot".'),
        ("password reset?", 'Open the settings and press "Forgot".'),
        ("Can I use it offline?", "Yes. Everything is kept on the device."),
        ("what does it cost", "Nothing for one person. See [Can I use it offline](#offline)."),
        ("Which formats can be read?", "These can be read:\ntext\ntables"),
    ],
)
def test_the_first_paragraph_below_answers(question: str, quote: str) -> None:
    """Word for word or nearly so, numbered or not; of a list all items."""
    answer = answerer_over(document(FAQ, "faq.md")).answer(question)
    assert answer.text is not None
    assert answer.text.startswith(quote)
    assert answer.confidence >= 0.9


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_every_question_of_a_list_is_answered_from_its_own_section(suffix: str) -> None:
    """In web pages as in Markdown, whatever the other sections say of it."""
    asked = [f"Why does part {name} stop?" for name in ("Alpha", "Beta", "Gamma", "Delta")]
    parts = [f"Because of rust at place {n}. See the other parts." for n in range(len(asked))]
    if suffix == "md":
        text = "".join(f"## {a}\n\n{p}\n\n" for a, p in zip(asked, parts, strict=True))
    else:
        text = "".join(f"<h2>{a}</h2><p>{p}</p>" for a, p in zip(asked, parts, strict=True))
    answerer = answerer_over(document(text, f"faq.{suffix}"))
    for question, part in zip(asked, parts, strict=True):
        assert answerer.answer(question).text == part


@pytest.mark.parametrize(
    "question",
    [
        "Why can I use it offline?",  # asks for a reason
        "What does it cost to reset my password offline?",  # asks for more
        "Who does cost it?",
    ],
)
def test_another_question_is_not_taken_for_it(question: str) -> None:
    """The kind of question counts, and words that the heading has not."""
    answer = answerer_over(document(FAQ, "faq.md")).trace(question)
    assert not answer.is_asked_above


@pytest.mark.parametrize(
    "text",
    [
        "# How do I join the raid?\n\nWrite to an officer.\n",
        "Q: How do I join the raid?\nA: Write to an officer.\n",
        "Q1: How do I join the raid?\nA1: Write to an officer.\n",
        "**Question: how do I join the raid?**\n\nWrite to an officer.\n",
    ],
)
def test_a_title_or_a_sentence_asks_too(text: str) -> None:
    """The one page about it, or a list of questions and answers without headings."""
    trace = answerer_over(document(text, "raid.md")).trace("how do i join the raid")
    assert trace.is_asked_above
    assert trace.answer.text is not None
    assert trace.answer.text.endswith("Write to an officer.")
    other = answerer_over(document(text, "raid.md")).trace("When does the raid begin?")
    assert not other.is_asked_above


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("# Where the Wild Things Are\n\nIt is a book.\n", "Where are the wild things?"),
        ("# Will Smith\n\nHe sings.\n", "smith will"),
        ("- How to join the raid\n- How to sell the loot\n", "how to join the raid"),
        ("Do not reset the password. It is short.\n", "reset password"),
        ("How is loot sold? How is the raid joined?\n\nSee below.\n", "How is loot sold?"),
        ("# A\n\n## Does delivery cost?\n\nNo.\n\n## What does delivery cost?\n\nTwo.\n",
         "delivery cost"),
    ],
)  # fmt: skip
def test_what_does_not_ask_or_is_not_answered_makes_nothing_sure(text: str, question: str) -> None:
    """Names, lists of titles or of questions, orders; and headings that key words leave open."""
    assert not answerer_over(document(text, "raid.md")).trace(question).is_asked_above


@pytest.mark.parametrize(
    ("heading", "question", "is_same"),
    [
        ("Who signs the lease of the flat?", "flat lease signs", True),
        ("Who signs the lease of the flat?", "the flat's lease: when is it signed", False),
        ("Wer unterschreibt den Mietvertrag?", "Wann unterschreibt man den Mietvertrag?", False),
        ("Wer unterschreibt den Mietvertrag?", "Wer unterschreibt den Mietvertrag?", True),
    ],
)
def test_only_key_words_leave_open_what_is_asked(
    heading: str, question: str, is_same: bool
) -> None:
    """A question word decides, wherever it stands and in whatever language."""
    body = "Beide Seiten tun es am ersten Tag." if heading.startswith("Wer") else "Both sides do."
    read = document(f"# Haus\n\n## {heading}\n\n{body}\n", "a.md")
    assert answerer_over(read).trace(question).is_asked_above is is_same


def test_a_heading_that_does_not_ask_is_not_asked_above() -> None:
    """The section "Offline" is no answer to "Is it offline?"."""
    assert not answerer_over(document(FAQ, "faq.md")).trace("Is it offline?").is_asked_above


def test_a_long_paragraph_ends_behind_a_sentence() -> None:
    """At most 80 words of it are quoted."""
    sentence = "The wheel of the mill is turned by the water of the brook behind the house. "
    text = f"# Mill\n\n## How does the wheel turn?\n\n{sentence * 20}\n"
    quote = answerer_over(document(text, "mill.md")).answer("How does the wheel turn?").text
    assert quote is not None
    assert 60 <= len(quote.split()) <= 80
    assert quote.endswith("house.")


def test_it_is_explained(run: Run, tmp_path: Path) -> None:
    """Why it was answered is said, since no word of the quote may be in the question."""
    path = tmp_path / "faq.md"
    path.write_text(FAQ, encoding="utf-8")
    shown = run("ask", "--explain", "--knowledge", str(path), "What does it cost?").out
    assert "What stands above the quote asks the question." in " ".join(shown.split())

"""What runs over the text of others takes a time that grows with the text, and no faster."""

import json
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.discord.attachments import name_of
from bot.discord.hearing import without_mentions
from bot.discord.markdown import code_block, emphasised, escaped, link, shortened, unescaped
from bot.presentation import harmless, harmless_code
from bot.talk import asks_for_help, said_back
from knowledge.chunking import passages_of
from knowledge.documents import Document, Span, line_spans
from knowledge.errors import ReadError
from knowledge.formats import format_of, reader_of
from knowledge.languages import language_of
from knowledge.readers.lines import text_blocks
from knowledge.sentences import sentence_spans
from knowledge.source import SourceFile
from knowledge.unmarking import readable
from retrieval.answer.finding import LONGEST_QUESTION
from retrieval.evaluation.measures import contains, normalised
from retrieval.evaluation.question_sets import JudgedQuestion
from retrieval.questions.acronyms import definitions
from retrieval.questions.follow_ups import completed
from retrieval.questions.question import Question, looks_like_a_question
from retrieval.questions.several import subquestions_of
from retrieval.questions.talk import is_talk, without_talk
from retrieval.questions.turns import Turn
from retrieval.text.tokens import analysed, tokens
from tests.growth import slow_at, superlinear, text_of
from tests.patterns import Found, hard_texts, patterns

BUILT = {
    "bot.discord.controls: _ARGUMENTS[control.action]": r"\d:(?:[\w-]{8})+",
    "bot.discord.hearing: _own_mention(message, me)": "<(?:@!?1|@&2)>",
    "bot.discord.postgres: f'\\\\b{theirs}\\\\b'": r"\bblob\b",
    "knowledge.languages: f'[{letters}]'": "[а-я]",
    "retrieval.evaluation.evidence: '\\\\s+'.join(words)": r"to\s+be",
    "retrieval.evaluation.evidence: re.escape(quote)": "to be",
    "retrieval.evaluation.headings: f'[\\\\w,] {re.escape(long[0])}\\\\b'": r"[\w,] Mill\b",
    "retrieval.evaluation.headings: f'(?<![\\\\w/.-]){re.escape(small)}(?![\\\\w/.-])'": (
        r"(?<![\w/.-])mill(?![\w/.-])"
    ),
    "retrieval.evaluation.headings: f'[\\\\w,] {re.escape(letters)}\\\\b'": r"[\w,] Mill\b",
    # Those that question sets bring are as trusted as code.
    "retrieval.evaluation.measures: pattern": "18[0-9]{2}",
    "retrieval.evaluation.question_sets: pattern": "18[0-9]{2}",
    "retrieval.evaluation.signs: f'{before}(?<!{_LETTER}){signs}{after}(?!{_LETTER})'": (
        r"(?<!\+)(?<!\w)\+\+(?!\+)(?!\w)"
    ),
    "retrieval.questions.fragments: f'\\\\b{words}{re.escape(last)}\\\\b'": r"\bthe mill\b",
    'retrieval.questions.fragments: f"\\\\b{word}(?: [\\\\w\'’-]+){{1,4}}(?=[\\\\s?.!]*$)"': (
        r"\bin(?: [\w'’-]+){1,4}(?=[\s?.!]*$)"
    ),
    "retrieval.questions.fragments: f'\\\\b{word} (?:the )?$'": r"\bin (?:the )?$",
    "retrieval.questions.several: item": "[A-Z][a-z]+",
}
"""An example of each pattern that is made of what it is given."""

PIECES = (
    " ", "\n", "a", "A", "1", "\\", "(", "[", "<", "`", "*", "_", "|", "“", '"', "日", "ก",
    "- ", "> ", "# ", ": ", "a b. ", "1.", "?!", "U.S.", "A. ", "a-", "a_b.", "* * ", "| a ",
    "* a\n", "a\n\n", "a: b\n", "```\n", "=\n", "term::\n", "=== a\n", "a\tb\n", "  a\n   b\n",
    "[a](", "![", "<a ", "<!--", "&amp;", "http://a.b ", "@everyone ", "<@1>", "(ABC) ", "a,b\n",
    "e\u0301", "\u200b", '","', "Who ", " and ",
)  # fmt: skip
"""What texts are made of that are hard for something."""

FORMATS = ("md", "txt", "adoc", "csv", "jsonl", "html")
"""Neither reStructuredText nor MediaWiki: their libraries take far longer for some texts, such as
"a-a-a-", in a process that has ten seconds."""

TURN = Turn("Which Mexican city is twinned with Bethlehem?", "Monterrey")


def _reads(ending: str) -> Callable[[str], object]:
    """Reading a file with this ending, and cutting it into passages."""
    format_ = format_of(f"a.{ending}")
    assert format_ is not None
    reader = reader_of(format_)

    def run(text: str) -> None:
        content = _written(ending, text)
        try:
            documents = list(reader(SourceFile(Path(f"a.{ending}"), "a", content)))
        except ReadError:
            return
        for document in documents:
            deque(passages_of(document), maxlen=0)

    return run


def _written(ending: str, text: str) -> bytes:
    """A file of a format with some text."""
    if ending == "jsonl":
        return json.dumps({"_id": "1", "title": "a", "text": text}).encode()
    return text.encode()


def _passages(text: str) -> None:
    blocks = tuple(text_blocks(text, "A"))
    deque(passages_of(Document("a", "A", "a.txt", text, "", blocks)), maxlen=0)


def _asked(text: str) -> None:
    question = Question(text)
    _ = question.terms, question.kind, question.purpose, question.names, question.identifiers
    looks_like_a_question(text)
    subquestions_of(text)


LOOPS: dict[str, Callable[[str], object]] = {
    **{f"reading {ending}": _reads(ending) for ending in FORMATS},
    "passages": _passages,
    "lines": lambda text: list(line_spans(text)),
    "sentences": lambda text: list(sentence_spans(text, Span(0, len(text)))),
    "sentences of Thai": lambda text: list(sentence_spans(text, Span(0, len(text)), "th")),
    "language": language_of,
    "words": tokens,
    "words of German": lambda text: analysed(text, "de"),
    "acronyms": lambda text: list(definitions(text, "en")),
    "question": _asked,
    "follow-up": lambda text: completed(text, TURN),
    "talk": lambda text: (is_talk(text), without_talk(text), said_back(text), asks_for_help(text)),
    "readable Markdown": lambda text: readable(text, "a.md"),
    "readable AsciiDoc": lambda text: readable(text, "a.adoc"),
    "readable reStructuredText": lambda text: readable(text, "a.rst"),
    "harmless": lambda text: (harmless(text), harmless_code(text)),
    "escaped": escaped,
    "unescaped": unescaped,
    "emphasised": lambda text: emphasised([(text, True), (text, False)]),
    "shortened": lambda text: shortened(text, 1_000),
    "code block": lambda text: code_block(text, 1_000),
    "link": lambda text: link(text, "https://x.y/", 80),
    "mentions": without_mentions,
    "name of a file": name_of,
    "answers": lambda text: contains(text, ["the mill", "1884"]),
    "normalised": normalised,
    "pattern of a set": JudgedQuestion(
        id="1", question="When?", patterns=("18[0-9]{2} .{0,9}fire",)
    ).is_answered_by,
}
"""What loops over text of others."""

CUT: dict[str, int] = {"question": 1_000, "follow-up": 1_000, "talk": 4_000, "link": 1_000}
"""Characters that what calls it lets through at most."""

OF_QUESTIONS = ("retrieval.questions.", "retrieval.text.question_words", "bot.talk")
"""Modules whose patterns meet questions only."""


def _run(found: Found, method: str) -> Callable[[str], object]:
    """A pattern used over a whole text."""
    use: Callable[[Any], Any] = getattr(found.pattern, method)
    is_bytes = isinstance(found.pattern.pattern, bytes)

    def run(text: str) -> None:
        result = use(text.encode("latin-1", "replace") if is_bytes else text)
        if method == "finditer":
            deque(result, maxlen=0)

    return run


def _slow(found: Found, method: str) -> str | None:
    """The piece of which long texts take a pattern too long; None where there is none."""
    run, pieces = _run(found, method), hard_texts(found.pattern)
    if found.place.startswith(OF_QUESTIONS):
        return slow_at(run, pieces, LONGEST_QUESTION)
    return superlinear(run, pieces)


def _uses(found: Found) -> set[str]:
    """How a pattern is used: from the beginning, or at each place."""
    methods = found.methods or {"fullmatch", "finditer"}
    anchored = methods & {"match", "fullmatch"}
    return {*anchored, *({"finditer"} if methods - anchored else ())}


@pytest.mark.slow
def test_regular_expressions_take_linear_time() -> None:
    """Ten times the text takes about ten times as long, over texts that are hard for each."""
    found = patterns(BUILT)
    assert len(found) > 250
    slow = {
        f"{one.place} ({method}) {piece!r}"
        for one in found
        for method in _uses(one)
        if (piece := _slow(one, method))
    }
    assert not slow


@pytest.mark.slow
@pytest.mark.parametrize("name", LOOPS)
def test_loops_take_linear_time(name: str) -> None:
    """So does what loops over texts; what cuts them is quick at that length."""
    if name in CUT:
        assert not slow_at(LOOPS[name], PIECES, CUT[name])
    else:
        assert not superlinear(LOOPS[name], PIECES)


@pytest.mark.slow
def test_what_is_not_linear_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the patterns that are known for it, and a loop that counts what it has seen."""
    monkeypatch.setattr("tests.growth._LONGEST", 2.0)
    monkeypatch.setattr("tests.growth._TRIES", 1)
    for written in (r"\s+$", r"(?:a+)+b"):
        found = Found("here", re.compile(written), frozenset({"search"}))
        assert superlinear(_run(found, "finditer"), hard_texts(found.pattern))
    assert superlinear(lambda text: sum(1 for n in range(len(text)) for _ in text[:n]), ["a"])
    assert not superlinear(lambda text: [one.isalpha() for one in text], ["a", "1"])
    assert text_of("<\0\0a\1\1>", 5) == "<aaaaa>"

"""Answers: every one cites its documents word for word, or declines."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from corpora import answerer_over, document, documents_at, material, records
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import Document, Span
from knowledge.errors import FootnoteError, ReadError
from retrieval.answer.answer import Answer, Citation, Verdict, answering_words
from retrieval.answer.answering import Answerer
from retrieval.answer.citing import QuoteMismatchError
from retrieval.answer.finding import LONGEST_QUESTION, QuestionError
from retrieval.answer.nearest import MOST_SECTIONS, MOST_WORDS
from retrieval.index.engines import build_engine
from retrieval.index.memory import index_of
from retrieval.opening import collection_of
from retrieval.questions.question import Question
from retrieval.scoring.weights import shipped

QUESTIONS = [
    "In what year was the State of Palestine recognized by the United Mexican States?",
    "To which organization do Mexico and Palestine both belong?",
    "How many countries abstained from the vote on the Partition Plan?",
    "What has Mexico asked Israel and Palestine to do?",
    "When did Mexico condemn the attack by Hamas?",
    "Where did Luis Echeverria meet Yasser Arafat?",
    "What happened to the PLO office after the Second Oslo Accord?",
    "When was Mexico's representative office in Ramallah opened?",
    "How did Mexico vote in 2012?",
    "Who urged the government to recognize Palestine in July 2021?",
    "What did Claudia Sheinbaum declare on 11 October 2024?",
    "which president gets the credit for the embassy",
    "Who visited Gaza City in June 2000?",
    "Which Mexican president invited Arafat?",
    "Who was the first Palestinian foreign minister to visit Mexico?",
    "What was unveiled in June 2011?",
    "Whose inauguration took place in December 2018?",
    "Which Mexican officials have visited Palestine?",
    "Which officials went from Palestine to Mexico?",
    "Who visited Palestine from Mexico in 2013?",
    "In which years did Riyad al-Maliki visit Mexico?",
    "Which bilateral agreements were signed?",
    "Which cities are twinned with Mexican ones?",
    "How much did Mexico give to the World Food Programme?",
    "What was pledged at the Donors Meeting in Cairo?",
    "What are the main exports from Mexico to Palestine?",
    "Does Palestine export electrical capacitors?",
    "What is Palestine's mission in Mexico City?",
    "See also?",
    "Ramallah",
    "What is the capital of Australia?",
    "Which painter from Mexico made the Mona Lisa in Ramallah?",
    "Who is the most famous Mexican of Palestinian descent?",
    "¿Quién visitó México?",
]

FROM_MEXICO = [
    "Officials from Mexico on high-level visits to Palestine:",
    "Foreign Secretary Rosario Green (2000)",
    "Foreign Undersecretary Lourdes Aranda (2009)",
    "Undersecretary for Multilateral Affairs and Human Rights Juan Manuel Gómez Robledo (2009)",
    "Foreign Undersecretary Carlos de Icaza (2013)",
    "Director General for Africa and the Middle East Jorge Álvarez Fuentes (2017)",
    "Undersecretary for Multilateral Affairs and Human Rights Miguel Ruiz Cabañas (2018)",
]
FROM_PALESTINE = [
    "Officials from Palestine on high-level visits to Mexico:",
    "Foreign Minister Riyad al-Maliki (2009, 2011, 2012, 2018)",
    "Senior Diplomatic Advisor Majdi Khaldi (2009)",
    "Governor of Ramallah Laila Ghannam (2014)",
]
EXPORTS_OF_MEXICO = [
    "The main exports from Mexico to Palestine include:",
    "motor vehicles",
    "medical instruments",
    "chemical based products",
    "bread",
    "vegetables",
]
EXPORTS_OF_PALESTINE = [
    "The main exports from Palestine to Mexico include:",
    "fittings and similar articles of base metals for furniture, doors and windows",
    "transistors and similar semiconductors",
    "nucleic acids and their salts",
    "electrical capacitors",
]

GIFTS = """# Gifts

## Trips

The delegation visited these places:

- Oaxaca
  - by train in 1975
    - with a brass band
  - by ship in 1995
- Jericho
  - by bus in 1984

## Aid

The aid was:

| Year | Place | Gift |
|------|-------|------|
| 2009 | Oaxaca | oil |
| 2014 | Jericho | fruit |

It was a good time for all who had come along. No one ever forgot the songs of the choir 🎉 or
the speech of the mayor, Señora Echeverri\u0301a, who gave 50,000 loaves to the school in Toluca.
"""

GIFT_WORDS = [
    *["delegation", "visited", "places", "Oaxaca", "train", "1975", "brass", "band", "1995"],
    *["Jericho", "aid", "Gift", "2009", "fruit", "mayor", "Echeverría", "loaves", "Toluca", "2014"],
    *["Which", "Who", "When", "How many", "from", "to", "the", "all", "Mexico", "gold"],
]


@pytest.fixture(scope="module")
def article() -> Document:
    """The packaged article."""
    return material()


@pytest.fixture(scope="module")
def answerer(article: Document) -> Answerer:
    """Answers from the packaged article."""
    return answerer_over(article)


def _check(answer: Answer, read: Document) -> None:
    """The laws of an answer from one document."""
    assert (answer.verdict is Verdict.ANSWERED) == bool(answer.citations)
    assert (answer.verdict is Verdict.ANSWERED) == (answer.confidence >= shipped().threshold)
    assert 0 <= answer.confidence <= 1
    assert not (answer.citations and answer.withheld)
    _check_nearest(answer)
    for citation in (*answer.citations, *answer.withheld, *answer.nearest):
        assert citation.quote == read.text[citation.span.start : citation.span.end]
        assert citation.line == read.line_at(citation.span.start)
        assert (citation.document_id, citation.title) == (read.id, read.title)
        assert citation.source == read.source
        assert citation.answering is None or citation.span.holds(citation.answering)
        assert not (citation.introduces and citation.answering)
    if answer.citations:
        assert answer.text == "\n".join(citation.quote for citation in answer.citations)
        assert not answer.citations[-1].introduces
    else:
        assert answer.text is None
        assert answer.short_confidence is None
    assert (answer.short_answer is None) == (answer.short_confidence is None)
    if answer.short_answer is not None:
        assert answer.text is not None
        assert all(line in answer.text for line in answer.short_answer.splitlines())
    assert [hit.rank for hit in answer.hits] == list(range(1, len(answer.hits) + 1))


def _check_nearest(answer: Answer) -> None:
    """At most three sections, each once and not the one that is cited, in 40 words at most."""
    sections = [one.section for one in answer.nearest]
    assert len(sections) == len(set(sections)) <= MOST_SECTIONS
    assert {one.section for one in answer.citations}.isdisjoint(sections)
    for one in answer.nearest:
        assert 1 <= len(one.quote.split()) <= MOST_WORDS
        assert one.answering is None


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_keeps_the_laws(answerer: Answerer, article: Document, question: str) -> None:
    """A quote is the slice of the document at its span, and what is declined has none."""
    answer = answerer.answer(question)
    assert answer.question == question
    _check(answer, article)


def test_most_of_the_questions_are_answered(answerer: Answerer) -> None:
    """The laws above are tried on answers, most of all, and on declines too."""
    verdicts = [answerer.answer(question).verdict for question in QUESTIONS]
    assert verdicts.count(Verdict.ANSWERED) >= 20
    assert verdicts.count(Verdict.DECLINED) >= 2


@pytest.fixture(scope="module", params=["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def gifts(request: pytest.FixtureRequest) -> Document:
    """A document of lists, tables and prose, with a byte order mark and each kind of line end."""
    return document("\ufeff" + GIFTS.replace("\n", request.param), "gifts.md")


@given(question=st.lists(st.sampled_from(GIFT_WORDS), min_size=1, max_size=8).map(" ".join))
@settings(deadline=None)
def test_the_laws_hold_for_any_question(gifts: Document, question: str) -> None:
    """Lists, tables and prose are cited word for word, whatever line ends the file has."""
    _check(answerer_over(gifts).answer(question), gifts)


@pytest.mark.parametrize("name", ["gifts.md", "gifts.txt"])
def test_a_quote_stands_in_the_file(tmp_path: Path, name: str) -> None:
    """The source, opened as UTF-8 with its line ends kept, has the quote at its offsets."""
    (tmp_path / name).write_bytes(("\ufeff" + GIFTS.replace("\n", "\r\n")).encode())
    (read,) = documents_at(tmp_path / name)
    answer = answerer_over(read).answer("How many loaves did the mayor give to the school?")
    (citation,) = answer.citations
    with open(citation.source, encoding="utf-8", newline="") as file:  # noqa: PTH123, as promised
        assert file.read()[citation.span.start : citation.span.end] == citation.quote
    assert "🎉 or\r\nthe speech" in citation.quote
    assert answer.short_answer == "50,000"


def test_a_record_is_cited_by_its_line() -> None:
    """A quote from one of many records names the record, its file and the line it stands on."""
    read = records(["Oil came from Ulm.", "The mill of Bern burned in 1884.", "Bread went."])
    answer = answerer_over(*read).answer("When did the mill of Bern burn?")
    (citation,) = answer.citations
    assert (citation.document_id, citation.line) == ("1", 2)
    assert citation.quote == read[1].text[citation.span.start : citation.span.end]
    assert citation.source.endswith("records.jsonl")
    assert answer.short_answer == "1884"


@pytest.mark.parametrize(
    ("question", "quote", "short_answer"),
    [
        (
            "When was Mexico's representative office in Ramallah opened?",
            "Mexico's representative office in Ramallah was opened in 2005.",
            "2005",
        ),
        (
            "Who was the first Palestinian foreign minister to visit Mexico?",
            "The first Palestinian foreign minister to visit Mexico was Foreign Minister "
            "Riyad al-Maliki, in 2009.",
            "Foreign Minister Riyad al-Maliki",
        ),
        (
            "To how much was Mexico's annual contribution to UNRWA increased in 2017?",
            "Mexico's annual contribution to UNRWA was increased to US$250,000 in 2017.",
            "US$250,000",
        ),
        (
            "How much did trade between Mexico and Palestine total in 2023?",
            "Trade between Mexico and Palestine in 2023 totaled US$1.4 million.",
            "US$1.4 million",
        ),
    ],
)
def test_a_sentence_answers(
    answerer: Answerer, question: str, quote: str, short_answer: str
) -> None:
    """The one sentence that says it is marked in its paragraph, and the words in it."""
    answer = answerer.answer(question)
    assert [citation.marked for citation in answer.citations if citation.marks] == [quote]
    assert answer.short_answer == short_answer


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("Which officials from Mexico have visited Palestine?", FROM_MEXICO),
        ("Which officials from Palestine have visited Mexico?", FROM_PALESTINE),
        ("What does Mexico export to Palestine?", EXPORTS_OF_MEXICO),
        ("What does Palestine export to Mexico?", EXPORTS_OF_PALESTINE),
    ],
)
def test_a_list_is_quoted_whole(answerer: Answerer, question: str, quotes: list[str]) -> None:
    """A question for several things is answered by the lead-in and every item below it."""
    answer = answerer.answer(question)
    assert [citation.quote for citation in answer.citations] == quotes
    assert [citation.introduces for citation in answer.citations] == [
        quote == quotes[0] for quote in quotes
    ]
    assert answer.short_answer == "\n".join(quotes[1:])


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("Which officials went from Mexico to Palestine?", FROM_MEXICO),
        ("Which officials went from Palestine to Mexico?", FROM_PALESTINE),
        ("What are the main exports from Mexico to Palestine?", EXPORTS_OF_MEXICO),
        ("What are the main exports from Palestine to Mexico?", EXPORTS_OF_PALESTINE),
        ("What goes to Palestine from Mexico as main exports?", EXPORTS_OF_MEXICO),
        ("What goes to Mexico from Palestine as main exports?", EXPORTS_OF_PALESTINE),
    ],
)
def test_the_direction_decides_between_lists(
    answerer: Answerer, question: str, quotes: list[str]
) -> None:
    """Of two lists with the same words the one that goes the way of the question answers."""
    found = answerer.answer(question).best_quotes
    assert [citation.quote for citation in found] == quotes


@pytest.mark.parametrize(
    ("question", "quotes", "short_answer"),
    [
        (
            "Who visited Palestine from Mexico in 2013?",
            [FROM_MEXICO[0], FROM_MEXICO[4]],
            "Foreign Undersecretary Carlos de Icaza",
        ),
        (
            "Who visited Palestine from Mexico in 2009?",
            [FROM_MEXICO[0], *FROM_MEXICO[2:4]],
            "\n".join(FROM_MEXICO[2:4]),
        ),
        (
            "Who visited Mexico from Palestine in 2009?",
            [FROM_PALESTINE[0], *FROM_PALESTINE[1:3]],
            "\n".join(FROM_PALESTINE[1:3]),
        ),
        (
            "Who visited Mexico from Palestine in 2014?",
            [FROM_PALESTINE[0], FROM_PALESTINE[3]],
            "Governor of Ramallah Laila Ghannam",
        ),
    ],
)
def test_only_the_items_that_fit_are_marked(
    answerer: Answerer, question: str, quotes: list[str], short_answer: str
) -> None:
    """A question for some items is answered by the list, in which just those are marked."""
    answer = answerer.answer(question)
    first, *others = answer.citations
    assert (first.quote, first.marks, first.introduces) == (quotes[0], (), True)
    assert [citation.marked for citation in others if citation.marks] == quotes[1:]
    assert len(others) >= len(quotes)
    assert answer.short_answer == short_answer


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        (
            "When did the delegation visit Jericho by bus?",
            ["The delegation visited these places:", "Jericho", "by bus in 1984"],
        ),
        (
            "On which train did the brass band visit Oaxaca with the delegation?",
            [
                "The delegation visited these places:",
                "Oaxaca",
                "by train in 1975",
                "with a brass band",
            ],
        ),
        (
            "What gift did Jericho get in 2014?",
            ["The aid was:", "| Year | Place | Gift |", "| 2014 | Jericho | fruit |"],
        ),
    ],
)
def test_what_introduces_an_item_comes_with_it(question: str, quotes: list[str]) -> None:
    """A nested item comes with the items above it, a row of a table with its header."""
    answer = answerer_over(document(GIFTS, "gifts.md")).answer(question)
    found = [citation.quote for citation in answer.citations]
    assert [quote for quote in found if quote in quotes] == quotes
    marked = [citation.quote for citation in answer.citations if citation.marks]
    assert marked == quotes[-1:]
    above = {c.quote for c in answer.citations if c.introduces}
    assert set(quotes[:-1]) <= {*above, "Oaxaca", "Jericho", "by train in 1975"}


def test_a_citation_says_where_its_quote_stands(answerer: Answerer, article: Document) -> None:
    """It names the document, its title and source, the headings above and the line."""
    citation, *_ = answerer.answer("How much was Mexico's UNRWA contribution in 2017?").citations
    assert citation.document_id == "mexico-palestine-relations.md"
    assert citation.title == "Mexico–Palestine relations"
    assert citation.heading == ("Financial aid and trade",)
    assert citation.source == article.source
    lines = Path(citation.source).read_text(encoding="utf-8").splitlines()
    assert citation.quote in lines[citation.line - 1]


@pytest.mark.parametrize("limit", [1, 3, 10, 40])
def test_hits_are_at_most_so_many(answerer: Answerer, limit: int) -> None:
    """The hits are those of a search with the limit, which does not change the answer."""
    answer = answerer.answer("Which Mexican officials have visited Palestine?", limit)
    assert list(answer.hits) == answerer.search(answer.question, limit)
    assert 0 < len(answer.hits) <= limit
    assert answer.text == "\n".join(FROM_MEXICO)


def test_hits_are_at_most_ten(answerer: Answerer) -> None:
    """Without a limit there are ten hits where more passages share a word."""
    assert len(answerer.answer("Mexico and Palestine").hits) == 10
    assert len(answerer.search("Mexico and Palestine", 20)) == 20


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_gives_the_same_answer(
    answerer: Answerer, article: Document, question: str
) -> None:
    """Neither what was asked before nor a new index changes an answer."""
    first = answerer.answer(question)
    assert answerer.answer(question) == first
    assert answerer_over(article).answer(question) == first


@pytest.mark.parametrize("question", ["", " ", "\n\t", "\u3000"])
def test_an_empty_question_is_an_error(answerer: Answerer, question: str) -> None:
    """Blanks are no question, to answer or to search for."""
    for ask in _ways_to_ask(answerer):
        with pytest.raises(QuestionError, match="the question is empty; ask in a few words"):
            ask(question)


def test_an_over_long_question_is_an_error(answerer: Answerer) -> None:
    """A text of more than so many characters is no question, and the error says by how much."""
    longest = "Mexico " * (LONGEST_QUESTION // 7) + "s" * (LONGEST_QUESTION % 7)
    for ask in _ways_to_ask(answerer):
        ask(longest)
        with pytest.raises(QuestionError, match=r"1,001 characters; shorten it to 1,000"):
            ask(longest + "s")
    assert issubclass(QuestionError, FootnoteError)


def _ways_to_ask(answerer: Answerer) -> list[Callable[[str], object]]:
    return [answerer.answer, lambda text: answerer.search(text, 10)]


@pytest.mark.parametrize(
    "question", ["who is it", "What was that?", "🎉", "🇲🇽 👩‍👩‍👧 ?", "?!", "\x00", "\u200b", "漢字"]
)
def test_a_question_without_known_words_declines(answerer: Answerer, question: str) -> None:
    """Stop words, emoji and words that no document has find nothing at all."""
    answer = answerer.answer(question)
    assert answer == Answer(question, Verdict.DECLINED, 0.0, (), ())
    assert (answer.text, answer.short_answer, answer.nearest) == (None, None, ())


def test_what_came_nearest_is_no_answer(answerer: Answerer, article: Document) -> None:
    """A question that shares some words is declined, and its best quote kept apart."""
    answer = answerer.answer("Which painter made the Mona Lisa for Jupiter in Ramallah?")
    assert answer.verdict is Verdict.DECLINED
    assert (answer.citations, answer.text, answer.short_answer) == ((), None, None)
    assert answer.hits
    assert answer.withheld
    _check(answer, article)


def test_a_thousand_characters_of_names_are_declined(answerer: Answerer) -> None:
    """The longest questions have a confidence too, however much of them is missing."""
    question = "Mexico " + " ".join(f"A{number}" for number in range(190))
    assert answerer.answer(question).verdict is Verdict.DECLINED


def test_no_documents_answer_nothing() -> None:
    """There is nothing to ask."""
    with pytest.raises(ReadError, match="has no documents"):
        collection_of([])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Riyad", "Rashid"),
        lambda text: "!" + text,
        lambda text: text[: len(text) // 2],
        lambda text: "",
    ],
    ids=["a word", "an offset", "cut", "empty"],
)
def test_a_document_that_changed_is_not_quoted(
    article: Document, change: Callable[[str], str]
) -> None:
    """Where the document no longer holds what the index does, there is an error and no answer."""
    changed = replace(article, text=change(article.text))
    answerer = _over_changed(article, changed)
    with pytest.raises(QuoteMismatchError, match=r"mexico-palestine-relations\.md#\d+ is not what"):
        answerer.answer("Which officials from Palestine have visited Mexico?")


def test_a_lead_in_that_changed_is_not_quoted() -> None:
    """The line that introduces the later part of a long list is checked as its items are."""
    items = "\n".join(f"- Member{number} {'of the old guard ' * 3}" for number in range(50))
    read = document(f"The guests of Ulm were:\n\n{items}\n\nThat is all.", "a.md")
    changed = replace(read, text=read.text.replace("guests of Ulm", "ghosts of Ulm"))
    with pytest.raises(QuoteMismatchError):
        _over_changed(read, changed).answer("Was Member49 of the guests of Ulm?")


def _over_changed(read: Document, changed: Document) -> Answerer:
    """An Answerer over an index whose document has changed behind its passages."""
    index = index_of([read])
    index._loaded[read.id] = changed
    return Answerer(index, index.engine)


CITATION = Citation(
    "a.txt", "a", (), "a.txt", Span(4, 12), 1, "oil 2009", (Span(4, 12),), answering=Span(8, 12)
)


def test_an_answer_needs_a_citation() -> None:
    """ANSWERED without a citation is refused, and so is DECLINED with one."""
    with pytest.raises(ValueError, match="ANSWERED with 0 citations"):
        Answer("Who?", Verdict.ANSWERED, 0.9, (), ())
    with pytest.raises(ValueError, match="DECLINED with 1 citations"):
        Answer("Who?", Verdict.DECLINED, 0.1, (CITATION,), ())


def test_answers_never_change() -> None:
    """No field of an answer or a citation can be set again."""
    answer = Answer("When?", Verdict.ANSWERED, 0.9, (CITATION,), ())
    with pytest.raises(FrozenInstanceError):
        answer.verdict = Verdict.DECLINED  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        CITATION.quote = "salt"  # type: ignore[misc]


def test_the_words_that_answer() -> None:
    """The marked words of the citations, one citation's a line; None where none are marked."""
    unmarked = replace(CITATION, answering=None)
    assert answering_words([unmarked, CITATION, CITATION]) == "2009\n2009"
    assert answering_words([unmarked]) is None
    assert answering_words([]) is None


def test_a_search_ranks_the_terms_of_the_query(answerer: Answerer, article: Document) -> None:
    """A search finds the passages of the engine's search, best first, as an answer has them."""
    query = "Which Mexican officials have visited Palestine?"
    engine = build_engine("rank-bm25", index_of([article]))
    found = answerer.search(query, 1_000)
    by_engine = engine.search(Question(query).terms, 1_000)
    assert {hit.passage.id for hit in found} == {hit.passage.id for hit in by_engine}
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
    assert found == sorted(found, key=lambda hit: -hit.score)
    assert answerer.search(query, 5) == found[:5] == list(answerer.answer(query, 5).hits)


def test_a_table_is_no_answer_to_what_it_does_not_say() -> None:
    """However small the folder is, and though the heading above it names what is asked about."""
    fees = "| Member | Yearly fee |\n|---|---|\n| Junior | 40 euros |\n| Senior | 120 euros |\n"
    club = document(f"# Rowing club rules\n\n## Fees\n\n{fees}", "club.md")
    answerer = answerer_over(club)
    for office in ("chairman", "treasurer"):
        declined = answerer.answer(f"Who is the {office} of the rowing club?")
        assert declined.verdict is Verdict.DECLINED
        assert declined.confidence < 0.5
    answered = answerer.answer("How much is the yearly fee for a senior member?")
    assert "120 euros" in (answered.text or "")

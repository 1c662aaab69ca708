"""Extraction: which unit of the passages fits best, and what is quoted with it."""

from collections.abc import Iterator, Sequence

import pytest
from corpora import answerer_over, document, material, passages_from, records
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import Document, Passage, Span
from retrieval.answer.blocks import introductions
from retrieval.answer.selection import Selection, select
from retrieval.index.engines import build_engine
from retrieval.index.memory import index_of
from retrieval.questions.acronyms import Acronyms
from retrieval.questions.question import Question
from retrieval.scoring.passage_terms import PassageTerms, PassageTermsCache
from retrieval.scoring.passages import Found, rescored
from retrieval.scoring.units import EXTRACTED_FROM, Candidate, candidates
from retrieval.scoring.weighted_question import WeightedQuestion
from retrieval.scoring.weights import shipped
from retrieval.search.engine import Hit

VISITS = """# Trips

The delegation visited these places:

- Oaxaca
  - by train in 1975
    - with a band
  - by ship in 1995
- Jericho
  - by bus in 1984

The gifts were:

| Year | Place | Gift |
|------|-------|------|
| 2009 | Oaxaca | oil |
| 2014 | Jericho | fruit |
| 2017 | Oaxaca | bread |

It was a good time for all who had come along, and no one forgot it or the songs of the band.
"""

NO_ACRONYMS = Acronyms([])

WORDS = ["oil", "salt", "bread", "silver", "1975", "2009"]
CONTENTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
QUESTIONS = st.lists(st.sampled_from([*WORDS, "gifts", "Which", "who"]), min_size=1, max_size=4)


@st.composite
def _lists(draw: st.DrawFn) -> str:
    """A nested list and a table, each with the line that introduces it."""
    items: list[str] = []
    depth = 0
    for wanted, content in draw(st.lists(st.tuples(st.integers(0, 3), CONTENTS), min_size=1)):
        depth = min(wanted, depth + 1) if items else 0
        items.append(f"{'  ' * depth}- {content}")
    rows = [f"| {content} | salt |" for content in draw(st.lists(CONTENTS, min_size=1))]
    table = ["| bread | gifts |", "|---|---|", *rows]
    return "\n".join(["The gifts were:", "", *items, "", "The oil:", "", *table, "", "End."])


NO_QUESTION = WeightedQuestion(Question(""), lambda term: 0.0, ())


def _masks(terms: list[str], sets: Sequence[frozenset[str]]) -> list[int]:
    return [sum(2**n for n, term in enumerate(terms) if term in held) for held in sets]


@given(text=_lists(), asked=QUESTIONS)
@settings(max_examples=60)
def test_a_passage_holds_of_a_question_what_its_units_hold(text: str, asked: list[str]) -> None:
    """Passages count in masks what units have as sets; both ways say the same."""
    acronyms = Acronyms([("silver", ("oil", "salt")), ("bread", ("1975", "2009"))])
    question = Question(" ".join(asked))
    bits = {term: 2**n for n, term in enumerate(question.terms)}
    for passage in passages_from(document(text)):
        for known in (NO_ACRONYMS, acronyms):
            terms = PassageTerms(passage, known)
            held = [unit.set for unit in terms.units]
            assert terms.unit_masks(bits) == _masks(question.terms, held)
            pairs = [unit.raw_pairs_among(question.raw_pairs) for unit in terms.units]
            assert terms.raw_pairs_among(question.raw_pairs) == set().union(*pairs)


def _found(question: str, *documents: Document) -> list[Found]:
    engine = build_engine("rank-bm25", index_of(documents))
    passages = passages_from(*documents)
    asked = Question(question)
    hits = engine.search(asked.terms, len(passages))
    return rescored(
        {"en": asked}, hits, engine.idf, PassageTermsCache(NO_ACRONYMS), shipped().passages
    )


def _candidates(question: str, *documents: Document) -> list[Candidate]:
    return candidates(_found(question, *documents), shipped().units)


def _best(question: str, text: str, name: str = "a.md") -> str:
    return _candidates(question, document(text, name))[0].quote


def _units(read: Document) -> Iterator[tuple[str, Candidate]]:
    """Each unit of a document as if it were the best, by its text."""
    for passage in passages_from(read):
        words = PassageTerms(passage, NO_ACRONYMS)
        found = Found(Hit(passage, 1.0, 1), NO_QUESTION, words, {})
        for position, unit in enumerate(passage.units):
            yield unit.span.of(read.text), Candidate(found, position, 1.0, {})


def _selected(question: str, unit: str, read: Document) -> Selection:
    return select(Question(question), [dict(_units(read))[unit]])


def _with_leads(passage: Passage, answering: Sequence[Span]) -> tuple[Span, ...]:
    """What answers, with the lines that introduce it, in the order of the text."""
    units = [unit for unit in passage.units if unit.span in answering]
    leads = {lead for unit in units for lead in introductions(passage, unit)}
    return tuple(sorted({*leads, *answering}))


def _quoted(question: str, unit: str, text: str = VISITS) -> list[str]:
    return _quoted_from(question, unit, document(text, "a.md"))


def _quoted_from(question: str, unit: str, read: Document) -> list[str]:
    best = dict(_units(read))[unit]
    spans = _with_leads(best.passage, select(Question(question), [best]).answering)
    return [span.of(read.text) for span in spans]


def _answering(question: str, unit: str, text: str = VISITS) -> list[str]:
    read = document(text, "a.md")
    return [span.of(read.text) for span in _selected(question, unit, read).answering]


def test_no_hits_have_no_candidates() -> None:
    """Where nothing was found there is nothing to choose from."""
    assert _candidates("Who?", document("Oil came.")) == []


@pytest.mark.parametrize("question", ["Which officials visited Mexico?", "arafat", "UNRWA in 2017"])
def test_every_unit_of_the_best_passages_is_a_candidate(question: str) -> None:
    """The candidates are the units of the passages that were found, each once, best first."""
    found = _found(question, material())
    best = found[:EXTRACTED_FROM]
    ranked = candidates(found, shipped().units)
    units = {(one.hit.passage.id, n) for one in best for n in range(len(one.hit.passage.units))}
    assert {(candidate.passage.id, candidate.position) for candidate in ranked} == units
    assert len(ranked) == len(units)
    scores = [candidate.score for candidate in ranked]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]


def test_a_candidate_is_a_unit_of_its_passage() -> None:
    """The unit of a candidate is the one at its position."""
    found = dict(_units(document("Oil came. Bread went.")))
    assert [candidate.quote for candidate in found.values()] == list(found)


def test_of_equal_passages_the_first_is_best() -> None:
    """Of equal units in equal passages the one of the better hit is the better candidate."""
    texts = ["The miller came" + "!" * number for number in range(1, 6)]
    found = _candidates("Who came?", *records(texts))
    assert [candidate.passage.document_id for candidate in found] == list("01234")


@pytest.mark.slow
def test_what_was_asked_before_changes_nothing() -> None:
    """An Answerer finds the same whatever it was asked, and after thousands of passages."""
    answerer = answerer_over(*records(f"Mill {n} burned. It was old." for n in range(4100)))
    first = answerer.answer("Which old mill burned?")
    for number in range(0, 4100, 41):
        answerer.answer(f"mill {number}")
    assert answerer.answer("Which old mill burned?") == first


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("What burned in Ulm?", "The old mill of Ulm burned in 1884."),
        ("Who sang in Bern?", "A choir from Basel sang in Bern."),
        ("When was bread sold?", "Bread was sold by the river since 1901."),
    ],
)
def test_the_sentence_with_the_words_of_the_question_is_best(question: str, best: str) -> None:
    """In one paragraph the sentence that shares most with the question comes first."""
    text = (
        "The old mill of Ulm burned in 1884. A choir from Basel sang in Bern. "
        "Bread was sold by the river since 1901. The weather in all of these years was fine."
    )
    assert _best(question, text) == best


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("When was the mill built?", "The mill was built in 1884."),
        ("Who built the mill?", "The mill was built by Anna Berg."),
        ("How many built the mill?", "The mill was built in 1884."),
    ],
)
def test_the_kind_of_answer_decides(question: str, best: str) -> None:
    """Of two sentences with the same words the one that holds a date, or a name, fits better."""
    one, two = "The mill was built in 1884.", "The mill was built by Anna Berg."
    assert _best(question, f"{one} {two}") == best
    assert _best(question, f"{two} {one}") == best


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Which goods go from Mexico to Palestine?", "Oil and other goods go from Mexico to"),
        ("Which goods go from Palestine to Mexico?", "Wool and other goods go from Palestine to"),
        ("Which goods go to Palestine?", "Oil and other goods go from Mexico to"),
        ("Which goods go from Palestine?", "Wool and other goods go from Palestine to"),
    ],
)
def test_the_direction_decides(question: str, best: str) -> None:
    """Of two sentences with the same words the one that goes the same way fits better."""
    there = "Oil and other goods go from Mexico to Palestine."
    back = "Wool and other goods go from Palestine to Mexico."
    assert _best(question, f"{there} {back}").startswith(best)
    assert _best(question, f"{back} {there}").startswith(best)


def test_a_list_fits_where_several_are_asked_for() -> None:
    """A question for several things is answered by a list rather than by a sentence."""
    sentence, lead = "Ulm has guests at the fair of each year.", "Guests of the fair in Ulm:"
    text = f"{sentence}\n\n{lead}\n\n- Anna Berg\n- Berta Dorn\n\nThat is all."
    assert _best("Which guests were at the fair in Ulm?", text) in (lead, "Anna Berg", "Berta Dorn")
    assert _best("Does Ulm have guests at the fair each year?", text) == sentence


def test_an_item_has_the_words_of_its_lead() -> None:
    """The item that fits is better than the line that introduces it, and than other lists."""
    text = (
        "Visits to Bern:\n\n- Anna Berg (1975)\n- Berta Dorn (1984)\n\n"
        "Visits to Ulm:\n\n- Carla Horn (1975)\n- Dora Lang (1984)\n\nThat is all."
    )
    assert _best("Who came on a visit to Bern in 1984?", text) == "Berta Dorn (1984)"
    assert _best("Who came on a visit to Ulm in 1975?", text) == "Carla Horn (1975)"


def test_an_item_may_be_a_single_name() -> None:
    """A person of one name is as good an answer as one of two."""
    text = (
        "Visits to Bern:\n\n- Anna (1975)\n- Berta (1984)\n\n"
        "Visits to Ulm:\n\n- Carla (1975)\n- Dora (1984)\n\nThat is all."
    )
    assert _best("Who came on a visit to Bern in 1984?", text) == "Berta (1984)"


def test_a_sentence_is_quoted_alone() -> None:
    """A sentence of a paragraph answers by itself."""
    text = "Oil came. Bread went."
    assert _quoted("What went?", "Bread went.", text) == ["Bread went."]
    assert _answering("What went?", "Bread went.", text) == ["Bread went."]


@pytest.mark.parametrize(
    "text",
    [
        "Q: How do I reset the boiler? A: Hold the red button for nine seconds.",
        "Q: How do I reset the boiler?\nA: Hold the red button for nine seconds.",
        "**How do I reset the boiler?**\n\nHold the red button for nine seconds.",
    ],
)
def test_behind_a_question_its_answer_is_quoted(text: str) -> None:
    """In lists of questions and answers, the question is no answer to itself."""
    other = "How do I clean the boiler? With a dry brush, once a year."
    read = document(f"{text}\n\n{other}\n", "a.md")
    answer = answerer_over(read).answer("How do I reset the boiler?")
    assert answer.text is not None
    assert answer.text.endswith("nine seconds.")
    assert answer.short_answer is not None
    assert "boiler" not in answer.short_answer


def test_a_lead_in_is_quoted_with_all_its_items() -> None:
    """The line that introduces a list comes with every item below it, the nested ones too."""
    lead = "The delegation visited these places:"
    items = ["Oaxaca", "by train in 1975", "with a band", "by ship in 1995", "Jericho"]
    items.append("by bus in 1984")
    assert _quoted("Which places?", lead) == [lead, *items]
    assert _answering("Which places?", lead) == items


def test_an_item_with_items_is_quoted_with_them() -> None:
    """An item that others are nested in comes with the lines above it and the items below."""
    lead = "The delegation visited these places:"
    nested = ["by train in 1975", "with a band", "by ship in 1995"]
    assert _quoted("Oaxaca?", "Oaxaca") == [lead, "Oaxaca", *nested]
    assert _answering("Oaxaca?", "Oaxaca") == nested


def test_a_nested_item_is_quoted_with_all_that_introduces_it() -> None:
    """Every line above an item comes with it, outermost first."""
    lead = "The delegation visited these places:"
    assert _quoted("With what?", "with a band") == [
        lead,
        "Oaxaca",
        "by train in 1975",
        "with a band",
    ]
    assert _answering("With what?", "with a band") == ["with a band"]


def test_a_row_is_quoted_with_its_header() -> None:
    """A row comes with the header of its table, and with the line above that."""
    lines = ["The gifts were:", "| Year | Place | Gift |", "| 2014 | Jericho | fruit |"]
    assert _quoted("Which gift in 2014?", lines[-1]) == lines
    assert _answering("Which gift in 2014?", lines[-1]) == lines[-1:]


def test_a_header_is_quoted_with_all_its_rows() -> None:
    """Where the header fits best, the rows answer."""
    rows = ["| 2009 | Oaxaca | oil |", "| 2014 | Jericho | fruit |", "| 2017 | Oaxaca | bread |"]
    assert _answering("Which place in which year?", "| Year | Place | Gift |") == rows


def test_the_line_above_a_table_is_answered_by_the_rows() -> None:
    """Where the line above a table fits best, its rows answer and the header introduces them."""
    rows = ["| 2009 | Oaxaca | oil |", "| 2014 | Jericho | fruit |", "| 2017 | Oaxaca | bread |"]
    assert _answering("What were the gifts?", "The gifts were:") == rows


def test_items_that_fit_as_well_are_quoted_too() -> None:
    """An item comes with those that hold the same words of the question, and with no others."""
    rows = ["| 2009 | Oaxaca | oil |", "| 2017 | Oaxaca | bread |"]
    assert _answering("Which gifts to Oaxaca?", rows[0]) == rows
    assert _answering("Which gifts to Oaxaca in 2017?", rows[1]) == rows[1:]


def test_words_of_the_lead_tell_no_items_apart() -> None:
    """Where an item holds no more of the question than the line above it, all items are quoted."""
    text = "Visits to Ulm:\n\n- Anna of Ulm\n- Berta\n- Carla\n\nThat is all."
    items = ["Anna of Ulm", "Berta", "Carla"]
    assert _answering("Who came on visits to Ulm?", "Berta", text) == items
    assert _answering("Who came on visits to Ulm?", "Anna of Ulm", text) == items


@given(_lists(), QUESTIONS)
@settings(max_examples=60)
def test_what_is_quoted_belongs_together(text: str, words: list[str]) -> None:
    """The unit is quoted with what introduces all that is quoted, in the order of the text."""
    read = document(text, "a.md")
    for passage in passages_from(read):
        leads = {unit.span: unit.lead for unit in passage.units}
        held = PassageTerms(passage, NO_ACRONYMS)
        found = Found(Hit(passage, 1.0, 1), NO_QUESTION, held, {})
        for position, unit in enumerate(passage.units):
            best = Candidate(found, position, 1.0, {})
            selection = select(Question(" ".join(words)), [best])
            answering = selection.answering
            quoted = _with_leads(passage, answering)
            assert unit.span in quoted
            assert list(quoted) == sorted(set(quoted))
            assert answering
            assert quoted[-len(answering) :] == answering
            assert {leads[span] for span in quoted} - {None} <= set(quoted)


@pytest.fixture(scope="module")
def split_list() -> Document:
    """A list of more than 400 words under the last line of a paragraph, in several passages."""
    stops = "\n".join(f"  - stop {n} {'on the way ' * 10}" for n in range(20))
    text = f"The journey went to:\n\n- Oaxaca\n{stops}\n- Jericho\n\nThat is all."
    return document(text, "a.md")


def test_the_text_of_a_lead_inside_and_outside(split_list: Document) -> None:
    """The line that introduces a unit is read in the passage, or before it from its lead-in."""
    first, second = passages_from(split_list)[:2]
    for passage, unit in [(first, first.units[-1]), (second, second.units[0])]:
        assert unit.lead is not None
        assert passage.quote(unit.lead) == "Oaxaca" == unit.lead.of(split_list.text)


def test_every_lead_in_the_passage_is_read_right() -> None:
    """In the article, where no list is split, each lead reads as it stands in the document."""
    article = material()
    pairs = [
        (passage.quote(unit.lead), unit.lead.of(article.text))
        for passage in passages_from(article)
        for unit in passage.units
        if unit.lead is not None
    ]
    assert len(pairs) > 20
    assert all(read == stands for read, stands in pairs)


def test_an_outer_item_in_a_later_part_has_its_own_lead(split_list: Document) -> None:
    """Where a passage begins among nested items, later items are not led by their parent."""
    for passage in passages_from(split_list):
        for unit in passage.units:
            if unit.lead is not None:
                assert passage.quote(unit.lead) == unit.lead.of(split_list.text)


def test_a_nested_item_in_a_later_part_has_all_its_leads(split_list: Document) -> None:
    """In a list of several passages too, every line above an item is quoted with it."""
    item = next(text for text, _ in _units(split_list) if text.startswith("stop 15 "))
    assert _quoted_from("Where is stop 15?", item, split_list) == [
        "The journey went to:",
        "Oaxaca",
        item,
    ]


def test_an_item_nested_in_a_long_one_has_all_its_leads() -> None:
    """The lead-in is quoted too where the item above is so long that it has units of its own."""
    long = f"Anna came {'by the long road ' * 6}to Ulm. She went {'by the long road ' * 6}to Bern."
    text = f"The members:\n\n- {long}\n  - elected in 1984\n- Berta\n\nThat is all."
    assert _quoted("Elected when?", "elected in 1984", text) == [
        "The members:",
        long,
        "elected in 1984",
    ]


def test_a_sentence_that_refers_is_quoted_with_the_one_before() -> None:
    """What "it" stands for is quoted too; who "she" is, is not quoted with somebody else."""
    text = "The old mill stands in Ulm. It was built by Anna Berg in 1884. Wool is sold in Bern."
    answer = answerer_over(document(text, "a.md")).answer("Who built the old mill in Ulm?")
    quotes = answer.best_quotes
    assert quotes[0].marked == "The old mill stands in Ulm. It was built by Anna Berg in 1884."
    text = "Anna Weber runs the bakery. She was born in Graz in 1980. Tom Baker is the gardener."
    answer = answerer_over(document(text, "a.md")).answer("Where was Tom Baker born?")
    quotes = answer.best_quotes
    assert "Graz" not in quotes[0].marked or "Tom" not in quotes[0].marked


def test_items_of_two_documents_with_one_layout_stay_apart() -> None:
    """The item that answers is that of the passage that is cited, not its twin's elsewhere."""
    texts = ("Anna Keller called us", "we open in March 1984")
    twins = [
        document(f"# Manual\n\nWhen the garage opened:\n\n- {text}\n\nThat is all.", f"{n}.md")
        for n, text in enumerate(texts)
    ]
    candidates_by_text = dict(unit for twin in twins for unit in _units(twin))
    leads = [dict(_units(twin))["When the garage opened:"] for twin in twins]
    for lead, own, other in ((leads[0], *texts), (leads[1], *texts[::-1])):
        ranked = [lead, candidates_by_text[other], candidates_by_text[own]]
        selection = select(Question("When did the garage open?"), ranked)
        assert [unit.quote for unit in selection.units] == [own]

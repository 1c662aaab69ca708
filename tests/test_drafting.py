"""Questions that documents propose: what is asked, with what evidence, and in which order."""

from itertools import islice
from time import monotonic

import pytest
from corpora import document

from knowledge.documents import Document
from retrieval.evaluation.drafting import Proposal, proposals
from retrieval.evaluation.headings import question_of
from retrieval.index.memory import index_of


def _proposed(*documents: Document) -> list[Proposal]:
    return list(proposals(index_of(documents)))


def _questions(text: str, name: str = "notes.md") -> list[str]:
    return [proposal.question for proposal in _proposed(document(text, name))]


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Installing the server", "How do I install the server?"),
        ("2.1. Setting Up A New Printer", "How do I set up a new printer?"),
        ("Opening and closing a valve", "How do I open and close a valve?"),
        ("Getting your deposit back", "How do I get my deposit back?"),
        ("How to clean the laser cutter", "How do I clean the laser cutter?"),
        ("How WAL Works", "How does WAL work?"),
        ("How valves are tested", "How are valves tested?"),
        ("7. Is the saw safe?", "Is the saw safe?"),
        ("What is a valve", "What is a valve?"),
        ("Where to ask about valves", "Where can I ask about valves?"),
        ("What to do if the saw jams", "What should I do if the saw jams?"),
        ("Using Postfix With MySQL", "How do I use Postfix with MySQL?"),
        ("Specifying Which VFS To Use", "How do I specify which VFS to use?"),
        ("Building Postfix", "How do I build Postfix?"),
    ],
)
def test_a_heading_asks_as_a_person_would(heading: str, question: str) -> None:
    """A task, a question, with numbers and capitals of titles taken off, and names left."""
    assert question_of(heading, "With Postfix, a new printer is set up.") == question


@pytest.mark.parametrize(
    "heading",
    [
        "Installing",  # nothing is said to be installed
        "Testing strategy",  # a thing, not a task
        "Building blocks",
        "Opening hours",
        "Working life",
        "Using this filter",  # which one?
        "Activating the command",
        "What's next?",
        "Why is it slow?",
        "Filtering and response status",  # only half of it is a task
        "Replacing files, forcing their removal",
        "Extending notation and tuning systems",
        "And what about the valve?",
        "Most widely used valve of any kind?",  # no question
        "Missing: valves",
        "SCHEDULING CONTROLS",
        "Overview",
        "String comparison",
    ],
)
def test_a_heading_that_asks_nothing_proposes_nothing(heading: str) -> None:
    """What is a noun, or only makes sense where it stands, is left out."""
    assert question_of(heading, "") is None


def test_a_definition_asks_what_it_defines() -> None:
    """The first sentence of a section that is called by what it defines; with its paragraph."""
    text = "# Valves\n\nA valve is a device that controls a flow. It has a seat.\n\nMore.\n"
    (proposal,) = _proposed(document(text, "notes.md"))
    assert proposal.question == "What is a valve?"
    assert proposal.quote.startswith("A valve is a device that controls a flow. It has a seat.")


def test_what_is_defined_is_asked_for_without_quotation_marks() -> None:
    """Whichever the document has."""
    for one, other in ("‘’", "“”", '""'):
        text = f"# Tweaking\n\n{one}Tweaking{other} is a term used for a change of details.\n"
        assert _questions(text) == ["What is tweaking?"]


def test_a_sentence_about_something_else_defines_nothing() -> None:
    """What the section is not called by, and what only points, is not asked for."""
    assert _questions("# Valves\n\nThe seat is a ring of brass around the hole.\n") == []
    assert _questions("# Valves\n\nThis is a page about valves of all kinds.\n") == []


def test_a_term_asks_what_it_does_or_is() -> None:
    """Names in code by themselves, options with their program, others with what they are of."""
    page = """<title>{title}</title><h1>{title}</h1><h2>{heading}</h2>
    <p>They are as follows here.</p><dl><dt>{term}</dt><dd>{meaning}</dd></dl>"""

    def asked(title: str, heading: str, term: str, meaning: str) -> list[str]:
        text = page.format(title=title, heading=heading, term=term, meaning=meaning)
        return _questions(text, "page.html")

    does, noun = "Closes the valve after some time.", "A time after which the valve closes."
    assert asked("pump - a tool", "Options", "-t seconds", does) == [
        "What does the option -t of pump do?"
    ]
    assert asked("Pumps", "Settings", "close_timeout", does) == ["What does close_timeout do?"]
    assert asked("Pumps", "Settings", "close_timeout", noun) == ["What is close_timeout?"]
    assert asked("Pumps", "Options", "Delay", does) == ["What does Delay do in Pumps?"]
    assert asked("Pumps", "Glossary", "Close delay", noun) == ["What is a close delay?"]
    assert asked("Pumps", "History", "Delay", does) == []


@pytest.mark.parametrize(
    ("text", "name", "question"),
    [
        (
            "<h1>Pumps</h1><dl><dt>close_timeout (default: 300s)</dt><dd>How long.</dd></dl>",
            "a.html",
            "What is the default of close_timeout?",
        ),
        (
            "# Settings\n\n## CLOSE_TIMEOUT\n\nDefault: `300`\n\nHow long to wait.\n",
            "a.md",
            "What is the default of CLOSE_TIMEOUT?",
        ),
        (
            "# Settings\n\n| setting | default |\n|---|---|\n| close_timeout | 300 |\n",
            "a.md",
            "What is the default of close_timeout?",
        ),
    ],
)
def test_a_setting_with_a_default_asks_for_it(text: str, name: str, question: str) -> None:
    """In a term, below the heading of a setting, and in a table; the evidence holds the value."""
    proposal = next(p for p in _proposed(document(text, name)) if "default" in p.question)
    assert proposal.question == question
    assert "300" in proposal.quote


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Filament costs 4 cents a gram.", "How much does filament cost?"),
        ("The notice period is four weeks.", "How long is the notice period?"),
        ("An induction takes about an hour.", "How long does an induction take?"),
        ("Your key card lasts two years.", "How long does my key card last?"),
    ],
)
def test_a_price_or_a_time_is_asked_for(sentence: str, question: str) -> None:
    """Where a sentence says it of what it names; one that only points says nothing."""
    (proposal,) = _proposed(document(f"# Workshop\n\nWelcome. {sentence}\n", "notes.md"))
    assert (proposal.question, proposal.quote) == (question, sentence)
    assert _questions("# Workshop\n\nWelcome. This takes two hours. It costs 4 euros.\n") == []


def test_a_title_that_asks_is_asked() -> None:
    """As in lists of questions, of which each is a record or a page of its own."""
    assert _questions("# How do I load filament?\n\nHeat the nozzle first, then push.\n") == [
        "How do I load filament?"
    ]


_PAGE = "# Pumps {n}\n\n" + "\n\n".join(
    f"## Installing valve {{n}}{letter}\n\nTurn valve {{n}}{letter} to the left."
    for letter in "abcd"
)


@pytest.mark.parametrize(
    "opening", ["Tip\n\nWear gloves.", "See the other page.", "Figure 1. A saw"]
)
def test_what_stands_beside_answers_no_heading(opening: str) -> None:
    """A note, a caption or a pointer is no evidence."""
    assert _questions(f"# Saws\n\n## Cleaning the saw\n\n{opening}\n\nUse a brush.\n") == []


def test_the_proposals_are_spread_over_documents() -> None:
    """Each document proposes once before one proposes twice."""
    documents = [document(_PAGE.format(n=n), f"{n}.md") for n in range(5)]
    first = list(islice(proposals(index_of(documents)), 10))
    of = [proposal.passage.document_id for proposal in first]
    assert sorted(of[:5]) == sorted(of[5:]) == ["0.md", "1.md", "2.md", "3.md", "4.md"]


def test_the_proposals_are_the_same_each_time() -> None:
    """Whatever the order in which the documents come."""
    documents = [document(_PAGE.format(n=n), f"{n}.md") for n in range(3)]
    asked = [proposal.question for proposal in _proposed(*documents)]
    assert len(asked) == len(set(asked)) == 12
    assert [proposal.question for proposal in _proposed(*reversed(documents))] == asked


def test_evidence_stands_once_in_its_document() -> None:
    """So that it judges by one place only; what the same words answer twice is longer."""
    text = "# Pumps\n\n## A_PUMP\n\nFirst.\n\nDefault: 300\n\n## B_PUMP\n\nOther.\n\nDefault: 300\n"
    read = document(text, "notes.md")
    quotes = [proposal.quote for proposal in _proposed(read)]
    assert len(quotes) == 2
    assert all(read.text.count(quote) == 1 for quote in quotes)


def test_what_several_places_answer_has_all_of_them_as_evidence() -> None:
    """Up to three; a question of more places is too vague, and is left out."""
    text = "# Page {n}\n\n## Installing a valve\n\nStep {n}: turn it to the left.\n"
    documents = [document(text.format(n=n), f"{n}.md") for n in range(4)]
    (proposal,) = _proposed(*documents[:3])
    judged = proposal.judged("x")
    assert {evidence.document for evidence in judged.evidence} == {"0.md", "1.md", "2.md"}
    assert judged.tags == ("drafted",)
    assert _proposed(*documents) == []


def test_what_is_known_is_not_proposed() -> None:
    """Case and punctuation make no other question."""
    index = index_of([document(_PAGE.format(n=1), "1.md")])
    left = list(proposals(index, ["how do i install valve 1A", "How do I install valve 1b?"]))
    assert sorted(proposal.question for proposal in left) == [
        "How do I install valve 1c?",
        "How do I install valve 1d?",
    ]


def test_other_languages_propose_the_headings_that_ask() -> None:
    """The forms of English are not put upon them."""
    text = (
        "# Die Werkstatt\n\nDie Werkstatt ist ein Raum, der allen Mitgliedern offen steht und in"
        " dem sie arbeiten.\n\n## Wie lange ist die Kündigungsfrist?\n\nDie Kündigungsfrist beträgt"
        " vier Wochen zum Ende des Monats, und der Schlüssel wird am Empfang abgegeben.\n\n"
        "## Installing the server\n\nDer Server wird von den Mitgliedern eingerichtet.\n"
    )
    assert _questions(text) == ["Wie lange ist die Kündigungsfrist?"]


@pytest.mark.parametrize(
    "text",
    [
        f"# Valve\n\n{'a' * 30_000}, and no more.\n",
        f"# Valve\n\nThe size defaults to a{'1' * 40_000}!x of all.\n",
        f"# Valve {'(new ' * 20_000}\n\nIt opens.\n",
    ],
    ids=["long word", "long value", "open brackets"],
)
def test_long_words_take_no_longer_than_other_text(text: str) -> None:
    """What looks for definitions, defaults and titles goes over a word once."""
    begun = monotonic()
    _questions(text)
    assert monotonic() - begun < 5

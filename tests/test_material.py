"""The packaged article holds every fact of its source, in the project's own words."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

MATERIAL = Path(__file__).resolve().parents[1] / "knowledge" / "material"
SOURCE = (
    Path(__file__).resolve().parents[2] / "shared" / "material" / "mexico-palestine-relations.txt"
)

HEADINGS = [
    "# Mexico–Palestine relations",
    "## History",
    "### Development of diplomatic relationship status",
    "### Diplomatic visits and honors",
    "## High-level visits",
    "## Bilateral agreements",
    "## Financial aid and trade",
    "## Resident diplomatic missions",
    "## See also",
]

YEARS = [
    "1947",
    "1975",
    "1995",
    "1999",
    "2000",
    "2005",
    "2008",
    "2009",
    "2011",
    "2012",
    "2013",
    "2014",
    "2017",
    "2018",
    "2021",
    "2022",
    "2023",
    "2024",
    "2025",
]

DATES = [
    "29 November 1947",
    "August 1975",
    "June 2000",
    "December 2008",
    "June 2011",
    "12 October 2014",
    "December 2018",
    "July 2021",
    "November 2022",
    "2 June 2023",
    "October 2023",
    "October 7th",
    "25 April 2024",
    "11 October 2024",
    "5 February 2025",
    "19 March 2025",
]

AMOUNTS = [
    "Ten countries",
    "US$50,000",
    "365,000",
    "50,000 of these Palestinians",
    "85 educational centers",
    "US$1.1 million",
    "US$250,000",
    "US$1.4 million",
]

PEOPLE = [
    "Mexican President Luis Echeverría",
    "Yasser Arafat",
    "Mexican president Andrés Manuel López Obrador",
    "Mexican President Andrés Manuel López Obrador",
    "Mexican President Claudia Sheinbaum",
    "Mexican Foreign Minister Rosario Green",
    "Foreign Minister Green",
    "Mexican President Ernesto Zedillo",
    "Foreign Minister Riyad al-Maliki",
    "Lourdes Aranda",
    "Juan Manuel Gómez Robledo",
    "Carlos de Icaza",
    "Jorge Álvarez Fuentes",
    "Miguel Ruiz Cabañas",
    "Majdi Khaldi",
    "Laila Ghannam",
]

PLACES = [
    "United Mexican States",
    "State of Palestine",
    "State of Israel",
    "Mexico",
    "Palestine",
    "Israel",
    "Alexandria, Egypt",
    "Cairo, Egypt",
    "Mexico City",
    "Ramallah",
    "Gaza City",
    "Gaza Strip",
    "Bethlehem",
    "Monterrey",
    "Toluca",
]

OFFICES = [
    "President of the Palestinian National Authority",
    "Minister for Planning and International Cooperation",
    "Foreign Secretary",
    "Foreign Undersecretary",
    "Undersecretary for Multilateral Affairs and Human Rights",
    "Director General for Africa and the Middle East",
    "Senior Diplomatic Advisor",
    "Governor of Ramallah",
    '"Ambassador"',
    "'Information office'",
    "'Special Delegation office'",
    "Palestinian Special Delegation office",
    "rank of Embassy",
    "non-state observer",
    "non-member observer state",
]

ORGANISATIONS = [
    "UNESCO",
    "Hamas",
    "Palestine Liberation Organization (PLO)",
    "Palestinian National Authority",
    "Mexican government",
    "Mexican Congress",
    "Senate of Mexico",
    "Board of Directors of the Senate of Mexico",
    "Secretariat of Foreign Affairs",
    "Secretariat of Foreign Relations of Mexico",
    "Secretariat of Health of Mexico",
    "Ministry of Foreign Affairs of the Palestinian National Authority",
    "Ministry of Health of the Palestinian National Authority",
    "United Nations",
    "United Nations General Assembly",
    "World Food Programme (WFP)",
    "United Nations Relief and Works Agency for Palestine Refugees in the Near East (UNRWA)",
    "Fourth Transformation",
]

AGREEMENTS = [
    "United Nations Partition Plan for Palestine",
    "Second Oslo Accord",
    "Operation Line of Life in Gaza",
    "Donors Meeting",
    "'Mexico-Palestine Friendship'",
    "Twinning Agreement",
    "Memorandum of Understanding",
    "Agreement of Cooperation in the Health Field",
]

LISTS = {
    "Officials from Mexico on high-level visits to Palestine:": [
        "Foreign Secretary Rosario Green (2000)",
        "Foreign Undersecretary Lourdes Aranda (2009)",
        "Undersecretary for Multilateral Affairs and Human Rights Juan Manuel Gómez Robledo (2009)",
        "Foreign Undersecretary Carlos de Icaza (2013)",
        "Director General for Africa and the Middle East Jorge Álvarez Fuentes (2017)",
        "Undersecretary for Multilateral Affairs and Human Rights Miguel Ruiz Cabañas (2018)",
    ],
    "Officials from Palestine on high-level visits to Mexico:": [
        "Foreign Minister Riyad al-Maliki (2009, 2011, 2012, 2018)",
        "Senior Diplomatic Advisor Majdi Khaldi (2009)",
        "Governor of Ramallah Laila Ghannam (2014)",
    ],
    "The few bilateral agreements that Mexico and Palestine have signed include:": [
        "Twinning Agreement between the cities of Bethlehem and Monterrey (1999)",
        "Memorandum of Understanding between the Secretariat of Foreign Relations of Mexico"
        " and the Ministry of Foreign Affairs of the Palestinian National Authority (2009)",
        "Agreement of Cooperation in the Health Field between the Secretariat of Health of Mexico"
        " and the Ministry of Health of the Palestinian National Authority (2011)",
        "Twinning Agreement between the cities of Ramallah and Toluca (2014)",
    ],
    "The main exports from Mexico to Palestine include:": [
        "motor vehicles",
        "medical instruments",
        "chemical based products",
        "bread",
        "vegetables",
    ],
    "The main exports from Palestine to Mexico include:": [
        "fittings and similar articles of base metals for furniture, doors and windows",
        "transistors and similar semiconductors",
        "nucleic acids and their salts",
        "electrical capacitors",
    ],
    "The resident diplomatic missions of Mexico and Palestine are:": [
        "Mexico's mission in Ramallah is a representative office.",
        "Palestine's mission in Mexico City is an embassy.",
    ],
    "A related subject is:": ["Palestinian Mexicans"],
}

# Who, when, and the words.
QUOTATIONS = [
    (
        "Mexican government",
        "25 April 2024",
        "Mexico has supported actions in several multilateral forums that have, among others,"
        " the legal effect of recognizing Palestine as a State.",
    ),
    (
        "Claudia Sheinbaum",
        "11 October 2024",
        "we believe that the Palestinian State should be recognized in its full scope,"
        " just like the State of Israel.",
    ),
    (
        "Claudia Sheinbaum",
        "5 February 2025",
        "Mexico has had a position since years ago, not only of the governments of the"
        " Fourth Transformation, but it comes from before, of recognition of the State of Palestine"
        " and at the same time of the State of Israel. So that is the policy of the Mexican"
        " government of years ago and of now.",
    ),
]

# One entry a statement: what has to stand together in one sentence below the heading.
STATEMENTS = {
    "# Mexico–Palestine relations": [
        ("State of Palestine was recognized by the United Mexican States in 2025",),
        ("diplomatic relations are maintained between Mexico and Palestine",),
        ("Since 1975", "Palestinian representatives", "Mexican government", "official contacts"),
        ("Mexico and Palestine both belong to UNESCO", "members"),
    ],
    "## History": [
        ("Ten countries", "Mexico", "abstained", "Partition Plan", "29 November 1947"),
        ("Mexico has stayed neutral in multiple conflicts between Israel and Palestine",),
        ("asked the two parties", "stop fighting", "peace process"),
        ("attack by Hamas on Israel on October 7th", "condemned by Mexico in October 2023"),
        ("military response from Israel", "condemned by Mexico in October 2023"),
        ("Mexico has called for", "two-state solution", "peace between the two sides"),
    ],
    "### Development of diplomatic relationship status": [
        ("Luis Echeverría", "Yasser Arafat, head of the Palestine Liberation Organization (PLO)"),
        ("Luis Echeverría", "a meeting in Alexandria, Egypt, in August 1975"),
        ("Diplomatic relations with the PLO", "established", "Mexican government", "soon"),
        ("in 1975", "'Information office' of the PLO was opened in Mexico City"),
        ("1995", "after the Second Oslo Accord", "the PLO office in Mexico City was elevated"),
        ("elevated to a 'Special Delegation office'",),
        ("Mexico's representative office in Ramallah", "opened in 2005"),
        ("Mexico abstained in 2011", "Palestine was allowed to become a member of UNESCO"),
        ("United Nations General Assembly in 2012", "Mexico voted in favor of upgrading Palestine"),
        ("Palestine from non-state observer to non-member observer state",),
        ("statement made in July 2021", "Senate of Mexico urged", "State of Palestine"),
        ("Senate of Mexico urged", "recognized by the Mexican government"),
        ("November 2022", "Secretariat of Foreign Affairs", "asked by the Board of Directors"),
        ("Board of Directors of the Senate of Mexico", "recognition of the State of Palestine"),
        ("On 2 June 2023", "Palestinian end announced", "elevated", "as of the previous day"),
        ("office in Mexico City, the Palestinian Special Delegation office", "rank of Embassy"),
        ("announcement did not comment", "position of the Mexican government", "the change"),
        ("diplomatic missions website of the Mexican government", "reclassification"),
        ("many sources claimed", "Mexico implicitly recognizing Palestinian statehood"),
        ("Credit for the change", "at least one source", "Andrés Manuel López Obrador"),
        ("Documents circulated in 2024", "United Nations", "list Mexico"),
        ("Documents circulated in 2024", "recognized Palestine on 2 June 2023"),
        ("press release of the Mexican government", "25 April 2024"),
        ("Mexican President Claudia Sheinbaum", "11 October 2024"),
        ("Mexican President Claudia Sheinbaum", "5 February 2025"),
        ("Mexico recognized Palestine", "reported by some media outlets", "19 March 2025"),
        ("19 March 2025", "ceremony accrediting the first Palestinian representative to Mexico"),
        ("Palestinian representative", 'title was "Ambassador"'),
    ],
    "### Diplomatic visits and honors": [
        ("official visit", "Mexican Foreign Minister Rosario Green", "Gaza City and Ramallah"),
        ("Rosario Green", "June 2000"),
        ("Foreign Minister Green had a meeting with Yasser Arafat", "passed on a message"),
        ("Yasser Arafat, President of the Palestinian National Authority",),
        ("Mexican President Ernesto Zedillo formally invited Arafat to Mexico",),
        ("Foreign Minister Green", "Minister for Planning and International Cooperation"),
        ("first Palestinian foreign minister to visit Mexico", "2009"),
        ("visit Mexico was Foreign Minister Riyad al-Maliki, in 2009",),
        ("unveiling of a statue", "Mexico City in June 2011"),
        ("statue of Yasser Arafat, former President of the Palestinian National Authority",),
        ("In 2013", "section", "'Mexico-Palestine Friendship'", "by the Mexican Congress"),
        ("Mexican Congress", "in the building of the Congress"),
        ("inauguration of Mexican President Andrés Manuel López Obrador", "December 2018"),
        ("inauguration", "visit to Mexico by Foreign Minister Riyad al-Maliki", "attend"),
    ],
    "## Financial aid and trade": [
        ("financial contribution of US$50,000", "made by Mexico in December 2008"),
        ("World Food Programme (WFP) for the Operation Line of Life in Gaza",),
        ("contribution from Mexico", "provide 365,000 Palestinians with food assistance"),
        ("50,000 of these Palestinians were school-age children",),
        ("school-age children from 85 educational centers of the Gaza Strip",),
        ("Mexico was among those present on 12 October 2014 in Cairo, Egypt",),
        ("Donors Meeting for the reconstruction of Gaza",),
        ("donation of US$1.1 million was pledged by the Mexican government",),
        ("alleviate the humanitarian crisis in Gaza",),
        ("UNRWA", "receives a voluntary contribution from Mexico every year"),
        ("Mexico's annual contribution to UNRWA was increased to US$250,000 in 2017",),
        ("Trade between Mexico and Palestine in 2023 totaled US$1.4 million",),
    ],
}

# Names that are longer than seven words; they stand as they are.
LONG_NAMES = [
    "United Nations Relief and Works Agency for Palestine Refugees in the Near East",
    "Board of Directors of the Senate of Mexico",
    *(item for items in LISTS.values() for item in items),
]

# Words that are capitalised only because a sentence or a clause begins with them.
OPENING_WORDS = {"At", "Both", "During", "In", "On", "So", "Some", "That", "The"}

CAPITALISED = r"(?:al-)?[A-Z][\w-]*"
NAME = re.compile(rf"{CAPITALISED}(?: (?:of the |of |for |de )?{CAPITALISED})+")


def _material() -> str:
    return (MATERIAL / "mexico-palestine-relations.md").read_text(encoding="utf-8")


def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def _missing(expected: Iterable[str], text: str) -> list[str]:
    """Those of the strings that do not stand in the text as words of their own."""
    return [item for item in expected if not re.search(rf"(?<!\w){re.escape(item)}(?!\w)", text)]


def _sentences(heading: str) -> list[str]:
    """The sentences between a heading and the next one of any level."""
    lines = _material().splitlines()
    sentences: list[str] = []
    for line in lines[lines.index(heading) + 1 :]:
        if line.startswith("#"):
            break
        sentences += re.split(r'(?<=[."]) (?=[A-Z])', line)
    return sentences


def _without_quotations(text: str) -> str:
    return re.sub(r'"[^"\n]*"', "\n", text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(text: str, length: int) -> set[str]:
    """All runs of that many words in a row, quotations and long names left out."""
    text = _without_quotations(text)
    for name in LONG_NAMES:
        text = text.replace(name, "\n")
    runs: set[str] = set()
    for line in text.splitlines():
        words = _words(line)
        runs.update(" ".join(words[i : i + length]) for i in range(len(words) - length + 1))
    return runs


def test_headings_keep_their_order_and_nesting() -> None:
    """The headings of the article stand in its order, each at its level."""
    headings = [line for line in _material().splitlines() if line.startswith("#")]
    assert headings == HEADINGS


@pytest.mark.parametrize(
    "expected",
    [YEARS, DATES, AMOUNTS, PEOPLE, PLACES, OFFICES, ORGANISATIONS, AGREEMENTS],
    ids=["years", "dates", "amounts", "people", "places", "offices", "organisations", "agreements"],
)
def test_every_name_and_number_is_in_the_material(expected: list[str]) -> None:
    """Years, dates, amounts and proper names stand in the material as they are written."""
    assert _missing(expected, _material()) == []


def test_the_material_has_no_other_numbers() -> None:
    """No number stands in the material that the tables do not know."""
    known = set(re.findall(r"\d+", " ".join([*YEARS, *DATES, *AMOUNTS])))
    assert set(re.findall(r"\d+", _material())) - known == set()


@pytest.mark.parametrize("heading", STATEMENTS)
def test_every_statement_stands_in_a_sentence_of_its_section(heading: str) -> None:
    """What belongs to one statement stands together, below the right heading."""
    sentences = _sentences(heading)
    least_missing = [
        min((_missing(parts, sentence) for sentence in sentences), key=len, default=list(parts))
        for parts in STATEMENTS[heading]
    ]
    assert [missing for missing in least_missing if missing] == []


@pytest.mark.parametrize("lead_in", LISTS)
def test_every_list_keeps_its_items_under_its_lead_in_line(lead_in: str) -> None:
    """A list has exactly its items, in order, right below the line that introduces it."""
    lines = [line for line in _material().splitlines() if line]
    assert lead_in in lines
    items = []
    for line in lines[lines.index(lead_in) + 1 :]:
        if not line.startswith("- "):
            break
        items.append(line.removeprefix("- "))
    assert items == LISTS[lead_in]


def test_no_list_item_stands_outside_the_known_lists() -> None:
    """The material has the items of the article's lists and no others."""
    items = [line[2:] for line in _material().splitlines() if line.startswith("- ")]
    assert items == [item for known in LISTS.values() for item in known]


@pytest.mark.parametrize(("speaker", "date", "words"), QUOTATIONS)
def test_every_quotation_is_exact_and_attributed(speaker: str, date: str, words: str) -> None:
    """Words of officials stand in double quotes, in one paragraph with the speaker and the date."""
    quotation = f'"{words}"'
    assert quotation in _material()
    paragraph = next(line for line in _material().splitlines() if quotation in line)
    before, _ = paragraph.split(quotation)
    assert _missing([speaker, date], before) == []


def test_only_known_words_are_quoted() -> None:
    """Nothing stands in double quotes but the quotations and the one quoted title."""
    known = {words for _, _, words in QUOTATIONS} | {"Ambassador"}
    assert set(re.findall(r'"([^"]*)"', _material())) == known


def test_the_text_is_plain_markdown() -> None:
    """Headings, paragraphs and bullet lists only: no links, bold, tables or front matter."""
    text = _material()
    assert text.startswith("# ")
    assert [mark for mark in ("](", "http", "**", "__", "|", "---", "`") if mark in text] == []


def test_the_sources_name_origin_licence_and_date() -> None:
    """The article, its address, its licence and the date stand beside the material."""
    expected = [
        "mexico-palestine-relations.md",
        "Mexico–Palestine relations",
        "https://en.wikipedia.org/wiki/Mexico%E2%80%93Palestine_relations",
        "CC BY-SA 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        "in the project's own words",
        "November 2026",
    ]
    assert _missing(expected, (MATERIAL / "SOURCES.md").read_text(encoding="utf-8")) == []


@pytest.mark.skipif(not SOURCE.is_file(), reason="the source article is not beside the project")
def test_the_source_is_retold_completely_and_in_other_words() -> None:
    """Every number and name of the source is in the material, and no sentence is copied."""
    source, material = _source(), _material()

    numbers = re.findall(r"(?:US\$)?\d[\d.,]*\d(?: million)?|\d+(?:th)?", source)
    dates = re.findall(r"(?:\d{1,2} )?[A-Z][a-z]+ \d{4}", source)
    dates = [date.removeprefix("In ").removeprefix("On ") for date in dates]
    names = []
    for name in NAME.findall(source):
        first, _, rest = name.partition(" ")
        names.append(rest if first in OPENING_WORDS else name)
    for found, least in ((numbers, 50), (dates, 15), (names, 80)):
        assert len(found) >= least
        assert _missing(sorted(set(found)), material) == []

    listed = {" ".join(_words(item)) for items in LISTS.values() for item in items}
    sentences = re.split(r"(?<=[.!?])\s+|\n+", _without_quotations(source))
    told = " ".join(_words(material))
    copied = [
        sentence
        for sentence in (" ".join(_words(sentence)) for sentence in sentences)
        if sentence.count(" ") >= 7 and sentence in told and sentence not in listed
    ]
    assert copied == []
    assert sorted(_runs(source, 8) & _runs(material, 8)) == []

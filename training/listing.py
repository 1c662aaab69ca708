"""Writes the lists that training/reader.py learns from: the best passages for each question.

    python training/listing.py DATA MANUALS LISTS
                                        without what training/split.py keeps
    python training/listing.py DATA MANUALS LISTS --kept [blind|written]
                                        only what it keeps of the manuals, for measuring.py:
                                        the questions that were written blind, or from a passage

DATA and MANUALS are those of training/train.py.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path

from knowledge.documents import Passage
from retrieval.evaluation.question_sets import JudgedQuestion
from retrieval.meaning.pairs import names_of
from retrieval.scoring.passages import Found
from retrieval.scoring.weights import shipped
from training.documentation import read_documentation
from training.examples import (
    Material,
    answers,
    is_right_passage,
    kind_of,
    read_material,
    says_what_answers,
)
from training.lists import Listed, Question
from training.split import KEPT_ARTICLES, KEPT_MANUALS, is_kept_faq
from training.train import BLIND, MAIN, MANUALS

MOST = 24
"""Passages of a list."""

WRITTEN = ("written", "blind")
"""How the questions over manuals were written, in the order of MANUALS."""

HEADINGS = 150
"""Headings of a manual that are asked, as if somebody looked for what stands below them."""

LEAST_WORDS = 3
"""Words of a heading that says what one could look for."""

_NUMBER = re.compile(r"^[\d.]+\s+")


def listed(material: Material) -> Iterator[Question]:
    """The questions of a material that one of the passages found answers, or that none does."""
    answerer = material.answerer(shipped())
    for question in material.questions:
        found = answerer.found(question.question)[:MOST]
        passages = [_listed(question, one, is_prose=material.is_prose) for one in found]
        if passages and (question.must_be_declined or any(one.is_right for one in passages)):
            yield Question(material.name, question.id, question.question, passages)


def kept(material: Material) -> Iterator[Question]:
    """The questions of a material, also those that none of the passages found answers."""
    answerer = material.answerer(shipped())
    for question in material.questions:
        found = answerer.found(question.question)[:MOST]
        passages = [_listed(question, one, is_prose=material.is_prose) for one in found]
        kind = kind_of(question)
        yield Question(material.name, question.id, question.question, passages, kind)


def _listed(question: JudgedQuestion, found: Found, *, is_prose: bool) -> Listed:
    passage = found.hit.passage
    units = [passage.quote(unit.span) for unit in passage.units]
    names = names_of(passage.title, passage.heading)
    is_known = says_what_answers(question)
    is_right = bool(question.evidence) and bool(is_right_passage(question, passage))
    if is_known and not is_prose:
        # Any passage that holds what answers, wherever it was taken from.
        is_right = answers(question, f"{passage.lead_in}\n{passage.text}", passage.language)
    right = [
        number
        for number, unit in enumerate(units)
        if is_right and is_known and answers(question, unit, passage.language)
    ]
    return Listed(names, units, right, is_right)


def headings(material: Material) -> Iterator[Question]:
    """Headings with what was found for each; nobody has to write such questions.

    What stands below a heading is right, and no passage says the last of the headings above it.
    """
    first = [one for one in material.index.passages() if _is_asked(one)]
    count = Counter(one.heading[-1] for one in first)
    alone = [one for one in first if count[one.heading[-1]] == 1]
    answerer = material.answerer(shipped())
    for chosen in random.Random(material.name).sample(alone, min(HEADINGS, len(alone))):
        asked = _NUMBER.sub("", chosen.heading[-1], count=1)
        passages = [
            Listed(
                names_of(passage.title, passage.heading[:-1]),
                [passage.quote(unit.span) for unit in passage.units],
                [],
                passage.section == chosen.section,
            )
            for passage in (one.hit.passage for one in answerer.found(asked)[:MOST])
        ]
        if any(one.is_right for one in passages):
            yield Question(material.name, chosen.heading[-1], asked, passages)


def _is_asked(passage: Passage) -> bool:
    heading = passage.heading
    is_own = passage.opens_section and bool(heading) and heading[-1] != passage.title
    return is_own and len(heading[-1].split()) >= LEAST_WORDS


def materials_of(data: Path, manuals: Path) -> Iterator[Material]:
    """What there is to learn from; questions that were written blind count as often as BLIND."""
    for name, count in zip(MANUALS[:2], (1, round(BLIND)), strict=True):
        for one in read_documentation(data / name, manuals):
            if one.name not in KEPT_MANUALS:
                yield replace(one, questions=one.questions * count)
    main, faq = read_material(data, MAIN), read_material(data, "stackfaq")
    articles = (q for q in main.questions if main.groups[q.id] not in KEPT_ARTICLES)
    yield replace(main, questions=tuple(articles))
    yield replace(faq, questions=tuple(q for q in faq.questions if not is_kept_faq(q.id)))


def kept_of(data: Path, manuals: Path, written: str) -> Iterator[Material]:
    """What is kept of the manuals, in questions that were written in one of the ways of WRITTEN."""
    for one in read_documentation(data / MANUALS[WRITTEN.index(written)], manuals):
        if one.name in KEPT_MANUALS:
            yield one


def main() -> None:
    """Write the lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("manuals", type=Path)
    parser.add_argument("lists", type=Path)
    parser.add_argument("--kept", nargs="?", const="blind", choices=WRITTEN)
    options = parser.parse_args()
    data, manuals = options.data, options.manuals
    is_kept = options.kept is not None
    materials = kept_of(data, manuals, options.kept) if is_kept else materials_of(data, manuals)
    with options.lists.open("w", encoding="utf-8") as out:
        asked: set[str] = set()
        for material in materials:
            count = 0
            # The same manual comes again with questions that were written blind.
            is_new = not material.is_prose and material.name not in asked
            asked.add(material.name)
            learned = chain(listed(material), headings(material) if is_new else ())
            for question in kept(material) if is_kept else learned:
                out.write(f"{json.dumps(asdict(question))}\n")
                count += 1
            print(f"{material.name}: {count} questions", flush=True)


if __name__ == "__main__":
    main()

"""Questions with what is right for each, from the project's own form, SQuAD's and BEIR's."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from knowledge.documents import Document
from knowledge.errors import FootnoteError
from knowledge.languages import ENGLISH
from knowledge.readers.lines import text_blocks
from knowledge.source import checksum
from retrieval.answer.finding import LONGEST_QUESTION
from retrieval.evaluation import measures

QUESTIONS = Path(__file__).parents[2] / "knowledge" / "questions"
PACKAGED = QUESTIONS / "mexico-palestine-relations.jsonl"
"""The questions over the packaged article."""

DRAFTED = "drafted"
"""The tag of questions that were made of the documents' own words."""

_SHOWN = 10


class QuestionSetError(FootnoteError):
    """A question set that cannot be judged by; it names the first problems, one a line."""

    def __init__(self, name: str, problems: list[str]) -> None:
        shown = problems[:_SHOWN]
        if len(problems) > _SHOWN:
            shown.append(f"and {len(problems) - _SHOWN} more problems")
        super().__init__("\n".join(f"{name}: {problem}" for problem in shown))
        self.problems = problems


class Evidence(BaseModel, frozen=True):
    """Where the answer stands: a document and, if given, the words there.

    `grade` is how relevant it is to ranking; 0 is judged to be irrelevant.
    """

    document: str
    quote: str | None = None
    grade: int = 1


class JudgedQuestion(BaseModel, frozen=True):
    """A question with its right answers and their evidence.

    A right quote holds one of the `answers` or matches one of the `patterns`, which are regular
    expressions. No answers, no patterns and no evidence: it must be declined. Evidence alone judges
    ranking, and quotes by their place.
    """

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    answers: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    tags: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _name_misspelt_fields(cls, data: Any) -> Any:
        """Other fields are passed over, but a misspelt one would reverse a question."""
        if isinstance(data, dict):
            for name in data.keys() - cls.model_fields.keys():
                if meant := get_close_matches(str(name), cls.model_fields, 1, 0.8):
                    raise ValueError(f"unknown field {name!r}; did you mean {meant[0]!r}?")
        return data

    @field_validator("patterns")
    @classmethod
    def _compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            if not pattern.strip():
                raise ValueError("a pattern is empty, and would match any text")
            try:
                re.compile(pattern, re.IGNORECASE)
            except (re.error, OverflowError, RecursionError) as error:
                raise ValueError(f"{pattern!r} is not a regular expression ({error})") from error
        return patterns

    @property
    def must_be_declined(self) -> bool:
        """Whether the documents do not answer it."""
        return not self.answers and not self.patterns and not self.evidence

    @property
    def judges_quotes(self) -> bool:
        """Whether it says what a right quote holds."""
        return bool(self.answers or self.patterns)

    @property
    def expected(self) -> str:
        """What a right quote holds, in words; that it is to be declined, if it is."""
        held = [*self.answers, *self.patterns]
        held = held or [evidence.quote or evidence.document for evidence in self.evidence]
        return " / ".join(held) or "to be declined"

    def is_answered_by(self, text: str, language: str = ENGLISH) -> bool:
        """Whether a text holds one of the answers or matches one of the patterns."""
        return bool(text.strip()) and (
            measures.contains(text, self.answers, language) == 1
            or measures.matches(text, self.patterns) == 1
        )


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Judged questions, with the documents that come with them, if any do.

    `lines` are those that the questions stand on, by their ids, in a file of a question a line.
    """

    name: str
    questions: tuple[JudgedQuestion, ...]
    corpus: Path | tuple[Document, ...] | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


def read_question_set(path: Path) -> QuestionSet:
    """The questions of a file of JSON Lines, a SQuAD file (.json) or a BEIR folder.

    QuestionSetError names what is wrong by line.
    """
    if not path.exists():
        raise QuestionSetError(str(path), ["does not exist; check the path"])
    read = _read_beir if path.is_dir() else _read_squad if path.suffix == ".json" else _read_lines
    try:
        found = read(path)
    except OSError as error:
        problem = f"{error.filename or path} cannot be read ({error.strerror})"
        raise QuestionSetError(str(path), [problem]) from error
    except UnicodeDecodeError as error:
        raise QuestionSetError(str(path), ["is not UTF-8; save it as UTF-8"]) from error
    problems = _problems_within(found.questions)
    if problems:
        raise QuestionSetError(str(path), problems)
    return found


def repeated(questions: Iterable[JudgedQuestion]) -> dict[str, int]:
    """How often a question stands there that stands more than once with the same judgements.

    No error, since public sets have such questions: each counts as often as it stands there.
    """
    asked = Counter((q.question, q.answers, q.patterns, q.evidence) for q in questions)
    return {question: count for (question, *_), count in asked.items() if count > 1}


def _problems_within(questions: tuple[JudgedQuestion, ...]) -> list[str]:
    if not questions:
        return ["holds no questions"]
    ids = Counter(question.id for question in questions)
    return [
        *(f"the id {id_!r} stands {count} times" for id_, count in ids.items() if count > 1),
        *(
            f"{q.id}: the question is empty or has more than {LONGEST_QUESTION:,} characters"
            for q in questions
            if not q.question.strip() or len(q.question) > LONGEST_QUESTION
        ),
    ]


def _read_lines(path: Path) -> QuestionSet:
    questions, lines, problems = [], {}, []
    for number, line in _numbered_lines(path):
        try:
            questions.append(JudgedQuestion.model_validate_json(line))
            lines[questions[-1].id] = number
        except ValidationError as error:
            problems.append(f"line {number}: {_reason(error)}")
    if problems:
        raise QuestionSetError(str(path), problems)
    return QuestionSet(path.name, tuple(questions), lines=lines)


def _numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"]))
    problem = first["msg"].removeprefix("Value error, ")
    return f"{field}: {problem}" if field else problem


class _SquadAnswer(BaseModel):
    text: str


class _SquadQuestion(BaseModel):
    id: str
    question: str
    answers: list[_SquadAnswer] = []
    is_impossible: bool = False


class _SquadParagraph(BaseModel):
    context: str
    qas: list[_SquadQuestion]


class _SquadArticle(BaseModel):
    title: str
    paragraphs: list[_SquadParagraph]


class _Squad(BaseModel):
    data: list[_SquadArticle]


def _read_squad(path: Path) -> QuestionSet:
    """SQuAD 1.1 or 2.0: each context is a document, called after its article and its number."""
    try:
        squad = _Squad.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise QuestionSetError(str(path), [f"is no SQuAD file ({_reason(error)})"]) from error
    questions, documents = [], []
    for article in squad.data:
        for number, paragraph in enumerate(article.paragraphs, start=1):
            id_ = f"{article.title}#{number}"
            documents.append(_context(id_, article.title, path.name, paragraph.context))
            questions += [_squad_question(question, id_) for question in paragraph.qas]
    return QuestionSet(path.name, tuple(questions), tuple(documents))


def _context(id_: str, title: str, source: str, text: str) -> Document:
    blocks = tuple(text_blocks(text, title))
    return Document(id_, title, source, text, checksum(text.encode()), blocks)


def _squad_question(question: _SquadQuestion, document: str) -> JudgedQuestion:
    answers = (
        () if question.is_impossible else tuple(dict.fromkeys(a.text for a in question.answers))
    )
    return JudgedQuestion(
        id=question.id,
        question=question.question.strip(),
        answers=answers,
        evidence=(Evidence(document=document),) if answers else (),
        tags=() if answers else ("unanswerable",),
    )


class _BeirQuery(BaseModel):
    id: str = Field(alias="_id")
    text: str


def _read_beir(folder: Path) -> QuestionSet:
    """A BEIR folder with the judgements of every qrels/*.tsv; unjudged queries are left out."""
    grades = _read_qrels(sorted((folder / "qrels").glob("*.tsv")))
    if not grades:
        raise QuestionSetError(str(folder), ["holds no judgements (qrels/*.tsv)"])
    questions = []
    for number, line in _numbered_lines(folder / "queries.jsonl"):
        try:
            query = _BeirQuery.model_validate_json(line)
        except ValidationError as error:
            problem = f"queries.jsonl line {number}: {_reason(error)}"
            raise QuestionSetError(str(folder), [problem]) from error
        judged = grades.get(query.id, {})
        evidence = tuple(Evidence(document=d, grade=g) for d, g in judged.items())
        if any(e.grade > 0 for e in evidence):
            questions.append(JudgedQuestion(id=query.id, question=query.text, evidence=evidence))
    return QuestionSet(folder.name, tuple(questions), folder / "corpus.jsonl")


def _read_qrels(paths: Iterable[Path]) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
                if number == 1 and row[-1:] == ["score"]:
                    continue
                if len(row) != 3 or not row[2].lstrip("-").isdigit():
                    problem = f"line {number} is not query, document and grade between tabs"
                    raise QuestionSetError(str(path), [problem])
                grades.setdefault(row[0], {})[row[1]] = int(row[2])
    return grades

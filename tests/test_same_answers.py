"""The same question over the same documents gives the same bytes, whoever asks."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from command import Run
from conftest import SHARED

import footnote
from bot.library import read_library
from bot.limits import Limits, Origin
from bot.service import Service
from bot.settings import Settings
from footnote.json_records import AnswerRecord
from knowledge.loading import MATERIAL
from retrieval.evaluation.question_sets import PACKAGED, read_question_set

Written = dict[str, object]


def of_packaged() -> tuple[Path, Path]:
    """The packaged article and its questions."""
    return MATERIAL, PACKAGED


def of_squad(folder: Path) -> tuple[Path, Path]:
    """500 questions of squad2-dev and its paragraphs; skips where they are not there."""
    corpus = SHARED / "data" / "squad2-dev.corpus.jsonl"
    if not corpus.is_file():
        pytest.skip("squad2-dev does not lie beside the project")
    lines = (SHARED / "data" / "squad2-dev.questions.jsonl").read_text("utf-8").splitlines()
    questions = folder / "questions.jsonl"
    questions.write_text("\n".join(lines[:: len(lines) // 500][:500]), encoding="utf-8")
    return corpus, questions


@pytest.fixture(params=["packaged", pytest.param("squad2-dev", marks=pytest.mark.slow)])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """Documents and the questions to ask over them."""
    return of_packaged() if request.param == "packaged" else of_squad(tmp_path)


def by_the_door(knowledge: Path, questions: Sequence[str]) -> list[Written]:
    """What a program gets."""
    collection = footnote.open(knowledge)
    return [_written(collection.ask(question)) for question in questions]


async def by_the_bot(knowledge: Path, questions: Sequence[str]) -> list[Written]:
    """What the service gives that answers in Discord."""
    settings = Settings(knowledge=knowledge)
    service = Service(lambda: read_library(settings), Limits(user=0, channel=0, server=0))
    origin = Origin(user=1, channel=1)
    found = [await service.ask(question, origin) for question in questions]
    await service.stop()
    return [_written(each.value) for each in found]


def by_ask(run: Run, knowledge: Path, questions: Sequence[str]) -> list[Written]:
    """What `footnote ask --json` prints."""
    typed = "".join(f"{question}\n" for question in questions)
    result = run("ask", "--json", "--knowledge", str(knowledge), stdin=typed)
    return [json.loads(line) for line in result.out.splitlines()]


def by_evaluate(run: Run, knowledge: Path, questions: Path, report: Path) -> list[Written]:
    """What `footnote evaluate --json` writes, but for sources, which are without the folder."""
    run("evaluate", "--knowledge", str(knowledge), str(questions), "--json", str(report))
    return list(json.loads(report.read_text("utf-8"))["questions"])


@pytest.mark.slow
async def test_all_get_the_same(run: Run, asked: tuple[Path, Path], tmp_path: Path) -> None:
    """A program, the bot, the command and an evaluation."""
    knowledge, path = asked
    # The command reads a question a line, and passes over the blanks around it.
    questions = [question.question.strip() for question in read_question_set(path).questions]
    expected = by_the_door(knowledge, questions)
    assert len(expected) >= 328
    assert by_ask(run, knowledge, questions) == expected
    assert await by_the_bot(knowledge, questions) == expected
    evaluated = by_evaluate(run, knowledge, path, tmp_path / "report.json")
    assert [_without_folder(row, knowledge) for row in expected] == [
        {name: row[name] for name in expected[0]} for row in evaluated
    ]


def _written(answer: footnote.Answer) -> Written:
    row: Written = json.loads(AnswerRecord.of(answer).model_dump_json())
    return row


def _without_folder(row: Written, knowledge: Path) -> Written:
    found = dict(row)
    for name in ("citations", "nearest"):
        citations = row[name]
        assert isinstance(citations, list)
        found[name] = [{**each, "source": knowledge.name} for each in citations]
    return found

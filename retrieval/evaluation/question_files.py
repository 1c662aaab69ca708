"""A question set that somebody is writing: read, and continued line by line."""

import json
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from retrieval.evaluation.flaws import words_of
from retrieval.evaluation.question_sets import (
    Evidence,
    JudgedQuestion,
    QuestionSetError,
    read_question_set,
)


class QuestionFile:
    """A file of JSON Lines; what it holds stays as it is, and each question is saved at once.

    QuestionSetError where it holds something else, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        if path.is_dir() or path.suffix == ".json":
            raise QuestionSetError(str(path), ["is no file of JSON Lines; name one (.jsonl)"])
        is_there = os.path.exists(path)  # noqa: PTH110, no folder is too closed to ask
        if not os.access(path if is_there else path.absolute().parent, os.W_OK):
            raise QuestionSetError(str(path), ["cannot be written; choose another file"])
        self.path = path
        is_empty = not is_there or not path.stat().st_size
        self.questions = [] if is_empty else list(read_question_set(path).questions)
        self._ids = {question.id for question in self.questions}
        self._words = {words_of(question.question) for question in self.questions}

    def asks(self, question: str) -> bool:
        """Whether it has a question of these words."""
        return words_of(question) in self._words

    @property
    def evidence(self) -> Iterator[Evidence]:
        """All the evidence that it has."""
        return (evidence for question in self.questions for evidence in question.evidence)

    def new_id(self, name: str) -> str:
        """An id that it does not have, behind all those of one name ("drafted-12")."""
        numbers = [id_.removeprefix(f"{name}-") for id_ in self._ids if id_.startswith(f"{name}-")]
        return f"{name}-{1 + max((int(n) for n in numbers if n.isdecimal()), default=0)}"

    def add(self, question: JudgedQuestion) -> None:
        """Write a question behind the others."""
        fields = question.model_dump(exclude={"patterns"})
        for evidence in fields["evidence"]:
            del evidence["grade"]
        line = json.dumps(fields, ensure_ascii=False)
        try:
            with self.path.open("a+b", buffering=0) as file:
                size = file.seek(0, os.SEEK_END)
                if size:
                    file.seek(-1, os.SEEK_END)
                    line = line if file.read(1) == b"\n" else f"\n{line}"
                _append(file, f"{line}\n".encode(), size)
        except OSError as error:
            problem = f"cannot be written ({error.strerror}); make room, or choose another file"
            raise QuestionSetError(str(self.path), [problem]) from error
        self.questions.append(question)
        self._ids.add(question.id)
        self._words.add(words_of(question.question))


def _append(file: FileIO, content: bytes, size: int) -> None:
    """Write content behind what a file of a size has; on a full disk, nothing of it."""
    try:
        left = memoryview(content)
        while left:
            left = left[file.write(left) :]
    except OSError:
        file.truncate(size)
        raise

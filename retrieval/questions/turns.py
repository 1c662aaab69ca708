"""What a conversation remembers of each question, so that the next can leave it out."""

from dataclasses import dataclass, replace

from retrieval.questions.topics import thing_of


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation, complete, and the words that answered it, if any did.

    `added` are the words of a follow-up that the question before did not have. `whole` is what the
    next follow-up is completed from, where it is not the question itself: without what was added
    to it, and "" where nothing was asked. `topic` is what "it" stands for, where that is something
    else than the question tells.
    """

    question: str
    short_answer: str | None = None
    whole: str | None = None
    topic: str | None = None
    added: str = ""

    @property
    def base(self) -> str:
        """The question from which the next follow-up is completed; "" where there is none."""
        return self.question if self.whole is None else self.whole

    @property
    def latest(self) -> str:
        """The same with what was added last."""
        is_longer = self.question.startswith(self.base.rstrip(" ?"))
        return self.question if is_longer else self.base

    @property
    def thing(self) -> str | None:
        """What "it" stands for after this question."""
        return self.topic or thing_of(self.base, self.short_answer)

    def answered(self, short_answer: str | None) -> "Turn":
        """The turn with the words that answered it; those of the turn before stay where none did
        since nothing was asked."""
        return replace(self, short_answer=short_answer or self.short_answer)

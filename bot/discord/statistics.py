"""How a server asks: questions and ratings a day, and what is asked often; never who asked.

A text is only shown where at least two members asked about the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.discord.database import MOST_REPORTED, Database
from bot.discord.gaps import grouped

LISTED = 10
"""Topics of each kind."""

_LEAST_MEMBERS = 2

_ASKED = (
    "select substr(asked_at, 1, 10), verdict, count(*) from questions"
    " where application = ? and server = ? and asked_at >= ? group by 1, 2"
)
_RATED = (
    "select substr(given_at, 1, 10), is_helpful, count(*) from feedback"
    " where application = ? and server = ? and given_at >= ? group by 1, 2"
)
_TEXTS = (
    'select question, "user", verdict, min(asked_at), count(*) from questions'
    " where application = ? and server = ? and asked_at >= ?"
    ' group by question, "user", verdict order by max(asked_at) desc limit ?'
)


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day, which is in ISO 8601 and UTC."""

    day: str
    answered: int = 0
    declined: int = 0
    helpful: int = 0
    unhelpful: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """What at least two members asked, in the words of one of them, and how often."""

    question: str
    count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Days in order, those without questions too; what was asked most, and most in vain."""

    days: tuple[Day, ...]
    asked: tuple[Topic, ...]
    gaps: tuple[Topic, ...]

    @property
    def total(self) -> Day:
        """All days as one."""
        return Day(
            day="",
            answered=sum(each.answered for each in self.days),
            declined=sum(each.declined for each in self.days),
            helpful=sum(each.helpful for each in self.days),
            unhelpful=sum(each.unhelpful for each in self.days),
        )


def read_statistics(database: Database, server: int, days: int) -> Statistics:
    """The statistics of a server's last days, today included; it blocks."""
    today = datetime.now(UTC).date()
    names = [(today - timedelta(days=ago)).isoformat() for ago in reversed(range(days))]
    values = (database.application, server, names[0])
    asked = _by_day(database.store.read(_ASKED, values))
    rated = _by_day(database.store.read(_RATED, values))
    texts = database.store.read(_TEXTS, (*values, MOST_REPORTED))
    return Statistics(
        days=tuple(
            Day(
                day,
                answered=asked[day, "answered"],
                declined=asked[day, "declined"],
                helpful=rated[day, 1],
                unhelpful=rated[day, 0],
            )
            for day in names
        ),
        asked=_topics(texts),
        gaps=_topics(row for row in texts if row[2] == "declined"),
    )


def _by_day(rows: Iterable[Sequence[object]]) -> Counter[tuple[object, object]]:
    return Counter({(day, kind): int(str(count)) for day, kind, count in rows})


def _topics(rows: Iterable[tuple[str, int, str, str, int]]) -> tuple[Topic, ...]:
    """What most questions were about; the words are those that most members used."""
    members: dict[str, set[int]] = defaultdict(set)
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for question, user, _, at, count in rows:
        members[question].add(user)
        counts[question] += count
        first[question] = min(at, first.get(question, at))
    topics = []
    for group in grouped(sorted(first.items(), key=lambda item: item[1])):
        texts = group.questions
        if len(set().union(*(members[text] for text in texts))) >= _LEAST_MEMBERS:
            words = min(texts, key=lambda text: (-len(members[text]), len(text)))
            topics.append(Topic(words, sum(counts[text] for text in texts)))
    return tuple(sorted(topics, key=lambda topic: -topic.count)[:LISTED])


def rows_of(statistics: Statistics) -> Iterable[Sequence[object]]:
    """The rows of a CSV file, the first with headers."""
    yield "what", "day or question", "asked", "answered", "declined", "helpful", "not helpful"
    for day in statistics.days:
        asked = day.answered + day.declined
        yield "day", day.day, asked, day.answered, day.declined, day.helpful, day.unhelpful
    for what, topics in (("question", statistics.asked), ("gap", statistics.gaps)):
        for topic in topics:
            yield what, topic.question, topic.count, "", "", "", ""

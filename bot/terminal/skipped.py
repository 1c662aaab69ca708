"""What is said of the files that were skipped: how many for each reason, and which."""

from collections.abc import Iterator, Sequence

from bot.presentation import counted, harmless
from bot.terminal.wrapping import wrapped
from footnote import Skipped
from footnote.index import Obstacle
from footnote.text import FORMATS

_MOST_NAMED = 10
"""Files that are named of many, where another command lists all."""

_CALLED = {
    Obstacle.NO_DOCUMENT: "images and styles",
    Obstacle.FORMAT: "of unknown formats",
    Obstacle.SIZE: "too big",
    Obstacle.LOCKED: "locked",
    Obstacle.NO_TEXT: "without text",
    Obstacle.ENCODING: "of unknown encoding",
    Obstacle.NAME: "with names that are not UTF-8",
    Obstacle.CONTENT: "broken",
    Obstacle.RIGHTS: "that you may not read",
    Obstacle.LIBRARY: "that need a library",
    Obstacle.REPEATED_ID: "with a repeated id",
}


def skipped_line(skipped: Sequence[Skipped]) -> str:
    """How many files were skipped, for which reasons, and where to see which."""
    counts = ", ".join(_count(obstacle, group) for obstacle, group in _by(skipped))
    them = "it" if len(skipped) == 1 else "them"
    return f"{counted(len(skipped), 'file')} skipped: {counts}; footnote index lists {them}"


def skipped_text(skipped: Sequence[Skipped], width: int, *, names_all: bool) -> str:
    """Which files were skipped, by reason: all of them, or ten of each reason and no
    images or styles."""
    lines = [wrapped(f"Skipped {counted(len(skipped), 'file')}:", width)]
    for obstacle, group in _by(skipped):
        what = _count(obstacle, group)
        if obstacle is Obstacle.NO_DOCUMENT and not names_all:
            lines.append(wrapped(f"{what}, which footnote documents lists", width))
            continue
        says_reason = obstacle not in (Obstacle.NO_DOCUMENT, Obstacle.FORMAT)
        if obstacle is Obstacle.FORMAT:
            what += f", to be converted to one of {', '.join(sorted(FORMATS))}"
        elif says_reason and len(group) > 1 and len({one.reason for one in group}) == 1:
            what += f"; each {group[0].reason}"
            says_reason = False
        lines.append(wrapped(f"{what}:", width))
        named = group if names_all else group[:_MOST_NAMED]
        for one in named:
            text = f"{one.name} {one.reason}" if says_reason else one.name
            lines.append(wrapped(harmless(text), width, "•"))
        if len(named) < len(group):
            more = f"and {len(group) - len(named):,} more, which footnote documents lists"
            lines.append(wrapped(more, width, "•"))
    return "\n".join(lines)


def _count(obstacle: Obstacle, group: Sequence[Skipped]) -> str:
    is_one_image = obstacle is Obstacle.NO_DOCUMENT and len(group) == 1
    return f"{len(group):,} {'image or style' if is_one_image else _CALLED[obstacle]}"


def _by(skipped: Sequence[Skipped]) -> Iterator[tuple[Obstacle, list[Skipped]]]:
    """The files by what keeps them from being read, the most frequent first."""
    groups = [(one, [file for file in skipped if file.obstacle is one]) for one in _CALLED]
    yield from sorted(
        ((one, group) for one, group in groups if group), key=lambda pair: -len(pair[1])
    )

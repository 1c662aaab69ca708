"""What `/footnote status` says: what a place is answered from, and how the bot does."""

from collections.abc import Iterator
from time import monotonic

from bot.discord.desk import Desk
from bot.discord.markdown import escaped
from bot.libraries import Libraries
from bot.limits import Origin


def status_of(desk: Desk, origin: Origin) -> str:
    """The lines for a place, as Markdown."""
    service = desk.service
    lines = ["### Footnote", *known_at(service.libraries, origin)]
    times = service.times()
    if times is not None:
        lines.append(f"Answers: p50 {_in_ms(times[0])}, p99 {_in_ms(times[1])}")
    lines += [
        f"Up {_duration(monotonic() - service.started)}",
        f"Questions in this server are"
        f" {'recorded' if desk.records(origin.server) else 'not recorded'}.",
    ]
    return "\n".join(lines)


def known_at(libraries: Libraries, origin: Origin) -> Iterator[str]:
    """What a place is answered from, or why it is not, a line each."""
    name = libraries.chosen(origin.home, origin.channel)
    if name is not None:
        yield f"Collection **{escaped(name)}**"
    trouble = libraries.trouble(origin)
    if trouble is not None:
        yield f"Nothing is answered here from that collection: {trouble}."
        return
    library = libraries.opened(origin)
    if library is None and name is not None:
        yield "Its index is opened at the next question."
    elif library is None:
        yield "The documents are still being read."
    else:
        engine, reader = library.collection.engine, escaped(library.collection.reader)
        yield f"Index `{library.fingerprint}` · engine {engine} · reader {reader}"
        yield library.summary
    for own in libraries.own.made(origin.home):
        yield f"Documents of this server: {own.summary}"


def _in_ms(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"


def _duration(seconds: float) -> str:
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"

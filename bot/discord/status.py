"""What `/footnote status` says: what a place is answered from, and how the bot does."""

from collections.abc import Iterator
from time import monotonic

from bot.discord.desk import Desk
from bot.discord.markdown import escaped
from bot.discord.words import summary_of
from bot.libraries import Libraries
from bot.limits import Origin
from bot.texts import gettext, ngettext, number


def status_of(desk: Desk, origin: Origin) -> str:
    """The lines for a place, as Markdown."""
    service = desk.service
    lines = ["### Footnote", *known_at(service.libraries, origin)]
    times = service.times()
    if times is not None:
        median, slow = map(_in_ms, times)
        lines.append(gettext("Answers: p50 {median}, p99 {slow}", median=median, slow=slow))
    lines += [
        gettext("Up {time}", time=_duration(monotonic() - service.started)),
        recorded(desk, origin.server),
    ]
    return "\n".join(lines)


def recorded(desk: Desk, server: int | None) -> str:
    """Whether the questions of a server are recorded."""
    if desk.records(server):
        return gettext("Questions in this server are recorded.")
    return gettext("Questions in this server are not recorded.")


def known_at(libraries: Libraries, origin: Origin) -> Iterator[str]:
    """What a place is answered from, or why it is not, a line each."""
    name = libraries.chosen(origin.home, origin.channel)
    if name is not None:
        yield gettext("Collection **{name}**", name=escaped(name))
    trouble = libraries.trouble(origin)
    if trouble is not None:
        yield gettext("Nothing is answered here from that collection: {trouble}.", trouble=trouble)
        return
    library = libraries.opened(origin)
    if library is None and name is not None:
        yield gettext("Its index is opened at the next question.")
    elif library is None:
        yield gettext("The documents are still being read.")
    else:
        engine, reader = library.collection.engine, escaped(library.collection.reader)
        yield gettext(
            "Index `{fingerprint}` · engine {engine} · reader {reader}",
            fingerprint=library.fingerprint,
            engine=engine,
            reader=reader,
        )
        yield summary_of(library)
    for own in libraries.own.made(origin.home):
        yield gettext("Documents of this server: {summary}", summary=summary_of(own))


def _in_ms(seconds: float) -> str:
    return f"{number(round(1000 * seconds))} ms"


def _duration(seconds: float) -> str:
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if hours >= 48:
        return ngettext("{count} day", "{count} days", hours // 24)
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"

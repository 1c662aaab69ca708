"""What /help says, and what is said to whoever asks the bot for help."""

from itertools import chain, islice

from bot.discord.desk import Desk
from bot.discord.markdown import unlinked
from bot.limits import Origin
from bot.texts import gettext, gettext_noop

_EXAMPLES, _LONGEST = 3, 100
"""Questions that are shown, and characters of one."""

_BEGINNING = (
    gettext_noop("### Ask the documents"),
    gettext_noop(
        "I answer with exact quotes and their sources, or say that the documents do not answer."
    ),
)
_REST = (
    gettext_noop("### What you can do"),
    gettext_noop("- **/ask** a question, mention me, or write to me directly"),
    gettext_noop("- Reply to an answer to ask a follow-up"),
    gettext_noop("- Right-click or long-press a message, then choose Apps and **Answer this**"),
    gettext_noop(
        "- **/search** finds passages, **/source** opens a document, **/documents** lists them"
    ),
    gettext_noop(
        "- Under an answer, **Context** opens the source; 👍 and 👎 tell moderators what you think"
    ),
)
_RECORDED = gettext_noop(
    "-# In this server, moderators have public questions recorded; /forget-me deletes yours."
)


def guide(desk: Desk, origin: Origin) -> str:
    """What members can do at a place, with questions that are known to be answered there."""
    libraries = desk.service.libraries.suggesting_at(origin)
    known = chain.from_iterable(one.examples(_EXAMPLES, _LONGEST) for one in libraries)
    examples = [f"- {unlinked(question, _LONGEST)}" for question in islice(known, _EXAMPLES)]
    heading = [gettext("### For example")] if examples else []
    last = [gettext(_RECORDED)] if desk.records(origin.server) else []
    beginning, rest = map(gettext, _BEGINNING), map(gettext, _REST)
    return "\n".join([*beginning, *heading, *examples, *rest, *last])

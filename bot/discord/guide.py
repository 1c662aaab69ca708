"""What /help says, and what is said to whoever asks the bot for help."""

from bot.discord.desk import Desk
from bot.discord.markdown import unlinked

_EXAMPLES, _LONGEST = 3, 100
"""Questions that are shown, and characters of one."""

_BEGINNING = (
    "### Ask the documents",
    "I answer with exact quotes and their sources, or say that the documents do not answer.",
)
_REST = (
    "### What you can do",
    "- **/ask** a question, mention me, or write to me directly",
    "- Reply to an answer to ask a follow-up",
    "- Right-click or long-press a message, then choose Apps and **Answer this**",
    "- **/search** finds passages, **/source** opens a document, **/documents** lists them",
    "- Under an answer, **Context** opens the source; 👍 and 👎 tell moderators what you think",
)
_RECORDED = "-# In this server, moderators have public questions recorded."


def guide(desk: Desk, server: int | None) -> str:
    """What members can do in a server, with questions that are known to be answered."""
    library = desk.service.ready
    known = [] if library is None else library.examples(_EXAMPLES, _LONGEST)
    examples = [f"- {unlinked(question, _LONGEST)}" for question in known]
    lines = [*_BEGINNING, *(["### For example", *examples] if examples else []), *_REST]
    return "\n".join([*lines, _RECORDED] if desk.records(server) else lines)

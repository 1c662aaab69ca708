"""Text of documents and people as Discord's Markdown shows it: word for word, and without effect.

What Discord would obey is escaped and stays readable: marks of style, mentions, invites, masked
links, custom emoji, timestamps. Reference: "Markdown Text 101" in Discord's help, and "Message
Formatting" in its documentation for developers.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.presentation import harmless, harmless_code
from footnote import Span
from footnote.text import sentence_spans

_CUT = " …"
_ESCAPE = re.compile(r"\\(.)|<(https?://[^<>]*)>", re.I)
_FENCE = "```"
_ADDRESS = re.compile(r"https?://[^\s<>\[\]]+", re.I)
_LINKED_WORD = re.compile(r"(?<!\S)\S*?https?://\S*", re.I)
_BEHIND_ADDRESS = ".,:;!?'\"*_~|`]"
_MARKS = re.compile(r"[\\*_~|`\[\]<>]")
_AT_START = re.compile(r"(\s*)(?:(?=[-+#])|(\d+)(?=[.)]))")
_BREAK = "\N{ZERO WIDTH SPACE}"
_EVERYONE = re.compile(r"@(?=everyone|here)", re.I)
_INVITE = re.compile(
    r"(?<=discord)(?=\.gg\b|\.com/invite\b|app\.com/invite\b)|(?<=dsc)(?=\.gg\b)", re.I
)


def escaped(text: str) -> str:
    """The text on one line, as it stands, whatever it holds."""
    return _escaped_at_start(_escaped(harmless(text).strip()))


def unescaped(text: str) -> str | None:
    """What was escaped, read off a message of the bot; None where it was shortened."""
    if text.endswith(_CUT):
        return None
    return _ESCAPE.sub(lambda match: match[1] or match[2], text).replace(_BREAK, "")


def apart_from_links(parts: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The parts of one text that are to be in bold or not, no address within or beside bold words.

    Marks would cut an address in two, or be taken for a part of it.
    """
    flags = [is_bold for part, is_bold in parts for _ in part]
    text = "".join(part for part, _ in parts)
    for word in _LINKED_WORD.finditer(text):
        flags[word.start() : word.end()] = [False] * (word.end() - word.start())
    shown, start = [], 0
    for is_bold, run in groupby(flags):
        end = start + sum(1 for _ in run)
        shown.append((text[start:end], is_bold and any(map(str.isalnum, text[start:end]))))
        start = end
    return shown


def emphasised(parts: Iterable[tuple[str, bool]]) -> str:
    """The parts of one text on one line, those that are told to be in bold."""
    shown = []
    for is_bold, run in groupby(parts, key=lambda part: part[1]):
        text = harmless("".join(part for part, _ in run))
        words = _escaped(text.strip())
        # Marks beside a blank are none.
        before = " " if text.startswith(" ") else ""
        after = " " if text.endswith(" ") and words else ""
        shown.append(f"{before}**{words}**{after}" if is_bold and words else before + words + after)
    return _escaped_at_start("".join(shown).strip())


def shortened(text: str, limit: int) -> str:
    """The text escaped to at most `limit` characters, ended behind a sentence, else a word."""
    # Escaping makes text longer, never shorter: more than this cannot fit.
    whole = harmless(text[: 2 * limit]).strip()
    if len(escaped(whole)) <= limit and len(text) <= 2 * limit:
        return escaped(whole)
    room = limit - len(_CUT)
    sentences = sentence_spans(whole, Span(0, len(whole))) if whole else ()
    fitting = [span.end for span in sentences if len(escaped(whole[: span.end])) <= room]
    if fitting:
        return escaped(whole[: fitting[-1]]) + _CUT
    end = room
    while len(escaped(whole[:end])) > room:
        end -= max(1, end // 20)
    return escaped(whole[:end].rpartition(" ")[0] or whole[:end]) + _CUT


def unlinked(text: str, limit: int) -> str:
    """The same as `shortened`, with addresses that lead nowhere."""
    return shortened(_without_links(text), limit)


def code_block(text: str, limit: int) -> str:
    """Some code, line by line in a block of its own, cut behind a line at `limit` characters."""
    lines, left = [], limit - len(f"{_FENCE}\n\n{_FENCE}{_CUT}")
    for line in harmless_code(text):
        # Nothing within the block may end it, and nothing in it may lead anywhere.
        shown = _EVERYONE.sub(f"@{_BREAK}", _INVITE.sub(_BREAK, line)).replace("`", f"`{_BREAK}")
        if len(shown) + 1 > left:
            lines.append(_CUT.strip())
            break
        left -= len(shown) + 1
        lines.append(shown)
    return "\n".join([_FENCE, *lines, _FENCE])


def link(label: str, address: str, limit: int) -> str:
    """A link that does not unfold; `address` is one of http or https, and `label` any text.

    The label is cut at `limit` characters.
    """
    # Brackets in a label, and addresses, keep Discord from making a link of it.
    label = _without_links(harmless(label).replace("[", "(").replace("]", ")"))
    shown = _escaped(label)
    while len(shown) > limit:
        label = label[: -max(1, len(label) // 20)]
        shown = f"{_escaped(label)}…"
    return f"[{shown}](<{address}>)"


def _without_links(text: str) -> str:
    return text.replace("://", f":{_BREAK}//")


def _escaped(text: str) -> str:
    parts, end = [], 0
    for match in _ADDRESS.finditer(text):
        if _INVITE.search(match[0]) or _EVERYONE.search(match[0]):
            continue
        closing = "" if "(" in match[0] else ")"
        address = match[0].rstrip(_BEHIND_ADDRESS + closing)
        # Between angle brackets an address has no preview, and takes no mark behind it for a part.
        parts += [_escaped_words(text[end : match.start()]), f"<{address}>"]
        end = match.start() + len(address)
    return "".join([*parts, _escaped_words(text[end:])])


def _escaped_words(text: str) -> str:
    text = _MARKS.sub(lambda match: f"\\{match[0]}", text)
    return _EVERYONE.sub(f"@{_BREAK}", _INVITE.sub(_BREAK, text))


def _escaped_at_start(text: str) -> str:
    """What would make a line a heading, a list or small print, escaped."""
    match = _AT_START.match(text)
    return f"{match[0]}\\{text[match.end() :]}" if match else text

"""Follow-ups that are no sentences: "and for students?", "what about TLS?", "and its default?"."""

import re
from dataclasses import replace

from retrieval.questions.pronouns import ASKS, POSSESSIVE, THING, replaced
from retrieval.questions.topics import QUESTION_WORD, is_name, names_in, subject_of
from retrieval.questions.turns import Turn
from retrieval.text.english_words import YEAR

_ADDS = re.compile(r"^\s*(?:and|but|also)\b", re.I)
_WHAT_ABOUT = re.compile(r"^(?:(?:what|how) about|what of|same for)\s+", re.I)
_IDIOM = re.compile(
    r"(?:of course|for (?:sure|now|example)|at (?:last|least)|in that case)\b", re.I
)
_PREPOSITION = re.compile(
    r"^(in|into|on|at|as|by|for|to|from|of|over|with|without|within|during|after|before|under|via)\s+"
    r"(?:the\s+)?",
    re.I,
)
_HOW_TO = re.compile(
    r"\s*(?:how (?:do|can|should|could|would|to)|can|could) (?:(?:i|you|we) )?", re.I
)
_DOES = re.compile(r"\w+ (?:it|them)\b", re.I)
_ATTRIBUTE = re.compile(r"(?:the|its|their)\s+(?=[\w-]+(?:\s[\w-]+)?$)", re.I)
_ARTICLE = re.compile(r"an?\s", re.I)
_THE = re.compile(r"(?:the|an?)\s", re.I)
_DETERMINER = re.compile(r"(?:the|its|their|his|her|my|our|your)\s", re.I)
_ENDING = re.compile(
    r"\b(?:in|on|at|by|for|to|from|of|over|with) ([\w'’-]+(?: [\w'’-]+){0,3})(?=[\s?.!]*$)", re.I
)
_DANGLING = re.compile(r"\b(?:in|on|at|by|for|to|from|of|with)[\s?.!]*$", re.I)
_WHAT_IS = re.compile(r"\s*what(?:['’]s| is| are| does| do)\b", re.I)
_YEAR = re.compile(rf"\b{YEAR}\b")
_FEW_WORDS = 6


def fragment_in(text: str, bare: str) -> str | None:
    """What a text adds that is no sentence; None where it is one, or adds nothing."""
    fragment = _WHAT_ABOUT.sub("", bare)
    is_short = 0 < len(fragment.split()) <= _FEW_WORDS
    is_added = _ADDS.match(text) or _PREPOSITION.match(bare) or _YEAR.fullmatch(bare)
    adds = fragment != bare or is_added
    is_said = text.rstrip().endswith("!") or _IDIOM.match(fragment)
    if adds and is_short and not is_said and not QUESTION_WORD.search(fragment):
        return fragment
    return None


def with_fragment(fragment: str, previous: Turn) -> Turn | None:
    """The question before with one of its parts exchanged for a new one, or with one more."""
    base, thing = previous.base, previous.thing
    preposition = _PREPOSITION.match(fragment)
    core = fragment[preposition.end() :] if preposition else fragment
    if preposition is None and thing and (pronoun := THING.search(core)):
        return _with_attribute(core, pronoun, thing, base)
    found = _with_core(fragment, core, preposition, previous)
    return found and replace(found, added=core)


def _with_core(
    fragment: str, core: str, preposition: re.Match[str] | None, previous: Turn
) -> Turn | None:
    base = previous.base
    year, earlier = _YEAR.search(core), _YEAR.search(base)
    if year and earlier:
        return _exchanged(previous, earlier.span(), year[0])
    if year:
        return _appended(fragment if preposition else f"in {fragment}", previous)
    if core.lower() in base.lower():
        return None
    if preposition:
        return _behind_preposition(fragment, core, preposition[1], previous)
    return _with_other(core, previous)


def _with_attribute(core: str, pronoun: re.Match[str], thing: str, base: str) -> Turn | None:
    """A question about what belongs to the topic ("and its default?"), or about doing something
    else with it ("and undo them?")."""
    if pronoun[0].lower() in POSSESSIVE:
        question = f"What is {replaced(core, pronoun, thing)}?"
        return Turn(question, topic=thing)
    how_to = _HOW_TO.match(base)
    if _DOES.match(core) and how_to:
        done = replaced(core, pronoun, thing)
        is_doing = core.partition(" ")[0].endswith("ing")
        return Turn(f"What about {done}?" if is_doing else f"{how_to[0]}{done}?", topic=thing)
    return None


def _with_other(core: str, previous: Turn) -> Turn | None:
    """The question before about something else of the same kind."""
    base, thing = previous.base, previous.thing
    attribute = _ATTRIBUTE.match(core)
    if attribute and thing and is_name(thing) and _WHAT_IS.match(base):
        return Turn(f"What is {thing}'s {core[attribute.end() :]}?", topic=thing)
    part = _part_called(core, base) or _part_named(core, previous) or _part_like(core, previous)
    if part is not None:
        return _exchanged(previous, part, core)
    can_be_longer = ASKS.match(base) and not _DANGLING.search(base)
    return _appended(f"for {core}", previous) if can_be_longer else None


def _part_called(core: str, base: str) -> tuple[int, int] | None:
    """Where the question names another of what is called the same: "the Curves tool", and now "the
    Levels tool"."""
    *others, last = core.split()
    if not others or (len(others) == 1 and _DETERMINER.match(core)):
        return None
    words = r"(?:the|an?)\s+(?:[\w'’-]+\s+){1,3}?" if _THE.match(core) else r"[\w'’-]+\s+"
    found = re.search(rf"\b{words}{re.escape(last)}\b", base, re.I)
    return found and found.span()


def _part_named(core: str, previous: Turn) -> tuple[int, int] | None:
    """Where the question names what a word or a name can be exchanged for: the topic, a name."""
    base, thing = previous.base, previous.thing
    if thing and thing in base and _is_like(thing, core):
        return base.index(thing), base.index(thing) + len(thing)
    if not is_name(core):
        return None
    names = names_in(base)
    if names:
        return names[-1]
    topic = previous.topic
    return (base.index(topic), base.index(topic) + len(topic)) if topic and topic in base else None


def _is_like(thing: str, core: str) -> bool:
    """Whether both are one word, and either both or none of them a name."""
    return " " not in thing and " " not in core and is_name(thing) == is_name(core)


def _part_like(core: str, previous: Turn) -> tuple[int, int] | None:
    """The part of the question that can be exchanged: its subject, or what it ends with."""
    ending = _ENDING.search(previous.base)
    parts = (subject_of(previous.base), ending and ending.span(1))
    return next((part for part in parts if part and _can_be_other(part, core, previous)), None)


def _can_be_other(part: tuple[int, int], core: str, previous: Turn) -> bool:
    """Whether a part can be exchanged: for what is of its kind, and unless "it" was said for it."""
    part_text = previous.base[slice(*part)]
    is_topic = previous.topic and previous.base.startswith(previous.topic, part[0])
    return (
        not is_topic
        and not names_in(f"x {part_text}")
        and _kinds(part_text) & _kinds(core) != set()
    )


def _kinds(noun: str) -> set[str]:
    """How a noun is introduced: two of one kind can stand in the same place."""
    if is_name(noun):
        return {"name"}
    if _ARTICLE.match(noun):
        return {"a"}
    if _DETERMINER.match(noun):
        return {"the"}
    return {"a", "none"} if noun.endswith("s") else {"none"}


def _behind_preposition(fragment: str, core: str, word: str, previous: Turn) -> Turn:
    """The question before with another part behind the same preposition, or with one more."""
    base = previous.base
    behind = [
        name
        for name in names_in(base)
        if re.search(rf"\b{word} (?:the )?$", base[: name[0]], re.I) and is_name(core)
    ]
    if behind:
        return _exchanged(previous, behind[-1], core)
    ending = re.search(rf"\b{word}(?: [\w'’-]+){{1,4}}(?=[\s?.!]*$)", base, re.I)
    if ending:
        return _exchanged(previous, ending.span(), fragment)
    return _appended(fragment, previous)


def _exchanged(previous: Turn, part: tuple[int, int], new: str) -> Turn:
    base, topic = previous.base, previous.topic
    old = base[slice(*part)]
    if topic and old in topic:
        topic = topic.replace(old, new)
    return Turn(base[: part[0]] + new + base[part[1] :], topic=topic)


def _appended(fragment: str, previous: Turn) -> Turn:
    base = previous.base
    ending = "?" if base.rstrip().endswith("?") else ""
    return Turn(f"{base.rstrip(' ?')} {fragment}{ending}", whole=base, topic=previous.topic)

"""Questions to decide about, as they are shown: with what answers them, or may."""

from collections.abc import Sequence

from bot.presentation import counted, harmless, lines_near, lines_within
from bot.terminal.options import links
from bot.terminal.rendering import section_text
from bot.terminal.wrapping import BOLD, DIM, INDENT, PLAIN, isolated, wrapped
from footnote import Citation
from footnote.drafting import Proposal
from footnote.index import Index


def proposal_text(proposal: Proposal, index: Index, width: int) -> str:
    """A proposed question above the words that answer it."""
    source = proposal.cited(index)
    lines = lines_within(proposal.passage, source.source, proposal.span)
    parts = [
        question_line(proposal.question, width),
        section_text(source, lines, width, links()),
    ]
    if proposal.others:
        places = ", ".join(dict.fromkeys(harmless(one.document) for one in proposal.others))
        parts.append(wrapped(f"{DIM}Also in: {places}{PLAIN}", width))
    return "\n" + "\n\n".join(parts) + "\n"


def question_line(question: str, width: int) -> str:
    """A question that is to be decided about."""
    return wrapped(isolated(f"{BOLD}{harmless(question)}{PLAIN}"), width, "?")


def gap_text(
    question: str, others: Sequence[str], count: int, last: str, sections: Sequence[Citation],
    width: int,
) -> str:  # fmt: skip
    """A question that was declined, how often it was asked, and the sections that may answer."""
    lines = [question_line(question, width)]
    lines.append(
        wrapped(f"{DIM}declined {counted(count, 'time')}, last on {last[:10]}{PLAIN}", width, " ")
    )
    if others:
        also = " · ".join(isolated(harmless(other)) for other in others[:5])
        lines.append(wrapped(f"{DIM}also: {also}{PLAIN}", width, " "))
    parts = ["\n".join(lines)]
    parts += [
        section_text(section, lines_near(section), width, links(), f"{number}.")
        for number, section in enumerate(sections, start=1)
    ]
    if not sections:
        parts.append(f"{INDENT}No section is close to it.")
    return "\n" + "\n\n".join(parts) + "\n"

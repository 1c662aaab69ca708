"""Why a question was answered as it was, or declined: for `footnote ask --explain`."""

from collections.abc import Iterator, Mapping

from bot.presentation import harmless, named_path
from bot.terminal.wrapping import wrapped
from footnote import Collection, Verdict
from footnote.explanation import Model, Trace

_MOST = 8
"""Contributions shown of each model, and passages of those that were read; further ones hardly
count."""


def explanation_text(trace: Trace, collection: Collection, width: int) -> str:
    """The words that matched and those that are missing, what was read, what counted, and the
    decision."""
    if trace.of_subquestions:
        parts = [
            wrapped(harmless(f"Asked separately: {part.asked.question.text}"), width)
            + explanation_text(part, collection, width)
            for part in trace.of_subquestions
        ]
        return "\n".join(["", *parts])
    lines = ["", *_words(trace, collection, width), *_readings(trace, width)]
    lines += ["", _decision(trace, collection, width)]
    if trace.candidates and trace.features is not None:
        best = trace.candidates[0]
        of_words = collection.weights
        read = of_words.read if trace.answer.is_read else None
        weights = read or of_words
        for name, features, model in (
            ("confidence", trace.features, weights.confidence),
            ("choice of the sentence", best.features, weights.units),
            (
                "choice of the passage",
                best.found.features,
                read.order if read else of_words.passages,
            ),
        ):
            lines += ["", wrapped(f"Features that counted most for the {name}:", width)]
            lines += _contributions(features, model)
    return "\n".join(lines)


def _readings(trace: Trace, width: int) -> Iterator[str]:
    """How well the passages that were read answer, best first."""
    if not trace.readings:
        return
    yield ""
    yield wrapped(
        harmless(f"Passages that {trace.answer.reader} read, with their relevance:"), width
    )
    passages = {one.hit.passage.id: one.hit.passage for one in trace.found}
    best = sorted(trace.readings, key=lambda id_: -trace.readings[id_].relevance)
    for id_ in best[:_MOST]:
        passage = passages[id_]
        name = " › ".join(named_path(passage.title, passage.heading))
        yield f"    {trace.readings[id_].relevance:+6.2f}  {harmless(name)}"


def _words(trace: Trace, collection: Collection, width: int) -> list[str]:
    """One line for the words in each state, with their terms as they are compared."""
    asked = trace.asked
    held = trace.candidates[0].found.terms.held if trace.candidates else frozenset()
    quoted = trace.candidates[0].found.terms.units[trace.candidates[0].position].set if held else ()
    states: dict[str, list[str]] = {}
    for term in asked.weights:
        if term in quoted:
            state = "in the quote"
        elif term in held:
            state = "elsewhere in the passage"
        elif held and asked.has_likeness(term, held):
            state = "a similar word in the passage"
        elif collection.knows(term):
            state = "in other passages only"
        else:
            state = "nowhere in the documents"
        states.setdefault(state, []).append(f"{term} ({asked.weights[term]:.1f})")
    lines = [wrapped("Words of the question (stems, with their weights):", width)]
    lines += [
        wrapped(harmless(f"{state}: {', '.join(t)}"), width, "•") for state, t in states.items()
    ]
    for repair in trace.answer.repairs:
        lines.append(
            wrapped(harmless(f"corrected: {repair.asked} to {repair.read_as}"), width, "•")
        )
    return lines


def _decision(trace: Trace, collection: Collection, width: int) -> str:
    answer = trace.answer
    if not trace.candidates:
        return wrapped("Declined: no passage shares a word with the question.", width)
    is_answered = answer.verdict is Verdict.ANSWERED
    verdict, relation = ("Answered", "at least") if is_answered else ("Declined", "below")
    above = " What stands above the quote asks the question." if trace.is_asked_above else ""
    return wrapped(
        f"{verdict}: the confidence is {answer.confidence:.2f}, {relation} the threshold of "
        f"{collection.threshold_of(answer.reader):.2f}.{above}",
        width,
    )


def _contributions(features: Mapping[str, float], model: Model) -> list[str]:
    """The features that added or took most, with their values."""
    added = {name: value * model.get(name, 0.0) for name, value in features.items()}
    most = sorted(added, key=lambda name: (-abs(added[name]), name))[:_MOST]
    return [
        f"    {added[name]:+6.2f}  {name} = {features[name]:.2f}" for name in most if added[name]
    ]

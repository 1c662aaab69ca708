"""Fits anew what speaks for and against blocks of some kinds in the confidence, and nothing else.

    python training/refit.py DATA MANUALS PAGES row header --each FOLDER

DATA, MANUALS and PAGES are those of training/train.py. The weights of FILE (`--out`, those that are
shipped unless another is named) are kept but for those of the kinds, which are fitted to what these
weights find; so are the weights of each manual of PAGES in FOLDER, without its questions.
"""

import argparse
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from retrieval.scoring.weights import SHIPPED, Weights, read_weights
from training.examples import Material
from training.learning import Decision, fit_decisions
from training.train import COLLECT, collected, read, read_manuals, rounded, write


def refit(
    materials: Sequence[Material],
    before: Mapping[str, Weights],
    kinds: Collection[str],
    processes: int = 2,
) -> dict[str, Weights]:
    """The weights `before`, each fitted without the material of its name, to what those under ""
    find."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        finding = replace(before[""], read=None)
        found = collected(pool, COLLECT["confidence"], materials, finding)
    fitted = {}
    for name, weights in before.items():
        kept = [some for other, lists in found.items() if other != name for some in lists]
        decisions = [one for one in chain.from_iterable(kept) if isinstance(one, Decision)]
        fixed = {n: w for n, w in weights.confidence.items() if not _is_of(n, kinds)}
        model = fit_decisions(list(_about(decisions, kinds, fixed)), fixed=fixed)
        fitted[name] = replace(weights, confidence=rounded(model))
    return fitted


def _about(
    decisions: Iterable[Decision], kinds: Collection[str], fixed: Collection[str]
) -> Iterator[Decision]:
    """The decisions that have features of the kinds, with these and what has a weight already."""
    for one in decisions:
        own = {name for name, value in one.features.items() if value and _is_of(name, kinds)}
        if own:
            told = {n: v for n, v in one.features.items() if n in own or n in fixed}
            yield replace(one, features=told)


def _is_of(feature: str, kinds: Collection[str]) -> bool:
    """Whether a feature of the confidence is one of units or passages of some kinds."""
    bare = feature.removeprefix("unit_").removeprefix("passage_").removeprefix("is_")
    return bare.partition("_")[0] in kinds


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("manuals", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("kinds", nargs="+")
    parser.add_argument("--out", metavar="FILE", type=Path, default=SHIPPED)
    parser.add_argument("--each", metavar="FOLDER", type=Path)
    options = parser.parse_args()
    manuals = read_manuals(options.data, options.manuals, options.pages)
    files = {"": options.out}
    if options.each:
        nine = {one.name for one in manuals if one.knowledge.parent == options.pages}
        files |= {name: options.each / f"{name}.json" for name in sorted(nine)}
    before = {name: read_weights(file) for name, file in files.items()}
    for name, weights in refit([*read(options.data), *manuals], before, options.kinds).items():
        write(weights, files[name])


if __name__ == "__main__":
    main()

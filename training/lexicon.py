"""Makes retrieval/text/lexicon.txt out of WordNet 3.0's database (Debian's package wordnet-base).

    python training/lexicon.py /usr/share/wordnet

One line a term: the term, the part of speech that it has most often (n, v, a or r, by WordNet's
counts in texts), and the terms related to it. Terms are related where they share one of the two
most frequent senses of each, where WordNet says that one is derived from the other ("invade",
"invasion"), or where one is an irregular form of the other ("bought", "buy"). Names of several
words are left out; words of which WordNet's texts hold no example have no relatives.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from retrieval.text.tokens import terms

OUT = Path(__file__).parents[1] / "retrieval" / "text" / "lexicon.txt"
_PARTS = ("noun", "verb", "adj", "adv")
_LETTERS = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
_OF_SENSE_KEY = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
_DERIVED = ("+", "\\")
_SENSES = 2


def _lines(path: Path) -> Iterator[list[str]]:
    """The fields of each line but the licence, without the gloss."""
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith(" "):
            yield line.split(" | ")[0].split()


def _term(word: str) -> str | None:
    """The one term of a word; None for names of several words."""
    found = terms(word)
    return found[0] if "_" not in word and len(found) == 1 else None


def _sense_ranks(folder: Path) -> dict[tuple[str, str, str], int]:
    """For each word, part of speech and synset: how many senses of the word are more frequent."""
    ranks = {}
    for part in _PARTS:
        for fields in _lines(folder / f"index.{part}"):
            for rank, synset in enumerate(fields[-int(fields[2]) :]):
                ranks[fields[0], part, synset] = rank
    return ranks


def _related_words(folder: Path) -> Iterator[tuple[str, str]]:
    """Pairs of related words, as WordNet writes them."""
    ranks = _sense_ranks(folder)
    synsets = {}
    derivations = []
    for part in _PARTS:
        for fields in _lines(folder / f"data.{part}"):
            synset = (part, fields[0])
            count = int(fields[3], 16)
            # An adjective may carry its place, as in "galore(ip)".
            words = [word.split("(")[0] for word in fields[4 : 4 + 2 * count : 2]]
            synsets[synset] = words
            pointers = fields[5 + 2 * count :]
            for kind, other, letter, ends in zip(*[iter(pointers)] * 4, strict=False):
                if kind in _DERIVED and ends != "0000" and letter in _LETTERS:
                    target = (_LETTERS[letter], other)
                    derivations.append((synset, int(ends[:2], 16), target, int(ends[2:], 16)))
            frequent = [
                word for word in words if ranks.get((word.lower(), *synset), _SENSES) < _SENSES
            ]
            yield from ((one, two) for one in frequent for two in frequent)
    for synset, one, other, two in derivations:
        yield synsets[synset][one - 1], synsets[other][two - 1]
    for part in _PARTS:
        for irregular, base, *_ in _lines(folder / f"{part}.exc"):
            yield irregular, base


def _parts_of_speech(folder: Path) -> dict[str, Counter[str]]:
    """How often each term is which part of speech; a part without an example counts a half."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for fields in _lines(folder / "cntlist.rev"):
        word, sense = fields[0].split("%")
        if term := _term(word):
            counts[term][_OF_SENSE_KEY[sense[0]]] += int(fields[2])
    for part, letter in zip(_PARTS, "nvar", strict=True):
        for fields in _lines(folder / f"index.{part}"):
            if term := _term(fields[0]):
                counts[term][letter] += 0.5  # type: ignore[assignment]
    return counts


def main() -> None:
    """Write the lexicon."""
    folder = Path(sys.argv[1])
    counted = {fields[0].split("%")[0] for fields in _lines(folder / "cntlist.rev")}
    related: dict[str, set[str]] = defaultdict(set)
    for one, two in _related_words(folder):
        if one.lower() not in counted and two.lower() not in counted:
            continue
        first, second = _term(one), _term(two)
        if first and second and first != second:
            related[first].add(second)
            related[second].add(first)
    parts = _parts_of_speech(folder)
    lines = []
    for term in sorted(parts.keys() | related.keys()):
        part = max("nvar", key=lambda letter: parts[term][letter])
        lines.append(" ".join([term, part, *sorted(related[term])]) + "\n")
    # Sorted by bytes, since it is searched by halving.
    OUT.write_bytes(b"".join(sorted(line.encode() for line in lines)))


if __name__ == "__main__":
    main()

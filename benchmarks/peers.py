"""Footnote and its peers on the same passages and questions, in one run.

    python benchmarks/peers.py CORPUS [--sizes 1000,10000,100000,all] [--data DATA] [--out FOLDER]

CORPUS is a BEIR folder or a corpus.jsonl; without one, the small corpus of the tests. Where it has
no queries.jsonl, questions are four words of passages drawn with a fixed seed. Every system gets
the terms of Footnote's own analysis, and each is measured in a process of its own: the time from
texts to ready (cutting into words included), p50 and p99 of 10 results a question, answers a second
of two processes at once, the peak of memory, the size on disk. With DATA, a folder with
NAME.corpus.jsonl and NAME.questions.jsonl of `cranfield` and `squad2-dev`, nDCG@10 and hit@1 stand
beside the speed. With --at-most, exits with 1 where the median of a whole answer is that of a
search by rank-bm25 more than so many times. Needs `pip install bm25s numba`.
"""

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import bot.__main__  # noqa: E402, F401 (so garbage is looked for as seldom as in a command)
from benchmarks.peer_systems import MOST, SYSTEMS, Search  # noqa: E402
from benchmarks.start_up import compiling  # noqa: E402

SMALL = ROOT / "tests" / "data" / "beir"
QUESTIONS = 300
MEASURE = "rank-bm25"
"""The peer that the time of an answer is compared with."""

SLOW = 60
"""Questions that are enough where each takes long."""


def corpus_file(corpus: Path) -> Path:
    """The file of passages."""
    return corpus / "corpus.jsonl" if corpus.is_dir() else corpus


def rows(corpus: Path, count: int | None) -> list[dict[str, str]]:
    """The first `count` passages, or all."""
    with corpus_file(corpus).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, count)]


def texts_of(corpus: Path, count: int | None) -> list[str]:
    """Title and text of each passage."""
    return [f"{row.get('title', '')} {row['text']}" for row in rows(corpus, count)]


def questions_of(corpus: Path, count: int | None) -> list[str]:
    """The questions of a BEIR folder, or four words of passages."""
    file = corpus / "queries.jsonl"
    if corpus.is_dir() and file.is_file():
        lines = file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["text"] for line in lines][:QUESTIONS]
    chance = random.Random(3)
    found = []
    for row in chance.sample(passages := rows(corpus, count), len(passages)):
        words = [word for word in row["text"].split() if word.isalpha() and len(word) > 3]
        if len(words) > 6:
            found.append(f"What is {' '.join(chance.sample(words, 4))}?")
        if len(found) == QUESTIONS:
            break
    return found


def timed(search: Search, questions: Iterable[str]) -> list[float]:
    """Milliseconds for each question."""
    times = []
    for question in questions:
        begun = time.perf_counter()
        search(question)
        times.append(1000 * (time.perf_counter() - begun))
    return times


def measured(name: str, corpus: Path, count: int | None) -> dict[str, float]:
    """One system over so many passages, in this process; Footnote's answers in one that only asks.

    The others keep their index in the process that makes it, or need it to be handed on.
    """
    texts = texts_of(corpus, count)
    questions = questions_of(corpus, count)
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        is_ours = name.startswith("footnote")
        if is_ours:
            write_corpus(folder / "corpus.jsonl", texts)
        before = _size(folder)
        begun = time.perf_counter()
        search = SYSTEMS[name](texts, folder)
        seconds = time.perf_counter() - begun
        size = (_size(folder) - before) / 1e6
        if not is_ours:
            return {"index": seconds, "disk": size, **_asked(search, questions)}
        (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
        return {"index": seconds, "disk": size, **in_process(path, "--serve", name)}


def served(name: str, folder: Path) -> dict[str, float]:
    """What a new process gives over an index that is there."""
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    return _asked(SYSTEMS[name]([], folder), questions)


def peak_memory() -> float:
    """MiB at most of this process; getrusage also counts what its parent had when it began it."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _asked(search: Search, questions: list[str]) -> dict[str, float]:
    for question in questions[:5]:
        search(question)
    first = timed(search, questions[5:10])
    is_slow = max(first) > 200
    times = sorted(timed(search, questions[5:SLOW] if is_slow else questions[5:]))
    peak = peak_memory()
    return {
        "p50": times[len(times) // 2], "p99": times[int(0.99 * (len(times) - 1))],
        "rate": _rate(search, questions[5:15] if is_slow else questions[5:105]), "memory": peak,
    }  # fmt: skip


_search: Search | None = None


def _rate(search: Search, questions: list[str]) -> float:
    """Answers a second of two processes that share what was built."""
    global _search
    _search = search
    begun = time.perf_counter()
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        list(pool.map(_ask_all, [questions, questions]))
    return 2 * len(questions) / (time.perf_counter() - begun)


def _ask_all(questions: list[str]) -> None:
    assert _search is not None
    for question in questions:
        _search(question)


def write_corpus(path: Path, texts: list[str]) -> None:
    """Write texts as records of a corpus.jsonl, without titles."""
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            file.write(json.dumps({"_id": str(number), "title": "-", "text": text}) + "\n")


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def quality(name: str, data: Path) -> dict[str, float]:
    """nDCG@10 on Cranfield, and hit@1 on every second question of SQuAD 2 that is answered."""
    return {
        "ndcg@10": _mean(_gains(name, data / "cranfield", 1)),
        "hit@1": _mean(_hits(name, data / "squad2-dev", 2)),
    }


def _mean(values: Iterable[float]) -> float:
    kept = list(values)
    return sum(kept) / len(kept)


def _judged(name: str, path: Path, step: int) -> Iterator[tuple[list[str], dict[str, int]]]:
    """The documents found for each question with evidence, and the grade of those that it has."""
    corpus = path.with_name(f"{path.name}.corpus.jsonl")
    ids = [row["_id"] for row in rows(corpus, None)]
    texts = texts_of(corpus, None)
    questions = path.with_name(f"{path.name}.questions.jsonl").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        if name.startswith("footnote"):
            write_corpus(Path(folder) / "corpus.jsonl", texts)
        search = SYSTEMS[name](texts, Path(folder))
        for line in questions.splitlines()[::step]:
            question = json.loads(line)
            grades = {e["document"]: e.get("grade", 1) for e in question["evidence"]}
            if grades:
                yield [ids[n] for n in search(question["question"])[:10]], grades


def _gains(name: str, path: Path, step: int) -> Iterator[float]:
    for found, grades in _judged(name, path, step):
        best = _gain(sorted(grades.values(), reverse=True)[:10])
        if best:
            yield _gain([grades.get(document, 0) for document in found]) / best


def _hits(name: str, path: Path, step: int) -> Iterator[float]:
    for found, grades in _judged(name, path, step):
        yield float(bool(found) and found[0] in grades)


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def cold(corpus: Path, count: int | None) -> dict[str, float]:
    """Seconds of a new process that answers from an index that is there, against its imports."""
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        write_corpus(folder / "corpus.jsonl", texts_of(corpus, count))
        ask = [
            sys.executable, "-m", "bot", "ask", "--engine", "tantivy", "--reader", "words",
            "--knowledge", str(folder / "corpus.jsonl"), questions_of(corpus, count)[0],
        ]  # fmt: skip
        peer = [
            sys.executable, "-c",
            "import tantivy, pydantic; pydantic.create_model('X', x=(int, 1))",
        ]  # fmt: skip
        environment = {**compiling(), "FOOTNOTE_CACHE": path, "FOOTNOTE_DATA": path}
        for command in (ask, peer):
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)
            if done.returncode not in (0, 1):  # answered or declined
                raise SystemExit(done.stderr.decode())
        pairs = []
        for _ in range(11):
            times = []
            for command in (ask, peer):
                begun = time.perf_counter()
                subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
                times.append(time.perf_counter() - begun)
            pairs.append(times)
        mine, theirs = (sorted(times)[len(pairs) // 2] for times in zip(*pairs, strict=True))
    return {"ask": 1000 * mine, "imports": 1000 * theirs, "ratio": mine / theirs}


def in_process(*arguments: str) -> dict[str, float]:
    """What a process of its own measures."""
    command = [sys.executable, "-W", "ignore", __file__, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(title: str, results: dict[str, dict[str, float]]) -> str:
    """The results of one size in Markdown."""
    names = ("index", "p50", "p99", "rate", "memory", "disk")
    lines = [
        f"### {title}", "",
        "| | index (s) | p50 (ms) | p99 (ms) | answers per second | memory (MiB) | disk (MB) |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for system, values in results.items():
        cells = " | ".join(f"{values[name]:,.{2 if values[name] < 10 else 0}f}" for name in names)
        lines.append(f"| {system} | {cells} |")
    return "\n".join([*lines, ""])


def picture(results: dict[int, dict[str, dict[str, float]]], path: Path) -> None:
    """The median of each system by the number of passages, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5))
    for system in SYSTEMS:
        points = [(n, found[system]["p50"]) for n, found in results.items() if system in found]
        if points:
            axes.plot(*zip(*points, strict=True), marker="o", label=system)
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="milliseconds, median")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def compare(results: dict[str, dict[str, float]], at_most: float | None) -> None:
    """Say how long a whole answer takes as against one peer; exit with 1 where it is too long."""
    if MEASURE not in results:
        return
    times = results["footnote answer"]["p50"] / results[MEASURE]["p50"]
    print(f"A whole answer takes {times:.0f} times as long as a search by {MEASURE}.\n", flush=True)
    if at_most is not None and times > at_most:
        raise SystemExit(f"that is more than the {at_most:g} times that it may take")


def main() -> None:
    """Measure every system at every size, and write the tables and the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, default=SMALL)
    parser.add_argument("--sizes", default="1000,10000,100000,all")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--at-most", type=float, metavar="TIMES")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--quality", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        count = None if options.one[1] == "all" else int(options.one[1])
        name = options.one[0]
        found = (
            cold(options.corpus, count) if name == "cold" else measured(name, options.corpus, count)
        )
        print(json.dumps(found))
        return
    if options.serve:
        print(json.dumps(served(options.serve, options.corpus)))
        return
    if options.quality:
        print(json.dumps(quality(options.quality, options.data)))
        return
    whole = sum(1 for _ in corpus_file(options.corpus).open("rb"))
    results: dict[int, dict[str, dict[str, float]]] = {}
    for size in dict.fromkeys(options.sizes.split(",")):
        count = whole if size == "all" else min(int(size), whole)
        if count in results:
            continue
        results[count] = {
            system: in_process(str(options.corpus), "--one", system, str(count))
            for system in SYSTEMS
            if count <= MOST.get(system, count)
        }
        print(table(f"{count:,} passages", results[count]), flush=True)
        started = in_process(str(options.corpus), "--one", "cold", str(count))
        print(
            f"A new process that answers: {started['ask']:.0f} ms, its imports alone"
            f" {started['imports']:.0f} ms, ratio {started['ratio']:.2f}\n",
            flush=True,
        )
        compare(results[count], options.at_most)
    if options.data:
        print("| | nDCG@10, Cranfield | hit@1, SQuAD 2 |\n|---|---|---|")
        for system in SYSTEMS:
            found = in_process("--quality", system, "--data", str(options.data))
            print(f"| {system} | {found['ndcg@10']:.3f} | {found['hit@1']:.3f} |", flush=True)
    if options.out:
        picture(results, options.out / "peers.png")


if __name__ == "__main__":
    main()

"""A search cluster against the embedded index, over the same documents and questions.

    python benchmarks/cluster.py KNOWLEDGE QUESTIONS --cluster ADDRESSES [--most 500] [--warm 200]
    python benchmarks/cluster.py KNOWLEDGE QUESTIONS --cluster ADDRESSES --clients 8 --seconds 60

QUESTIONS is a set as `footnote evaluate` reads it. Both indexes are made where they are missing;
with --rebuild they are made anew, and how long that took is printed. Each engine is then asked in a
process of its own, by words, one question after the other: how long a whole answer takes, and a
search of its words alone, and the memory of the process. What both gave is compared: the ten best
passages, verdict and quotes.

With --clients, so many processes ask the cluster all the time, and whether an answer was another
one than that of the embedded index, or none came, and how long they took, is printed for each ten
seconds: kill or stop nodes meanwhile.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

from knowledge.errors import FootnoteError
from knowledge.languages import ENGLISH
from retrieval.collection import Collection
from retrieval.index.engines import build_engine
from retrieval.opening import open_collection
from retrieval.scoring.passages import RESCORED
from retrieval.text.tokens import content_terms, tokens

ENGINES = ("tantivy", "opensearch")


def opened(options: argparse.Namespace, engine: str, **more: Any) -> Collection:
    """The documents with one of the engines."""
    return open_collection(
        options.knowledge, engine=engine, reader="words", cluster=options.cluster, **more
    )


def asked(options: argparse.Namespace, questions: list[str]) -> dict[str, Any]:
    """What a process takes that asks with an engine, and what it gets."""
    collection = opened(options, options.engine, refresh=False)
    for text in questions[-options.warm :] if options.warm else ():
        collection.ask(text)
    taken: list[float] = []
    answers: list[dict[str, Any]] = []
    for text in questions[: options.most]:
        start = time.perf_counter()
        answer = collection.ask(text)
        taken.append(time.perf_counter() - start)
        answers.append({"text": answer.text})
    # Nothing else has been imported or done here than what asking needs.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    engine, searched = build_engine(collection.engine, collection.index), []
    for text, given in zip(questions, answers, strict=False):
        words = list(dict.fromkeys(content_terms(tokens(text, ENGLISH))))
        start = time.perf_counter()
        engine.search(words, RESCORED)
        searched.append(time.perf_counter() - start)
        given["hits"] = [hit.passage.id for hit in collection.search(text, 10)]
    return {
        "taken": taken,
        "searched": searched,
        "passages": collection.passages,
        "MiB": memory,
        "answers": answers,
    }


def compare(found: dict[str, dict[str, Any]]) -> None:
    """Print what each took, and how much of what they gave is the same."""
    for engine, one in found.items():
        print(f"{engine:10} {one['passages']:,} passages, {one['MiB']:.0f} MiB")
        for what, name in (("whole answer", "taken"), ("search", "searched")):
            shares = (0.5, 0.9, 0.99, 0.999)
            times = ", ".join(f"{1000 * quantile(one[name], share):.1f}" for share in shares)
            print(f"  {what}: p50, p90, p99, p99.9: {times} ms")
    pairs = list(zip(*(one["answers"] for one in found.values()), strict=True))
    same = sum(one["text"] == other["text"] for one, other in pairs)
    shared = [
        len(set(one["hits"]) & set(other["hits"])) / len(one["hits"])
        for one, other in pairs
        if one["hits"]
    ]
    print(f"the same verdict and quotes: {same} of {len(pairs)} ({same / len(pairs):.1%})")
    print(f"the same among the ten best: {sum(shared) / len(shared):.4f}")


def quantile(values: list[float], share: float) -> float:
    """The value below which that share of some values is."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def pressed(options: argparse.Namespace, questions: list[str]) -> list[list[Any]]:
    """What one of several clients gets until the time is up: for each question its number, when it
    was asked, how long it took, and the text or the error."""
    collection = opened(options, "opensearch", refresh=False)
    collection.ask(questions[options.client])
    found: list[list[Any]] = []
    print("ready", flush=True)
    begun = float(sys.stdin.readline())
    while (start := time.time()) < begun + options.seconds:
        number = (options.client * 7 + len(found)) % options.most
        try:
            text, error = collection.ask(questions[number]).text, None
        except FootnoteError as failure:
            text, error = None, str(failure)
        found.append([number, start - begun, time.time() - start, text, error])
    return found


def _line_of(pipe: IO[str] | None) -> str:
    assert pipe is not None
    return pipe.readline()


def load(options: argparse.Namespace, questions: list[str], expected: list[str | None]) -> None:
    """Let clients ask at once, and print what came in each ten seconds."""
    clients = []
    for client in range(options.clients):
        command = [sys.executable, __file__, *sys.argv[1:], "--client", str(client)]
        pipe = subprocess.PIPE
        clients.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
        print(json.dumps(questions), file=clients[-1].stdin, flush=True)
        assert _line_of(clients[-1].stdout) == "ready\n"
    begun = time.time()
    print(f"{options.clients} clients ask from {time.strftime('%H:%M:%S')} on", flush=True)
    for asking in clients:
        print(begun, file=asking.stdin, flush=True)
    rows = [row for asking in clients for row in json.loads(asking.communicate()[0])]
    for second in range(0, int(options.seconds), 10):
        some = [row for row in rows if second <= row[1] < second + 10]
        lost = sum(row[4] is not None for row in some)
        wrong = sum(row[4] is None and row[3] != expected[row[0]] for row in some)
        taken = [row[2] for row in some] or [0.0]
        middle, last = quantile(taken, 0.5), quantile(taken, 0.99)
        print(
            f"{second:4} s: {len(some) / 10:.0f} a second, p50 {1000 * middle:.0f} ms, p99"
            f" {1000 * last:.0f} ms, slowest {max(taken):.2f} s, wrong {wrong}, lost {lost}"
        )


def build(options: argparse.Namespace) -> None:
    """Make both indexes, and print how long that took where they were made."""
    for engine in ENGINES:
        start = time.perf_counter()
        collection = opened(options, engine, rebuild=options.rebuild)
        taken = time.perf_counter() - start
        if not collection.report.is_nothing:
            rate = collection.passages / taken
            print(f"{engine:10} {taken:.1f} s to index, {rate:,.0f} passages a second", flush=True)


def main() -> None:
    """Build both, ask in a process for each, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("knowledge", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--most", type=int, default=500)
    parser.add_argument("--warm", type=int, default=200)
    parser.add_argument("--rebuild", action="store_true")
    parser.add_argument("--clients", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--client", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client is not None:
        print(json.dumps(pressed(options, json.loads(sys.stdin.readline()))))
        return
    if options.engine:
        print(json.dumps(asked(options, json.loads(sys.stdin.readline()))))
        return
    # Imported here since it brings pydantic, which is no part of asking.
    from retrieval.evaluation.question_sets import read_question_set

    questions = [one.question for one in read_question_set(options.questions).questions]
    build(options)
    found = {}
    for engine in ENGINES[:1] if options.clients else ENGINES:
        command = [sys.executable, __file__, *sys.argv[1:], "--engine", engine]
        done = subprocess.run(command, input=json.dumps(questions), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found[engine] = json.loads(done.stdout)
    if options.clients:
        expected = [answer["text"] for answer in found[ENGINES[0]]["answers"]]
        load(options, questions, expected)
        return
    compare(found)


if __name__ == "__main__":
    main()

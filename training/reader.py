"""Trains the reader that understands the question, from lists that training/listing.py wrote.

    python training/reader.py LISTS BASE CHECKPOINT
                    train, going on from CHECKPOINT where it is there, or from the weights in BASE
    python training/reader.py LISTS BASE CHECKPOINT --after EARLIER
                    train once more what was trained as the checkpoint EARLIER
    python training/reader.py LISTS BASE CHECKPOINT --export FOLDER
                    write what was trained as FOLDER/model.onnx, int8, with its tokenizer

BASE holds config.json, model.safetensors and tokenizer.json of a published BERT, such as
e5-small-v2 (--prefixes "query: " "passage: "). It needs torch and safetensors.
"""

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from retrieval.meaning.pairs import Encode, Marks, Pair, pair_of, single_of, text_of
from retrieval.meaning.tokenizer import tokenizer_of
from training.drawing import asked_as, drawn_of, read_of
from training.encoder import Reader, read_base
from training.lists import Listed, Question, read_lists

SEED = 16
RATE = 7e-5
HEADS_RATE = 5e-4
DECAY = 0.01
WARM_UP = 100
"""Steps until the rate is reached; from there it falls to 0."""

BATCH = 8
"""Questions of a step."""

CHUNK = 16
"""Pairs that are padded to one length."""

PARTS, KEPT = 0.5, 20.0  # how much the losses of these heads count beside that of relevance
EPOCHS = 0.85
OFTEN = 200
"""Steps between two checkpoints."""

_LOW = -1e4

_HALF = any(torch.cpu.get_capabilities().get(one) for one in ("avx512_bf16", "amx_bf16", "bf16"))
"""Whether the processor multiplies numbers of sixteen bits; without, they take far longer."""


class Published(NamedTuple):
    """The base as it was published, whose vectors are kept, since learning to read spoils them."""

    reader: Reader
    prefixes: tuple[str, str]


def main() -> None:
    """Train, or export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--export", type=Path, metavar="FOLDER")
    parser.add_argument("--after", type=Path, metavar="EARLIER")
    parser.add_argument("--share", type=float, default=1.0, help="of the questions")
    parser.add_argument("--epochs", type=float, default=EPOCHS)
    parser.add_argument("--without-near-misses", action="store_true")
    parser.add_argument("--prefixes", nargs=2, default=("", ""), metavar=("QUESTION", "PASSAGE"))
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if options.export:
        from training.exporting import export

        export(options.checkpoint, options.base, options.export)
        return
    torch.manual_seed(SEED)
    torch.set_num_threads(options.threads)
    questions = list(read_lists(options.lists))
    if options.without_near_misses:
        questions = [one for one in questions if one.is_answered]
    random.Random(SEED).shuffle(questions)
    questions = questions[: round(options.share * len(questions))]
    prefixes = tuple(options.prefixes)
    train(questions, options.base, options.checkpoint, options.epochs, options.after, prefixes)


def train(
    questions: Sequence[Question],
    base: Path,
    checkpoint: Path,
    epochs: float,
    earlier: Path | None = None,
    prefixes: tuple[str, str] = ("", ""),
) -> None:
    """Train over the questions; what is done so far is kept in the checkpoint.

    `prefixes` are what the base wants before a question and before a passage to make vectors.
    """
    encode, marks = tokenizer_of(base / "tokenizer.json")
    encode = lru_cache(maxsize=None)(encode)
    reader = read_base(base).train()
    published = Published(read_base(base).eval(), prefixes)
    # Most of all weights, and few of the words are met: they stay as they are.
    reader.encoder.words.weight.requires_grad = False
    optimizer = torch.optim.AdamW(_groups(reader), fused=True)
    first = 0
    if earlier:
        reader.load_state_dict(torch.load(earlier)["reader"])
    if checkpoint.exists():
        kept = torch.load(checkpoint)
        reader.load_state_dict(kept["reader"])
        optimizer.load_state_dict(kept["optimizer"])
        first = kept["step"]
    ordered = list(_shuffled(questions, epochs))
    steps = len(ordered) // BATCH
    started = time.monotonic()
    recent: list[float] = []
    for step in range(first, steps):
        factor = min(1.0, (step + 1) / WARM_UP) * (1 - step / steps)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        batch = ordered[step * BATCH : (step + 1) * BATCH]
        loss = _loss(reader, published, batch, encode, marks, random.Random(step))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        recent = [*recent[-99:], loss.item()]
        if step % 20 == 0:
            mean = sum(recent) / len(recent)
            minutes = (time.monotonic() - started) / 60
            print(f"step {step} of {steps}: loss {mean:.3f}, {minutes:.1f} minutes", flush=True)
        if step % OFTEN == OFTEN - 1 or step + 1 == steps:
            _keep(checkpoint, reader, optimizer, step + 1)


def _keep(checkpoint: Path, reader: Reader, optimizer: torch.optim.Optimizer, step: int) -> None:
    kept = {"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    aside = checkpoint.with_suffix(".part")
    torch.save(kept, aside)
    aside.replace(checkpoint)


def _groups(reader: Reader) -> list[dict[str, object]]:
    """The parameters with their rates; those of one dimension do not decay."""
    groups = []
    for is_head, rate in ((False, RATE), (True, HEADS_RATE)):
        named = [
            one
            for name, one in reader.named_parameters()
            if one.requires_grad and name.startswith("encoder.") is not is_head
        ]
        for is_flat in (False, True):
            own = [one for one in named if (one.ndim < 2) is is_flat]
            decay = 0.0 if is_flat else DECAY
            groups.append({"params": own, "lr": rate, "peak": rate, "weight_decay": decay})
    return groups


def _shuffled(questions: Sequence[Question], epochs: float) -> Iterator[Question]:
    left = round(epochs * len(questions))
    for epoch in range(math.ceil(epochs)):
        order = list(questions)
        random.Random(SEED + epoch).shuffle(order)
        yield from order[:left]
        left -= len(order)


def _loss(
    reader: Reader,
    published: Published,
    batch: Sequence[Question],
    encode: Encode,
    marks: Marks,
    chance: random.Random,
) -> Tensor:
    """The loss of some questions; each part is a mean over those that it applies to."""
    drawn = [drawn_of(question, chance) for question in batch]
    texts = [
        asked_as(question, listed[0] if has_answer else None, chance)
        for question, (listed, has_answer) in zip(batch, drawn, strict=True)
    ]
    read = [read_of(listed, has_answer, chance) for listed, has_answer in drawn]
    pairs = [
        pair_of(text, one.names, one.units, encode, marks)
        for text, listed in zip(texts, read, strict=True)
        for one in listed
    ]
    relevance, parts = _read(reader, pairs)
    losses, part_losses, at = [], [], 0
    for listed, (_, has_answer) in zip(read, drawn, strict=True):
        logits = torch.cat([relevance[at : at + len(listed)], torch.zeros(1)])
        losses.append(-torch.log_softmax(logits, 0)[0 if has_answer else -1])
        if has_answer:
            part_losses += _part_loss(parts[at], pairs[at], listed[0])
        at += len(listed)
    total = torch.stack(losses).mean()
    if part_losses:
        total = total + PARTS * torch.stack(part_losses).mean()
    return total + KEPT * _kept_loss(reader, published, texts, drawn, encode, marks)


def _part_loss(parts: Tensor, pair: Pair, right: Listed) -> list[Tensor]:
    """A softmax over the units of a passage; none where one unit is all that is there."""
    places = torch.tensor(pair.units)
    units = int(places.max()) + 1
    of_units = _by_unit(parts[: len(pair.units)], places, units)
    rights = [number for number in right.right if number < units]
    if units < 2 or not rights or len(rights) == units:
        return []
    target = torch.full((units,), _LOW)
    target[rights] = 0.0
    return [torch.logsumexp(of_units, 0) - torch.logsumexp(of_units + target, 0)]


def _by_unit(parts: Tensor, places: Tensor, units: int) -> Tensor:
    """The mean over the tokens of each unit."""
    sums = torch.zeros(units + 1).index_add(0, places + 1, parts)
    counts = torch.zeros(units + 1).index_add(0, places + 1, torch.ones(len(places)))
    return (sums / counts.clamp(min=1))[1:]


def _kept_loss(
    reader: Reader,
    published: Published,
    texts: Sequence[str],
    drawn: Sequence[tuple[list[Listed], bool]],
    encode: Encode,
    marks: Marks,
) -> Tensor:
    """How far the vectors of the questions and of two passages of each are from those published:
    the mean of 1 - their cosine."""
    against = [text_of(one.names, one.units) for listed, _ in drawn for one in listed[:2]]
    before_question, before_passage = published.prefixes
    told = [before_question + text for text in texts] + [before_passage + one for one in against]
    with torch.no_grad():
        goal = _vectors(published.reader, [single_of(one, encode, marks) for one in told])
    own = _vectors(reader, [single_of(one, encode, marks) for one in [*texts, *against]])
    return (1 - (own * goal).sum(-1)).mean()


def _chunks(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places of texts in chunks of about one length."""
    order = sorted(range(len(lengths)), key=lambda place: lengths[place])
    for start in range(0, len(order), CHUNK):
        yield order[start : start + CHUNK]


def _padded(rows: Sequence[Sequence[int]]) -> Tensor:
    return pad_sequence([torch.tensor(row) for row in rows], batch_first=True)


def _read(reader: Reader, pairs: Sequence[Pair]) -> tuple[Tensor, list[Tensor]]:
    """The relevance of each pair, and the parts of each."""
    relevance: list[Tensor] = [torch.empty(0)] * len(pairs)
    parts: list[Tensor] = [torch.empty(0)] * len(pairs)
    for places in _chunks([len(pair.tokens) for pair in pairs]):
        tokens = _padded([pairs[place].tokens for place in places])
        mask = _padded([[1] * len(pairs[place].tokens) for place in places])
        kinds = _padded([pairs[place].kinds for place in places])
        with torch.autocast("cpu", torch.bfloat16, enabled=_HALF):
            found, of_tokens, _ = reader(tokens, mask, kinds)
        for row, place in enumerate(places):
            relevance[place], parts[place] = found[row], of_tokens[row]
    return torch.stack(relevance), parts


def _vectors(reader: Reader, singles: Sequence[list[int]]) -> Tensor:
    """The vector of each text."""
    vectors: list[Tensor] = [torch.empty(0)] * len(singles)
    for places in _chunks([len(one) for one in singles]):
        tokens = _padded([singles[place] for place in places])
        mask = _padded([[1] * len(singles[place]) for place in places])
        with torch.autocast("cpu", torch.bfloat16, enabled=_HALF):
            _, _, found = reader(tokens, mask, torch.zeros_like(tokens))
        for row, place in enumerate(places):
            vectors[place] = found[row]
    return torch.stack(vectors)


if __name__ == "__main__":
    main()

"""The small model in PyTorch: a BERT with heads for relevance, for parts, and for vectors."""

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

# How the tensors of a published BERT are named, and what they are called here.
_ABOVE = {
    "words": "embeddings.word_embeddings",
    "places": "embeddings.position_embeddings",
    "kinds": "embeddings.token_type_embeddings",
    "norm": "embeddings.LayerNorm",
}
_IN_LAYER = {
    "out": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "last": "output.LayerNorm",
}
_ATTENTION = ("query", "key", "value")

_FAR = -1e4  # far below any score, within the range of bfloat16


class Layer(nn.Module):
    """One layer of a transformer, normalised after each part (Vaswani et al. 2017)."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.last = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor, masked: Tensor) -> Tensor:
        """x: texts × tokens × width; masked: what is added to the scores of each token."""
        texts, length, width = x.shape
        each = width // self.heads
        query, key, value = (
            part.view(texts, length, self.heads, each).transpose(1, 2)
            for part in self.attention(x).chunk(3, -1)
        )
        # Written out, since the fused kernel takes three times as long backwards on a processor.
        scores = query @ key.transpose(-1, -2) / math.sqrt(each) + masked
        seen = torch.softmax(scores, -1).to(value.dtype) @ value
        x = self.norm(x + self.out(seen.transpose(1, 2).reshape(texts, length, width)))
        return self.last(x + self.down(functional.gelu(self.up(x))))


class Encoder(nn.Module):
    """A BERT (Devlin et al. 2019) without dropout: a run over so few examples needs none."""

    def __init__(self, config: dict[str, int]) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Embedding(config["max_position_embeddings"], width)
        self.kinds = nn.Embedding(config["type_vocab_size"], width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(
            Layer(width, config["num_attention_heads"], config["intermediate_size"])
            for _ in range(config["num_hidden_layers"])
        )

    def forward(self, tokens: Tensor, mask: Tensor, kinds: Tensor) -> Tensor:
        """The state of each token: texts × tokens × width. The mask is 1 for tokens that count."""
        places = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.norm(self.words(tokens) + self.places(places) + self.kinds(kinds))
        masked = ((1 - mask) * _FAR).to(x.dtype)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, masked)
        return x


class Reader(nn.Module):
    """An encoder with three heads.

    Of a question with a passage it gives the relevance, a logit against "none of them", which is 0,
    and for each token how much it is of the part that answers; of one text a vector.
    """

    def __init__(self, config: dict[str, int]) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.encoder = Encoder(config)
        self.pool = nn.Linear(width, width)
        self.relevance = nn.Linear(width, 1)
        self.part = nn.Linear(width, 1)

    def forward(self, tokens: Tensor, mask: Tensor, kinds: Tensor) -> tuple[Tensor, ...]:
        """Relevance (texts), parts (texts × tokens) and vectors of length 1 (texts × width)."""
        x = self.encoder(tokens, mask, kinds)
        relevance = self.relevance(torch.tanh(self.pool(x[:, 0]))).squeeze(-1)
        counted = mask.to(x.dtype)[..., None]
        mean = (x * counted).sum(1) / counted.sum(1)
        vector = mean / mean.norm(dim=-1, keepdim=True)
        return relevance.float(), self.part(x).squeeze(-1).float(), vector.float()


def read_base(folder: Path) -> Reader:
    """A Reader over the published weights in a folder, which has config.json and
    model.safetensors."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    tensors = load_file(folder / "model.safetensors")
    reader = Reader(config)
    state = {
        f"{ours}.{part}": tensors[f"{theirs}.{part}"]
        for ours, theirs in _ABOVE.items()
        for part in ("weight", "bias")
        if f"{theirs}.{part}" in tensors
    }
    for number in range(config["num_hidden_layers"]):
        published = f"encoder.layer.{number}"
        for part in ("weight", "bias"):
            for ours, theirs in _IN_LAYER.items():
                state[f"layers.{number}.{ours}.{part}"] = tensors[f"{published}.{theirs}.{part}"]
            state[f"layers.{number}.attention.{part}"] = torch.cat(
                [tensors[f"{published}.attention.self.{name}.{part}"] for name in _ATTENTION]
            )
    reader.encoder.load_state_dict(state)
    nn.init.zeros_(reader.part.weight)
    nn.init.normal_(reader.relevance.weight, std=0.02)
    return reader

"""A cross-encoder in ONNX as it runs: what goes in, what comes out, and whether it can be used."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.meaning.files import ReaderError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
RELEVANCE, PARTS, VECTORS = OUTPUTS = ("relevance", "parts", "vectors")
LOGITS = "logits"
"""What other models call the relevance."""

_TYPES: Mapping[str, type[np.signedinteger]] = {
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
}


class Graph:
    """A model in ONNX over the tokens of two texts; ReaderError where it is none, or cannot run."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._session = _session(file)
        self._types = self._typed_inputs()
        named = [output.name for output in self._session.get_outputs()]
        self._relevance = self._called(named)
        self.has_parts = PARTS in named
        self.has_vectors = VECTORS in named

    def scores(self, tokens: Sequence[int], kinds: Sequence[int]) -> tuple[float, list[float]]:
        """How well the second text of a pair answers the first, a logit, and of each token how
        much it is of what does; none where the model tells none."""
        names = [self._relevance, *([PARTS] if self.has_parts else [])]
        relevance, *parts = self._run(names, tokens, kinds)
        if relevance.shape in ((1,), (1, 1)):
            value = float(relevance.reshape(-1)[0])
        elif relevance.shape == (1, 2):
            value = float(relevance[0, 1]) - float(relevance[0, 0])
        else:
            raise self._error(
                f"gives {relevance.shape} for a pair of texts, where one score is needed"
            )
        if not parts:
            return value, []
        if parts[0].shape != (1, len(tokens)):
            raise self._error(f"gives {parts[0].shape} parts for {len(tokens)} tokens")
        return value, [float(part) for part in parts[0][0]]

    def vector(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """The vector of one text: (width,)."""
        (vectors,) = self._run([VECTORS], tokens, [0] * len(tokens))
        if vectors.ndim != 2 or len(vectors) != 1:
            raise self._error(f"gives {vectors.shape} vectors for one text")
        # Of length 1 they already are, unless the model is somebody's own.
        vector = np.asarray(vectors[0], np.float64)
        return np.asarray(vector / (np.linalg.norm(vector) or 1.0), np.float32)

    def _run(
        self, names: list[str], tokens: Sequence[int], kinds: Sequence[int]
    ) -> list[NDArray[np.floating]]:
        rows = dict(zip(INPUTS, (tokens, [1] * len(tokens), kinds), strict=True))
        try:
            feed = {name: np.array([rows[name]], kind) for name, kind in self._types.items()}
            found: list[NDArray[np.floating]] = self._session.run(names, feed)
        except Exception as error:  # the library's errors have no class in common
            raise self._error(f"cannot read {len(tokens)} tokens ({_first_line(error)})") from error
        if not all(values.dtype.kind == "f" and np.isfinite(values).all() for values in found):
            raise self._error("gives scores that are no numbers")
        return found

    def _typed_inputs(self) -> dict[str, type[np.signedinteger]]:
        inputs = {one.name: one for one in self._session.get_inputs()}
        if INPUTS[0] not in inputs or inputs.keys() - set(INPUTS):
            raise self._error(
                f"takes {', '.join(sorted(inputs))}, where {', '.join(INPUTS)} can be given"
            )
        for name, one in inputs.items():
            if one.type not in _TYPES:
                raise self._error(f"takes {one.type} as {name}, where int64 or int32 can be given")
        return {name: _TYPES[one.type] for name, one in inputs.items()}

    def _called(self, outputs: Sequence[str]) -> str:
        """The output that is the relevance."""
        for name in (RELEVANCE, LOGITS):
            if name in outputs:
                return name
        if len(outputs) == 1:
            return outputs[0]
        raise self._error(f"gives {', '.join(outputs)}, of which none is called {LOGITS}")

    def _error(self, what: str) -> ReaderError:
        return ReaderError(f"{self._file}: {what}; docs/reader.md says what a model has to be like")


def _session(file: Path) -> "InferenceSession":
    # Imported here since it is of an extra.
    try:
        import onnxruntime
    except ImportError as error:
        raise ReaderError(
            f"onnxruntime cannot be loaded ({_first_line(error)}); install it again, or answer"
            " without it: --reader words"
        ) from error
    # Its warnings are for those who make models.
    onnxruntime.set_default_logger_severity(_SEVEREST)
    # It sends nothing on Linux and macOS; on Windows it would hand events to the system.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _SEVEREST
    # One text at a time by one thread: the same sums in the same order, whatever else is asked.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's errors have no class in common
        raise ReaderError(
            f"{file}: is no ONNX model that can be loaded ({_first_line(error)}); export it again"
        ) from error


_SEVEREST = 4


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]

"""Writes a trained reader as ONNX, its weights in eight bits."""

import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from retrieval.meaning.files import MODEL, TOKENIZER
from retrieval.meaning.graph import INPUTS, OUTPUTS
from training.encoder import read_base


def export(checkpoint: Path, base: Path, folder: Path) -> None:
    """Write the reader of a checkpoint and the tokenizer of its base to a folder."""
    reader = read_base(base).eval()
    reader.load_state_dict(torch.load(checkpoint)["reader"])
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(base / TOKENIZER, folder / TOKENIZER)
    example = torch.ones((2, 8), dtype=torch.long)
    names = {name: {0: "texts", 1: "tokens"} for name in (*INPUTS, "parts")}
    with tempfile.TemporaryDirectory() as aside:
        whole = Path(aside) / MODEL
        torch.onnx.export(
            reader,
            (example, example, example),
            str(whole),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={**names, "relevance": {0: "texts"}, "vectors": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )
        # One bit less than there is, so that no sum of products overflows where a processor has no
        # instruction of its own for them: all processors get the same sums.
        quantize_dynamic(
            whole,
            folder / MODEL,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )

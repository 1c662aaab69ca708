"""The small model that reads for Footnote: `model.onnx`, `tokenizer.json` and `CARD.md`."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent

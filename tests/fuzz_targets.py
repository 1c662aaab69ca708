"""All targets of tests/fuzzing.py, by their names."""

from itertools import chain

from tests import fuzz_documents, fuzz_texts

TARGETS = {each.name: each for each in chain(fuzz_documents.targets(), fuzz_texts.targets())}

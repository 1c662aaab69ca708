"""Words that somebody copied, as the evidence that they are."""

import re
from collections.abc import Iterable

from knowledge.documents import Document
from retrieval.evaluation.question_sets import Evidence

# What stands between two words in a file and not where they were read: line ends, and marks.
_BETWEEN = r"[\s*_`|>#~\[\]]+"


def evidence_of(words: str, documents: Iterable[Document]) -> Evidence | None:
    """Where some words stand, exactly as they stand there; None where no document has them."""
    pattern = re.compile(_BETWEEN.join(map(re.escape, words.split())))
    for document in documents:
        found = pattern.search(document.text)
        if found is not None and found[0].strip():
            return Evidence(document=document.id, quote=found[0])
    return None

"""What stands in the index, and in which form.

Each entry is one passage, and there is no other: whatever else stood here would count as a passage
in the statistics of BM25. So the text of a document is kept in pieces, with the passages that it
surrounds, and the manifest with one of the passages, its carrier.
"""

from functools import cache

import tantivy

from retrieval.search.engine import FIELDS

FORMAT = 7
"""Raised whenever entries, the analysis of words or the cutting into passages change.

An index of another format is made anew, beside the one that is there.
"""

ALL, HEADINGS, CONTEXT = FIELDS  # what is ranked
SPELLINGS = "spellings"  # how they are written, for repairs
ACRONYMS = "acronyms"  # what the document defines, on its first passage
DOCUMENT = "document"
FILE = "file"
KEY = "key"
LANGUAGE = "language"
PLACE = "place"  # among the passages of the file
BODY = "body"  # the entry itself, as JSON, sealed
MANIFEST = "manifest"  # on its carrier, as JSON, sealed

CARRIER = "~carrier"  # the key that the carrier has beside its own


@cache
def schema() -> tantivy.Schema:
    """The fields; terms and words are cut already, and parted by blanks."""
    builder = tantivy.SchemaBuilder()
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(SPELLINGS, tokenizer_name="whitespace", index_option="basic")
    for field in (ACRONYMS, DOCUMENT, FILE, KEY, LANGUAGE):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(PLACE, indexed=True, fast=True)
    for field in (BODY, MANIFEST):
        builder.add_bytes_field(field, stored=True)
    return builder.build()


def matching(field: str, value: str) -> tantivy.Query:
    """The entries whose field has a value."""
    option = "freq" if field in FIELDS else "basic"
    return tantivy.Query.term_query(schema(), field, value, index_option=option)

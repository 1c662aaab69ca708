"""AsciiDoc: what it says to programs is no text, and its blocks are those of other formats."""

from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import pytest
from corpora import answerer_over, document, documents_at

from knowledge.documents import BlockKind, Document
from knowledge.readers.asciidoc_lines import is_asciidoc
from knowledge.unmarking import readable

Found = tuple[str, int, tuple[str, ...], str]

MANUAL = """\
git-keep(1)
===========
:git: nothing

NAME
----
git-keep - Keep what was changed

SYNOPSIS
--------
[verse]
'git keep' [--all]
'git keep' list

OPTIONS
-------
ifdef::git-keep[]
-a::
--all::
\tKeep all files, those that are
\tignored too.
endif::git-keep[]
+
This takes longer than `git keep`.
+
--------
$ git keep --all
--------

ifndef::git-log[]
--limit=<n>::

\tKeep at most <n> files.
ifdef::git-format-patch[]
\tThe default is ten.
endif::git-format-patch[]
endif::git-log[]

include::config/keep.txt[]

SEE ALSO
--------
linkgit:git-stash[1]
"""

POOL = """\
= The Pool
Anna Berg <a@b.example>
v1.0, 2024-01-01
:toc: left

The pool is open.

[[deep]]
== Deep end ==

.Rules
* Swim.
** Do not run.
* Rest.

[NOTE]
====
It is deep.
====

TIP: Bring a towel.

[source,ruby]
----
= no heading

puts 1
----

[cols="1,2"]
|===
|Day |Open

|Monday
|8 to 10

|Friday |never
|===

// a comment
////
hidden
////

. Undress.
+
Hang up your clothes.
. Shower.

The end.
"""


def _blocks(read: Document) -> list[Found]:
    return [(b.kind.value, b.level, b.heading, b.span.of(read.text)) for b in read.blocks]


@pytest.mark.parametrize("name", ["git-keep.txt", "git-keep.adoc", "git-keep.asciidoc"])
def test_a_manual_of_git(name: str) -> None:
    """Conditions, attributes and borders are left out; terms have what they mean, and code."""
    read = document(MANUAL, name)
    assert read.title == "git-keep(1)"
    options = ("OPTIONS",)
    assert _blocks(read) == [
        ("paragraph", 0, ("NAME",), "git-keep - Keep what was changed"),
        ("code", 0, ("SYNOPSIS",), "'git keep' [--all]\n'git keep' list"),
        ("term", 0, options, "-a"),
        ("term", 0, options, "--all"),
        ("definition", 1, options, "Keep all files, those that are\n\tignored too."),
        ("definition", 1, options, "This takes longer than `git keep`."),
        ("code", 1, options, "$ git keep --all"),
        ("term", 0, options, "--limit=<n>"),
        ("definition", 1, options, "Keep at most <n> files."),
        ("definition", 1, options, "The default is ten."),
        ("paragraph", 0, ("SEE ALSO",), "linkgit:git-stash[1]"),
    ]


def test_nothing_for_programs_is_quoted() -> None:
    """Asked for the very words of a condition, an answer does not quote it."""
    answerer = answerer_over(document(MANUAL, "git-keep.txt"))
    for question in ("ifdef git-keep", "endif git-log ifndef", "What does include config keep?"):
        answer = answerer.answer(question)
        for citation in (*answer.best_quotes, *answer.nearest):
            for sign in ("ifdef::", "ifndef::", "endif::", "include::", "--------"):
                assert sign not in citation.quote


def test_the_blocks_of_asciidoctor() -> None:
    """Sections, lists in lists, notes, boxes, tables and listings are those of other formats."""
    read = document(POOL, "pool.adoc")
    assert read.title == "The Pool"
    deep = ("Deep end",)
    assert _blocks(read) == [
        ("paragraph", 0, (), "The pool is open."),
        ("paragraph", 0, deep, "Rules"),
        ("item", 0, deep, "Swim."),
        ("item", 1, deep, "Do not run."),
        ("item", 0, deep, "Rest."),
        ("paragraph", 0, deep, "It is deep."),
        ("paragraph", 0, deep, "TIP: Bring a towel."),
        ("code", 0, deep, "= no heading\n\nputs 1"),
        ("header", 0, deep, "Day |Open"),
        ("row", 0, deep, "Monday\n|8 to 10"),
        ("row", 0, deep, "Friday |never"),
        ("item", 0, deep, "Undress."),
        ("item", 0, deep, "Hang up your clothes."),
        ("item", 0, deep, "Shower."),
        ("paragraph", 0, deep, "The end."),
    ]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Text.\n\n  code = 1\n  more\n\nText.", ["Text.", "code = 1\n  more", "Text."]),
        ("Text\nifdef::x[]\nmore\nendif::[]", ["Text", "more"]),
        ("* one\nand more\n* two", ["one\nand more", "two"]),
        ("a:: b\nc:: d", ["a", "b", "c", "d"]),
        ("'''\n\nText.\n\n<<<", ["Text."]),
        ("toc::[]\n\nText.\n\nimage::a.png[A]", ["Text."]),
        ("----\nnever closed", ["never closed"]),
        ("|===\n|never closed", ["|never closed"]),
        ("Walk std::string[] here.", ["Walk std::string[] here."]),
        ("++++\n<b>\n++++\n\nText.", ["Text."]),
        ("\ufeff= T\n\nText.", ["Text."]),
    ],
)
def test_what_is_text(text: str, blocks: Sequence[str]) -> None:
    """Borders that nothing closes hide no text, and what is alike is left as it is."""
    assert [literal for *_, literal in _blocks(document(text, "a.adoc"))] == list(blocks)


@pytest.mark.parametrize(
    "text",
    [
        "= Ulm =\n\n== Mill ==\n\nText :: more.\n",
        "Title\n=====\n\n.. note:: A\n\nExample::\n\n    code\n\n:field: value\n\n+\n",
        "Dear all\n\nYou are welcome, said she::\nnever\n",
        "# Title\n\n[link]\n\n- item\n",
        "[section]\nkey = value\n",
    ],
)
def test_other_text_is_not_taken_for_it(text: str) -> None:
    """Wikipedia's extracts, reStructuredText, Markdown, settings and letters are none."""
    assert not is_asciidoc(text.splitlines())


@pytest.mark.parametrize("divider", ["------", "======", "......"])
def test_a_divider_of_plain_text_is_not_quoted(divider: str) -> None:
    """It parts paragraphs, as an empty line does."""
    read = document(f"The mill burned.\n{divider}\nIt was rebuilt.\n", "a.txt")
    assert [literal for *_, literal in _blocks(read)] == ["The mill burned.", "It was rebuilt."]


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("See linkgit:git-add[1] and 'git stash'.", "See git-add[1] and git stash."),
        ("*Bold*, _thin_, `x_y_z` and `+a*b*+`.", "Bold, thin, x_y_z and a*b*."),
        ("Read https://a.b/c[the page] or <<deep,the end>>.", "Read the page or the end."),
        ("It burned.footnote:[In 1884.] Yes.", "It burned. Yes."),
        ("5 * 3 * 2, don't, it's snake_case_name", "5 * 3 * 2, don't, it's snake_case_name"),
        ("Monday\n|8 to 10", "Monday\n| 8 to 10"),
    ],
)
def test_a_quote_is_shown_without_marks(quote: str, shown: str) -> None:
    """As people read it."""
    assert readable(quote, "a.adoc") == shown


@pytest.mark.parametrize(
    "text",
    [
        "a::[" + "[" * 300_000,
        "= " + "a " * 300_000 + " " * 300_000 + "b",
        "link:" * 60_000,
        "* a\n" * 10_000,
        "".join(f"{'=' * n}\n* a\n" for n in range(4, 1_200)),
        "".join(f"{'-' * n}\n" for n in range(4, 1_200)),
        "|===\n" + "|" * 100_000 + "\n|===",
        "x" + ": " * 200_000 + "::",
    ],
    ids=range(8),
)
def test_hostile_text_takes_no_time(tmp_path: Path, text: str) -> None:
    """However it is made, a file is read in time that grows with its size."""
    (tmp_path / "a.adoc").write_text(f"Words.\n\n{text}\n")
    begun = monotonic()
    (read,) = documents_at(tmp_path)
    assert monotonic() - begun < 60
    assert read.blocks[0].kind is BlockKind.PARAGRAPH


def test_the_closest_sections_end_at_borders() -> None:
    """Their lines are one quote, which goes over nothing that is no text."""
    options = [
        f"--{name}::\n\tShow the {name} of each branch.\n+\nIt is {n} letters wide.\n+\n"
        f"------\n$ git branch --{name}\n------\n\n"
        for n, name in enumerate(("color", "column", "sort", "merged"))
    ]
    read = document(
        f"git-branch(1)\n=============\n\nOPTIONS\n-------\n{''.join(options)}", "b.txt"
    )
    answer = answerer_over(read).answer("Who wrote the letters?")
    shown = [*answer.nearest, *answer.best_quotes]
    assert shown
    assert not [one for one in shown if "\n+\n" in one.quote or "------" in one.quote]

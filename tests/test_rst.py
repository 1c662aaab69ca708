"""reStructuredText: terms with what they mean, options, notes and code, at their places."""

from corpora import document

from knowledge.documents import BlockKind

PARAGRAPH, ITEM, CODE = BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.CODE
TERM, DEFINITION = BlockKind.TERM, BlockKind.DEFINITION


def _blocks(text: str) -> list[tuple[BlockKind, int, str]]:
    read = document(text, "a.rst")
    return [
        (block.kind, block.level, " ".join(block.span.of(text).split())) for block in read.blocks
    ]


def test_terms_fields_and_options_stand_with_what_they_mean() -> None:
    """Whichever of its lists the text uses."""
    text = """Words
=====

pier
    Where boats are.

    For a while:

    - at night

:length: eight metres
    or more

-a          ties all
-b FILE, --bee=FILE  reads the moorings
                     from a file

After that.
"""
    assert _blocks(text) == [
        (TERM, 0, "pier"),
        (DEFINITION, 1, "Where boats are."),
        (DEFINITION, 1, "For a while:"),
        (ITEM, 1, "at night"),
        (TERM, 0, "length"),
        (DEFINITION, 1, "eight metres or more"),
        (TERM, 0, "-a"),
        (DEFINITION, 1, "ties all"),
        (TERM, 0, "-b FILE, --bee=FILE"),
        (DEFINITION, 1, "reads the moorings from a file"),
        (PARAGRAPH, 0, "After that."),
    ]


def test_what_is_described_is_a_term() -> None:
    """Functions, options and the like, with the fields that belong to them."""
    text = """Module
======

.. py:function:: moor(boat, rope=None)
                 moor_all(boats)

   Ties a boat.

   :param boat: the boat

   .. method:: untie()

      Frees it.

.. option:: -v, --verbose

   Says more.
"""
    assert _blocks(text) == [
        (TERM, 0, "moor(boat, rope=None)"),
        (TERM, 0, "moor_all(boats)"),
        (DEFINITION, 1, "Ties a boat."),
        (TERM, 1, "param boat"),
        (DEFINITION, 2, "the boat"),
        (TERM, 1, "untie()"),
        (DEFINITION, 2, "Frees it."),
        (TERM, 0, "-v, --verbose"),
        (DEFINITION, 1, "Says more."),
    ]


def test_notes_and_code_are_read() -> None:
    """Sphinx's too, with options that docutils does not know."""
    text = """Title
=====

.. note:: Moor twice.

.. versionadded:: 3.2
   The tide counts.

.. seealso::

   The harbour.

Run this::

   moor a

.. code-block:: sh
   :caption: x.sh
   :emphasize-lines: 1

   moor b

   moor c

.. glossary::

   pier
      Where boats are.

.. toctree::
   :maxdepth: 2

   other
"""
    assert _blocks(text) == [
        (PARAGRAPH, 0, "Moor twice."),
        (PARAGRAPH, 0, "3.2 The tide counts."),
        (PARAGRAPH, 0, "The harbour."),
        (PARAGRAPH, 0, "Run this::"),
        (CODE, 0, "moor a"),
        (CODE, 0, "moor b moor c"),
        (TERM, 0, "pier"),
        (DEFINITION, 1, "Where boats are."),
    ]


def test_short_cells_are_found_at_their_places() -> None:
    """Not within the words of an option above them."""
    text = """Title
=====

.. list-table::
   :header-rows: 1

   * - a
     - b
   * - c
     - d
"""
    read = document(text, "a.rst")
    assert [block.span.of(text) for block in read.blocks] == ["a\n     - b", "c\n     - d"]

"""Reports as files for spreadsheets."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Iterable, Sequence

import discord

from bot.discord.sending import EDIT, again

_LARGEST = 2_000_000
"""Characters, each of which is at most four bytes of the ten million that Discord takes."""


async def send_sheet(
    interaction: discord.Interaction,
    lines: list[str],
    name: str,
    rows: Iterable[Sequence[object]],
) -> None:
    """Fill in an announced response with some lines and a file of rows, the first with headers."""
    content = await asyncio.to_thread(sheet, rows)

    def sent() -> Awaitable[object]:
        file = discord.File(io.BytesIO(content), name)
        return interaction.edit_original_response(content="\n".join(lines), attachments=[file])

    await again(sent, EDIT)


def sheet(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as a CSV file, as many as Discord takes."""
    content = io.StringIO()
    write = csv.writer(content).writerow
    for row in rows:
        if content.tell() > _LARGEST:
            break
        write([_as_text(value) for value in row])
    # The mark tells spreadsheets that the file is UTF-8.
    return content.getvalue().encode("utf-8-sig")


def _as_text(value: object) -> object:
    """A text that a spreadsheet would run as a formula, marked as a text."""
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value

"""Files that moderators attach: their names made harmless, their content within limits."""

import asyncio
import re
import unicodedata
from pathlib import PurePosixPath

import aiohttp
import discord

from bot.discord.uploads import MEGABYTE, UploadError
from bot.presentation import harmless
from bot.texts import gettext

LONGEST_NAME = 90
"""Characters: with a number behind it, it still fits into a choice that Discord suggests."""

_PATIENCE = aiohttp.ClientTimeout(total=60)
_CHUNK = 1 << 16
_PARTS = re.compile(r"[/\\]")


def name_of(text: str) -> str:
    """What a file is called by: one line without a path, its ending kept where it is shortened.

    A # at the beginning is for the names of channels, a colon for ids that are no names.
    """
    last = _PARTS.split(text)[-1]
    shown = harmless(unicodedata.normalize("NFC", last)).replace("\N{REPLACEMENT CHARACTER}", "")
    name = harmless(shown.replace(":", "-").lstrip("#. ").rstrip(". ")) or "document"
    if len(name) <= LONGEST_NAME:
        return name
    ending = PurePosixPath(name).suffix[:10]
    return name[: LONGEST_NAME - len(ending)].rstrip() + ending


async def content_of(attachment: discord.Attachment, most: int) -> bytes:
    """The content of a file of at most so many megabytes; UploadError."""
    name = name_of(attachment.filename)
    if attachment.size > most * MEGABYTE:
        raise _too_large(name, most)
    content = bytearray()
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE, auto_decompress=False) as session,
            session.get(attachment.url, allow_redirects=False, raise_for_status=True) as response,
        ):
            # The size that was told may be another one.
            async for chunk in response.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > most * MEGABYTE:
                    raise _too_large(name, most)
    except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
        text = gettext("{name} could not be fetched from Discord; add it again", name=name)
        raise UploadError(text) from error
    return bytes(content)


def _too_large(name: str, most: int) -> UploadError:
    return UploadError(gettext("{name} is larger than {most} MB; split it", name=name, most=most))

"""The pictures of the bot in docs/pictures/, taken anew of what the code sends.

Needs Debian's or another Chromium (`chromium` on the path) and `pip install "simcord[screenshot]"`.
Run it from the project's folder: `.venv/bin/python docs/pictures.py`.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import simcord
from playwright.async_api import BrowserType

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests.discord_world import QUESTION, World, settings_with, world_with  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
BASE_URL = "https://example.org/docs"


def with_chromium(launch: Callable[..., Any]) -> Callable[..., Any]:
    """Start the Chromium on the path, not the one that Playwright would download."""

    @wraps(launch)
    async def launching(self: BrowserType, **options: Any) -> Any:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        return await launch(self, executable_path=path, args=["--no-sandbox"], **options)

    return launching


async def picture(
    world: World, name: str, channel: simcord.ChannelHandle, viewer: Any, height: int, target: Any
) -> None:
    """Take a picture of the end of a channel as a member sees it."""
    async with world.env.preview(
        channel, viewers=[viewer], layout="channel", display="fixed", width=760, height=height
    ) as preview:
        await preview.screenshot(
            PICTURES / f"{name}.png", mode="viewport", allow_incomplete=True, target=target
        )


async def members(world: World) -> None:
    """What members see: an answer, a follow-up, a decline, the source around a quote."""
    result = await world.slash(world.alice, "ask", question=QUESTION)
    await picture(world, "answer", world.channel, world.alice, 620, result)
    context = await world.press(world.alice, result.response, "Context")
    await picture(world, "source", world.channel, world.alice, 760, context)
    declined = await world.slash(
        world.bob, "ask", question="Who is the ambassador of Mexico in Israel?"
    )
    await picture(world, "decline", world.channel, world.bob, 620, declined)
    talk = world.guild.create_text_channel("talk")
    first = await world.mention(world.alice, "Which Mexican city is twinned with Bethlehm?", talk)
    await world.alice.send(talk, "And with Ramallah?", reply_to=first)
    await picture(world, "follow-up", talk, world.alice, 620, talk.last_message)


async def moderators(world: World) -> None:
    """What moderators see: a policy and the status."""
    desk = world.guild.create_text_channel("moderators")
    await world.slash(world.moderator, "footnote record", at=desk, questions=True)
    await world.slash(
        world.moderator, "footnote channel", at=desk, messages="every", answers="thread"
    )
    result = await world.slash(world.moderator, "footnote status", at=desk)
    await picture(world, "moderators", desk, world.moderator, 560, result)


async def main() -> None:
    """Take all pictures."""
    BrowserType.launch = with_chromium(BrowserType.launch)  # type: ignore[method-assign]
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_with(base_url=BASE_URL, message_content=True)
        async with world_with(settings, Path(folder)) as world:
            await members(world)
            await moderators(world)


if __name__ == "__main__":
    asyncio.run(main())

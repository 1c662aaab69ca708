"""A server's day, from the moment the bot joins to the moderators' report in the evening."""

import shutil
from pathlib import Path

from bot.discord.database import Policy
from knowledge.loading import MATERIAL
from tests.discord_world import OFF_TOPIC, QUESTION, World, labels, said, settings_with, world_with


async def morning(world: World) -> None:
    """The bot joins another server; a question, its follow-up, a private one."""
    other = world.env.create_guild("Another server")
    await world.env.settle()
    assert world.bot.get_guild(other.id) is not None
    assert "/ask" in said(await world.slash(world.alice, "help"))
    first = await world.mention(world.alice, QUESTION)
    assert "**Monterrey**" in said(first)
    await world.alice.send(world.channel, "And with Ramallah?", reply_to=first)
    assert "**Toluca**" in said(world.channel.last_message)
    private = await world.slash(world.bob, "ask", question=QUESTION, private=True)
    assert private.ephemeral


async def decisions(world: World) -> None:
    """A forum is opened to the bot, a channel is closed, recording is switched on."""
    forum = world.guild.create_forum_channel("questions")
    quiet = world.guild.create_text_channel("quiet")
    for channel, messages in ((forum, "forum"), (quiet, "off")):
        await world.slash(world.moderator, "footnote channel", channel=channel, messages=messages)
    await world.slash(world.moderator, "footnote record", questions=True)
    post = await world.post(world.alice, forum, "Twinned cities", QUESTION)
    assert "A person will follow up." not in said(post.last_message)
    asked = await world.mention(world.alice, QUESTION, quiet)
    assert asked is not None
    assert asked.author.id == world.alice.id


async def burst(world: World) -> None:
    """Somebody asks too much at once, others do not notice."""
    results = [await world.slash(world.bob, "ask", question=OFF_TOPIC) for _ in range(6)]
    # Nobody else sees what was asked in vain.
    assert all(result.ephemeral for result in results)
    assert ["ask again in" in said(result) for result in results] == [False] * 4 + [True] * 2
    assert not (await world.slash(world.alice, "ask", question=QUESTION)).ephemeral
    await world.env.advance_time(61)
    assert not (await world.slash(world.bob, "ask", question=QUESTION)).ephemeral


async def afternoon(world: World, folder: Path) -> None:
    """The documents grow, the process is restarted, and what stands in the channel still works."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    (folder / "hours.md").write_text("# Opening hours\n\nThe reading room closes at nine.\n")
    assert "2 documents" in said(await world.slash(world.moderator, "footnote reload"))
    closing = "When does the reading room close?"
    assert "**nine**" in said(await world.slash(world.alice, "ask", question=closing))
    await world.restart()
    await world.env.settle()
    opened = await world.press(world.bob, answer.response, "Context")
    assert "**Twinning Agreement" in said(opened)
    pages = await world.press(world.bob, opened.response, "Other passages")
    await world.press(world.bob, pages.response, "Next →")
    assert "Passage 2 of" in said(pages)
    assert "Only the person who asked" in said(await world.press(world.bob, answer.response, "👍"))
    form = await world.press(world.alice, answer.response, "👎")
    assert form.modal is not None
    field = form.modal["components"][0]["component"]["custom_id"]
    assert "moderators will see" in said(await world.alice.submit_modal(form, {field: "too short"}))
    quiet = next(c for c in world.guild.channels.values() if c.name == "quiet")
    assert world.bot.desk.policy(quiet.id, world.guild.id) != Policy()


async def evening(world: World) -> None:
    """The moderators look at what was asked in vain and what was thought, and forget a member."""
    gaps = await world.slash(world.moderator, "footnote gaps")
    assert "**4 declined questions in 1 group.**" in gaps.response.content
    assert [a.filename for a in gaps.response.attachments] == ["gaps.csv"]
    feedback = await world.slash(world.moderator, "footnote feedback")
    assert "Helpful: 0 · not helpful: 1" in feedback.response.content
    forgotten = await world.slash(world.moderator, "footnote forget", member=world.bob.user)
    assert said(forgotten) == "5 records deleted."
    assert "No declined question" in said(await world.slash(world.moderator, "footnote gaps"))
    declined = await world.slash(world.alice, "ask", question="Who is Mexico's man in Israel?")
    assert "No sure answer" in said(declined)
    assert "👍" not in labels(declined.response)
    assert "p99" in said(await world.slash(world.moderator, "footnote status"))


async def test_a_servers_day(tmp_path: Path) -> None:
    """Every part of the day, one after the other, in one database."""
    folder = tmp_path / "documents"
    folder.mkdir()
    shutil.copy(MATERIAL, folder)
    settings = settings_with(
        knowledge=folder, message_content=True, limit_user=4, base_url="https://example.org"
    )
    async with world_with(settings, tmp_path) as world:
        await morning(world)
        await world.env.advance_time(61)
        await decisions(world)
        await world.env.advance_time(61)
        await burst(world)
        await world.env.advance_time(61)
        await afternoon(world, folder)
        await evening(world)
        # What went wrong on the way was said to somebody, and all of it was a refusal.
        assert world.env.errors
        assert world.unforeseen() == []

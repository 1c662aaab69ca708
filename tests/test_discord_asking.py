"""Questions in Discord: by command, by mention, by reply, in direct messages."""

import re

import pytest

from bot.talk import HELLO, WELCOME
from tests.discord_world import (
    OFF_TOPIC,
    QUESTION,
    World,
    acknowledged,
    labels,
    said,
)


async def test_a_command_is_answered_with_question_quote_and_source(world: World) -> None:
    """The list with the words that answer in bold, title and heading, and how sure, in words."""
    result = await world.slash(world.alice, "ask", question=QUESTION)
    assert not result.ephemeral
    heading, *quote, source, sure, others = said(result).splitlines()
    # In small print, so that the quote is the largest.
    assert heading == f"-# {QUESTION}"
    assert quote[:2] == [
        "> The few bilateral agreements that Mexico and Palestine have signed include:",
        "> • Twinning Agreement between the cities of Bethlehem and **Monterrey** (1999)",
    ]
    assert all(line.startswith("> • ") and "**" not in line for line in quote[2:])
    assert source == "-# — Mexico–Palestine relations › Bilateral agreements"
    assert sure.startswith("-# Very likely right (")
    assert others.startswith("-# See also: ")
    assert list(labels(result.response)) == ["Context", "👍", "👎"]


async def test_a_private_question_is_answered_privately(world: World) -> None:
    """Nobody else sees an answer to `private: True`."""
    result = await world.slash(world.alice, "ask", question=QUESTION, private=True)
    assert result.ephemeral
    assert "Monterrey" in said(result)


async def test_a_decline_shows_the_closest_sections_and_what_to_do(world: World) -> None:
    """Of each the lines that fit best and where they stand, and a way on."""
    result = await world.slash(
        world.alice, "ask", question="Who is the ambassador of Mexico in Israel?"
    )
    text = said(result)
    assert "No sure answer. The closest sections:" in text
    assert 1 <= text.count("\nMexico–Palestine relations ›") <= text.count("\n> ")
    assert "Rephrase the question" in text
    assert list(labels(result.response)) == ["Read", "Say what you expected"]


async def test_where_nothing_was_found_there_is_nothing_to_read(world: World) -> None:
    """No passage shares a word with this question; what was expected can be said."""
    result = await world.slash(world.alice, "ask", question=OFF_TOPIC)
    assert "The documents do not answer this." in said(result)
    assert list(labels(result.response)) == ["Say what you expected"]


async def test_repairs_are_said(world: World) -> None:
    """What a misspelt word was read as stands below the quote."""
    result = await world.slash(world.alice, "ask", question="Which city is twinned with Bethlehm?")
    assert "searched for Bethlehem (not Bethlehm)" in said(result)


async def test_a_mention_is_answered_by_a_reply(world: World) -> None:
    """The reply does not repeat the question, which stands in the message it replies to."""
    message = await world.mention(world.alice, QUESTION)
    assert message is not None
    assert message.reference is not None
    assert said(message).startswith("> The few bilateral agreements")


async def test_both_forms_of_a_mention_count_and_nothing_else_does(world: World) -> None:
    """Roles, everyone and other members are no mention of the bot."""
    assert world.bot.user is not None
    await world.alice.send(world.channel, f"<@!{world.bot.user.id}> {QUESTION}")
    assert "Monterrey" in said(world.channel.last_message)
    for text in (f"@everyone {QUESTION}", f"{world.bob.mention} {QUESTION}", QUESTION):
        sent = await world.alice.send(world.channel, text)
        assert world.channel.last_message is not None
        assert world.channel.last_message.id == sent.id


async def test_a_mention_without_words_gets_a_hint(world: World) -> None:
    """The bot says how to ask."""
    message = await world.mention(world.alice, "")
    assert "Mention me with a question" in said(message)


async def test_a_reply_follows_up(world: World) -> None:
    """A question that leaves out what it is about is completed, and the completed one is shown."""
    first = await world.mention(world.alice, "When did Mexico open its office in Ramallah?")
    await world.alice.send(world.channel, "And who visited it in 2014?", reply_to=first)
    second = world.channel.last_message
    assert second is not None
    assert first is not None
    assert second.id != first.id
    await world.alice.send(world.channel, QUESTION, reply_to=first)
    third = await world.alice.send(
        world.channel, "And with Ramallah?", reply_to=world.channel.last_message
    )
    answer = world.channel.last_message
    assert answer is not None
    assert answer.id != third.id
    assert "-# Which Mexican city is twinned with Ramallah?" in said(answer)
    assert "**Toluca**" in said(answer)


async def test_a_follow_up_about_something_else_is_declined(world: World) -> None:
    """What answered the question before says nothing of it."""
    first = await world.mention(world.alice, QUESTION)
    await world.alice.send(world.channel, "what about the weather?", reply_to=first)
    assert "No sure answer" in said(world.channel.last_message)


async def test_thanks_become_no_question(world: World) -> None:
    """They get a sentence where the bot is addressed, and the next question follows on from what
    was asked before, also where it replies to that sentence."""
    first = await world.mention(world.alice, QUESTION)
    welcome = await world.mention(world.alice, "That did it, thanks!", reply_to=first)
    assert said(welcome) == WELCOME
    await world.alice.send(world.channel, "And with Ramallah?", reply_to=welcome)
    assert "-# Which Mexican city is twinned with Ramallah?" in said(world.channel.last_message)


async def test_talk_is_not_searched_for(world: World) -> None:
    """A mention, a direct message and a command get a sentence; a reply is left alone."""
    first = await world.mention(world.alice, QUESTION)
    sent = await world.alice.send(world.channel, "ok cool", reply_to=first)
    assert world.channel.last_message is not None
    assert world.channel.last_message.id == sent.id
    assert said(await world.mention(world.alice, "good bot")) == HELLO
    await world.alice.send_dm("hola!")
    assert said(world.alice.user.dm_channel.last_message) == HELLO
    command = await world.slash(world.alice, "ask", question="thank you")
    assert command.ephemeral
    assert said(command) == WELCOME
    about = acknowledged(await world.bob.context_menu(world.channel, "Answer this", sent))
    assert about.ephemeral
    assert said(about) == HELLO


async def test_a_reply_that_asks_nothing_is_left_alone(world: World) -> None:
    """Unless something is found for it: people also comment on answers."""
    first = await world.mention(world.alice, QUESTION)
    for text in ("nice, I'll be there with popcorn", "<:pog:123>", "https://example.org/cat.gif"):
        sent = await world.alice.send(world.channel, text, reply_to=first)
        assert world.channel.last_message is not None
        assert world.channel.last_message.id == sent.id
    await world.alice.send(world.channel, "the treaty of Tlatelolco", reply_to=first)
    assert "Tlatelolco" in said(world.channel.last_message)
    await world.alice.send(world.channel, OFF_TOPIC, reply_to=first)
    assert "do not answer" in said(world.channel.last_message)


async def test_emoji_links_and_mentions_are_no_words(world: World) -> None:
    """Alone they get a hint; in a question, the emoji of a server are left out."""
    for text in ("<:pog:123>", "https://example.org", f"{world.bob.mention} <a:pog:123>"):
        assert "Mention me with a question" in said(await world.mention(world.alice, text))
    assert said(await world.mention(world.alice, "thanks <3")) == WELCOME
    await world.alice.send_dm(f"{QUESTION} <:pog:123>")
    await world.alice.send_dm("And with Ramallah <:pog:123>?")
    answer = said(world.alice.user.dm_channel.last_message)
    assert "**Toluca**" in answer
    assert "pog" not in answer


async def test_thanks_in_a_conversation_change_nothing(world: World) -> None:
    """In direct messages the question before thanks is the one that is followed up."""
    for text, expected in (
        (QUESTION, "**Monterrey**"),
        ("thanks!", WELCOME),
        ("Thanks! And with Ramallah?", "**Toluca**"),
        ("lol", HELLO),
        ("and with Bethlehem?", "**Monterrey**"),
    ):
        await world.alice.send_dm(text)
        assert expected in said(world.alice.user.dm_channel.last_message)


@pytest.mark.slow
async def test_a_reply_follows_up_after_a_restart(world: World) -> None:
    """What was asked is read off the answer, or off the message that it replies to."""
    mentioned = await world.mention(world.alice, QUESTION)
    welcome = await world.mention(world.alice, "thanks!", reply_to=mentioned)
    commanded = await world.slash(world.alice, "ask", question=f"{QUESTION} (*now* <@1> #1.)")
    completed = await world.mention(world.alice, "And with Ramallah?", reply_to=mentioned)
    hint = await world.mention(world.alice, "")
    long = await world.mention(world.alice, "why " * 400)
    for answer, text, expected in (
        (mentioned, "And with Ramallah?", "-# Which Mexican city is twinned with Ramallah?"),
        (welcome, "And with Ramallah?", "-# Which Mexican city is twinned with Ramallah?"),
        (commanded.response, "And when?", "-# When is Mexican city twinned with Bethlehem? (\\*"),
        (completed, "And with Bethlehem?", "-# Which Mexican city is twinned with Bethlehem?"),
        (hint, "And with Ramallah?", "> The resident diplomatic missions"),
        (long, "And with Ramallah?", "> The resident diplomatic missions"),
    ):
        await world.restart()
        assert expected in said(await world.mention(world.alice, text, reply_to=answer))


async def test_direct_messages_go_on_after_a_restart(world: World) -> None:
    """From the last question that was answered in them; where there is none, from nothing."""
    await world.alice.send_dm("And with Ramallah?")
    first = said(world.alice.user.dm_channel.last_message)
    assert "The resident diplomatic missions" in first
    for text, expected in (
        (QUESTION, "**Monterrey**"),
        ("And with Ramallah?", "-# Which Mexican city is twinned with Ramallah?"),
        ("And with Bethlehem?", "-# Which Mexican city is twinned with Bethlehem?"),
        ("thanks!", WELCOME),
        ("And with Ramallah?", "-# Which Mexican city is twinned with Ramallah?"),
    ):
        await world.restart()
        await world.alice.send_dm(text)
        assert expected in said(world.alice.user.dm_channel.last_message)


async def test_only_the_bots_own_messages_are_read_for_a_follow_up(world: World) -> None:
    """What somebody else wrote was not asked, however it looks, nor what is there no more."""
    forged = await world.bob.send(world.channel, f"-# {QUESTION}")
    answer = await world.mention(world.alice, "And with Ramallah?", reply_to=forged)
    assert "The resident diplomatic missions" in said(answer)
    answered = await world.mention(world.bob, QUESTION)
    await world.restart()
    world.env.inject_error("GET", "/channels/*/messages/*", status=404, code=10008)
    answer = await world.mention(world.alice, "And with Ramallah?", reply_to=answered)
    assert "The resident diplomatic missions" in said(answer)


async def test_a_reply_to_a_command_cannot_be_read_and_says_so(world: World) -> None:
    """Discord leaves out the words of such a reply, which must not be met with silence."""
    result = await world.slash(world.alice, "ask", question=QUESTION)
    await world.alice.send(world.channel, "And with Ramallah?", reply_to=result.response)
    assert "Discord does not show me replies" in said(world.channel.last_message)


async def test_a_mention_in_the_reply_to_a_command_follows_up(world: World) -> None:
    """With a mention the words arrive."""
    result = await world.slash(world.alice, "ask", question=QUESTION)
    answer = await world.mention(world.bob, "And with Ramallah?", reply_to=result.response)
    assert "**Toluca**" in said(answer)


async def test_direct_messages_are_a_conversation(world: World) -> None:
    """Every message is a question, and follows on from the one before."""
    await world.alice.send_dm(QUESTION)
    assert "**Monterrey**" in said(world.alice.user.dm_channel.last_message)
    await world.alice.send_dm("And with Ramallah?")
    assert "**Toluca**" in said(world.alice.user.dm_channel.last_message)
    result = acknowledged(await world.alice.user.slash("ask", question=QUESTION))
    assert "Monterrey" in said(result)
    # Nobody would read what is thought of these answers.
    assert list(labels(result.response)) == ["Context"]


async def test_answer_this_answers_a_message(world: World) -> None:
    """The message command answers somebody else's message, whose words Discord hands over."""
    message = await world.bob.send(world.channel, QUESTION)
    result = acknowledged(await world.alice.context_menu(world.channel, "Answer this", message))
    assert "**Monterrey**" in said(result)
    long = await world.bob.send(world.channel, f"{QUESTION} {'I wonder. ' * 150}")
    result = acknowledged(await world.alice.context_menu(world.channel, "Answer this", long))
    assert "do not answer" in said(result) or "Monterrey" in said(result)
    empty = await world.bob.send(world.channel, attachments=[("a.png", b"x")])
    result = acknowledged(await world.alice.context_menu(world.channel, "Answer this", empty))
    assert result.ephemeral
    assert "no text to answer" in said(result)


async def test_search_shows_passages_page_by_page(world: World) -> None:
    """The pages are private, and the ends of the list lead nowhere."""
    result = await world.slash(world.alice, "search", query="Ramallah office")
    assert result.ephemeral
    assert "Passage 1 of" in said(result)
    assert labels(result.response)["← Previous"]["disabled"]
    await world.press(world.alice, result.response, "Next →")
    assert "Passage 2 of" in said(result)
    result = await world.slash(world.alice, "search", query="zzzz")
    assert "No passage matches" in said(result)


async def test_source_opens_a_document_to_read(world: World) -> None:
    """By its id, a line of it, or words of its title; a name that is wrong is named."""
    result = await world.slash(world.alice, "source", document="mexico-palestine-relations.md:60")
    assert result.ephemeral
    assert "Twinning Agreement" in said(result)
    before = said(result)
    await world.press(world.alice, result.response, "← Previous")
    assert said(result) != before
    result = await world.slash(world.alice, "source", document="mexico relations")
    assert "### Mexico–Palestine relations" in said(result)
    for name in ("nothing like it", " ", "???", "*" * 300):
        result = await world.slash(world.alice, "source", document=name)
        assert result.ephemeral
        assert "here is no document" in said(result)
    result = await world.slash(world.alice, "source", document="mexico-palestine-relations.md:0")
    assert said(result).startswith("mexico-palestine-relations.md has no line 0")


async def test_documents_and_help(world: World) -> None:
    """Both are private and say what there is; the examples are answered."""
    result = await world.slash(world.alice, "documents")
    assert result.ephemeral
    assert "### 1 document" in said(result)
    result = await world.slash(world.alice, "help")
    assert result.ephemeral
    assert "/search" in said(result)
    examples = re.findall(r"^- (.+\?)$", said(result), re.M)
    assert len(examples) == 3
    for question in examples:
        answer = await world.slash(world.alice, "ask", question=question)
        assert said(answer).startswith(f"-# {question}\n> ")


async def test_suggestions(world: World) -> None:
    """Questions and headings that begin with what was typed, no more than Discord takes."""
    found = await world.alice.autocomplete(world.channel, "ask", "question", "twin")
    assert 0 < len(found) <= 25
    assert all("twin" in choice["name"].lower() for choice in found)
    headings = await world.alice.autocomplete(world.channel, "ask", "question", "bilateral agr")
    assert "Bilateral agreements" in [choice["value"] for choice in headings]
    everything = await world.alice.autocomplete(world.channel, "ask", "question", "")
    assert len(everything) <= 25
    assert all(1 <= len(choice["value"]) <= 100 for choice in everything)
    named = await world.alice.autocomplete(world.channel, "source", "document", "mex")
    assert [choice["value"] for choice in named] == ["mexico-palestine-relations.md"]


async def test_a_question_that_is_none_is_refused_privately(world: World) -> None:
    """Blanks are no question."""
    result = await world.slash(world.alice, "ask", question="   ")
    assert result.ephemeral
    assert "The question is empty" in said(result)


async def test_what_was_not_found_of_several_things_is_named(world: World) -> None:
    """Below the quotes for the others."""
    question = "How did Mexico vote in 1947 and 1803?"
    result = await world.slash(world.alice, "ask", question=question)
    assert "1947" in said(result)
    assert "nothing found for 1803" in said(result)


async def test_a_text_that_is_no_question_is_told_so_where_it_was_sent(world: World) -> None:
    """What is too long can be mended by who sent it, and everybody sees that it was heard."""
    message = await world.mention(world.alice, "why " * 400)
    assert "shorten it to 1,000" in said(message)
    assert world.alice.user.dm_channel.history() == []


async def test_where_no_reply_is_allowed_the_answer_is_a_message(world: World) -> None:
    """Replying takes the permission to read the history, which a server may not have given."""
    world.env.inject_error("POST", "/channels/*/messages", status=400, code=160002)
    message = await world.mention(world.alice, QUESTION)
    assert message is not None
    assert message.reference is None
    assert "Monterrey" in said(message)


async def test_while_the_documents_are_read_nothing_is_suggested(world: World) -> None:
    """The commands say what they can; what needs the documents is announced, and waits for them."""
    answer = await world.slash(world.alice, "ask", question=QUESTION)
    service = world.bot.desk.service
    service._reloader.ready = None
    for command, option in (("ask", "question"), ("source", "document")):
        assert await world.alice.autocomplete(world.channel, command, option, "mex") == []
    status = await world.slash(world.moderator, "footnote status")
    assert "The documents are still being read." in said(status)
    opened = await world.press(world.alice, answer.response, "Context")
    callbacks = [e.json["type"] for e in world.env.http_requests if "callback" in e.path]
    assert callbacks[-1] == 5
    assert opened.ephemeral
    assert "Monterrey" in said(opened)

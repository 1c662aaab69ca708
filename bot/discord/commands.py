"""The commands that everybody has: ask, search, source, documents, help, and "Answer this"."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.discord.answered import AnsweredError
from bot.discord.guide import guide
from bot.discord.hearing import without_mentions, words_of
from bot.discord.messages import notice
from bot.discord.recording import forget_me
from bot.discord.replies import (
    answer,
    asked_from,
    count,
    documents_page,
    read_for,
    reply,
    search,
)
from bot.discord.taught import credit_of
from bot.errors import MemberError
from bot.library import Library, Named, Surroundings
from bot.locations import LocationError, find_location
from bot.merging import Result
from bot.talk import asks_for_help, said_back
from bot.texts import gettext
from footnote import LONGEST_QUESTION
from footnote.text import written_words

if TYPE_CHECKING:
    from bot.discord.client import FootnoteBot

T = TypeVar("T")

Interaction: TypeAlias = "discord.Interaction[FootnoteBot]"

MOST_CHOICES, LONGEST_CHOICE = 25, 100
"""What Discord allows of suggestions and of the characters in one."""


class NoTextError(MemberError):
    """A message without text."""

    def __init__(self) -> None:
        super().__init__(gettext("This message has no text to answer; use /ask."))


@app_commands.command(name="ask", description="Ask the documents and get an exact quote")
@app_commands.describe(question="What you want to know", private="Show the answer only to you")
async def ask(
    interaction: Interaction,
    question: app_commands.Range[str, 1, LONGEST_QUESTION],
    private: bool = False,
) -> None:
    """Answer a question."""
    await _answer(interaction, question, is_private=private)


async def _answer(
    interaction: Interaction,
    text: str,
    *,
    is_private: bool,
    author: discord.abc.User | None = None,
) -> str | None:
    """Answer a question, as `answer` does; talk, which is not searched for, gets a sentence, and
    who asks for help gets it."""
    desk = interaction.client.desk
    text = without_mentions(text)
    sentence = guide(desk, asked_from(interaction)) if asks_for_help(text) else said_back(text)
    if sentence is None:
        return await answer(interaction, desk, text, is_private=is_private, author=author)
    count(interaction, desk)
    await reply(interaction, notice(sentence), is_private=True)
    return None


@ask.autocomplete("question")
async def suggest_questions(interaction: Interaction, current: str) -> list[Choice[str]]:
    """Questions that are known to be answered, and headings."""
    looked_up = partial(Library.suggestions, typed=current, limit=MOST_CHOICES)
    found = await _suggested(interaction, looked_up)
    return [Choice(name=text, value=text) for text in found if len(text) <= LONGEST_CHOICE]


async def _suggested(interaction: Interaction, looked_up: Callable[[Library], list[T]]) -> list[T]:
    """What the libraries of the place suggest, as far as they are open."""
    libraries = interaction.client.desk.service.libraries.suggesting_at(asked_from(interaction))
    found = [await asyncio.to_thread(looked_up, library) for library in libraries]
    return list(dict.fromkeys(chain.from_iterable(found)))[:MOST_CHOICES]


@app_commands.command(name="search", description="Find passages in the documents by keywords")
@app_commands.describe(query="Words to look for")
async def search_passages(
    interaction: Interaction, query: app_commands.Range[str, 1, LONGEST_QUESTION]
) -> None:
    """Show the passages that share words with a query."""
    await search(interaction, interaction.client.desk, query)


@app_commands.command(name="source", description="Read a document, from the start or from a line")
@app_commands.describe(document="Title or file name; add :12 to start at line 12")
async def source(interaction: Interaction, document: app_commands.Range[str, 1, 300]) -> None:
    """Open a document at a line."""
    desk = interaction.client.desk
    count(interaction, desk)
    found = await read_for(interaction, desk, partial(_found_place, document))
    await reply(interaction, desk.pages_of(found.library).reading(found.value), is_private=True)


def _found_place(typed: str, libraries: Sequence[Library]) -> Result[Surroundings]:
    """A place in the first library that has it; LocationError, that of the last, where none has."""
    *others, last = libraries
    for library in others:
        with suppress(LocationError):
            return Result(library.mended(partial(_place, typed)), library)
    return Result(last.mended(partial(_place, typed)), last)


def _place(typed: str, library: Library) -> Surroundings:
    """A passage of a document that is named by its id or by words of its title."""
    try:
        found = find_location(typed, library.index)
    except LocationError:
        named = library.named(typed, 1) if written_words(typed) else []
        if not named:
            raise
        found = find_location(named[0].id, library.index)
    entries = library.index.of_document(found.document.id)
    return library.surroundings(next(islice(entries, found.position, None)))


@source.autocomplete("document")
async def suggest_documents(interaction: Interaction, current: str) -> list[Choice[str]]:
    """Documents by title and id."""
    found = await _suggested(interaction, partial(Library.named, typed=current, limit=MOST_CHOICES))
    return [
        Choice(
            name=f"{document.title} · {credit_of(document.id) or document.id}"[:LONGEST_CHOICE],
            value=_choice_of(document),
        )
        for document in found
    ]


def _choice_of(document: Named) -> str:
    """A document's id, or its title, which is found as well, where the id is too long."""
    name = document.id if len(document.id) <= LONGEST_CHOICE else document.title
    return name[:LONGEST_CHOICE]


@app_commands.command(name="documents", description="List the documents that I answer from")
async def documents(interaction: Interaction) -> None:
    """List the documents."""
    count(interaction, interaction.client.desk)
    page = await documents_page(interaction, interaction.client.desk, 0)
    await reply(interaction, page, is_private=True)


@app_commands.command(name="help", description="What I can do, and how to ask")
async def help_(interaction: Interaction) -> None:
    """Say what there is to do."""
    count(interaction, interaction.client.desk)
    text = guide(interaction.client.desk, asked_from(interaction))
    await reply(interaction, notice(text), is_private=True)


@app_commands.context_menu(name="Answer this")
async def answer_this(interaction: Interaction, message: discord.Message) -> None:
    """Answer a message as if it were a question, once: who comes later is led to the answer."""
    desk = interaction.client.desk
    me = interaction.client.user
    text = words_of(message, me) if me else message.content
    # Nobody can shorten what somebody else wrote.
    text = text[:LONGEST_QUESTION].strip()
    if not written_words(text):
        count(interaction, desk)
        raise NoTextError
    try:
        with desk.answered.answering(message.id):
            link = await _answer(interaction, text, is_private=False, author=message.author)
            desk.answered.note(message.id, link)
    except AnsweredError:
        count(interaction, desk)
        raise


EVERYBODY: tuple[app_commands.Command[Any, ..., None] | app_commands.ContextMenu, ...] = (
    ask,
    search_passages,
    source,
    documents,
    help_,
    answer_this,
    forget_me,
)

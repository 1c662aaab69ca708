"""Whose language is spoken where in Discord, and commands in the languages that there are."""

import asyncio

import discord
from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation as At
from discord.app_commands import locale_str

from bot.texts import NAME, gettext, pgettext, read_catalogues, speaking

_TYPED = (At.command_name, At.group_name, At.parameter_name)


def locale_of(guild: discord.Guild | None) -> str | None:
    """The locale that a server has in Discord; None in direct messages, where none is told."""
    # One that has not arrived yet has none.
    return str(getattr(guild, "preferred_locale", "")) or None


def is_typed(context: app_commands.TranslationContextTypes) -> bool:
    """Whether a text is a name that members type; what is picked from a menu is not."""
    is_menu = isinstance(context.data, app_commands.ContextMenu)
    return context.location in _TYPED and not is_menu


class CommandTranslator(app_commands.Translator):
    """Translates by the catalogues; where these lack a text, Discord shows the English one."""

    async def load(self) -> None:
        """Read the catalogues."""
        await asyncio.to_thread(read_catalogues)

    async def translate(
        self, string: locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """A text of a command in the language of a locale; None where it is the English one."""
        message = string.message
        with speaking(locale.value):
            text = pgettext(NAME, message) if is_typed(context) else gettext(message)
        return None if text == message else text

"""Addresses of web pages in a terminal: as links where it has them, else without the words."""

from collections.abc import Mapping
from enum import Enum

import click

_FROM_VTE = 5000
"""The version of the library of GNOME's terminals (0.50) from which on they have links."""

_PROGRAMS = frozenset(("Hyper", "Tabby", "WezTerm", "ghostty", "iTerm.app", "mintty", "vscode"))
_TERMINALS = ("alacritty", "contour", "foot", "wezterm", "xterm-ghostty", "xterm-kitty")
_VARIABLES = ("DOMTERM", "KONSOLE_VERSION", "WT_SESSION")
_WORDS = ":~:text="
_PLAIN = f"{__name__}.plain"


class Links(Enum):
    """How an address is shown that is longer than its line."""

    WHOLE = "whole"
    SHORT = "short"
    """Without the words that it opens at."""
    BEHIND = "behind"
    """As a link behind what is shown of it (OSC 8)."""


plain_links = click.option(
    "--plain-links",
    is_flag=True,
    expose_value=False,
    callback=lambda context, _, is_given: context.meta.update({_PLAIN: is_given}),
    help="Print web addresses in full.",
)


def links_here(environment: Mapping[str, str], *, is_terminal: bool) -> Links:
    """How the command that runs shows them, which may have been told to print them in full."""
    context = click.get_current_context(silent=True)
    if context is not None and context.meta.get(_PLAIN):
        return Links.WHOLE
    return links_of(environment, is_terminal=is_terminal)


def links_of(environment: Mapping[str, str], *, is_terminal: bool) -> Links:
    """How they are shown where there is such an environment.

    A terminal cannot be asked whether it has links; those that do have names.
    """
    terminal = environment.get("TERM", "")
    if not is_terminal or terminal == "dumb":
        return Links.WHOLE
    forced = environment.get("FORCE_HYPERLINK")
    if forced is not None:
        return Links.SHORT if forced == "0" else Links.BEHIND
    if "TMUX" in environment or "STY" in environment:
        return Links.SHORT
    version = environment.get("VTE_VERSION", "")
    has_links = (
        terminal.startswith(_TERMINALS)
        or environment.get("TERM_PROGRAM") in _PROGRAMS
        or (version.isdecimal() and int(version) >= _FROM_VTE)
        or any(name in environment for name in _VARIABLES)
    )
    return Links.BEHIND if has_links else Links.SHORT


def linked(address: str, room: int, links: Links) -> str:
    """A harmless address, in so many columns if it can be."""
    if links is Links.WHOLE or len(address) <= room:
        return address
    short = address.partition(_WORDS)[0].removesuffix("#")
    if links is Links.SHORT:
        return short
    if len(short) > room:
        half = (room - 1) // 2
        short = f"{short[: room - 1 - half]}…{short[-half:]}"
    return f"\x1b]8;;{address}\x1b\\{short}\x1b]8;;\x1b\\"

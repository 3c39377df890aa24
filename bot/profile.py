"""`Profile`: how the bot introduces itself before anybody has asked."""

from __future__ import annotations

from dataclasses import dataclass

from bot.faq import Language
from bot.reply import BOLD

ALONE = ("start",)
"""Commands that make no sense among others: nobody starts the bot of a group."""


@dataclass(frozen=True, slots=True)
class Profile:
    """An introduction in one language. Commands are pairs of a name and what it does."""

    description: str
    short_description: str
    commands: tuple[tuple[str, str], ...]
    group_commands: tuple[tuple[str, str], ...]


def profile_of(language: Language) -> Profile:
    """The introduction in a language: commands by the name to show."""
    phrases = language.phrases
    return Profile(
        BOLD.sub(r"\1", phrases["description"]),
        BOLD.sub(r"\1", phrases["short_description"]),
        tuple((command.names[0], command.description) for command in language.commands.values()),
        tuple(
            (command.names[0], command.description)
            for command in language.commands.values()
            if command.id not in ALONE
        ),
    )

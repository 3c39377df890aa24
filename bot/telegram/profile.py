"""How the bot introduces itself on Telegram: commands and descriptions, set where they differ."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from telegram import Bot, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.telegram.trouble import one_line

if TYPE_CHECKING:
    from bot.assistant import Assistant

log = logging.getLogger(__name__)


async def introduce(bot: Bot, assistant: Assistant) -> None:
    """Makes the stored profile what the assistant says, in each of its languages and for all others.

    A restart finds all as it should be, and only reads. Never raises: a failure is one warning, and the next
    start tries again.
    """
    try:
        for code in ("", *assistant.languages):
            await _introduce_in(bot, assistant, code)
    except TelegramError as error:
        log.warning(
            "commands and descriptions could not be checked, so some may be old until the next start: %s",
            one_line(error),
        )
    except Exception:
        log.warning("commands and descriptions were not set, which is a defect", exc_info=True)


async def _introduce_in(bot: Bot, assistant: Assistant, code: str) -> None:
    """`code` "" is for those whose language has no profile of its own."""
    profile = assistant.profile(code or None)
    await _set_commands(bot, BotCommandScopeAllPrivateChats(), profile.commands, code)
    await _set_commands(bot, BotCommandScopeAllGroupChats(), profile.group_commands, code)
    if (await bot.get_my_description(code)).description != profile.description:
        await bot.set_my_description(profile.description, code)
    if (await bot.get_my_short_description(code)).short_description != profile.short_description:
        await bot.set_my_short_description(profile.short_description, code)


async def _set_commands(
    bot: Bot,
    scope: BotCommandScopeAllPrivateChats | BotCommandScopeAllGroupChats,
    commands: Sequence[tuple[str, str]],
    code: str,
) -> None:
    stored = await bot.get_my_commands(scope, code)
    if [(each.command, each.description) for each in stored] != list(commands):
        await bot.set_my_commands(commands, scope, code)

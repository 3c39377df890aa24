"""Whom a message is for: in a private chat the bot, in a group whoever is spoken to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Bot, Message, MessageEntity
from telegram.constants import ChatType
from telegram.ext import filters

COMMAND = re.compile(r"(?P<name>/\w+)(?:@(?P<bot>\w+))?")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message says to the bot, without the bot's own name in it.

    `certain`: it can be for nobody else, by being private or naming the bot. Else it is a command, which any
    bot may have been given, or a reply to the bot, which may be a remark among people.
    """

    text: str
    certain: bool


def heard(message: Message) -> Heard | None:
    """What a text or caption says to the bot; None where it is for others."""
    me = message.get_bot()
    private = message.chat.type == ChatType.PRIVATE
    entities = message.entities or message.caption_entities
    text, named = _without_name(message.text or message.caption or "", entities, me)
    command = COMMAND.match(text)
    if command and command["bot"]:
        if command["bot"].casefold() == me.username.casefold():
            text, named = command["name"] + text[command.end() :], True
        elif not private:
            return None
    if private or named:
        return Heard(text, certain=True)
    original = message.reply_to_message
    if command or (original and original.from_user and original.from_user.id == me.id):
        return Heard(text, certain=False)
    return None


class ForTheBot(filters.MessageFilter):
    """Lets pass what people say to the bot. Inline results that they post are its own words."""

    def filter(self, message: Message) -> bool:
        """Whether it is for the bot."""
        via = message.via_bot
        return (via is None or via.id != message.get_bot().id) and heard(message) is not None


FOR_THE_BOT = ForTheBot()


def _without_name(text: str, entities: tuple[MessageEntity, ...], me: Bot) -> tuple[str, bool]:
    """The text without mentions of the bot and what sets them off, and whether there were any."""
    # Entities count in UTF-16 units, of two bytes each.
    units = text.encode("utf-16-le", "surrogatepass")
    named = False
    for entity in sorted(entities, key=lambda each: each.offset, reverse=True):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        word = units[start:end].decode("utf-16-le", "surrogatepass")
        if (entity.type == MessageEntity.MENTION and word.casefold() == f"@{me.username}".casefold()) or (
            entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == me.id
        ):
            units, named = units[:start] + units[end:], True
    rest = units.decode("utf-16-le", "surrogatepass")
    return (rest.strip(" ,:\n"), True) if named else (rest, False)

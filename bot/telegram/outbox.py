"""The one place through which everything is said to Telegram's users.

Whatever must hold for each outgoing call (markup, link previews) belongs here; repeating after a fault, in
bot.telegram.patience.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineQueryResultsButton, MaybeInaccessibleMessage, Message, ReplyParameters
from telegram.constants import ChatType, InlineQueryLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.reply import Lookup, Reply
from bot.telegram.render import NO_PREVIEW, article, keyboard, to_html
from bot.telegram.trouble import one_line

log = logging.getLogger(__name__)

CACHE_SECONDS = 60
"""How long Telegram may show the same to the next who searches the same: a countdown tells minutes."""

STALL = 40.0
"""Seconds without an answer from Telegram after which a message is sent again. If it did arrive, it is then
read twice; edits and answers to a press are not, and are repeated sooner."""

RESULTS = int(InlineQueryLimit.RESULTS)

FROM_SEARCH = "search"
"""What `/start` gets from those who come from a search that found nothing; no entry, so they are welcomed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply belongs: the chat, the topic of a forum, and in a group the message it replies to."""

    chat: int
    topic: int | None = None
    original: int | None = None

    @classmethod
    def beside(cls, message: MaybeInaccessibleMessage) -> Place:
        """Where the reply to `message` belongs."""
        # Outside forums, message_thread_id names a chain of replies, which is nowhere to send to.
        topic = (
            message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
        )
        private = message.chat.type == ChatType.PRIVATE
        return cls(message.chat.id, topic, None if private else message.message_id)


class Outbox:
    """Sends, edits and answers for one bot. A method returns when Telegram has taken the call."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, place: Place, reply: Reply) -> None:
        """The reply as a new message. Raises `telegram.error.TelegramError`."""
        original = place.original and ReplyParameters(place.original, allow_sending_without_reply=True)
        try:
            await self._bot.send_message(
                place.chat,
                message_thread_id=place.topic,
                reply_parameters=original or None,
                read_timeout=STALL,
                **self._content(reply),
            )
        except ChatMigrated as moved:
            # The group has become a supergroup, where messages and topics have other numbers.
            await self.send(Place(moved.new_chat_id), reply)

    async def replace(self, message: MaybeInaccessibleMessage, reply: Reply) -> None:
        """The reply in place of the bot's own message; as a new message where that one cannot be edited.

        A message that already says just this is left as it is. Raises `telegram.error.TelegramError`.
        """
        try:
            await self._bot.edit_message_text(
                chat_id=message.chat.id, message_id=message.message_id, **self._content(reply)
            )
        except (BadRequest, ChatMigrated) as error:
            if _not_modified(error):
                return
            log.debug("a message could not be edited, its reply is sent anew: %s", error)
            await self.send(Place.beside(message), reply)

    async def replace_shared(self, inline_message_id: str, reply: Reply) -> None:
        """The reply in place of an answer that somebody has shared from a search, in whatever chat.

        Raises `telegram.error.TelegramError`.
        """
        try:
            await self._bot.edit_message_text(inline_message_id=inline_message_id, **self._content(reply))
        except BadRequest as error:
            if not (_not_modified(error) or "message_id_invalid" in str(error).lower()):
                raise
            log.debug("a shared answer is gone, or says just this: %s", error)

    async def acknowledge(self, callback_query_id: str, notice: Reply | None = None) -> None:
        """Stops the button's spinner, and shows a notice for a moment.

        Never raises: a query that is too old has no spinner any more.
        """
        try:
            await self._bot.answer_callback_query(callback_query_id, notice.plain if notice else None)
        except BadRequest as error:
            log.debug("a callback query could not be answered: %s", error)
        except TelegramError as error:
            log.warning("a button was left spinning: %s", one_line(error))

    async def offer(self, inline_query_id: str, found: Lookup) -> None:
        """What a search has found, to choose from; if that is nothing, the way to the private chat.

        Raises `telegram.error.TelegramError`, but not for a search that is over: its user types on.
        """
        button = (
            None if found.articles else InlineQueryResultsButton(found.otherwise, start_parameter=FROM_SEARCH)
        )
        try:
            await self._bot.answer_inline_query(
                inline_query_id,
                [article(each) for each in found.articles[:RESULTS]],
                cache_time=CACHE_SECONDS,
                is_personal=found.personal,
                button=button,
            )
        except BadRequest as error:
            if "query is too old" not in str(error).lower():
                raise
            log.debug("a search could not be answered: %s", error)

    def _content(self, reply: Reply) -> dict[str, Any]:
        # Without inline mode, which is switched on at @BotFather, sharing would lead nowhere.
        sharing = bool(self._bot.supports_inline_queries)
        return {
            "text": to_html(reply),
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard(reply, sharing=sharing),
            "link_preview_options": NO_PREVIEW,
        }


def _not_modified(error: TelegramError) -> bool:
    # Telegram tells kinds of BadRequest apart by the words of its description only.
    return "not modified" in str(error).lower()

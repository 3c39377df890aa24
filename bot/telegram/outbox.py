"""The one place through which everything is said to Telegram's users.

Whatever must hold for each outgoing call (markup, link previews, repeating after a fault) belongs here.
"""

from __future__ import annotations

import logging

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.reply import Reply
from bot.telegram.render import keyboard, to_html

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Outbox:
    """Sends, edits and answers for one bot. A method returns when Telegram has taken the call."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, chat: int, reply: Reply) -> None:
        """The reply as a new message in the chat. Raises `telegram.error.TelegramError`."""
        await self._bot.send_message(
            chat_id=chat,
            text=to_html(reply),
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(reply.buttons),
            link_preview_options=NO_PREVIEW,
        )

    async def replace(self, chat: int, message: int, reply: Reply) -> None:
        """The reply in place of the bot's own message; as a new message where that one cannot be edited.

        A message that already says just this is left as it is. Raises `telegram.error.TelegramError`.
        """
        try:
            await self._bot.edit_message_text(
                chat_id=chat,
                message_id=message,
                text=to_html(reply),
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(reply.buttons),
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            # Telegram tells these apart by the words of its description only.
            if "not modified" in str(error).lower():
                return
            log.debug("a message could not be edited, its reply is sent anew: %s", error)
            await self.send(chat, reply)

    async def acknowledge(self, callback_query_id: str) -> None:
        """Stops the button's spinner. Never raises: a query that is too old has no spinner any more."""
        try:
            await self._bot.answer_callback_query(callback_query_id)
        except TelegramError as error:
            log.debug("a callback query could not be answered: %s", error)

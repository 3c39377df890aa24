"""Update -> Assistant -> Outbox: which update is a question, and where its reply goes.

Private chats only, for now: groups and channels are met with silence.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.reply import Reply, replaces
from bot.telegram.outbox import Outbox
from bot.telegram.trouble import one_line

if TYPE_CHECKING:
    from bot.assistant import Assistant

log = logging.getLogger(__name__)

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)
"""The kinds of update that are handled here; no other need be delivered."""

PRIVATE = filters.ChatType.PRIVATE & (filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE)

ALBUMS = 256
"""How many of the latest albums are remembered, to answer each once."""


class Handlers:
    """The handlers of one bot: what it knows, how it speaks, the clock it reads, who hears the questions."""

    def __init__(
        self,
        assistant: Assistant,
        outbox: Outbox,
        clock: Callable[[], datetime],
        heard: Callable[[str, Reply], None] | None = None,
    ) -> None:
        self._assistant = assistant
        self._outbox = outbox
        self._clock = clock
        self._heard = heard
        self._albums: deque[str] = deque(maxlen=ALBUMS)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Adds all handlers and the error handler to the application."""
        application.add_handler(MessageHandler(PRIVATE & (filters.TEXT | filters.CAPTION), self.on_question))
        application.add_handler(MessageHandler(PRIVATE & filters.ATTACHMENT, self.on_not_text))
        application.add_handler(CallbackQueryHandler(self.on_press))
        application.add_error_handler(self.on_error)

    async def on_question(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A text, a command or a caption, new or edited: answered in a new message."""
        started = perf_counter()
        message = _message(update)
        if update.message and self._seen_album(message):
            return
        text = _for_us(message.text or message.caption or "", context.bot.username)
        reply = self._assistant.reply(text, now=self._clock(), language=_language(update))
        if self._heard:
            self._heard(text, reply)
        await self._outbox.send(message.chat_id, reply)
        _log_question(reply, started)

    async def on_not_text(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A sticker, photo, voice message, place...: a friendly line."""
        message = _message(update)
        # A live location is edited every few seconds; what was no question does not become one.
        if update.edited_message or self._seen_album(message):
            return
        await self._outbox.send(message.chat_id, self._assistant.say("not_text", _language(update)))

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A press on a button: acknowledged whatever comes, then answered in a private chat."""
        started = perf_counter()
        query = update.callback_query
        assert query is not None  # CallbackQueryHandler lets nothing else through
        await self._outbox.acknowledge(query.id)
        message, action = query.message, query.data or ""
        if message is None or message.chat.type != ChatType.PRIVATE:
            return
        reply = self._assistant.press(action, now=self._clock())
        if replaces(action):
            await self._outbox.replace(message.chat.id, message.message_id, reply)
        else:
            await self._outbox.send(message.chat.id, reply)
        _log_question(reply, started)

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Whatever a handler raised: one log entry, and an apology where it may help."""
        error = context.error
        if isinstance(error, Forbidden):
            log.info("reply not delivered: blocked by the user, or the chat is gone")
            return
        if isinstance(error, TelegramError) and not isinstance(error, BadRequest):
            # The way to Telegram is disturbed: an apology would take the same way.
            log.warning("reply not delivered: %s", one_line(error))
            return
        log.error("an update could not be handled", exc_info=error)
        if not isinstance(update, Update) or update.effective_chat is None:
            return
        if update.effective_chat.type == ChatType.PRIVATE:
            apology = self._assistant.say("apology", _language(update))
            try:
                await self._outbox.send(update.effective_chat.id, apology)
            except TelegramError as failure:
                log.warning("apology not delivered: %s", one_line(failure))

    def _seen_album(self, message: Message) -> bool:
        # Each picture of an album comes as a message of its own, only the first with the caption.
        album = message.media_group_id
        if album is None:
            return False
        if album in self._albums:
            return True
        self._albums.append(album)
        return False


def _message(update: Update) -> Message:
    message = update.message or update.edited_message
    assert message is not None  # PRIVATE lets nothing else through
    return message


def _language(update: Update) -> str | None:
    return update.effective_user.language_code if update.effective_user else None


def _for_us(text: str, username: str) -> str:
    """`/help@this_bot` -> `/help`: the address is Telegram's business, not the assistant's."""
    return re.sub(rf"^(/\w+)@{re.escape(username)}\b", r"\1", text, count=1, flags=re.IGNORECASE)


def _log_question(reply: Reply, started: float) -> None:
    fields = {
        "kind": reply.kind,
        "topics": ",".join(reply.topics) or "-",
        "score": round(reply.score, 2),
        "language": reply.language,
        "ms": round((perf_counter() - started) * 1000),
    }
    # As text for people; as fields of their own for LOG_FORMAT=json.
    log.info("question %s", " ".join(f"{name}={value}" for name, value in fields.items()), extra=fields)

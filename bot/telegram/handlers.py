"""Update -> Assistant -> Outbox: which update is a question, and where its reply goes."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from telegram import ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.reply import Reply, replaces
from bot.telegram.address import FOR_THE_BOT, heard
from bot.telegram.flood import Flooded
from bot.telegram.outbox import Outbox, Place
from bot.telegram.trouble import one_line, unwelcome

if TYPE_CHECKING:
    from bot.assistant import Assistant

log = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""The kinds of update that are handled here; no other need be delivered."""

TYPED = (filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE) & (filters.TEXT | filters.CAPTION)
"""Not in a channel, nor in the name of a business, where people talk to others."""

NOT_TEXT = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & filters.ATTACHMENT
"""A live location is edited every few seconds: what was no question does not become one."""

ALBUMS = 256
"""How many of the latest albums are remembered, to answer each once."""


class Handlers:
    """The handlers of one bot: what it knows, how it speaks, the clock it reads.

    `heard` is told each question and its reply; `answered` each reply and the seconds until Telegram took it.
    """

    def __init__(
        self,
        assistant: Assistant,
        outbox: Outbox,
        clock: Callable[[], datetime],
        heard: Callable[[str, Reply], None] | None = None,
        answered: Callable[[Reply, float], None] | None = None,
    ) -> None:
        self._assistant = assistant
        self._outbox = outbox
        self._clock = clock
        self._heard = heard
        self._answered = answered
        self._albums: deque[str] = deque(maxlen=ALBUMS)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Adds all handlers and the error handler to the application."""
        application.add_handler(MessageHandler(TYPED & FOR_THE_BOT, self.on_question))
        application.add_handler(MessageHandler(NOT_TEXT & FOR_THE_BOT, self.on_not_text))
        application.add_handler(CallbackQueryHandler(self.on_press))
        application.add_handler(InlineQueryHandler(self.on_search))
        application.add_handler(ChatMemberHandler(self.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
        application.add_handler(TypeHandler(Flooded, self.on_flood))
        application.add_error_handler(self.on_error)

    async def on_question(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A text, a command or a caption, new or edited: answered in a new message."""
        started = perf_counter()
        message = _message(update)
        said = heard(message)
        assert said is not None  # FOR_THE_BOT lets nothing else through
        if update.message and self._seen_album(message):
            return
        answer = self._assistant.reply if said.certain else self._assistant.overheard
        reply = answer(said.text, now=self._clock(), language=_language(update))
        if reply is None:
            return
        if self._heard:
            self._heard(said.text, reply)
        await self._outbox.send(Place.beside(message), reply)
        self._account(reply, started)

    async def on_not_text(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A sticker, photo, voice message, place...: a friendly line."""
        message = _message(update)
        if not self._seen_album(message):
            await self._outbox.send(Place.beside(message), self._assistant.say("not_text", _language(update)))

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A press on a button: acknowledged whatever comes, then answered; under a shared answer in place."""
        started = perf_counter()
        query = update.callback_query
        assert query is not None  # CallbackQueryHandler lets nothing else through
        await self._outbox.acknowledge(query.id)
        action = query.data or ""
        reply = self._assistant.press(action, now=self._clock(), language=_language(update))
        if query.inline_message_id:
            await self._outbox.replace_shared(query.inline_message_id, reply)
        elif query.message and replaces(action):
            await self._outbox.replace(query.message, reply)
        elif query.message:
            await self._outbox.send(Place.beside(query.message), reply)
        self._account(reply, started)

    async def on_search(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """What somebody types after the bot's name in whatever chat: answers to choose from."""
        query = update.inline_query
        assert query is not None  # InlineQueryHandler lets nothing else through
        found = self._assistant.lookup(query.query, now=self._clock(), language=_language(update))
        await self._outbox.offer(query.id, found)

    async def on_membership(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The bot has come into a group: says hello, and how to ask it."""
        change = update.my_chat_member
        assert change is not None  # ChatMemberHandler lets nothing else through
        if change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and _has_come(change):
            name = f"@{context.bot.username}"
            welcome = self._assistant.say("group_welcome", _language(update), name=name)
            await self._outbox.send(Place(change.chat.id), welcome)

    async def on_flood(self, flooded: Flooded, _: ContextTypes.DEFAULT_TYPE) -> None:
        """One update too many: said once, where the chat will see it."""
        update = flooded.update
        notice = self._assistant.say("slow_down", _language(update)) if flooded.first else None
        if update.callback_query:
            await self._outbox.acknowledge(update.callback_query.id, notice)
        elif notice and update.effective_message:
            await self._outbox.send(Place.beside(update.effective_message), notice)

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Whatever a handler raised: one log entry, and an apology where it may help."""
        error = context.error
        if unwelcome(error):
            log.info("reply not delivered: blocked, removed, or without the right to write")
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
                await self._outbox.send(Place(update.effective_chat.id), apology)
            except TelegramError as failure:
                log.warning("apology not delivered: %s", one_line(failure))

    def _account(self, reply: Reply, started: float) -> None:
        """Tells log and figures of a question that was answered: nothing of its text or asker."""
        seconds = perf_counter() - started
        fields = {
            "kind": reply.kind,
            "entry": ",".join(reply.topics) or "-",
            "score": round(reply.score, 2),
            "margin": round(reply.margin, 2),
            "language": reply.language,
            "ms": round(seconds * 1000),
        }
        # As text for people; as fields of their own for LOG_FORMAT=json.
        log.info("question %s", " ".join(f"{name}={value}" for name, value in fields.items()), extra=fields)
        if self._answered:
            self._answered(reply, seconds)

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
    assert message is not None  # TYPED and NOT_TEXT let nothing else through
    return message


def _language(update: Update) -> str | None:
    return update.effective_user.language_code if update.effective_user else None


def _has_come(change: ChatMemberUpdated) -> bool:
    """Whether the bot is in the chat now and was not before: a new role is no arrival."""
    return _is_in(change.new_chat_member) and not _is_in(change.old_chat_member)


def _is_in(member: ChatMember) -> bool:
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)

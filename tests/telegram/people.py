"""Those who talk to the bot: scripted users and groups of the Bot API stand-in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botapi import BotApi

PATIENCE = 10.0
"""Seconds after which a reply that does not come is a failed test."""

NUMBERS = count(1)


@dataclass(frozen=True)
class Sent:
    """A message of the bot as its reader sees it; `html` is what was sent, `text` what is left to read."""

    raw: dict[str, Any]
    html: str
    parameters: dict[str, Any]

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        return str(self.raw["text"])

    @property
    def rows(self) -> list[list[dict[str, Any]]]:
        return list(self.raw.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> dict[str, str]:
        """Label -> callback data, in the order shown."""
        return {key["text"]: key["callback_data"] for row in self.rows for key in row}


class Chat:
    """What comes in to one chat, in order."""

    def __init__(self, api: BotApi, chat: dict[str, Any]) -> None:
        self.api = api
        self.chat = chat
        self.received: list[Sent] = []
        self._queues: dict[str, asyncio.Queue[Sent]] = {"sent": asyncio.Queue(), "edited": asyncio.Queue()}
        api.chats[chat["id"]] = chat
        api.people[chat["id"]] = self  # type: ignore[assignment]

    @property
    def id(self) -> int:
        return int(self.chat["id"])

    def receive(self, how: str, message: dict[str, Any], parameters: dict[str, Any]) -> None:
        """For the stand-in: the bot has sent or edited a message here."""
        seen = Sent(dict(message), parameters["text"], parameters)
        if how == "sent":
            self.received.append(seen)
        self._queues[how].put_nowait(seen)

    async def next_message(self, within: float = PATIENCE) -> Sent:
        """The next new message of the bot in this chat, in their order."""
        return await asyncio.wait_for(self._queues["sent"].get(), within)

    async def until_says(self, text: str) -> list[str]:
        """Waits for a message of just this text; the texts of all before it that were not yet read."""
        texts: list[str] = []
        while (message := await self.next_message()).text != text:
            texts.append(message.text)
        return texts

    async def next_edit(self, within: float = PATIENCE) -> Sent:
        """The next message of the bot that was changed in place."""
        return await asyncio.wait_for(self._queues["edited"].get(), within)


class User(Chat):
    """Somebody with a private chat with the bot."""

    def __init__(self, api: BotApi, number: int, first_name: str, language_code: str | None) -> None:
        super().__init__(api, {"id": number, "type": "private", "first_name": first_name})
        self.user: dict[str, Any] = {"id": number, "is_bot": False, "first_name": first_name}
        if language_code:
            self.user["language_code"] = language_code

    def send(self, text: str, chat: Chat | None = None, **more: Any) -> dict[str, Any]:
        """Types a text, here or in a group; returns the message."""
        content: dict[str, Any] = {"text": text, **more}
        if text.startswith("/"):
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        return self._deliver(chat, **content)

    async def ask(self, text: str) -> Sent:
        """Types a text and waits for what the bot says next."""
        self.send(text)
        return await self.next_message()

    def edit(self, message: dict[str, Any], text: str) -> None:
        """Changes an own message."""
        message |= {"text": text, "edit_date": message["date"] + 1}
        self.api.deliver("edited_message", message)

    def send_sticker(self, chat: Chat | None = None) -> dict[str, Any]:
        sticker = _file() | {"type": "regular", "width": 512, "height": 512}
        return self._deliver(chat, sticker=sticker | {"is_animated": False, "is_video": False})

    def send_photo(self, caption: str | None = None, **more: Any) -> dict[str, Any]:
        caption_part = {} if caption is None else {"caption": caption}
        return self._deliver(None, photo=[_file() | {"width": 90, "height": 60}], **caption_part, **more)

    def send_voice(self) -> dict[str, Any]:
        return self._deliver(None, voice=_file() | {"duration": 3})

    def send_document(self) -> dict[str, Any]:
        return self._deliver(None, document=_file())

    def send_location(self) -> dict[str, Any]:
        return self._deliver(None, location={"latitude": 48.8, "longitude": 8.9, "live_period": 900})

    def send_contact(self) -> dict[str, Any]:
        return self._deliver(None, contact={"phone_number": "+49711", "first_name": "Berta"})

    def send_poll(self) -> dict[str, Any]:
        return self._deliver(None, poll=_POLL)

    def send_service(self) -> dict[str, Any]:
        """A service message that nobody typed: the chat's timer was set."""
        return self._deliver(None, message_auto_delete_timer_changed={"message_auto_delete_time": 86400})

    def press(
        self, message: Sent, label: str | None = None, *, data: str | None = None, **state: bool
    ) -> str:
        """Presses the button with this label (or sends this callback data); returns the query's id.

        `expired=True`: too old to be answered. `deleted=True`: the message is gone meanwhile.
        """
        data = message.buttons[label] if label is not None else data
        number = f"{self.id}{next(NUMBERS):06}"
        shown = self.api.messages[self.id, message.id]
        if state.get("deleted"):
            del self.api.messages[self.id, message.id]
            shown = {"chat": self.chat, "message_id": message.id, "date": 0}
        query = {"id": number, "from": self.user, "chat_instance": "1", "message": shown, "data": data}
        self.api.queries[number] = {"answered": None, "expired": state.get("expired", False)}
        self.api.deliver("callback_query", query)
        return number

    def _deliver(self, chat: Chat | None, **content: Any) -> dict[str, Any]:
        message = self.api.new_message((chat or self).chat, self.user, **content)
        self.api.deliver("message", message)
        return message


class Group(Chat):
    """A supergroup with the bot in it; users speak there with `user.send(text, chat=group)`."""

    def __init__(self, api: BotApi, number: int, title: str) -> None:
        super().__init__(api, {"id": number, "type": "supergroup", "title": title})


def _file() -> dict[str, Any]:
    name = f"file{next(NUMBERS)}"
    return {"file_id": name, "file_unique_id": name}


_POLL: dict[str, Any] = {
    "id": "1",
    "question": "Porsche?",
    "options": [{"text": t, "voter_count": 0, "persistent_id": t} for t in ("yes", "no")],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}

"""Those who talk to the bot: scripted users and groups of the Bot API stand-in."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from bothtml import parse, units

if TYPE_CHECKING:
    from botapi import BotApi

PATIENCE = 10.0
"""Seconds after which a reply that does not come is a failed test."""

NUMBERS = count(1)

ENTITY = re.compile(r"^(?P<bot_command>/\w+(?:@\w+)?)|(?P<mention>@\w+)")


class Keyboard:
    """The buttons below something of the bot's."""

    markup: dict[str, Any]

    @property
    def rows(self) -> list[list[dict[str, Any]]]:
        return list(self.markup.get("inline_keyboard", []))

    @property
    def buttons(self) -> dict[str, str]:
        """Label -> callback data, in the order shown; those that the bot hears of when they are pressed."""
        keys = (key for row in self.rows for key in row)
        return {key["text"]: key["callback_data"] for key in keys if "callback_data" in key}

    @property
    def shares(self) -> dict[str, str]:
        """Label -> what a press writes behind the bot's name in another chat."""
        keys = (key for row in self.rows for key in row)
        return {key["text"]: key["switch_inline_query"] for key in keys if "switch_inline_query" in key}


@dataclass(frozen=True)
class Sent(Keyboard):
    """A message of the bot as its reader sees it; `html` is what was sent, `text` what is left to read."""

    raw: dict[str, Any]
    html: str
    parameters: dict[str, Any]

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def chat(self) -> int:
        return int(self.raw["chat"]["id"])

    @property
    def text(self) -> str:
        return str(self.raw["text"])

    @property
    def answers(self) -> int | None:
        """The id of the message that it replies to."""
        original = self.raw.get("reply_to_message")
        return int(original["message_id"]) if original else None

    @property
    def topic(self) -> int | None:
        return self.raw.get("message_thread_id")

    @property
    def markup(self) -> dict[str, Any]:  # type: ignore[override]
        return dict(self.raw.get("reply_markup", {}))


class Search:
    """An inline query, and what the bot has to offer."""

    def __init__(self, number: str) -> None:
        self.id = number
        self.expired = False
        self.answer: dict[str, Any] | None = None
        self._answered = asyncio.Event()

    def answered(self, parameters: dict[str, Any]) -> None:
        self.answer = parameters
        self._answered.set()

    async def offers(self, within: float = PATIENCE) -> dict[str, Any]:
        """All that was answered."""
        await asyncio.wait_for(self._answered.wait(), within)
        assert self.answer is not None
        return self.answer

    async def results(self) -> list[dict[str, Any]]:
        return list((await self.offers())["results"])

    async def titles(self) -> list[str]:
        return [result["title"] for result in await self.results()]


class Shared(Keyboard):
    """A message that somebody has posted from an inline query; the bot knows its inline_message_id only."""

    def __init__(self, number: str, result: dict[str, Any]) -> None:
        self.id = number
        text, entities = parse(result["input_message_content"]["message_text"])
        self.content: dict[str, Any] = {"text": text, "reply_markup": result.get("reply_markup", {})}
        if entities:
            self.content["entities"] = entities
        self._edits: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    @property
    def text(self) -> str:
        return str(self.content["text"])

    @property
    def markup(self) -> dict[str, Any]:  # type: ignore[override]
        return dict(self.content.get("reply_markup", {}))

    def edited(self, parameters: dict[str, Any]) -> None:
        self._edits.put_nowait(parameters)

    async def next_edit(self, within: float = PATIENCE) -> None:
        """Returns when the bot has changed it."""
        await asyncio.wait_for(self._edits.get(), within)


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

    def send(
        self,
        text: str,
        chat: Chat | None = None,
        *,
        topic: int | None = None,
        answers: Sent | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Types a text, here or in a group, in a topic of it, as a reply to the bot; returns the message."""
        content: dict[str, Any] = {"text": text, **_entities("entities", text)}
        if topic is not None:
            content |= {"message_thread_id": topic, "is_topic_message": True}
        if answers is not None:
            content["reply_to_message"] = {k: v for k, v in answers.raw.items() if k != "reply_to_message"}
        return self._deliver(chat, **content, **more)

    async def ask(self, text: str, chat: Chat | None = None, **how: Any) -> Sent:
        """Types a text, as `send`, and waits for what the bot says next."""
        self.send(text, chat, **how)
        return await (chat or self).next_message()

    def edit(self, message: dict[str, Any], text: str) -> None:
        """Changes an own message."""
        message.pop("entities", None)
        message |= {"text": text, "edit_date": message["date"] + 1} | _entities("entities", text)
        self.api.deliver("edited_message", message)

    def send_sticker(self, chat: Chat | None = None) -> dict[str, Any]:
        sticker = _file() | {"type": "regular", "width": 512, "height": 512}
        return self._deliver(chat, sticker=sticker | {"is_animated": False, "is_video": False})

    def send_photo(self, caption: str | None = None, chat: Chat | None = None, **more: Any) -> dict[str, Any]:
        caption_part = (
            {} if caption is None else {"caption": caption, **_entities("caption_entities", caption)}
        )
        return self._deliver(chat, photo=[_file() | {"width": 90, "height": 60}], **caption_part, **more)

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
        shown = self.api.messages[message.chat, message.id]
        if state.get("deleted"):
            del self.api.messages[message.chat, message.id]
            shown = {"chat": self.api.chats[message.chat], "message_id": message.id, "date": 0}
        return self._query(data, state.get("expired", False), message=shown)

    def press_shared(self, shared: Shared, label: str) -> str:
        """Presses a button of a shared answer; returns the query's id."""
        return self._query(shared.buttons[label], False, inline_message_id=shared.id)

    def _query(self, data: str | None, expired: bool, **where: Any) -> str:
        number = f"{self.id}{next(NUMBERS):06}"
        query = {"id": number, "from": self.user, "chat_instance": "1", "data": data, **where}
        self.api.queries[number] = {"answered": None, "expired": expired}
        self.api.deliver("callback_query", query)
        return number

    def search(self, words: str) -> Search:
        """Types words after the bot's name, in whatever chat."""
        found = Search(f"{self.id}{next(NUMBERS):06}")
        self.api.searches[found.id] = found
        query = {"id": found.id, "from": self.user, "query": words, "offset": "", "chat_type": "private"}
        self.api.deliver("inline_query", query)
        return found

    def post(self, result: dict[str, Any], chat: Chat | None = None) -> Shared:
        """Chooses a result of a search, and so posts it: in a chat that the bot sees, or elsewhere."""
        shared = Shared(f"inline{next(NUMBERS)}", result)
        self.api.shared[shared.id] = shared
        if chat is not None:
            via = {k: self.api.me[k] for k in ("id", "is_bot", "first_name", "username")}
            self.api.deliver(
                "message", self.api.new_message(chat.chat, self.user, via_bot=via, **shared.content)
            )
        return shared

    def _deliver(self, chat: Chat | None, **content: Any) -> dict[str, Any]:
        message = self.api.new_message((chat or self).chat, self.user, **content)
        self.api.deliver("message", message)
        return message


class Group(Chat):
    """A supergroup with the bot in it; users speak there with `user.send(text, chat=group)`."""

    def __init__(self, api: BotApi, number: int, title: str, forum: bool) -> None:
        chat: dict[str, Any] = {"id": number, "type": "supergroup", "title": title}
        super().__init__(api, chat | ({"is_forum": True} if forum else {}))

    def topic(self) -> int:
        """A new topic of a forum."""
        number = next(NUMBERS) + 100_000
        self.api.topics.setdefault(self.id, set()).add(number)
        return number

    def bot_becomes(self, status: str, by: User, before: str = "left") -> None:
        """Somebody adds the bot, removes it, or gives it another role."""
        me = {k: self.api.me[k] for k in ("id", "is_bot", "first_name", "username")}
        change = {"chat": self.chat, "from": by.user, "date": 1_700_000_000}
        change |= {"old_chat_member": _member(before, me), "new_chat_member": _member(status, me)}
        self.api.deliver("my_chat_member", change)


RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
]

PERMISSIONS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
]


def _member(status: str, user: dict[str, Any]) -> dict[str, Any]:
    """A chat member; "muted" and "removed" are the two kinds of restricted ones."""
    if status in ("muted", "removed"):
        denied = dict.fromkeys(PERMISSIONS, False)
        return {
            "status": "restricted",
            "user": user,
            "is_member": status == "muted",
            "until_date": 0,
        } | denied
    more: dict[str, dict[str, Any]] = {
        "administrator": dict.fromkeys(RIGHTS, False),
        "kicked": {"until_date": 0},
    }
    return {"status": status, "user": user, **more.get(status, {})}


def _entities(name: str, text: str) -> dict[str, Any]:
    """The entities that Telegram finds in a text, as the field `name`, which is left out without any."""
    found = [
        {
            "type": match.lastgroup,
            "offset": units(text[: match.start()]),
            "length": units(match[0]),
        }
        for match in ENTITY.finditer(text)
    ]
    return {name: found} if found else {}


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

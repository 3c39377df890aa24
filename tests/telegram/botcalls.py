"""The methods of the Bot API stand-in: each as far as Telegram's documentation says, on what BotApi keeps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bothtml import HtmlError, parse, units

if TYPE_CHECKING:
    from botapi import BotApi

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
OLD_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"

STORED = {
    "Commands": "commands",
    "Name": "name",
    "Description": "description",
    "ShortDescription": "short_description",
}
"""What set..., get... and delete... keep, and the field that holds it."""


class RefusalError(Exception):
    """Telegram refuses. A violation is what no bot should send; the rest is life (deleted, blocked)."""

    def __init__(self, description: str, *, status: int = 400, violation: bool, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.violation = violation
        self.parameters = parameters
        """What Telegram tells beside the description, such as `migrate_to_chat_id`."""


class Calls:
    """What each method does."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    def perform(self, method: str, parameters: dict[str, Any]) -> Any:
        """The result of a call whose fields and types were found right."""
        if match := re.fullmatch(r"(set|get|delete)My(\w+)", method):
            return self._stored(match[1], match[2], parameters)
        function = getattr(self, re.sub(r"[A-Z]", lambda capital: "_" + capital[0].lower(), method), None)
        if function is None:
            raise RefusalError(f"the stand-in does not know {method} yet: extend botcalls.py", violation=True)
        return function(parameters)

    def get_me(self, _: dict[str, Any]) -> Any:
        return self._api.me

    def get_webhook_info(self, _: dict[str, Any]) -> Any:
        return {
            "url": self._api.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._api.pending),
        }

    def set_webhook(self, parameters: dict[str, Any]) -> Any:
        url, secret = parameters["url"], parameters.get("secret_token", "")
        if not re.fullmatch(r"https://[^/?#]+(/.*)?", url):
            raise RefusalError("Bad Request: bad webhook: An HTTPS URL must be provided", violation=True)
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise RefusalError("Bad Request: secret token contains unallowed characters", violation=True)
        if not 1 <= parameters.get("max_connections", 40) <= 100:
            raise RefusalError("Bad Request: max_connections is out of range", violation=True)
        self._api.webhook_url, self._api.webhook_secret = url, secret
        self._api.allowed = parameters.get("allowed_updates") or self._api.allowed
        return True

    def delete_webhook(self, parameters: dict[str, Any]) -> Any:
        self._api.webhook_url = ""
        if parameters.get("drop_pending_updates"):
            self._api.pending.clear()
        return True

    def send_chat_action(self, parameters: dict[str, Any]) -> Any:
        self._chat(parameters["chat_id"])
        return True

    def send_message(self, parameters: dict[str, Any]) -> Any:
        chat = self._chat(parameters["chat_id"])
        content = self._content(parameters)
        if topic := parameters.get("message_thread_id"):
            if topic not in self._api.topics.get(chat["id"], ()):
                known = chat.get("is_forum", False)
                raise RefusalError("Bad Request: message thread not found", violation=not known)
            content |= {"message_thread_id": topic, "is_topic_message": True}
        message = self._api.new_message(chat, self._api.me, **content)
        if reply := parameters.get("reply_parameters"):
            original = self._api.messages.get((chat["id"], reply["message_id"]))
            if original is not None:
                message["reply_to_message"] = {k: v for k, v in original.items() if k != "reply_to_message"}
            elif not reply.get("allow_sending_without_reply"):
                raise RefusalError("Bad Request: message to be replied not found", violation=False)
        self._api.people[chat["id"]].receive("sent", message, parameters)
        return message

    def edit_message_text(self, parameters: dict[str, Any]) -> Any:
        if "inline_message_id" in parameters:
            return self._edit_shared(parameters)
        chat = self._chat(parameters["chat_id"])
        message = self._api.messages.get((chat["id"], parameters["message_id"]))
        if message is None:
            raise RefusalError("Bad Request: message to edit not found", violation=False)
        if message["from"]["id"] != self._api.me["id"]:
            raise RefusalError("Bad Request: message can't be edited", violation=True)
        self._change(message, self._content(parameters))
        message["edit_date"] = message["date"]
        self._api.messages[chat["id"], message["message_id"]] = message
        self._api.people[chat["id"]].receive("edited", message, parameters)
        return message

    def _edit_shared(self, parameters: dict[str, Any]) -> Any:
        shared = self._api.shared.get(parameters["inline_message_id"])
        if shared is None:
            raise RefusalError("Bad Request: MESSAGE_ID_INVALID", violation=False)
        self._change(shared.content, self._content(parameters))
        shared.edited(parameters)
        return True

    def _change(self, message: dict[str, Any], content: dict[str, Any]) -> None:
        names = ("text", "entities", "reply_markup")
        if all(message.get(name) == content.get(name) for name in names):
            raise RefusalError(NOT_MODIFIED, violation=False)
        for name in names:
            message.pop(name, None)
        message |= content

    def answer_inline_query(self, parameters: dict[str, Any]) -> Any:
        search = self._api.searches.get(parameters["inline_query_id"])
        if search is None or search.expired or search.answer is not None:
            raise RefusalError(OLD_QUERY, violation=False)
        results = parameters["results"]
        if len(results) > 50:
            raise RefusalError("Bad Request: RESULTS_TOO_MUCH", violation=True)
        if len({result["id"] for result in results}) < len(results):
            raise RefusalError("Bad Request: RESULT_ID_DUPLICATE", violation=True)
        for result in results:
            if not 1 <= len(result["id"].encode()) <= 64:
                raise RefusalError("Bad Request: RESULT_ID_INVALID", violation=True)
            if not result["title"].strip():
                raise RefusalError("Bad Request: ARTICLE_TITLE_EMPTY", violation=True)
            content = {"text": result["input_message_content"]["message_text"]}
            self._content(result | result["input_message_content"] | content)
        button = parameters.get("button")
        if button and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", button.get("start_parameter") or ""):
            raise RefusalError("Bad Request: START_PARAM_INVALID", violation=True)
        search.answered(parameters)
        return True

    def answer_callback_query(self, parameters: dict[str, Any]) -> Any:
        query = self._api.queries.get(parameters["callback_query_id"])
        if query is None or query["expired"] or query["answered"] is not None:
            raise RefusalError(OLD_QUERY, violation=False)
        if units(parameters.get("text") or "") > 200:
            raise RefusalError("Bad Request: MESSAGE_TOO_LONG", violation=True)
        query["answered"] = parameters
        return True

    def _stored(self, verb: str, noun: str, parameters: dict[str, Any]) -> Any:
        name = STORED.get(noun)
        if name is None:
            raise RefusalError(f"the stand-in does not know My{noun} yet: extend botcalls.py", violation=True)
        scope = parameters.get("scope") or {"type": "default"}
        key = (noun, tuple(sorted(scope.items())), parameters.get("language_code") or "")
        if verb == "get":
            stored = self._api.settings.get(key, [] if noun == "Commands" else "")
            return stored if noun == "Commands" else {name: stored}
        if verb == "delete":
            self._api.settings.pop(key, None)
            return True
        value = parameters.get(name) or ""
        if noun == "Commands":
            _check_commands(value)
        elif units(value) > {"name": 64, "description": 512, "short_description": 120}[name]:
            raise RefusalError(f"Bad Request: {name} is too long", violation=True)
        self._api.settings[key] = value
        return True

    def _chat(self, number: Any) -> dict[str, Any]:
        if number in self._api.blocked:
            how = "blocked by the user" if number > 0 else "kicked from the supergroup chat"
            raise RefusalError(f"Forbidden: bot was {how}", status=403, violation=False)
        if number in self._api.migrated:
            raise RefusalError(
                "Bad Request: group chat was upgraded to a supergroup chat",
                violation=False,
                migrate_to_chat_id=self._api.migrated[number],
            )
        chat = self._api.chats.get(number)
        if chat is None:
            raise RefusalError("Bad Request: chat not found", violation=True)
        return chat

    def _content(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Text, entities and keyboard as Telegram stores them, or the refusal that Telegram has for them."""
        text, entities = parameters["text"], parameters.get("entities") or []
        mode = parameters.get("parse_mode")
        if mode and mode.upper() != "HTML":
            raise RefusalError(f"the stand-in reads no {mode}: extend it", violation=True)
        if mode:
            try:
                text, entities = parse(text)
            except HtmlError as error:
                raise RefusalError(f"Bad Request: can't parse entities: {error}", violation=True) from None
        if not text.strip():
            raise RefusalError("Bad Request: message text is empty", violation=True)
        if units(text) > 4096:
            raise RefusalError("Bad Request: message is too long", violation=True)
        content: dict[str, Any] = {"text": text}
        if entities:
            content["entities"] = entities
        markup = parameters.get("reply_markup")
        if markup and "inline_keyboard" in markup:
            _check_keyboard(markup["inline_keyboard"])
            content["reply_markup"] = markup
        return content


def _check_keyboard(rows: list[list[dict[str, Any]]]) -> None:
    if any(len(row) > 8 for row in rows) or sum(map(len, rows)) > 100:
        raise RefusalError("Bad Request: too many inline keyboard buttons", violation=True)
    for button in (button for row in rows for button in row):
        if not button["text"].strip():
            raise RefusalError("Bad Request: inline keyboard button text is empty", violation=True)
        if len(set(button) - {"text", "style", "icon_custom_emoji_id"}) != 1:
            raise RefusalError("Bad Request: a button needs exactly one action", violation=True)
        if units(button.get("switch_inline_query") or "") > 256:
            raise RefusalError("Bad Request: SWITCH_INLINE_QUERY_TOO_LONG", violation=True)
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= 64:
            raise RefusalError("Bad Request: BUTTON_DATA_INVALID", violation=True)


def _check_commands(commands: list[dict[str, str]]) -> None:
    if len(commands) > 100:
        raise RefusalError("Bad Request: BOT_COMMANDS_TOO_MUCH", violation=True)
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise RefusalError("Bad Request: BOT_COMMAND_INVALID", violation=True)
        if not 1 <= units(command["description"]) <= 256:
            raise RefusalError("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID", violation=True)

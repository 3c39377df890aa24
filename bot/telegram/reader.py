"""Which updates python-telegram-bot can read: one that it cannot must not stop those after it."""

from __future__ import annotations

import json
import logging
from collections import deque
from typing import Any

from telegram import Update

log = logging.getLogger(__name__)

TOLD = 100
"""How many of the latest unreadable updates are known, to tell of each once: all of one getUpdates."""


class Reader:
    """Leaves of an update that cannot be read nothing but its number, under which it can be confirmed."""

    def __init__(self) -> None:
        self._told: deque[int] = deque(maxlen=TOLD)

    def readable(self, update: Any) -> dict[str, Any]:
        """An update as `telegram.Update.de_json` takes it, from decoded JSON.

        Raises KeyError or TypeError where there is not even a number.
        """
        number = update["update_id"]
        if not isinstance(number, int):
            raise TypeError("update_id is no whole number")
        try:
            Update.de_json(update)
        except Exception as error:
            if number not in self._told:
                self._told.append(number)
                # What it holds is not told: it is what people wrote.
                kind = type(error).__name__
                log.warning("an update cannot be read (%s) and is skipped: nobody answers it", kind)
            return {"update_id": number}
        return dict(update)

    def readable_answer(self, body: bytes) -> bytes:
        """The answer to a getUpdates with all its updates readable.

        Bot.get_updates reads all or none of them: with one that is new to it, or broken, it would ask for the
        same again for ever.
        """
        try:
            answer = json.loads(body)
            updates = answer["result"]
            readable = [self.readable(update) for update in updates]
        except (ValueError, TypeError, KeyError):
            return body  # no such answer: the library says what is wrong with it
        if readable == updates:
            return body
        return json.dumps(answer | {"result": readable}).encode()

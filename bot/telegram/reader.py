"""Which updates python-telegram-bot can read: one that it cannot must not stop those after it."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Bot, Update

log = logging.getLogger(__name__)


def read(update: Any, bot: Bot) -> Update:
    """An update from decoded JSON; of one that cannot be read only its number, so that it can be confirmed.

    Raises KeyError or TypeError where there is not even a number.
    """
    number = number_of(update)
    try:
        return Update.de_json(update, bot)
    except Exception as error:
        # What it holds is not told: it is what people wrote.
        log.warning("an update cannot be read (%s) and is skipped: nobody answers it", type(error).__name__)
        return Update(number)


def number_of(update: Any) -> int:
    """The update's id. Raises KeyError or TypeError where there is none."""
    number = update["update_id"]
    if not isinstance(number, int):
        raise TypeError("update_id is no whole number")
    return number

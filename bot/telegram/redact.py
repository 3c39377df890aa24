"""Keeps the token, and the secret of the webhook, out of everything that is printed.

The braces are that no code here puts either into a message. This is the belt: libraries may log the URL of
a request, which holds the token, and their errors quote it.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HIDDEN = "<token>"

SECRET_LENGTH = 16
"""A shorter secret is a test's: to hide it would blacken innocent words."""

QUIET = {
    # Parameters of each call at DEBUG: what people wrote, and who they are.
    "telegram": logging.INFO,
    # The body of an answer that is no JSON, such as half a getUpdates; the error that is raised says enough.
    "telegram.request.BaseRequest": logging.CRITICAL + 1,
    "telegram.ext.ExtBot": logging.CRITICAL + 1,
    # A traceback for each 429; the same holds.
    "telegram.ext.AIORateLimiter": logging.CRITICAL + 1,
    # Its start and end, which the bot tells itself; at TRACE, who called.
    "uvicorn": logging.WARNING,
}
"""Loggers of libraries and the lowest level at which they may speak."""


class Redactor:
    """Replaces the token, its secret half, and other secrets, wherever they occur."""

    def __init__(self, token: str, *others: str) -> None:
        secrets = (token.partition(":")[2], *others)
        self._secrets = [token, *(secret for secret in secrets if len(secret) >= SECRET_LENGTH)]

    def __call__(self, text: str) -> str:
        """`text` without the token."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def clean(self, record: logging.LogRecord) -> logging.LogRecord:
        """The record without the token in message, arguments, traceback or stack."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            # Arguments that do not fit: logging would print them raw, so show them here.
            message = record.msg = f"{record.msg} {record.args}"
            record.args = None
        if (clean := self(message)) != message:
            record.msg, record.args = clean, None
        if record.exc_info and record.exc_info[1]:
            text = "".join(traceback.format_exception(record.exc_info[1])).rstrip("\n")
            if (clean := self(text)) != text:
                # Formatters print exc_text as it stands; exc_info they would render again.
                record.exc_info, record.exc_text = None, clean
        if record.stack_info:
            record.stack_info = self(record.stack_info)
        return record


@contextmanager
def hidden_token(token: str, *others: str) -> Iterator[Redactor]:
    """While this lasts no log record of the process holds one of them, whatever logger or handler it takes.

    It works where records are made: a filter would have to sit on each handler, also on those to come.
    Afterwards everything is as before.
    """
    redactor = Redactor(token, *others)
    make = logging.getLogRecordFactory()

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return redactor.clean(make(*args, **kwargs))

    levels = {name: logging.getLogger(name).level for name in QUIET}
    for name, level in QUIET.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.getEffectiveLevel()))
    logging.setLogRecordFactory(factory)
    try:
        yield redactor
    finally:
        logging.setLogRecordFactory(make)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)

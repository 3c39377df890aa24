"""The token stays out of every log record, however it got there."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from botapi import TOKEN
from conftest import SECRET

from bot.telegram.redact import hidden_token


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """What a handler that knows nothing of tokens prints of the logger "any" and those below it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("any")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    yield stream
    logger.removeHandler(handler)
    logger.propagate = True
    logger.setLevel(logging.NOTSET)


def test_message_arguments_traceback_and_stack_are_clean(printed: io.StringIO) -> None:
    log = logging.getLogger("any.library")
    with hidden_token(TOKEN):
        log.info("GET https://api.telegram.org/bot%s/getMe", TOKEN)
        log.info(f"token {TOKEN}", stack_info=True)
        log.debug("%s and %d", SECRET, 5)
        log.warning("%(url)s", {"url": f"https://x/bot{TOKEN}"})
        log.info("does not fit %d %s", TOKEN)
        try:
            try:
                raise ValueError(f"The token `{TOKEN}` was rejected by the server.")
            except ValueError as error:
                raise RuntimeError("on top") from error
        except RuntimeError:
            log.exception("failed")
    text = printed.getvalue()
    assert SECRET not in text
    assert text.count("<token>") >= 6
    assert "RuntimeError: on top" in text
    assert "Traceback" in text


def test_records_without_the_token_are_left_as_they_are(printed: io.StringIO) -> None:
    with hidden_token(TOKEN):
        logging.getLogger("any").info("%s of %s", "one", "two")
        try:
            raise KeyError("left alone")
        except KeyError:
            logging.getLogger("any").exception("kept")
    assert printed.getvalue().startswith("INFO one of two\nERROR kept\nTraceback")


def test_libraries_that_print_much_or_what_people_wrote_are_quiet_and_afterwards_as_before() -> None:
    before = logging.getLogRecordFactory()
    uvicorn = logging.getLogger("uvicorn")
    level = uvicorn.level
    with hidden_token(TOKEN):
        assert not uvicorn.isEnabledFor(logging.INFO)
        assert uvicorn.isEnabledFor(logging.WARNING)
        assert not logging.getLogger("telegram.ext.ExtBot").isEnabledFor(logging.CRITICAL)
        assert not logging.getLogger("telegram.ext.Application").isEnabledFor(logging.DEBUG)
    assert uvicorn.level == level
    assert logging.getLogRecordFactory() is before


def test_a_library_is_not_made_louder_than_the_operator_asked(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), hidden_token(TOKEN):
        assert not logging.getLogger("telegram.ext.Application").isEnabledFor(logging.WARNING)

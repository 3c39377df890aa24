"""What log records look like, for people and for machines."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def written(
    capsys: pytest.CaptureFixture[str], form: str, level: str = "INFO", **extra: object
) -> tuple[str, list[str]]:
    """Standard output and the lines of standard error after some logging."""
    logs.configure(level, form)
    log = logging.getLogger("bot.somewhere")
    log.debug("for debugging")
    log.info("größe %d", 1, extra=extra)
    try:
        raise ValueError("no")
    except ValueError:
        log.exception("failed")
    out, err = capsys.readouterr()
    return out, err.splitlines()


def test_text_is_time_level_logger_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    out, lines = written(capsys, "text")
    assert out == ""
    assert lines[0].split(" ", 2)[2] == "INFO bot.somewhere: größe 1"
    assert lines[1].endswith("ERROR bot.somewhere: failed")
    assert lines[-1] == "ValueError: no"


def test_json_is_one_object_a_line_with_further_fields_and_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, lines = written(capsys, "json", kind="answer", entry=object)
    first, second = map(json.loads, lines)
    assert list(first) == ["time", "level", "logger", "message", "kind", "entry"]
    assert (first["level"], first["logger"], first["message"]) == ("INFO", "bot.somewhere", "größe 1")
    assert first["time"].endswith("+00:00")
    assert first["kind"] == "answer"
    assert second["traceback"].startswith("Traceback (most recent call last):")
    assert second["traceback"].endswith("ValueError: no")


def test_a_traceback_that_was_rendered_before_is_kept_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", "json")
    record = logging.makeLogRecord(
        {"levelno": logging.ERROR, "msg": "failed", "exc_text": "without the token"}
    )
    logging.getLogger().handle(record)
    assert json.loads(capsys.readouterr().err)["traceback"] == "without the token"


@pytest.mark.parametrize(("level", "lines"), [("DEBUG", 3), ("INFO", 2), ("WARNING", 1), ("CRITICAL", 0)])
def test_records_below_the_level_are_left_out(
    level: str, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(written(capsys, "json", level)[1]) == lines

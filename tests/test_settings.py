"""What each environment variable means, and what is said when it holds something unusable."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SettingsError
from bot.settings import Settings

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_12345"
SECRET = "s3cret-" + "x" * 20


def settings(secrets: Path = Path("/nonexistent"), **env: str) -> Settings:
    return Settings.from_env(env, secrets=secrets)


def complaint(**env: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(**env)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.exit_status == 2
    return message


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    assert settings() == Settings(
        token=None,
        api_url="https://api.telegram.org",
        webhook_url=None,
        webhook_secret=None,
        host="0.0.0.0",
        port=None,
        send_rate=30.0,
        faq_dir=None,
        timezone=ZoneInfo("Europe/Berlin"),
        log_level="INFO",
        log_format="text",
        question_log=None,
    )


def test_every_variable_is_read(tmp_path: Path) -> None:
    given = settings(
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:8081/",
        WEBHOOK_URL="https://bot.example.org/hook",
        WEBHOOK_SECRET=SECRET,
        HOST="127.0.0.1",
        PORT="8443",
        SEND_RATE="0",
        FAQ_DIR=str(tmp_path),
        TIMEZONE="America/New_York",
        LOG_LEVEL="debug",
        LOG_FORMAT="JSON",
        QUESTION_LOG="questions.jsonl",
    )
    assert given == Settings(
        token=TOKEN,
        api_url="http://127.0.0.1:8081",
        webhook_url="https://bot.example.org/hook",
        webhook_secret=SECRET,
        host="127.0.0.1",
        port=8443,
        send_rate=0.0,
        faq_dir=tmp_path,
        timezone=ZoneInfo("America/New_York"),
        log_level="DEBUG",
        log_format="json",
        question_log=Path("questions.jsonl"),
    )


def test_empty_and_blank_values_count_as_not_set() -> None:
    names = "TELEGRAM_BOT_TOKEN TELEGRAM_API_URL WEBHOOK_URL WEBHOOK_SECRET HOST PORT SEND_RATE FAQ_DIR"
    names += " TIMEZONE LOG_LEVEL LOG_FORMAT QUESTION_LOG"
    assert settings(**dict.fromkeys(names.split(), " ")) == settings()


def test_white_space_around_the_token_is_stripped() -> None:
    assert settings(TELEGRAM_BOT_TOKEN=f" {TOKEN}\r\n").token == TOKEN


def test_the_token_and_the_secret_may_stand_in_files_of_their_name(tmp_path: Path) -> None:
    (tmp_path / "TELEGRAM_BOT_TOKEN").write_text(TOKEN + "\n")
    (tmp_path / "WEBHOOK_SECRET").write_text(SECRET + "\n")
    given = settings(tmp_path)
    assert (given.token, given.webhook_secret) == (TOKEN, SECRET)
    assert settings(tmp_path, TELEGRAM_BOT_TOKEN="1:other").token == "1:other"


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "TELEGRAM_BOT_TOKEN").mkdir()
    with pytest.raises(SettingsError, match=r"TELEGRAM_BOT_TOKEN cannot be read \(Is a directory\)"):
        settings(tmp_path)
    (tmp_path / "TELEGRAM_BOT_TOKEN").rmdir()
    (tmp_path / "TELEGRAM_BOT_TOKEN").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="it is not text"):
        settings(tmp_path)


def test_repr_shows_neither_token_nor_secret() -> None:
    shown = repr(settings(TELEGRAM_BOT_TOKEN=TOKEN, WEBHOOK_SECRET=SECRET))
    assert TOKEN not in shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_API_URL", "127.0.0.1:8081"),
        ("TELEGRAM_API_URL", "ftp://example.org"),
        ("TELEGRAM_API_URL", "https://"),
        ("TELEGRAM_API_URL", "http://[::1"),
        ("TELEGRAM_API_URL", "http://example.org:port"),
        ("TELEGRAM_API_URL", "http://example.org?a=b"),
        ("WEBHOOK_URL", "http://bot.example.org"),
        ("WEBHOOK_URL", "bot.example.org"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "٨٠"),
        ("PORT", "9" * 5000),
        ("SEND_RATE", "-1"),
        ("SEND_RATE", "fast"),
        ("SEND_RATE", "nan"),
        ("SEND_RATE", "inf"),
        ("FAQ_DIR", "/nonexistent/faq"),
        ("FAQ_DIR", "/dev/null"),
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "Europe"),
        ("TIMEZONE", "../../etc/passwd"),
        ("TIMEZONE", "Europe/Berlin\0"),
        ("TIMEZONE", "x" * 5000),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_bad_value_is_one_line_with_variable_value_and_remedy(name: str, value: str) -> None:
    message = complaint(**{name: value})
    assert message.startswith(f"{name} is '{value[:40]}".replace("\0", "\\x00"))
    assert ": give " in message
    assert len(message) < 400


def test_no_message_ever_holds_a_token() -> None:
    message = complaint(TELEGRAM_API_URL=f"https://api.telegram.org/bot{TOKEN}")
    assert TOKEN not in message
    assert "<token>" in message


def test_a_webhook_without_a_secret_is_refused() -> None:
    assert "WEBHOOK_SECRET" in complaint(WEBHOOK_URL="https://bot.example.org")


@pytest.mark.parametrize("secret", ["with blank", "ümlaut", "x" * 257, "semi;colon"])
def test_a_secret_that_telegram_would_refuse_is_refused_without_showing_it(secret: str) -> None:
    message = complaint(WEBHOOK_URL="https://bot.example.org", WEBHOOK_SECRET=secret)
    assert f"WEBHOOK_SECRET ({len(secret)} characters)" in message
    assert secret not in message


def test_a_home_folder_may_be_written_as_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    given = settings(FAQ_DIR="~", QUESTION_LOG="~/questions.jsonl")
    assert (given.faq_dir, given.question_log) == (tmp_path, tmp_path / "questions.jsonl")

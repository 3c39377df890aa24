"""`Settings`: everything that the environment decides, read when asked and checked once."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import SettingsError

SECRETS = Path("/run/secrets")
"""Where Docker and Kubernetes put secrets, one file each, named like the variable."""

TELEGRAM_API = "https://api.telegram.org"
WEBHOOK_PORT = 8080
"""Where the bot listens with a webhook, if PORT does not tell; without one it then listens nowhere."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("text", "json")

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram allows as secret_token of setWebhook."""


@dataclass(frozen=True)
class Settings:
    """The settings of one run. What they mean, and their defaults, stands in the README's table.

    A dataclass rather than pydantic-settings, whose import takes longer than a whole `lemans-bot ask`.
    """

    token: str | None = field(default=None, repr=False)
    api_url: str = TELEGRAM_API
    webhook_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    host: str = "0.0.0.0"
    port: int | None = None
    send_rate: float = 30.0
    faq_dir: Path | None = None
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Berlin"))
    log_level: str = "INFO"
    log_format: str = "text"
    question_log: Path | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ, *, secrets: Path = SECRETS) -> Settings:
        """The settings that `env` and the files in `secrets` hold; an empty value counts as not set.

        Raises SettingsError, one line that names the variable, its value, the consequence and the remedy.
        """
        values = {name: text for name, value in env.items() if (text := value.strip())}
        webhook_url = _webhook_url(values)
        return cls(
            token=values.get("TELEGRAM_BOT_TOKEN") or _from_file(secrets / "TELEGRAM_BOT_TOKEN"),
            api_url=_api_url(values),
            webhook_url=webhook_url,
            webhook_secret=_webhook_secret(
                values.get("WEBHOOK_SECRET") or _from_file(secrets / "WEBHOOK_SECRET"), webhook_url
            ),
            host=values.get("HOST", cls.host),
            port=_port(values, WEBHOOK_PORT if webhook_url else None),
            send_rate=_send_rate(values),
            faq_dir=_faq_dir(values),
            timezone=_timezone(values),
            log_level=_one_of(values, "LOG_LEVEL", LOG_LEVELS, cls.log_level),
            log_format=_one_of(values, "LOG_FORMAT", LOG_FORMATS, cls.log_format),
            question_log=Path(values["QUESTION_LOG"]).expanduser() if "QUESTION_LOG" in values else None,
        )


def _from_file(path: Path) -> str | None:
    try:
        return path.read_text("utf-8").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingsError(
            f"{path} cannot be read ({reason}), so {path.name} is unknown: make it a text file that this "
            f"user may read, or set the variable {path.name}."
        ) from None


def _shown(value: str) -> str:
    """A value as it may stand in a message: on one line, not endless, no token in it."""
    value = TOKEN.sub("<token>", value)
    return repr(value if len(value) <= 80 else value[:77] + "…")


def _split(value: str) -> tuple[str, str]:
    """Scheme and host of a URL, empty when it is none."""
    from urllib.parse import urlsplit  # here, because most start without a URL, and it takes long to import

    try:
        url = urlsplit(value)
        _ = url.port
    except ValueError:
        return "", ""
    return url.scheme, url.hostname or ""


def _api_url(values: Mapping[str, str]) -> str:
    value = values.get("TELEGRAM_API_URL")
    if value is None:
        return TELEGRAM_API
    scheme, host = _split(value)
    if scheme not in ("http", "https") or not host or any(c in value for c in "?#") or TOKEN.search(value):
        raise SettingsError(
            f"TELEGRAM_API_URL is {_shown(value)}, which is not the address of a Bot API server, so the bot "
            "would reach nobody: give http:// or https:// and the host, without /bot and token, such as "
            f"http://127.0.0.1:8081, or leave it unset for {TELEGRAM_API}."
        )
    return value.rstrip("/")


def _webhook_url(values: Mapping[str, str]) -> str | None:
    value = values.get("WEBHOOK_URL")
    if value is None:
        return None
    scheme, host = _split(value)
    if scheme != "https" or not host:
        raise SettingsError(
            f"WEBHOOK_URL is {_shown(value)}, but Telegram delivers to https addresses only: give the public "
            "https:// address of this bot, or leave it unset for long polling."
        )
    return value


def _webhook_secret(secret: str | None, url: str | None) -> str | None:
    if secret is None:
        if url is None:
            return None
        raise SettingsError(
            "WEBHOOK_URL is set without WEBHOOK_SECRET, so anybody could send the bot updates: set "
            "WEBHOOK_SECRET to a long random text, such as the output of `openssl rand -hex 32`."
        )
    if not SECRET.fullmatch(secret):
        raise SettingsError(
            f"WEBHOOK_SECRET ({len(secret)} characters) would be refused by Telegram: use 1 to 256 of A-Z "
            "a-z 0-9 _ and -, such as the output of `openssl rand -hex 32`."
        )
    return secret


def _port(values: Mapping[str, str], default: int | None) -> int | None:
    value = values.get("PORT")
    if value is None:
        return default
    port = int(value) if value.isascii() and value.isdigit() and len(value) <= 5 else 0
    if not 1 <= port <= 65535:
        raise SettingsError(
            f"PORT is {_shown(value)}, on which nothing can listen: give a whole number from 1 to 65535, or "
            f"leave it unset for {WEBHOOK_PORT} with a webhook, and none without."
        )
    return port


def _send_rate(values: Mapping[str, str]) -> float:
    value = values.get("SEND_RATE", str(Settings.send_rate))
    try:
        rate = float(value)
    except ValueError:
        rate = -1.0
    if not (math.isfinite(rate) and rate >= 0):
        raise SettingsError(
            f"SEND_RATE is {_shown(value)}, which is no number of messages a second: give 0 (no limit) or "
            f"more, or leave it unset for {Settings.send_rate:.0f}, Telegram's free limit."
        )
    return rate


def _faq_dir(values: Mapping[str, str]) -> Path | None:
    value = values.get("FAQ_DIR")
    if value is None:
        return None
    path = Path(value).expanduser()
    if not path.is_dir():
        raise SettingsError(
            f"FAQ_DIR is {_shown(value)}, which is not a folder here, so the bot knows no answers: give the "
            "folder with facts.yaml and the language files, or leave it unset for the FAQ that ships."
        )
    return path


def _timezone(values: Mapping[str, str]) -> ZoneInfo:
    value = values.get("TIMEZONE", "Europe/Berlin")
    try:
        return ZoneInfo(value)
    # Besides ZoneInfoNotFoundError: `../x` is a ValueError, `Europe` (a folder) an OSError.
    except (KeyError, ValueError, OSError):
        raise SettingsError(
            f"TIMEZONE is {_shown(value)}, which no time zone is called, so dates and countdowns would be "
            "wrong: give a name such as Europe/Berlin or UTC."
        ) from None


def _one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = values.get(name, default)
    for choice in allowed:
        if choice.casefold() == value.casefold():
            return choice
    raise SettingsError(
        f"{name} is {_shown(value)}, which the bot does not know, so it cannot log as asked: give one of "
        f"{', '.join(allowed)}, or leave it unset for {default}."
    )

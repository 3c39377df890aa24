"""Everything that can go wrong in a way a user or operator can mend.

    BotError
    ├── FaqError             the FAQ is broken: one line per problem          exit 1
    └── OperatorError        something around the bot is not as it must be
        ├── SettingsError    an environment variable or an argument           exit 2
        ├── HealthError      the running bot cannot serve, or none runs       exit 1
        └── TelegramError    the connection to Telegram                       exit 1
            └── TokenError   the token is missing, malformed or refused       exit 78

A user sees the message as one line (`FaqError`: one line per problem), never a traceback. A message
names the value, the consequence and the remedy; none ever holds the token.
"""

from __future__ import annotations


class BotError(Exception):
    """The root: `main` prints its message and exits with `exit_status`."""

    exit_status = 1


class FaqError(BotError):
    """The FAQ cannot be used; `problems` says why, one line each, with file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class OperatorError(BotError):
    """Something that whoever starts the bot can mend."""


class SettingsError(OperatorError):
    """An environment variable or argument holds something the bot cannot use."""

    exit_status = 2


class HealthError(OperatorError):
    """A bot was asked how it is, and cannot serve or does not answer."""


class TelegramError(OperatorError):
    """The bot cannot work with Telegram as things stand."""


class TokenError(TelegramError):
    """The token is missing, malformed or refused (78 is EX_CONFIG of sysexits.h)."""

    exit_status = 78

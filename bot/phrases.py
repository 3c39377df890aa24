"""What a language file must hold beside its entries: phrases and commands, by name (the texts are there)."""

from __future__ import annotations

from collections.abc import Mapping

from bot import countdown, episodes

NONE: frozenset[str] = frozenset()

PHRASES: Mapping[str, frozenset[str]] = {
    "fallback": NONE,
    "did_you_mean": NONE,
    "in_this_language": NONE,
    "topics_button": NONE,
    "countdown_button": NONE,
    "episodes_button": NONE,
    "refresh_button": NONE,
    "share_button": NONE,
    "nothing_found": NONE,
    "not_text": NONE,
    "apology": NONE,
    "slow_down": NONE,
    "group_welcome": frozenset({"name"}),
    "description": NONE,
    "short_description": NONE,
    "start": NONE,
    "help": NONE,
    "topics": NONE,
    "privacy": NONE,
    "stale_button": NONE,
    "unknown_command": frozenset({"command", "nearest"}),
    "empty": NONE,
    "console_hint": NONE,
    "console_goodbye": NONE,
    **countdown.PHRASES,
    **episodes.PHRASES,
}
"""Every phrase that the bot says, with the fields that are filled in when it is said. A phrase `<name>_other`
may have siblings for the other plural forms of its language: `<name>_one`, `<name>_few`, ..."""

PLURAL_FORMS = ("zero", "one", "two", "few", "many")

LIMITS: Mapping[str, int] = {"description": 512, "short_description": 120, "slow_down": 200}
"""What Telegram takes where a phrase is not said in a message of its own, in UTF-16 units."""

COMMANDS = ("start", "help", "topics", "countdown", "episodes", "cast", "privacy")
"""The ids of all commands."""


def fields(name: str) -> frozenset[str] | None:
    """What may be filled in when the phrase `name` is said; None if the bot never says it."""
    stem, _, form = name.rpartition("_")
    if name not in PHRASES and form in PLURAL_FORMS:
        name = f"{stem}_other"
    return PHRASES.get(name)

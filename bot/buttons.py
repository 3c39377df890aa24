"""The buttons that the bot offers: what stands on them, and the action that `Assistant.press` reads.

An action names its language, so that no press needs to be remembered for.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.faq import Faq, Language
from bot.reply import MAX_ACTION_BYTES, Button, Share


def answer_button(language: Language, entry: str) -> Button:
    """Asks the question of an entry; its answer comes as a new message."""
    return Button(language.entries[entry].label, f"answer:{language.code}:{entry}")


def choice_button(language: Language, entry: str) -> Button:
    """Says which entry was meant; its answer takes the place of the question back."""
    return Button(language.entries[entry].label, f"choose:{language.code}:{entry}")


def command_button(language: Language, command: str, label: str = "") -> Button:
    """Runs a command."""
    return Button(label or language.phrases[f"{command}_button"], f"command:{language.code}:{command}")


def refresh_button(language: Language, command: str) -> Button:
    """Runs a command again, in place."""
    return Button(language.phrases["refresh_button"], f"refresh:{language.code}:{command}")


def answers_elsewhere(faq: Faq, language: Language, entries: Iterable[str]) -> tuple[Button, ...]:
    """The answers of some entries in each of the other languages, in place."""
    return _elsewhere(faq, language, "choose", ",".join(entries))


def command_elsewhere(faq: Faq, language: Language, command: str, argument: str) -> tuple[Button, ...]:
    """A command in each of the other languages, in place."""
    return _elsewhere(faq, language, "refresh", f"{command} {argument}".rstrip())


def share_of(language: Language, search: str) -> Share:
    """The offer to share what `search` finds."""
    return Share(language.phrases["share_button"], search)


def _elsewhere(faq: Faq, language: Language, verb: str, argument: str) -> tuple[Button, ...]:
    return tuple(
        Button(other.phrases["in_this_language"], _fitting(f"{verb}:{other.code}:{argument}"))
        for other in faq.languages.values()
        if other is not language
    )


def _fitting(action: str) -> str:
    # Names of entries are short enough (see entry_checks); the end of what a user typed may be lost.
    return action.encode("utf-8", "replace")[:MAX_ACTION_BYTES].decode("utf-8", "ignore")

"""What the bot says, without saying how it is sent: `Reply` and its `Button`s."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["answer", "unknown", "smalltalk", "suggestion", "fallback"]

MAX_ACTION_BYTES = 64
"""Telegram's limit for callback data."""

BOLD = re.compile(r"\*([^*\n]+)\*")
"""The one piece of markup that a text may hold: `*bold*`."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a reply.

    `label` is what the user reads. `action` is what a press sends back to `Assistant.press`:
    `<verb>:<language>:<argument>`, at most 64 bytes. The verb says where the reply to the press
    goes: `choose` and `refresh` replace the message that holds the button, all others
    (`answer`, `command`) are sent as a new message.
    """

    label: str
    action: str

    @property
    def replaces(self) -> bool:
        """Whether the reply to a press takes the place of the message that holds the button."""
        return replaces(self.action)


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of the bot: plain text with `*bold*` as its only markup, and buttons.

    `topics` are the ids of the FAQ entries that speak, in the order asked; `score` (0..1) is how sure
    the match is (1 for commands and buttons).
    """

    kind: Kind
    language: str
    text: str
    topics: tuple[str, ...] = ()
    score: float = 0.0
    buttons: tuple[Button, ...] = ()

    @property
    def plain(self) -> str:
        """The text without markup."""
        return BOLD.sub(r"\1", self.text)


def replaces(action: str) -> bool:
    """Whether pressing a button with this `action` edits its message rather than sending a new one."""
    return action.split(":", 1)[0] in ("choose", "refresh")

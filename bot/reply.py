"""What the bot says, without saying how it is sent: a `Reply` with `Button`s, or several to choose from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
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
    `<verb>:<language>:<argument>`, at most 64 bytes (`bot.buttons` makes them). The verb says where the
    reply to the press goes: `choose` and `refresh` replace the message that holds the button, all others
    (`answer`, `command`) are sent as a new message.
    """

    label: str
    action: str

    @property
    def replaces(self) -> bool:
        """Whether the reply to a press takes the place of the message that holds the button."""
        return replaces(self.action)


@dataclass(frozen=True, slots=True)
class Share:
    """The offer to show a reply in another chat: what to write on it, and the search that finds the reply."""

    label: str
    search: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of the bot: plain text with `*bold*` as its only markup, and buttons.

    `topics` are the ids of the FAQ entries that speak, in the order asked; `score` (0..1) is how sure
    the match is (1 for commands and buttons), `margin` how far it is ahead of the next (0 where none was
    sought). `share` is None where there is nothing to pass on.
    """

    kind: Kind
    language: str
    text: str
    topics: tuple[str, ...] = ()
    score: float = 0.0
    buttons: tuple[Button, ...] = ()
    share: Share | None = None
    margin: float = field(default=0.0, compare=False)  # for the log: it says nothing else

    @property
    def plain(self) -> str:
        """The text without markup."""
        return BOLD.sub(r"\1", self.text)


@dataclass(frozen=True, slots=True)
class Article:
    """A reply that can be chosen from a list, by its title."""

    title: str
    reply: Reply

    @property
    def id(self) -> str:
        """What tells it from the others of a list: language and topics, at most 64 bytes."""
        return f"{self.reply.language}:{','.join(self.reply.topics)}"

    @property
    def summary(self) -> str:
        """The reply in one line: its first."""
        return self.reply.plain.split("\n")[0]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a search has found, the best first.

    `personal` tells whether somebody of another language would find something else. `otherwise` is what to
    write on the way to the chat with the bot where nothing was found.
    """

    articles: tuple[Article, ...]
    personal: bool
    otherwise: str


def replaces(action: str) -> bool:
    """Whether pressing a button with this `action` edits its message rather than sending a new one."""
    return action.split(":", 1)[0] in ("choose", "refresh")

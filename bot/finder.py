"""`Finder`: a search of a few words, perhaps half typed -> the entries that it may mean."""

from __future__ import annotations

from collections.abc import Mapping

from bot.faq import Faq, Language
from bot.hearing import Intent, LanguagePack
from bot.interpreter import Interpreter
from bot.text import fold

MOST = 10
"""So many results of a search are shown at most; who sees them is choosing, not reading."""


class Finder:
    """Searches the entries of a FAQ: those whose label is being typed, then what the words may ask for."""

    def __init__(
        self, faq: Faq, packs: Mapping[str, LanguagePack], interpreter: Interpreter, least: float
    ) -> None:
        """`least` is the score (0..1) from which on an entry is worth showing."""
        self._faq = faq
        self._packs = packs
        self._interpreter = interpreter
        self._least = least

    def find(self, search: str, hint: str) -> tuple[str, tuple[Intent, ...]]:
        """The language of a search and what it may mean, likeliest first; all topics where it is blank.

        `hint` is the language of whoever searches: it counts where the words leave the language open.
        """
        if not search.strip():
            topics = self._faq.languages[hint].topics
            return hint, tuple(Intent(entry, 1.0, "") for entry in topics)
        for code in dict.fromkeys((hint, *self._faq.languages)):
            if labelled := _labelled(search, self._faq.languages[code]):
                found = labelled + (self._meant(search, code) if len(labelled) < MOST else [])
                return code, _once(found)
        code = self._interpreter.language(search, hint)
        return code, _once(self._meant(search, code))

    def _meant(self, search: str, code: str) -> list[Intent]:
        """What the interpreter hears in it, then what comes near; nothing where it turns the words away."""
        heard = self._interpreter.interpret(search, code)
        if heard.language != code or heard.outcome == "fallback":
            return []
        pack = self._packs[code]
        near = [
            Intent(candidate.id, candidate.score, "")
            for candidate in pack.matcher.match(search)
            if candidate.score >= self._least
        ]
        return [intent for intent in (*heard.intents, *near) if pack.topic(intent.entry) == "content"]


def _labelled(search: str, language: Language) -> list[Intent]:
    """The entries whose label begins with the search, or stands in it: it was shared, or picked before."""
    wanted = _plain(search)
    found = [
        (wanted.find(label), entry.id)
        for entry in language.entries.values()
        if (label := _plain(entry.label)) and (label.startswith(wanted) or label in wanted)
    ]
    return [Intent(entry, 1.0, "") for _, entry in sorted(found, key=lambda place: place[0])]


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _once(intents: list[Intent]) -> tuple[Intent, ...]:
    first: dict[str, Intent] = {}
    for intent in intents:
        first.setdefault(intent.entry, intent)
    return tuple(first.values())[:MOST]

"""The questions the bot could not answer: `QuestionLog` writes them, `report` sorts them for a curator."""

from __future__ import annotations

import json
import logging
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.text import words

if TYPE_CHECKING:
    from bot.reply import Reply

log = logging.getLogger(__name__)

MAX_TEXT = 300
"""Characters of a question that are kept: enough to see what was asked, not a place to store a book."""

UNANSWERED = ("fallback", "unknown")
"""The kinds of reply that leave a question open."""

SIMILAR = 82
"""Two questions count as one when rapidfuzz's ratio of their folded words reaches this (0..100)."""

LINKS = 3
NEIGHBOURS = 200
COMPARED = 100
"""What bounds the work: a question is compared with the commonest NEIGHBOURS that share one of the LINKS
rarest of its words, by its first COMPARED characters. 10,000 different questions take half a second this way,
and seven when all pairs are compared.
"""

SHOWN = 6
"""So many wordings of one question, and so many broken lines, are listed; of others the number is told."""


class QuestionLog:
    """Appends questions to a file as JSON lines of text and language: no time, no user, nothing else.

    Several processes may write to one file: each line is a single write at the end of it. The file is opened
    for every line, so it may be moved away (rotated) at any time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._failed = False
        self._torn = False

    def heard(self, text: str, reply: Reply) -> None:
        """Log `text` if `reply` left it open and it is a question: no command, not blank."""
        if reply.kind in UNANSWERED and text.strip() and not text.lstrip().startswith("/"):
            self.add(text, reply.language)

    def add(self, text: str, language: str) -> None:
        """Append one question. Never raises; a failure is one warning, until a line was written again."""
        line = json.dumps({"text": tidy(text), "language": language}, ensure_ascii=False)
        # A newline first where the line before was cut off, so that this one stays whole.
        data = (b"\n" if self._torn else b"") + line.encode("utf-8", "replace") + b"\n"
        try:
            # Non-blocking for the case that it is a pipe which nobody reads; a file does not care.
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
            descriptor = os.open(self._path, flags, 0o600)
            try:
                written = os.write(descriptor, data)
            finally:
                os.close(descriptor)
        except OSError as error:
            self._warn(error.strerror or str(error))
        else:
            self._torn = written < len(data)
            if self._torn:
                self._warn("only a part of a line could be written; is the disk full?")
            else:
                self._failed = False

    def _warn(self, reason: str) -> None:
        if not self._failed:
            log.warning(
                "QUESTION_LOG %s: %s. The bot goes on; questions are not logged until that is mended.",
                self._path,
                reason,
            )
        self._failed = True


def tidy(text: str) -> str:
    """`text` on one line, bounded, without control characters, directions or halves of characters."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * MAX_TEXT])
    return " ".join(printable.split())[:MAX_TEXT].rstrip()


@dataclass
class Group:
    """Questions that ask alike: how often each wording came."""

    language: str
    wordings: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How often it was asked, in all wordings."""
        return self.wordings.total()


def report(files: Iterable[Path]) -> Iterator[str]:
    """The lines of a curator's report on the question logs `files`.

    Lines that are no questions are counted and named at the end. Raises SettingsError for a file that cannot
    be read.
    """
    questions: Counter[tuple[str, str]] = Counter()
    broken: list[str] = []
    for path in files:
        _read(path, questions, broken)
    groups = grouped(questions)
    yield f"{_many(questions.total(), 'unanswered question')}, {_many(len(groups), 'group')}"
    for group in groups:
        (commonest, _), *others = group.wordings.most_common()
        yield ""
        yield f"{group.count:6} × {group.language}  {commonest}"
        for wording, times in others[: SHOWN - 1]:
            yield f"{'':12}{wording}" + (f"  ({times} ×)" if times > 1 else "")
        if len(others) >= SHOWN:
            yield f"{'':12}… and {_many(len(others) - SHOWN + 1, 'more wording')}"
    if broken:
        yield ""
        yield f"{_many(len(broken), 'line')} skipped, not JSON with text and language as in a QUESTION_LOG:"
        yield from (f"  {place}" for place in broken[:SHOWN])
        if len(broken) > SHOWN:
            yield f"  … and {len(broken) - SHOWN} more"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _read(path: Path, questions: Counter[tuple[str, str]], broken: list[str]) -> None:
    """Count the questions of one file by (language, text); names its broken lines."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                question = _question(line)
                if question is None:
                    broken.append(f"{path}:{number}")
                else:
                    questions[question] += 1
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}), so there is nothing to review: give the file that "
            "QUESTION_LOG named."
        ) from None


def _question(line: bytes) -> tuple[str, str] | None:
    try:
        entry = json.loads(line)
    # RecursionError: a line of ten thousand brackets.
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict):
        return None
    text, language = entry.get("text"), entry.get("language")
    if not (isinstance(text, str) and isinstance(language, str)):
        return None
    text, language = tidy(text), tidy(language)
    return (language, text) if text and language else None


def grouped(questions: Counter[tuple[str, str]]) -> list[Group]:
    """(language, text) -> groups of the same or similar questions of one language, commonest first.

    Questions whose folded words are equal are one; the commonest then gather those that differ a little.
    """
    from rapidfuzz import fuzz, process  # here, as whoever only writes the log needs none of it

    alike: dict[tuple[str, tuple[str, ...]], Group] = {}
    for (language, text), times in questions.items():
        key = tuple(words(text)) or (text,)
        alike.setdefault((language, key), Group(language)).wordings[text] += times
    spread = Counter(word for _, key in alike for word in set(key))
    leaders: list[Group] = []
    names: list[str] = []
    by_word: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for (language, key), group in sorted(alike.items(), key=lambda item: -item[1].count):
        name = " ".join(key)[:COMPARED]
        links = sorted(
            (word for word in set(key) if spread[word] > 1), key=lambda word: (spread[word], word)
        )[:LINKS]
        near = {i: names[i] for word in links for i in by_word[language, word][:NEIGHBOURS]}
        # With a mapping, rapidfuzz answers (choice, score, key of the choice).
        best = process.extractOne(name, near, scorer=fuzz.ratio, score_cutoff=SIMILAR)
        if best is None:
            for word in set(key):
                by_word[language, word].append(len(leaders))
            leaders.append(group)
            names.append(name)
        else:
            leaders[best[2]].wordings.update(group.wordings)
    return sorted(leaders, key=lambda group: -group.count)

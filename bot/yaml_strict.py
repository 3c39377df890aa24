"""YAML without its surprises, and with the line of everything that is wrong.

YAML reads `no` as false, `12:30` as 750 and an empty value as null, lets a key stand twice and resolves
aliases to whatever size. A curator means none of that, so here each of these is a problem with its line, and
only text, whole numbers, decimal numbers, `true`, `false` and dates such as 2017-06-09 are values.

The document is built from libyaml's events, not from its nodes: that is as fast, stops at the first
bracket too deep (libyaml needs minutes for a million of them, and its composer overflows the stack), and
knows which values were in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.yaml_values import Value, plain_tag, plain_value, shown

MAX_DEPTH = 12
"""Values inside values inside values: no file of ours needs more than seven levels."""

# YAML breaks lines at some of these and editors do not: no line number after one would be right.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

HINTS = {
    "found character that cannot start any token": "{char} cannot begin a value; put the value in quotes",
    "mapping values are not allowed": (
        "a colon too many, or wrong indentation; put text with a colon in quotes"
    ),
    "unexpected end of stream": "a quotation mark is opened and never closed; close it",
    "unexpected document indicator": "a quotation mark is opened and never closed; close it",
    "did not find expected key": (
        "the text goes on after a closing quotation mark, or the indentation is wrong; mend that "
        "(inside '...' an apostrophe is written twice)"
    ),
    "did not find expected '-'": (
        "is not indented like the list items above; indent it like them, and begin an item with '- '"
    ),
    "did not find expected ',' or": "a bracket is opened and never closed, or a comma is missing; mend that",
    "did not find expected alphabetic": "begins with * or &, commands to YAML; put the value in quotes",
    "block sequence entries are not allowed": "a list begins on the next line; break the line before '-'",
    "could not find expected ':'": "a key without a colon, or a line that is not indented; mend that",
    "unknown escape character": "inside \"...\" a backslash is special; write it twice, or use '...'",
}
"""What libyaml says, and what that mostly means."""


@dataclass(slots=True)
class Mark:
    """Where a value stands (`line`, from 1) and how it was written (`block`: below a `|`); the same of its
    parts."""

    line: int
    written: str = ""
    block: bool = False
    keys: dict[str, int] = field(default_factory=dict)
    parts: dict[str | int, Mark | int] = field(default_factory=dict)
    reported: bool = False


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read: its data, its mark, and the key that waits for its value.

    A key that stands there for the second time is `doubled`: its value is read and left out.
    """

    data: Any
    mark: Mark
    key: str | None = None
    doubled: bool = False

    @property
    def wants_key(self) -> bool:
        return type(self.data) is dict and self.key is None

    def add(self, value: Any, mark: Mark) -> None:
        if type(self.data) is list:
            self.mark.parts[len(self.data)] = mark
            self.data.append(value)
        elif self.key is not None:
            if not self.doubled:
                self.data[self.key] = value
                self.mark.parts[self.key] = mark
            self.key = None


class Document:
    """A YAML file as plain data, with a problem for everything that it should not hold.

    `data` is None where the file cannot be read at all; then `problems` says why. A problem is one line:
    `<file>:<line>: <value>: what is wrong, and the remedy`.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.data: Any = None
        self.mark = Mark(1)
        self._found: list[tuple[int, str]] = []
        text = self._decode(content)
        if text is not None:
            self._read(text)

    @classmethod
    def open(cls, path: Path, name: str) -> Document:
        """Reads `path`; `name` is what problems call it. A file that cannot be opened is a problem too."""
        try:
            return cls(name, path.read_bytes())
        except OSError as error:
            unread = cls(name, b"{}")
            unread.data = None
            reason = error.strerror or str(error)
            unread.report(1, path.name, f"cannot be read ({reason}), so there is no FAQ; put the file there")
            return unread

    @property
    def problems(self) -> list[str]:
        """All problems so far, in the order of their lines."""
        return [f"{self.name}:{line}: {text}" for line, text in sorted(self._found, key=lambda p: p[0])]

    def report(self, line: int, value: str, problem: str) -> None:
        """Notes that `value` in `line` is wrong; `problem` says what follows from it and what to do."""
        self._found.append((line, f"{shown(value)}: {problem}"))

    def at(self, place: Sequence[str | int]) -> Mark:
        """The mark of the value at `place` (keys and list positions from the top), or of what is nearest."""
        mark = self.mark
        for step in place:
            inner = mark.parts.get(step)
            if inner is None:
                break
            mark = Mark(inner) if isinstance(inner, int) else inner
        return mark

    def line(self, *place: str | int) -> int:
        """The line of the key or list item at `place`."""
        around = self.at(place[:-1])
        last = place[-1] if place else None
        if isinstance(last, str) and last in around.keys:
            return around.keys[last]
        return self.at(place).line

    def line_in(self, place: Sequence[str | int], offset: int) -> int:
        """The line of the character at `offset` in the text at `place`."""
        mark = self.at(place)
        return mark.line + 1 + mark.written.count("\n", 0, offset) if mark.block else mark.line

    def _decode(self, content: bytes) -> str | None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.report(line, f"byte {content[error.start]:#04x}", "is not UTF-8; save the file as UTF-8")
            return None
        if unseen := UNSEEN.search(text):
            line = text.count("\n", 0, unseen.start()) + 1
            self.report(line, f"U+{ord(unseen[0]):04X}", "is a character that nobody sees; delete it")
            return None
        return text

    def _read(self, text: str) -> None:
        try:
            found = self._build(yaml.parse(text, Loader=yaml.CSafeLoader))
        except yaml.MarkedYAMLError as error:
            self._report_syntax(error, text)
        except (yaml.YAMLError, ValueError) as error:
            self.report(1, self.name, f"is not YAML ({' '.join(str(error).split())}); mend that")
        else:
            if found is not None:
                self.data, self.mark = found

    def _report_syntax(self, error: yaml.MarkedYAMLError, text: str) -> None:
        lines = text.splitlines()
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "is not YAML"
        if "did not find expected key" in problem and (unclosed := _unclosed(text)) is not None:
            hint = HINTS["unexpected end of stream"]
            self.report(unclosed + 1, lines[unclosed].strip(), hint)
            return
        # An unclosed quotation mark or bracket is only noticed at the end; it was opened at the context.
        opened = "end of stream" in problem or "document indicator" in problem or "',' or" in problem
        if opened and error.context_mark is not None:
            mark = error.context_mark
        line = mark.line if mark is not None else 0
        source = lines[line] if line < len(lines) else ""
        char = source[mark.column : mark.column + 1] if mark is not None else ""
        hint = next((said for known, said in HINTS.items() if known in problem), f"{problem}; mend that")
        if "tab character" in problem or (char == "\t" and "cannot start" in problem):
            hint = "a tab where YAML takes only spaces; indent with two spaces"
        self.report(line + 1, source.strip() or "end of file", hint.format(char=char))

    def _build(self, events: Iterator[Any]) -> tuple[Any, Mark] | None:
        """The data of the first document and its mark; None if it cannot be used."""
        top: list[Any] = []
        stack = [_Open(top, Mark(1))]
        for event in events:
            kind, around = type(event), stack[-1]
            line = event.start_mark.line + 1
            if kind is yaml.ScalarEvent:
                if around.wants_key:
                    self._key(event, line, around)
                elif type(around.data) is list and not event.implicit[0] and not event.tag:
                    # Text in quotes in a list: thousands of questions, for which a line is mark enough.
                    around.mark.parts[len(around.data)] = line
                    around.data.append(event.value)
                else:
                    value, sound = self._value(event, line)
                    around.add(value, Mark(line, event.value, event.style == "|", reported=not sound))
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if not self._may_open(event, line, around, len(stack)):
                    return None
                opened = _Open({} if kind is yaml.MappingStartEvent else [], Mark(line))
                around.add(opened.data, opened.mark)
                stack.append(opened)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
            elif kind is yaml.AliasEvent:
                self.report(
                    line, f"*{event.anchor}", "points elsewhere; write it out, or quote it if it is text"
                )
                if around.wants_key:
                    return None
                around.add("", Mark(line, reported=True))
            elif kind is yaml.DocumentStartEvent and top:
                self.report(line, "---", "begins a second document that nothing reads; delete the line")
                break
        if not top:
            self.report(1, self.name, "is empty, so there is nothing to say; fill it or delete it")
            return None
        mark = stack[0].mark.parts[0]
        return top[0], Mark(mark) if isinstance(mark, int) else mark

    def _may_open(self, event: Any, line: int, around: _Open, depth: int) -> bool:
        if event.tag:
            self._report_tag(event, line)
        if depth > MAX_DEPTH:
            self.report(line, "brackets", f"nested more than {MAX_DEPTH} deep; nothing here needs that")
        elif around.wants_key:
            self.report(line, "[...]", "a list or mapping as a key; put text with brackets in quotes")
        else:
            return True
        return False

    def _key(self, event: Any, line: int, around: _Open) -> None:
        name: str = event.value
        if event.tag:
            self._report_tag(event, line)
        elif event.implicit[0] and plain_tag(name) != "str":
            self.report(line, name or "a key", f'is no text to YAML; write "{name}": with quotation marks')
        around.key = name
        around.doubled = name in around.mark.keys
        if around.doubled:
            first = around.mark.keys[name]
            problem = f"stands twice (first in line {first}), and only one would count; make it one"
            self.report(line, name, problem)
        else:
            around.mark.keys[name] = line

    def _value(self, event: Any, line: int) -> tuple[Value, bool]:
        """The value of a scalar, and whether it is one that people mean."""
        if event.tag:
            self._report_tag(event, line)
            return event.value, False
        if not event.implicit[0]:
            return event.value, True
        value, problem = plain_value(event.value)
        if problem:
            self.report(line, event.value or "nothing", problem)
        return value, problem is None

    def _report_tag(self, event: Any, line: int) -> None:
        self.report(line, event.tag, "is a tag, and tags are not read here; delete it")


def _unclosed(text: str) -> int | None:
    """The line (from 0) of a quotation mark that the next one, lines below, closed, if that broke `text`."""
    last: Any = None
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            last = event
    except yaml.YAMLError:
        if isinstance(last, yaml.ScalarEvent) and last.style in ("'", '"'):
            start, end = last.start_mark, last.end_mark
            return start.line if start and end and start.line < end.line else None
    return None

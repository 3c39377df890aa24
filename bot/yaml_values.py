"""Which of YAML's values a curator means, and what to say of the others."""

from __future__ import annotations

import re
from datetime import date

from yaml.resolver import Resolver

Value = str | int | float | bool | date

MAX_SHOWN = 60
"""Characters of a value that a problem repeats."""

INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

SURPRISES = {
    "bool": 'is true or false to YAML; write "{text}" if the word is meant, else true or false',
    "null": "no value stands here, and the bot would say nothing; write one or delete the key",
    "timestamp": 'is a point in time to YAML; write "{text}"',
    "merge": 'is a command to YAML; write "{text}" if text is meant',
}
NUMBER = 'is a number to YAML that you did not write (12:30 is 750); write "{text}"'


def plain_tag(text: str) -> str:
    """What YAML takes `text` without quotes for, by PyYAML's rules (YAML 1.1): `str`, `int`, `bool`, ..."""
    for tag, pattern in Resolver.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return str(tag).rpartition(":")[2]
    return "str"


def plain_value(text: str) -> tuple[Value, str | None]:
    """The value of `text` without quotes, and what is wrong with it; the value is then `text` itself."""
    match plain_tag(text):
        case "str":
            return text, None
        case "int" if INT.fullmatch(text):
            return int(text), None
        case "float" if FLOAT.fullmatch(text):
            return float(text), None
        case "bool" if text in ("true", "false"):
            return text == "true", None
        case "timestamp" if DATE.fullmatch(text):
            try:
                return date.fromisoformat(text), None
            except ValueError:
                return text, "is no day of the calendar; write the right one"
        case tag:
            return text, SURPRISES.get(tag, NUMBER).format(text=text)


def shown(value: str) -> str:
    """A value fit for one line of a message."""
    line = " ".join(value.split())
    line = "".join(char if char.isprintable() else "�" for char in line)
    return line if len(line) <= MAX_SHOWN else line[: MAX_SHOWN - 1].rstrip() + "…"

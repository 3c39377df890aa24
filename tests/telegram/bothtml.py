"""The HTML that Telegram takes (parse_mode HTML), read strictly: text and entities out, or a refusal.

Stricter than the server in one thing: `&` and `>` that are no part of an entity or a tag are refused, as the
documentation demands, though the server lets them pass.
"""

from __future__ import annotations

import re
from html import unescape

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
ATTRIBUTES = {
    "a": {"href"},
    "span": {"class"},
    "code": {"class"},
    "blockquote": {"expandable"},
    "tg-emoji": {"emoji-id"},
}
TOKEN = re.compile(
    r"</(?P<end>[^>]*)>|<(?P<start>[a-zA-Z][a-zA-Z0-9-]*)(?P<attributes>(?:\s[^<>]*)?)>"
    r"|&(?P<entity>lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});|(?P<bad>[<>&])",
)
ATTRIBUTE = re.compile(r"\s+([a-zA-Z-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'))?")


class HtmlError(ValueError):
    """Why Telegram would refuse this HTML."""


def units(text: str) -> int:
    """UTF-16 units, the length Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(source: str) -> tuple[str, list[dict[str, object]]]:
    """The text without markup, and its entities; raises HtmlError."""
    out: list[str] = []
    entities: list[dict[str, object]] = []
    stack: list[tuple[str, int, dict[str, str]]] = []
    position = length = 0
    for match in TOKEN.finditer(source):
        text = source[position : match.start()]
        where = len(source[: match.start()].encode("utf-8", "surrogatepass"))
        out.append(text)
        length += units(text)
        position = match.end()
        if match["bad"]:
            raise HtmlError(f"unescaped {match['bad']!r} at byte offset {where}")
        if match["entity"]:
            character = unescape(match[0])
            out.append(character)
            length += units(character)
        elif match["start"]:
            name = match["start"].lower()
            if name not in TAGS:
                raise HtmlError(f'Unsupported start tag "{name}" at byte offset {where}')
            stack.append((name, length, _attributes(name, match["attributes"], where)))
        else:
            name = match["end"].strip().lower()
            if not stack:
                raise HtmlError(f"Unexpected end tag at byte offset {where}")
            opened, start, attributes = stack.pop()
            if name != opened:
                raise HtmlError(f'Unmatched end tag at byte offset {where}, expected "</{opened}>"')
            if length > start:
                entities.append({"type": TAGS[name], "offset": start, "length": length - start} | attributes)
    if stack:
        raise HtmlError(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    out.append(source[position:])
    return "".join(out), sorted(entities, key=lambda entity: (entity["offset"], -int(str(entity["length"]))))


def _attributes(name: str, source: str, where: int) -> dict[str, str]:
    found = {match[1].lower(): match[2] or match[3] or "" for match in ATTRIBUTE.finditer(source)}
    if ATTRIBUTE.sub("", source).strip():
        raise HtmlError(f'malformed attributes of "{name}" at byte offset {where}')
    if unknown := set(found) - ATTRIBUTES.get(name, set()):
        raise HtmlError(f'unknown attributes {sorted(unknown)} of "{name}" at byte offset {where}')
    if name == "span" and found.get("class") != "tg-spoiler":
        raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    if name == "a" and not found.get("href"):
        raise HtmlError(f'Tag "a" without href at byte offset {where}')
    return {"url": found["href"]} if name == "a" else {}

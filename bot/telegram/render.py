"""Reply -> what Telegram is sent: HTML, an inline keyboard, an article to choose.

Pure: nothing here talks to the network, and nothing raises.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import MessageLimit, ParseMode

from bot.reply import BOLD, Article, Reply

TEXT_LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)
"""UTF-16 units in one message, counted after the markup is taken out."""

HALF_ROW = 16
"""Two labels share a row when neither is longer than this: more is cut off on a narrow phone."""

ELLIPSIS = " …"

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def to_html(reply: Reply) -> str:
    """The reply's text as Telegram HTML: everything escaped, `*bold*` as `<b>`, at most 4096 units long.

    A longer text ends at a word, with an ellipsis.
    """
    return "".join(
        f"<b>{_escape(text)}</b>" if bold else _escape(text)
        for text, bold in _shorten(_spans(_encodable(reply.text)))
    )


def keyboard(reply: Reply, *, sharing: bool = True) -> InlineKeyboardMarkup | None:
    """The reply's buttons in their order, the one that shares it last; None without any.

    Short labels share a row, in pairs from the end: so the language and `sharing` stand side by side.
    """
    keys = [InlineKeyboardButton(button.label, callback_data=button.action) for button in reply.buttons]
    if sharing and reply.share:
        keys.append(InlineKeyboardButton(reply.share.label, switch_inline_query=reply.share.search))
    rows: list[list[InlineKeyboardButton]] = []
    open_row = False
    for key in reversed(keys):
        short = len(key.text) <= HALF_ROW
        if short and open_row:
            rows[0].insert(0, key)
            open_row = False
        else:
            rows.insert(0, [key])
            open_row = short
    return InlineKeyboardMarkup(rows) if rows else None


def article(found: Article) -> InlineQueryResultArticle:
    """Something that a search has found, to be chosen from a list and posted."""
    return InlineQueryResultArticle(
        id=found.id,
        title=found.title,
        description=found.summary,
        input_message_content=InputTextMessageContent(
            to_html(found.reply), parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
        reply_markup=keyboard(found.reply),
    )


def units(text: str) -> int:
    """Length as Telegram counts it: an emoji is two UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def _encodable(text: str) -> str:
    # Half a surrogate pair can come back in an echo of what a user typed; it has no UTF-8 form.
    return text.encode("utf-8", "replace").decode("utf-8")


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _spans(text: str) -> Iterator[tuple[str, bool]]:
    end = 0
    for match in BOLD.finditer(text):
        yield text[end : match.start()], False
        yield match[1], True
        end = match.end()
    yield text[end:], False


def _shorten(spans: Iterator[tuple[str, bool]]) -> list[tuple[str, bool]]:
    kept = [(text, bold) for text, bold in spans if text]
    if sum(units(text) for text, _ in kept) <= TEXT_LIMIT:
        return kept
    room = TEXT_LIMIT - units(ELLIPSIS)
    short: list[tuple[str, bool]] = []
    for text, bold in kept:
        if units(text) <= room:
            room -= units(text)
            short.append((text, bold))
            continue
        short.append((_cut(text, room), bold))
        break
    return [*short, (ELLIPSIS, False)]


def _cut(text: str, room: int) -> str:
    length = 0
    for index, character in enumerate(text):
        length += units(character)
        if length > room:
            # At the last blank, unless that would throw away most of it: a text of one endless word.
            blank = text.rfind(" ", 0, index)
            return text[: blank if blank > index // 2 else index]
    return text

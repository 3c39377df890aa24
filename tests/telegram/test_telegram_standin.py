"""Of the stand-in itself: that it refuses what Telegram refuses, so that a test against it can fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from botapi import BotApi
from bothtml import HtmlError, parse


class Client:
    """Sends raw requests, as a bot with bugs would."""

    def __init__(self, api: BotApi, session: aiohttp.ClientSession) -> None:
        self.api = api
        self.session = session

    async def json(self, method: str, **parameters: Any) -> dict[str, Any]:
        url = f"{self.api.url}/bot{self.api.token}/{method}"
        async with self.session.post(url, json=parameters) as response:
            answer: dict[str, Any] = await response.json()
            assert answer["ok"] is (response.status == 200)
            return answer

    async def form(self, method: str, **parameters: str) -> dict[str, Any]:
        url = f"{self.api.url}/bot{self.api.token}/{method}"
        async with self.session.post(url, data=parameters) as response:
            answer: dict[str, Any] = await response.json()
            return answer


@pytest.fixture
async def open_api() -> AsyncIterator[BotApi]:
    """A stand-in whose violations are wanted."""
    async with BotApi() as api:
        yield api


@pytest.fixture
async def client(open_api: BotApi) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(open_api, session)


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


def article(number: str, title: str = "A", text: str = "Hello") -> dict[str, Any]:
    content = {"message_text": text, "parse_mode": "HTML"}
    return {"type": "article", "id": number, "title": title, "input_message_content": content}


GOOD = {"text": "Hello", "parse_mode": "HTML"}

VIOLATIONS: list[tuple[str, dict[str, Any], str]] = [
    ("sendMesage", GOOD, "there is no method"),
    ("sendMessage", GOOD | {"disable_preview": True}, "unknown field 'disable_preview'"),
    ("sendMessage", GOOD | {"link_preview_options": {"is_disabld": True}}, "unknown field 'is_disabld'"),
    ("sendMessage", GOOD | {"reply_markup": keyboard(text="a", data="x")}, "unknown field 'data'"),
    ("sendMessage", GOOD | {"reply_markup": {"inline_keyboard": [{"text": "a"}]}}, "unknown field"),
    ("sendMessage", GOOD | {"text": 5}, "valid string"),
    ("sendMessage", GOOD | {"disable_notification": "yes"}, "valid boolean"),
    ("sendMessage", {"parse_mode": "HTML"}, "text: Field required"),
    ("sendMessage", GOOD | {"chat_id": 1}, "chat not found"),
    ("sendMessage", GOOD | {"chat_id": None}, "chat_id"),
    ("sendMessage", GOOD | {"text": " \n"}, "text is empty"),
    ("sendMessage", GOOD | {"text": "<b></b>"}, "text is empty"),
    ("sendMessage", GOOD | {"text": "x" * 4097}, "too long"),
    ("sendMessage", GOOD | {"text": "🏁" * 2049}, "too long"),
    ("sendMessage", GOOD | {"text": "<b>open"}, "can't parse entities"),
    ("sendMessage", GOOD | {"parse_mode": "MarkdownV2"}, "MarkdownV2"),
    ("sendMessage", GOOD | {"reply_markup": keyboard(text="a", callback_data="ä" * 33)}, "BUTTON_DATA"),
    ("sendMessage", GOOD | {"reply_markup": keyboard(text="a", callback_data="")}, "BUTTON_DATA"),
    ("sendMessage", GOOD | {"reply_markup": keyboard(text="a")}, "exactly one action"),
    ("sendMessage", GOOD | {"reply_markup": keyboard(text=" ", callback_data="a")}, "text is empty"),
    (
        "sendMessage",
        GOOD | {"reply_markup": {"inline_keyboard": [[{"text": "a", "url": "b"}] * 9]}},
        "too many",
    ),
    ("setMyCommands", {"commands": [{"command": "Hilfe!", "description": "x"}]}, "COMMAND_INVALID"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "too long"),
    ("sendMessage", GOOD | {"message_thread_id": 5}, "thread not found"),
    (
        "sendMessage",
        GOOD | {"reply_markup": keyboard(text="a", switch_inline_query="x" * 257)},
        "SWITCH_INLINE_QUERY",
    ),
    ("answerInlineQuery", {"results": [article("a"), article("a")]}, "DUPLICATE"),
    ("answerInlineQuery", {"results": [article("ä" * 33)]}, "RESULT_ID_INVALID"),
    ("answerInlineQuery", {"results": [article(str(n)) for n in range(51)]}, "TOO_MUCH"),
    ("answerInlineQuery", {"results": [article("a", title=" ")]}, "TITLE_EMPTY"),
    ("answerInlineQuery", {"results": [article("a", text="<b>open")]}, "can't parse entities"),
    ("answerInlineQuery", {"results": [], "button": {"text": "a", "start_parameter": "ä"}}, "START_PARAM"),
    ("getUpdates", {"limit": 101}, "limit"),
    ("sendDice", {}, "does not know sendDice"),
]


@pytest.mark.parametrize(
    ("method", "parameters", "why"), VIOLATIONS, ids=[f"{m} {w}" for m, _, w in VIOLATIONS]
)
async def test_what_no_bot_should_send_is_refused_and_kept(
    open_api: BotApi, client: Client, method: str, parameters: dict[str, Any], why: str
) -> None:
    anna = open_api.user()
    if method.startswith("send"):
        parameters = {"chat_id": anna.id} | parameters
    if method == "answerInlineQuery":
        parameters = {"inline_query_id": anna.search("x").id} | parameters
    answer = await client.json(method, **parameters)
    assert answer["error_code"] == 400
    assert why in answer["description"]
    assert len(open_api.violations) == 1
    assert why in open_api.violations[0]
    assert anna.received == []


async def test_a_good_message_arrives_as_its_reader_sees_it(open_api: BotApi, client: Client) -> None:
    anna = open_api.user()
    text = "<b>Le Mans</b> &amp; <i>🏁</i> &#33;"
    await client.json("sendMessage", chat_id=anna.id, text=text, parse_mode="HTML")
    await client.form(
        "sendMessage", chat_id=str(anna.id), text="123", link_preview_options='{"is_disabled": true}'
    )
    first, second = await anna.next_message(), await anna.next_message()
    assert (first.text, second.text) == ("Le Mans & 🏁 !", "123")
    assert first.raw["entities"][1] == {"type": "italic", "offset": 10, "length": 2}
    longest = await client.json("sendMessage", chat_id=anna.id, text="&lt;" * 4096, parse_mode="HTML")
    assert longest["ok"]
    assert open_api.violations == []


async def test_what_a_bot_cannot_know_is_refused_but_no_violation(open_api: BotApi, client: Client) -> None:
    anna = open_api.user()
    sent = (await client.json("sendMessage", chat_id=anna.id, text="a"))["result"]["message_id"]
    same = await client.json("editMessageText", chat_id=anna.id, message_id=sent, text="a")
    gone = await client.json("editMessageText", chat_id=anna.id, message_id=99, text="a")
    query = await client.json("answerCallbackQuery", callback_query_id="9")
    open_api.blocked.add(anna.id)
    blocked = await client.json("sendMessage", chat_id=anna.id, text="a")
    assert "message is not modified" in same["description"]
    assert "message to edit not found" in gone["description"]
    assert "query is too old" in query["description"]
    assert blocked["error_code"] == 403
    assert open_api.violations == []
    open_api.blocked.clear()
    own = anna.send("mine")
    await client.json("editMessageText", chat_id=anna.id, message_id=own["message_id"], text="yours")
    assert open_api.violations == ["editMessageText: Bad Request: message can't be edited"]


async def test_updates_stay_until_they_are_confirmed(open_api: BotApi, client: Client) -> None:
    anna = open_api.user()
    for text in "abc":
        anna.send(text)

    async def texts(**parameters: Any) -> list[str]:
        return [
            update["message"]["text"] for update in (await client.json("getUpdates", **parameters))["result"]
        ]

    assert await texts() == ["a", "b", "c"]
    assert await texts(limit=2) == ["a", "b"]
    assert await texts(offset=1001) == ["b", "c"]
    assert await texts() == ["b", "c"]
    assert await texts(offset=-1) == ["c"]
    assert open_api.confirmed == [1000, 1001]
    await texts(offset=1003, allowed_updates=["callback_query"])
    anna.send("nobody asked")
    assert open_api.pending == []


async def test_a_long_poll_waits_and_a_second_one_ends_it(open_api: BotApi, client: Client) -> None:
    first = asyncio.create_task(client.json("getUpdates", timeout=20))
    await open_api.until(lambda: open_api.calls_of("getUpdates"))
    second = asyncio.create_task(client.json("getUpdates", timeout=20))
    assert (await first)["error_code"] == 409
    open_api.user().send("hi")
    assert len((await second)["result"]) == 1
    open_api.webhook_url = "https://example.org"
    assert "webhook" in (await client.json("getUpdates"))["description"]


async def test_a_wrong_token_is_unauthorized(open_api: BotApi, client: Client) -> None:
    open_api.token = "1:other"
    async with client.session.get(f"{open_api.url}/bot2:wrong/getMe") as response:
        assert response.status == 401


async def test_faults_come_as_ordered(open_api: BotApi, client: Client) -> None:
    open_api.fail("getMe", 429, description="Too Many Requests", retry_after=3)
    open_api.fail("getMe", 502, body="<html>", times=2)
    open_api.drop("getMe")
    assert (await client.json("getMe"))["parameters"] == {"retry_after": 3}
    for _ in range(2):
        async with client.session.get(f"{open_api.url}/bot{open_api.token}/getMe") as response:
            assert (response.status, await response.text()) == (502, "<html>")
    with pytest.raises(aiohttp.ClientError):
        await client.json("getMe")
    assert (await client.json("getMe"))["ok"]


@pytest.mark.parametrize(
    "html",
    ["<p>x</p>", "<b>x", "</b>", "<b><i>x</b></i>", "a & b", "&nbsp;", "1 < 2", "2 > 1", "<br>", "<a>x</a>",
     "<b onclick='x'>y</b>", "<span>x</span>", "<b", "<b>x</b", "&#xZZ;", "<!-- x -->"],
)  # fmt: skip
def test_html_that_telegram_would_refuse_is_refused(html: str) -> None:
    with pytest.raises(HtmlError):
        parse(html)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a &lt;b&gt; &amp;amp; &quot;c&quot;", 'a <b> &amp; "c"'),
        ('<a href="https://x.org/?a=1&amp;b=2">x</a>', "x"),
        ("<B>x</B><tg-spoiler>y</tg-spoiler>", "xy"),
        ('<pre><code class="language-python">z</code></pre>', "z"),
        ("<blockquote expandable>q</blockquote>", "q"),
    ],
)
def test_html_that_telegram_takes_is_read(html: str, text: str) -> None:
    assert parse(html)[0] == text

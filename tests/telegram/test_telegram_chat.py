"""What a person in a private chat meets: the real Application, with a parrot for an assistant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botapi import BotApi
from conftest import serving
from parrot import Parrot
from people import User


async def test_a_question_is_answered_in_html_without_link_preview(api: BotApi, bot: Parrot) -> None:
    reply = await api.user("de").ask("Wann <startet> die Serie & wo?")
    assert reply.html == "<b>You said:</b> Wann &lt;startet&gt; die Serie &amp; wo?"
    assert reply.raw["entities"] == [{"type": "bold", "offset": 0, "length": 9}]
    assert reply.parameters["link_preview_options"] == {"is_disabled": True}


async def test_the_assistant_is_told_the_users_language(api: BotApi, bot: Parrot) -> None:
    await api.user("pt-br").ask("a")
    await api.user(None).ask("b")
    assert bot.heard == [("a", "pt-br"), ("b", None)]


async def test_a_command_that_names_this_bot_is_a_command(api: BotApi, bot: Parrot) -> None:
    anna = api.user()
    await anna.ask("/episodes@Lemans_Test_Bot 3")
    await anna.ask("/help@another_bot")
    assert [text for text, _ in bot.heard] == ["/episodes 3", "/help@another_bot"]


async def test_short_labels_share_a_row_and_long_ones_stand_alone(api: BotApi, bot: Parrot) -> None:
    reply = await api.user().ask("hi")
    assert [[key["text"] for key in row] for row in reply.rows] == [
        ["Refresh", "Another"],
        ["Did you mean the start of the series?"],
        ["Odd", "Share"],
    ]


async def test_a_press_is_acknowledged_and_answered_in_a_new_message(api: BotApi, bot: Parrot) -> None:
    anna = api.user()
    query = anna.press(await anna.ask("hi"), "Another")
    assert (await anna.next_message()).text == "pressed answer:en:start"
    assert api.queries[query]["answered"] == {"callback_query_id": query}


async def test_a_suggestion_becomes_the_answer_in_place(api: BotApi, bot: Parrot) -> None:
    anna = api.user()
    asked = await anna.ask("hi")
    anna.press(asked, "Did you mean the start of the series?")
    edited = await anna.next_edit()
    assert (edited.id, edited.text, edited.buttons) == (asked.id, "pressed choose:en:start", {})
    assert len(anna.received) == 1


async def test_a_refresh_that_changes_nothing_is_no_error(
    api: BotApi, bot: Parrot, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user()
    asked = await anna.ask("hi")
    anna.press(asked, "Refresh")
    first = await anna.next_edit()
    second = anna.press(first, "Refresh")
    await api.until(lambda: len(api.calls_of("editMessageText")) == 2 and api.calls[-1].status)
    assert api.calls_of("editMessageText")[1].status == 400
    bot.tick = 1
    anna.press(first, "Refresh")
    assert (await anna.next_edit()).text == "tick 1"
    assert len(anna.received) == 1
    assert api.queries[second]["answered"]
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


@pytest.mark.parametrize(
    ("press", "says"),
    [
        (lambda anna, asked: anna.press(asked, "Another", expired=True), "pressed answer:en:start"),
        (lambda anna, asked: anna.press(asked, "Refresh", deleted=True), "tick 0"),
        (lambda anna, asked: anna.press(asked, "Another", deleted=True), "pressed answer:en:start"),
        (lambda anna, asked: anna.press(asked, "Odd"), "pressed moon:xx"),
        (lambda anna, asked: anna.press(asked, data="v0|старый|формат"), "pressed v0|старый|формат"),
    ],
    ids=["too old", "refresh of a deleted message", "deleted message", "unknown verb", "an older bot's data"],
)
async def test_a_press_gets_a_reply_whatever_has_become_of_it(
    api: BotApi, bot: Parrot, press: Callable[[User, Any], str], says: str
) -> None:
    anna = api.user()
    query = press(anna, await anna.ask("hi"))
    assert (await anna.next_message()).text == says
    assert [call.parameters["callback_query_id"] for call in api.calls_of("answerCallbackQuery")] == [query]


async def test_a_message_deleted_between_press_and_edit_is_sent_anew(api: BotApi, bot: Parrot) -> None:
    anna = api.user()
    asked = await anna.ask("hi")
    gate = api.hold("editMessageText")
    anna.press(asked, "Refresh")
    await gate.reached()
    del api.messages[anna.id, asked.id]
    gate.release()
    assert (await anna.next_message()).text == "tick 0"


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "document", "location", "contact", "poll"])
async def test_what_is_no_text_gets_a_friendly_line(api: BotApi, bot: Parrot, kind: str) -> None:
    anna = api.user()
    getattr(anna, f"send_{kind}")()
    assert (await anna.next_message()).text == "phrase not_text"


async def test_a_caption_is_a_question(api: BotApi, bot: Parrot) -> None:
    anna = api.user()
    anna.send_photo("What is this?")
    assert (await anna.next_message()).text == "You said: What is this?"


async def test_an_album_is_answered_once(api: BotApi, bot: Parrot) -> None:
    anna = api.user()
    anna.send_photo("What is this?", media_group_id="5")
    anna.send_photo(media_group_id="5")
    anna.send_photo(media_group_id="6")
    anna.send_photo(media_group_id="6")
    anna.send("end")
    assert await anna.until_says("You said: end") == ["You said: What is this?", "phrase not_text"]


async def test_an_edited_question_is_answered_again(api: BotApi, bot: Parrot) -> None:
    anna = api.user()
    message = anna.send("wen startet es")
    await anna.next_message()
    anna.edit(message, "wann startet es")
    assert (await anna.next_message()).text == "You said: wann startet es"


async def test_a_live_location_that_moves_and_service_messages_are_met_with_silence(
    api: BotApi, bot: Parrot
) -> None:
    anna = api.user()
    place = anna.send_location()
    await anna.next_message()
    for _ in range(3):
        api.deliver("edited_message", place | {"edit_date": place["date"] + 1})
    anna.send_service()
    anna.send("end")
    assert await anna.until_says("You said: end") == []


async def test_a_handler_that_raises_gets_an_apology_and_one_log_entry(
    api: BotApi, bot: Parrot, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user()
    assert (await anna.ask("boom")).text == "phrase apology"
    assert (await anna.ask("next")).text == "You said: next"
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1
    assert "the assistant fell over a bug" in caplog.text
    assert "Traceback" in caplog.text


async def test_somebody_who_blocked_the_bot_is_forgotten(
    api: BotApi, bot: Parrot, caplog: pytest.LogCaptureFixture
) -> None:
    anna, berta = api.user(), api.user()
    api.blocked.add(anna.id)
    with caplog.at_level("INFO"):
        anna.send("hi")
        await berta.ask("hi")
        await api.until(lambda: any("blocked" in record.message for record in caplog.records))
    assert caplog.text.count("blocked") == 1
    assert not [record for record in caplog.records if record.levelno > 20]


async def test_the_log_tells_of_a_question_without_text_or_person(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user("de", first_name="Annegret")
    with caplog.at_level("DEBUG"):
        async with serving(api):
            await anna.ask("Geheime Frage")
    lines = [record.getMessage() for record in caplog.records if record.levelname == "INFO"]
    questions = [line for line in lines if line.startswith("question ")]
    assert len(questions) == 1
    assert questions[0].startswith("question kind=answer entry=start score=1.0 margin=0.0 language=de ms=")
    for private in ("Geheime", "Annegret", str(anna.id)):
        assert not any(private in line for line in lines)
        assert private not in "".join(r.getMessage() for r in caplog.records if r.name.startswith("telegram"))

"""Inline mode, in whatever chat: searches, what is posted from them, and the buttons under it."""

from __future__ import annotations

import pytest
from botapi import BotApi
from conftest import serving
from parrot import Parrot


async def test_a_search_is_answered_with_whole_answers_to_choose_from(api: BotApi, bot: Parrot) -> None:
    offers = await api.user().search("start teams").offers()
    first, second = offers["results"]
    assert (first["type"], first["id"], first["title"]) == ("article", "en:start", "start")
    assert first["description"] == "start <found>"
    content = first["input_message_content"]
    assert content["message_text"] == "<b>start</b> &lt;found&gt;\nmore"
    assert content["parse_mode"] == "HTML"
    assert content["link_preview_options"] == {"is_disabled": True}
    assert first["reply_markup"]["inline_keyboard"]
    assert second["id"] == "en:teams"
    assert "button" not in offers


async def test_results_are_kept_for_a_minute_and_for_all_unless_they_depend_on_the_user(
    api: BotApi, bot: Parrot
) -> None:
    for words, personal in (("start", False), ("", True)):
        offers = await api.user().search(words).offers()
        assert offers["cache_time"] == 60
        assert offers.get("is_personal", False) is personal


async def test_where_nothing_is_found_a_button_leads_to_the_private_chat(api: BotApi, bot: Parrot) -> None:
    offers = await api.user().search("xyzzy").offers()
    assert offers["results"] == []
    assert offers["button"] == {"text": "Nothing found", "start_parameter": "search"}


async def test_a_search_may_be_256_characters_long_and_find_more_than_telegram_shows(
    api: BotApi, bot: Parrot
) -> None:
    words = " ".join(f"w{number:02}" for number in range(64))
    assert 250 < len(words) <= 256
    assert len(await api.user().search(words).results()) == 50


async def test_a_search_that_is_over_is_no_error(
    api: BotApi, bot: Parrot, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user()
    api.allowed = None
    anna.search("sta").expired = True
    assert await anna.search("start").titles() == ["start"]
    await api.until(lambda: not api.pending)
    assert not [record for record in caplog.records if record.levelno > 20]


async def test_the_buttons_of_a_shared_answer_change_it_in_place(
    api: BotApi, bot: Parrot, caplog: pytest.LogCaptureFixture
) -> None:
    anna, berta = api.user(), api.user()
    shared = anna.post((await anna.search("start").results())[0])
    for label, said in (("Another", "pressed answer:en:start"), ("Refresh", "tick 0")):
        shared = anna.post((await anna.search("start").results())[0])
        query = berta.press_shared(shared, label)
        await shared.next_edit()
        assert shared.text == said
        await api.until(lambda q=query: api.queries[q]["answered"])  # type: ignore[misc]
    berta.press_shared(shared, "Refresh")  # changes nothing
    del api.shared[shared.id]
    berta.press_shared(shared, "Refresh")  # and now it is gone
    await anna.ask("still there?")
    await api.until(lambda: not api.pending)
    assert berta.received == []
    assert not [record for record in caplog.records if record.levelno > 20]


async def test_its_own_answers_that_somebody_posts_are_no_questions(api: BotApi, bot: Parrot) -> None:
    anna, group = api.user(), api.group()
    result = (await anna.search("start").results())[0]
    anna.post(result, anna)
    anna.post(result, group)
    anna.send("end")
    assert await anna.until_says("You said: end") == []
    assert group.received == []


async def test_an_answer_is_shared_by_its_last_button_if_inline_mode_is_on(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(api):
        reply = await api.user().ask("hi")
        assert reply.rows[-1][-1] == {"text": "Share", "switch_inline_query": "when does it start"}
    assert "inline mode" not in caplog.text
    api.me["supports_inline_queries"] = False
    with caplog.at_level("INFO"):
        async with serving(api):
            assert (await api.user().ask("hi")).shares == {}
    assert caplog.text.count("inline mode is off") == 1
    assert "/setinline at @BotFather" in caplog.text

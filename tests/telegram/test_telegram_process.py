"""The real process, `python -m bot run`, from outside: a conversation, faults at start, signals, a crash."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from botapi import TOKEN, BotApi
from conftest import BotProcess

Start = Callable[..., Awaitable[BotProcess]]

ANSWERS = r"answers on Telegram"


async def test_a_conversation_in_both_languages(api: BotApi, start_bot: Start) -> None:
    bot = await start_bot(api)
    jana, john = api.user("de", "Jana"), api.user("en-GB", "John")

    welcome = await jana.ask("/start")
    assert "Le Mans" in welcome.text
    assert welcome.buttons

    answer = await jana.ask("Wann startet die Serie?")
    assert "9. Juni 2017" in answer.text
    assert "<b>" in answer.html
    related = next(label for label, action in answer.buttons.items() if action.startswith("answer:"))
    query = jana.press(answer, related)
    follow_up = await jana.next_message()
    assert follow_up.id != answer.id
    assert follow_up.text != answer.text
    assert api.queries[query]["answered"]

    assert "26" in (await john.ask("how long is one episode?")).text
    episodes = await john.ask("How many episodes are there")
    assert "six" in episodes.text.lower() or "6" in episodes.text

    for user in (jana, john):
        countdown = await user.ask("/countdown")
        refresh = next(label for label, action in countdown.buttons.items() if action.startswith("refresh:"))
        edits = len(api.calls_of("editMessageText"))
        user.press(countdown, refresh)
        await api.until(lambda n=edits: len(api.calls_of("editMessageText")) > n and api.calls[-1].status)  # type: ignore[misc]

    unknown = await john.ask("/cuontdown")
    assert "/countdown" in unknown.text
    john.send_sticker()
    jana.send_sticker()
    english, german = await john.next_message(), await jana.next_message()
    assert english.text != german.text
    assert (await jana.ask("/start runtime")).text != welcome.text

    assert len(jana.received) == 6
    assert await bot.stop() == 0
    assert bot.output.count(" question ") >= 8
    for private in ("Jana", "John", str(jana.id), str(john.id), "startet die Serie", "episode?"):
        assert private not in bot.output


async def test_every_topic_and_every_button_is_taken_by_telegram(api: BotApi, start_bot: Start) -> None:
    await start_bot(api, SEND_RATE="0")
    for language in ("de", "en"):
        user = api.user(language)
        topics = await user.ask("/topics")
        labels = [label for label, action in topics.buttons.items() if action.startswith("answer:")]
        assert len(labels) >= 20
        for label in labels:
            user.press(topics, label)
            answer = await user.next_message()
            assert answer.text
        for text in (
            "/help",
            "/cast",
            "/privacy",
            "/episodes",
            "/episodes 3",
            "/episodes <b>",
            "/<x>",
            "*a & <b>*",
        ):
            await user.ask(text)


async def test_a_malformed_token_is_one_line_and_status_78(start_bot: Start) -> None:
    bot = await start_bot("http://127.0.0.1:9", token=TOKEN.replace(":", "::") + " x")
    assert await bot.ends() == 78
    assert len(bot.lines) == 1
    assert "TELEGRAM_BOT_TOKEN" in bot.output
    assert "@BotFather" in bot.output


async def test_a_refused_token_is_one_line_and_status_78(api: BotApi, start_bot: Start) -> None:
    api.token = "1:another"
    bot = await start_bot(api)
    assert await bot.ends() == 78
    assert len(bot.lines) == 1
    assert "Telegram refuses the token" in bot.output


async def test_a_token_revoked_while_running_ends_the_process(api: BotApi, start_bot: Start) -> None:
    bot = await start_bot(api)
    await bot.says(ANSWERS)
    await api.until(lambda: api.calls_of("getUpdates"))
    api.fail("getUpdates", 401, times=10**6, description="Unauthorized")
    api.user().send("hi")  # ends the long poll
    assert await bot.ends() == 78
    assert "Telegram refuses the token" in bot.lines[-1]
    assert "Traceback" not in bot.output


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_token_is_in_no_output_however_much_goes_wrong(
    api: BotApi, start_bot: Start, form: str
) -> None:
    api.fail("getMe", 502, body=f"<html>bot{TOKEN}</html>")
    api.fail("sendMessage", 500, description=f"cannot POST /bot{TOKEN}/sendMessage")
    api.fail("sendMessage", 400, description=f"Bad Request: /bot{TOKEN}/sendMessage")
    bot = await start_bot(api, LOG_LEVEL="DEBUG", LOG_FORMAT=form)
    anna = api.user()
    for text in ("a", "b", "Wann startet die Serie?"):
        anna.send(text)
    await anna.next_message()
    await anna.next_message()
    assert await bot.stop() == 0
    # The fixture looks for the token; here, that there was something to find.
    assert "<token>" in bot.output
    assert "BadRequest" in bot.output


async def test_no_network_at_start_is_said_once_then_it_answers(
    start_bot: Start, unused_tcp_port: int
) -> None:
    bot = await start_bot(f"http://127.0.0.1:{unused_tcp_port}")
    await bot.says("Telegram cannot be reached")
    async with BotApi(port=unused_tcp_port) as api:
        assert (await api.user().ask("hi")).text
        await bot.says("Telegram answers again")
        assert await bot.stop() == 0
    assert bot.output.count("cannot be reached") == 1
    assert "Traceback" not in bot.output


async def test_without_network_a_signal_still_ends_it(start_bot: Start, unused_tcp_port: int) -> None:
    bot = await start_bot(f"http://127.0.0.1:{unused_tcp_port}")
    await bot.says("Telegram cannot be reached")
    assert await bot.stop(signal.SIGINT) == 0
    assert "Traceback" not in bot.output


async def test_two_processes_with_one_token_say_so_once_each(api: BotApi, start_bot: Start) -> None:
    first = await start_bot(api)
    await first.says(ANSWERS)
    second = await start_bot(api)
    await first.says("another process polls Telegram with the same token")
    await api.until(lambda: sum(call.status == 409 for call in api.calls) >= 3)
    assert await second.stop() == 0
    anna = api.user()
    assert (await anna.ask("hi")).text
    assert await first.stop() == 0
    for bot in (first, second):
        assert bot.output.count("another process polls") <= 1
        assert "Traceback" not in bot.output


async def test_a_signal_ends_it_with_all_that_was_fetched_answered(api: BotApi, start_bot: Start) -> None:
    people = [api.user() for _ in range(20)]
    gate = api.hold("sendMessage")
    for number in range(80):
        people[number % 20].send(f"How many episodes are there? {number}")
    bot = await start_bot(api)
    await gate.reached(20)
    bot.process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    await bot.says("stopping")
    gate.release()
    assert await bot.ends(5) == 0
    assert time.monotonic() - started < 5
    assert [len(person.received) for person in people] == [4] * 20
    assert api.pending == []
    assert api.confirmed == list(range(1000, 1080))
    assert "Traceback" not in bot.output


async def test_a_signal_ends_it_in_time_though_telegram_hangs(api: BotApi, start_bot: Start) -> None:
    anna = api.user()
    gate = api.hold("sendMessage")
    bot = await start_bot(api)
    await bot.says(ANSWERS)
    anna.send("hi")
    await gate.reached()
    assert await bot.stop() == 0
    assert "1 updates in work" in bot.output
    assert len(api.pending) == 1
    gate.release()


async def test_a_crash_in_the_middle_loses_no_question(api: BotApi, start_bot: Start) -> None:
    people = [api.user() for _ in range(6)]
    gate = api.hold("sendMessage", only=lambda call: int(call["chat_id"]) != people[0].id)
    bot = await start_bot(api)
    await bot.says(ANSWERS)
    for person in people:
        person.send("How long is one episode?")
    await people[0].next_message()
    await gate.reached(5)
    await bot.close()  # SIGKILL
    gate.release()
    await start_bot(api)
    for person in people[1:]:
        await person.next_message()
    await api.until(lambda: api.confirmed == list(range(1000, 1006)))


async def test_unanswered_questions_are_noted_without_their_askers(
    api: BotApi, start_bot: Start, tmp_path: Any
) -> None:
    bot = await start_bot(api, QUESTION_LOG=str(tmp_path / "questions.jsonl"))
    anna = api.user("en")
    await anna.ask("What is the capital of Australia?")
    assert await bot.stop() == 0
    written = (tmp_path / "questions.jsonl").read_text("utf-8")
    assert "Australia" in written
    assert str(anna.id) not in written


async def test_the_file_of_unanswered_questions_may_be_moved_away_with_sighup_or_without(
    api: BotApi, start_bot: Start, tmp_path: Any
) -> None:
    log = tmp_path / "questions.jsonl"
    bot = await start_bot(api, QUESTION_LOG=str(log))
    anna = api.user("en")
    for turn in range(2):
        await anna.ask("What is the capital of Australia?")
        log.rename(tmp_path / f"{turn}.jsonl")
        bot.process.send_signal(signal.SIGHUP)
        await bot.says("SIGHUP")
    await anna.ask("What is the capital of Australia?")
    assert await bot.stop() == 0
    assert [len(file.read_text("utf-8").splitlines()) for file in sorted(tmp_path.iterdir())] == [1, 1, 1]


async def test_as_json_every_line_is_an_object_and_a_questions_figures_are_fields(
    api: BotApi, start_bot: Start
) -> None:
    bot = await start_bot(api, LOG_FORMAT="json")
    await api.user("de").ask("Wann startet die Serie?")
    assert await bot.stop() == 0
    records = [json.loads(line) for line in bot.lines]
    (question,) = (record for record in records if record["message"].startswith("question "))
    assert set(question) == {
        *("time", "level", "logger", "message"),
        *("kind", "entry", "score", "margin", "language", "ms"),
    }
    assert (question["kind"], question["entry"], question["language"]) == ("answer", "start", "de")
    assert 0 < question["margin"] <= question["score"] <= 1

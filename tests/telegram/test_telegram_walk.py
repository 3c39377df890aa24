"""One person, one session, the running process: everything that people who live in Telegram expect of a bot.

The stand-in refuses what the Bot API would refuse, and fails the test for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from botapi import BotApi
from conftest import BotProcess

Start = Callable[..., Awaitable[BotProcess]]

NAME = "@lemans_test_bot"


async def test_a_walk_through_all_that_the_bot_can_do(api: BotApi, start_bot: Start) -> None:
    bot = await start_bot(api)
    await bot.says("answers on Telegram")
    jana = api.user("de", "Jana")

    # The profile, in German, in English and for all others; only what is handled is asked for.
    await api.until(lambda: len(api.settings) == 12)
    commands = api.settings["Commands", (("type", "all_group_chats"),), "de"]
    assert [each["command"] for each in commands][:2] == ["hilfe", "themen"]
    assert api.allowed == ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]

    # Buttons under answers: a related question comes as a new message, the other language in place.
    answer = await jana.ask("Wann startet die Serie?")
    assert "<b>9. Juni 2017</b>" in answer.html
    assert answer.parameters["link_preview_options"] == {"is_disabled": True}
    assert list(answer.buttons)[3:] == ["In English"]
    for label in ("Wie viele Folgen gibt es?", "Wo läuft die Serie?"):
        query = jana.press(answer, label)
        related = await jana.next_message()
        assert related.id != answer.id
        assert api.queries[query]["answered"]
    jana.press(answer, "In English")
    english = await jana.next_edit()
    assert (english.id, "9 June 2017" in english.text) == (answer.id, True)
    jana.press(english, "Auf Deutsch")
    assert (await jana.next_edit()).text == answer.text

    # A press on a button that is too old, whose message is gone, or that an older version has made.
    jana.press(answer, "Wo läuft die Serie?", expired=True)
    assert "Amazon Prime" in (await jana.next_message()).text
    for data in ("answer:de:gone", "v0|старый", "answer:xx:start"):
        jana.press(answer, data=data)
        assert "/themen" in (await jana.next_message()).text
    jana.press(related, "In English", deleted=True)
    assert "Amazon Prime" in (await jana.next_message()).text

    # Did you mean: a press turns the question back into the answer.
    questions_back = []
    for vague in ("die leute", "film oder rennen", "rennen folgen", "folge weissach"):
        asked = await jana.ask(vague)
        if asked.buttons and all(data.startswith("choose:") for data in asked.buttons.values()):
            questions_back.append(asked)
            assert 1 <= len(asked.buttons) <= 3
            jana.press(asked, next(iter(asked.buttons)))
            assert (await jana.next_edit()).id == asked.id
    assert questions_back

    # The countdown refreshes itself, changed or not.
    countdown = await jana.ask("/countdown")
    jana.press(countdown, "Aktualisieren")
    jana.press(countdown, "In English")
    assert "since the series started" in (await jana.next_edit()).text

    # A deep link, and an edited question.
    assert "Porsche" in (await jana.ask("/start teams")).text
    question = jana.send("wann ist das renen?")
    assert "17. Juni 2017" in (await jana.next_message()).text
    jana.edit(question, "wie lange dauert das Rennen?")
    assert "24 Stunden" in (await jana.next_message()).text

    # Not text.
    for send in (jana.send_sticker, jana.send_voice, jana.send_location, jana.send_contact, jana.send_poll):
        send()
        assert "als Text" in (await jana.next_message()).text
    jana.send_photo("wer ist Mark Webber?")
    assert "Formel-1-Pilot" in (await jana.next_message()).text

    # Inline mode: search, topics, nothing; a posted answer, its buttons, and sharing on.
    search = jana.search("wann startet")
    assert (await search.titles())[0] == "Wann startet die Serie?"
    assert len(await jana.search("").results()) >= 20
    nothing = await jana.search("wie wird das Wetter in Rom").offers()
    assert await jana.ask(f"/start {nothing['button']['start_parameter']}")
    forum = api.group("Le Mans 24", forum=True)
    shared = jana.post((await search.results())[0], forum)
    jana.press_shared(shared, "In English")
    await shared.next_edit()
    assert "9 June 2017" in shared.text
    again = await jana.search(answer.shares["Teilen"]).results()
    assert again[0]["input_message_content"]["message_text"] == answer.html
    clock = (await jana.search("/countdown").results())[0]
    shown = jana.post(clock)
    jana.press_shared(shown, "Aktualisieren")

    # A forum: a welcome, silence, mentions, commands, replies, its topics.
    forum.bot_becomes("member", by=jana)
    assert NAME in (await forum.next_message()).text
    topic = forum.topic()
    for said in ("Wann startet die Serie?", "/help@other_bot", "danke!"):
        jana.send(said, chat=forum, topic=topic)
    jana.send_sticker(chat=forum)
    reply = await jana.ask(f"🏁 {NAME} wo läuft das?", forum, topic=topic)
    assert (reply.topic, reply.answers is not None) == (topic, True)
    jana.send("haha", chat=forum, topic=topic, answers=reply)
    assert "sechs" in (await jana.ask("und wie viele Folgen?", forum, topic=topic, answers=reply)).text
    assert "/themen" in (await jana.ask(f"/hilfe{NAME}", forum)).text
    assert await jana.ask(f"{NAME} danke!", forum)
    jana.press(reply, "Wann startet die Serie?")
    assert (await forum.next_message()).topic == topic

    # A flood there is told once, and leaves others their turn.
    for number in range(60):
        jana.send(f"{NAME} wer ist dabei? {number}", chat=forum)
    other = api.user("en", "John")
    assert "six" in (await other.ask("How many episodes are there?")).text
    await api.until(lambda: not api.pending)
    assert [seen.text for seen in forum.received].count(
        "Nicht so schnell, bitte. Gleich bin ich wieder für dich da."
    ) == 1

    # A group becomes a supergroup; another has thrown the bot out, and John has blocked it.
    old, new, lost = api.group(), api.group(), api.group()
    api.migrated[old.id] = new.id
    jana.send(f"{NAME} wer ist dabei?", chat=old)
    assert "Webber" in (await new.next_message()).text
    api.blocked |= {lost.id, other.id}
    jana.send(f"{NAME} wer ist dabei?", chat=lost)
    other.send("hi")
    assert await jana.ask("wie heißt die Serie genau?")
    await api.until(lambda: not api.pending)

    assert await bot.stop() == 0
    assert bot.output.count("reply not delivered") == 2
    assert "Traceback" not in bot.output
    assert not [line for line in bot.lines if "WARNING" in line or "ERROR" in line]
    assert "Jana" not in bot.output

    # A restart finds the profile as it should be.
    sets = [call.method for call in api.calls if call.method.startswith("setMy")]
    reads = len(api.calls_of("getMyShortDescription"))
    await start_bot(api)
    await api.until(lambda: len(api.calls_of("getMyShortDescription")) == reads + 3)
    assert await jana.ask("wer ist dabei?")
    assert [call.method for call in api.calls if call.method.startswith("setMy")] == sets

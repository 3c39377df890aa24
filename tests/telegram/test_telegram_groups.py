"""What people in a group meet: the bot speaks when it is spoken to, where it was spoken to."""

from __future__ import annotations

from typing import Any

import pytest
from botapi import BotApi
from parrot import Parrot

NAME = "@lemans_test_bot"


async def test_talk_among_people_is_met_with_silence(api: BotApi, bot: Parrot) -> None:
    anna, berta, group = api.user(), api.user(), api.group()
    for text in (
        "When does it start?",
        "@berta look",
        f"{NAME}s are great",
        "see lemans_test_bot",
        "a /help",
    ):
        anna.send(text, chat=group)
    anna.send_sticker(chat=group)
    anna.send_photo("nice", chat=group)
    berta.send("so?", chat=group, reply_to_message=anna.send("hm", chat=group))
    assert (await anna.ask(f"{NAME} you there?", group)).text == "You said: you there?"
    assert len(group.received) == 1
    assert len(bot.heard) == 1


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        (f"{NAME} When does it start?", "When does it start?"),
        (f"{NAME}, when?", "when?"),
        (f"When does it start, {NAME.upper()}?", "When does it start, ?"),
        (f"🏁🏎️ {NAME} when?", "🏁🏎️  when?"),
        (f"{NAME} {NAME} when?", "when?"),
        (f"@berta ask {NAME}: when?", "@berta ask : when?"),
        (f"{NAME} /episodes 3", "/episodes 3"),
        (NAME, ""),
    ],
)
async def test_a_mention_is_answered_without_the_name(
    api: BotApi, bot: Parrot, text: str, heard: str
) -> None:
    anna, group = api.user("de"), api.group()
    question = anna.send(text, chat=group)
    assert (await group.next_message()).answers == question["message_id"]
    assert bot.heard == [(heard, "de")]


async def test_a_mention_without_a_username_counts_too(api: BotApi, bot: Parrot) -> None:
    anna, group = api.user(), api.group()
    me = {k: api.me[k] for k in ("id", "is_bot", "first_name")}
    anna.send("Le Mans when?", chat=group, entities=[_named(me, 0, 7)])
    anna.send("Berta when?", chat=group, entities=[_named(api.user().user, 0, 5)])
    assert (await group.next_message()).text == "You said: when?"
    await anna.ask("end")
    assert len(group.received) == 1


async def test_a_caption_that_mentions_the_bot_is_a_question(api: BotApi, bot: Parrot) -> None:
    anna, group = api.user(), api.group()
    photo = anna.send_photo(f"{NAME} what is this?", chat=group, media_group_id="7")
    anna.send_photo(chat=group, media_group_id="7")
    reply = await group.next_message()
    assert (reply.text, reply.answers) == ("You said: what is this?", photo["message_id"])


async def test_a_reply_to_the_bot_is_a_question_but_a_remark_is_not_unless_it_is_mentioned(
    api: BotApi, bot: Parrot
) -> None:
    anna, group = api.user(), api.group()
    first = await anna.ask(f"{NAME} when?", group)
    assert (await anna.ask("and where?", group, answers=first)).text == "You said: and where?"
    anna.send("lol", chat=group, answers=first)
    named = anna.send(f"lol {NAME}", chat=group, answers=first)
    reply = await group.next_message()
    assert (reply.text, reply.answers) == ("You said: lol", named["message_id"])


async def test_commands_are_answered_unless_they_are_for_another_bot(api: BotApi, bot: Parrot) -> None:
    anna, group = api.user(), api.group()
    first = await anna.ask("/help", group)
    assert first.text == "You said: /help"
    assert (await anna.ask("/episodes@Lemans_Test_Bot 3", group)).text == "You said: /episodes 3"
    anna.send("/help@another_bot", chat=group)
    anna.send("/help@another_bot", chat=group, answers=first)
    anna.send(f"/help@another_bot {NAME}", chat=group)
    assert (await anna.ask("/topics", group)).text == "You said: /topics"


async def test_in_a_forum_the_reply_stays_in_the_topic(api: BotApi, bot: Parrot) -> None:
    anna, forum = api.user(), api.group(forum=True)
    topic = forum.topic()
    reply = await anna.ask(f"{NAME} when?", forum, topic=topic)
    assert (reply.topic, reply.answers is not None) == (topic, True)
    anna.press(reply, "Another")
    pressed = await forum.next_message()
    assert (pressed.topic, pressed.answers) == (topic, reply.id)
    anna.press(reply, "Refresh")
    assert (await forum.next_edit()).topic == topic
    assert (await anna.ask(f"{NAME} in General?", forum)).topic is None


async def test_a_chain_of_replies_outside_a_forum_is_no_topic(api: BotApi, bot: Parrot) -> None:
    anna, group = api.user(), api.group()
    reply = await anna.ask(f"{NAME} when?", group, message_thread_id=12)
    assert "message_thread_id" not in reply.parameters


async def test_a_question_deleted_meanwhile_is_answered_all_the_same(api: BotApi, bot: Parrot) -> None:
    anna, group = api.user(), api.group()
    gate = api.hold("sendMessage")
    question = anna.send(f"{NAME} when?", chat=group)
    await gate.reached()
    del api.messages[group.id, question["message_id"]]
    gate.release()
    assert (await group.next_message()).answers is None


async def test_an_edited_question_or_command_gets_a_fresh_answer(api: BotApi, bot: Parrot) -> None:
    anna, group = api.user(), api.group()
    question = anna.send("wen startet es", chat=group)
    anna.edit(question, f"{NAME} wann startet es")
    assert (await group.next_message()).text == "You said: wann startet es"
    command = anna.send("/hlep", chat=group)
    await group.next_message()
    anna.edit(command, "/help")
    assert (await group.next_message()).answers == command["message_id"]


async def test_an_anonymous_admin_and_a_channel_that_speaks_are_answered_like_anyone(
    api: BotApi, bot: Parrot
) -> None:
    group = api.group()
    somebody = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    text = f"{NAME} when?"
    entities = [{"type": "mention", "offset": 0, "length": len(NAME)}]
    message = api.new_message(group.chat, somebody, text=text, entities=entities, sender_chat=group.chat)
    api.deliver("message", message)
    assert (await group.next_message()).text == "You said: when?"


@pytest.mark.parametrize("arrival", [("left", "member"), ("kicked", "member"), ("removed", "administrator")])
async def test_it_greets_once_when_added_and_says_how_to_ask(
    api: BotApi, bot: Parrot, arrival: tuple[str, str]
) -> None:
    before, after = arrival
    anna, group = api.user("de"), api.group()
    group.bot_becomes(after, by=anna, before=before)
    assert (await group.next_message()).text == f"phrase group_welcome {NAME}"
    group.bot_becomes("administrator", by=anna, before=after)
    group.bot_becomes("muted", by=anna, before="administrator")
    group.bot_becomes("member", by=anna, before="muted")
    group.bot_becomes("kicked", by=anna, before="member")
    await anna.ask("end")
    assert len(group.received) == 1


async def test_who_blocks_or_unblocks_it_is_not_greeted(api: BotApi, bot: Parrot) -> None:
    anna = api.user()
    for before, after in (("member", "kicked"), ("kicked", "member")):
        change = {"chat": anna.chat, "from": anna.user, "date": 1_700_000_000}
        me = {k: api.me[k] for k in ("id", "is_bot", "first_name", "username")}
        sides = {"member": {}, "kicked": {"until_date": 0}}
        change |= {
            "old_chat_member": {"status": before, "user": me, **sides[before]},
            "new_chat_member": {"status": after, "user": me, **sides[after]},
        }
        api.deliver("my_chat_member", change)
    anna.send("end")
    assert await anna.until_says("You said: end") == []


@pytest.mark.parametrize(
    "refusal",
    [
        {"status": 403, "description": "Forbidden: bot was kicked from the supergroup chat"},
        {"status": 400, "description": "Bad Request: not enough rights to send text messages to the chat"},
        {"status": 400, "description": "Bad Request: TOPIC_CLOSED"},
    ],
    ids=["kicked", "muted", "closed"],
)
async def test_a_group_where_it_may_not_write_is_one_line_and_forgotten(
    api: BotApi, bot: Parrot, caplog: pytest.LogCaptureFixture, refusal: dict[str, Any]
) -> None:
    anna, group = api.user(), api.group()
    with caplog.at_level("INFO"):
        api.fail("sendMessage", **refusal)
        anna.send(f"{NAME} when?", chat=group)
        await anna.ask("still there?")
        await api.until(lambda: not api.pending)
    lines = [r.levelname for r in caplog.records if "not delivered" in r.getMessage()]
    assert lines == ["INFO"]
    assert not [r for r in caplog.records if r.levelno > 20]


async def test_a_group_that_became_a_supergroup_goes_on_working(api: BotApi, bot: Parrot) -> None:
    anna, group, supergroup = api.user(), api.group(), api.group()
    asked = await anna.ask(f"{NAME} before", group)
    gate = api.hold("sendMessage")
    anna.send(f"{NAME} during", chat=group)
    await gate.reached()
    api.migrated[group.id] = supergroup.id
    api.deliver("message", api.new_message(group.chat, anna.user, migrate_to_chat_id=supergroup.id))
    gate.release()
    assert (await supergroup.next_message()).text == "You said: during"
    anna.press(asked, "Refresh")
    assert (await supergroup.next_message()).text == "tick 0"
    assert (await anna.ask(f"{NAME} after", supergroup)).text == "You said: after"


async def test_no_other_kind_of_update_is_asked_for(api: BotApi, bot: Parrot) -> None:
    await api.until(lambda: api.allowed)
    assert api.allowed == ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]


async def test_other_kinds_of_update_do_not_hurt(
    api: BotApi, bot: Parrot, caplog: pytest.LogCaptureFixture
) -> None:
    anna = api.user()
    await anna.ask("hi")
    api.allowed = None
    channel = {"id": -1009, "type": "channel", "title": "News"}
    post = api.new_message(channel, anna.user, text=f"{NAME} news", sender_chat=channel)
    business = api.new_message(anna.chat, anna.user, text="when?", business_connection_id="b")
    reaction = {"chat": anna.chat, "message_id": 1, "user": anna.user, "date": 1_700_000_000}
    for kind, content in {
        "channel_post": post,
        "edited_channel_post": post | {"edit_date": post["date"]},
        "business_message": business,
        "edited_business_message": business | {"edit_date": business["date"]},
        "guest_message": api.new_message(anna.chat, anna.user, text="when?", guest_query_id="g"),
        "deleted_business_messages": {"business_connection_id": "b", "chat": anna.chat, "message_ids": [1]},
        "message_reaction": reaction | {"old_reaction": [], "new_reaction": []},
        "chosen_inline_result": {"result_id": "en:start", "from": anna.user, "query": "start"},
        "poll_answer": {"poll_id": "1", "user": anna.user, "option_ids": [0], "option_persistent_ids": ["a"]},
    }.items():
        api.deliver(kind, content)
    anna.send("end")
    assert await anna.until_says("You said: end") == []
    await api.until(lambda: not api.pending)
    assert not [r for r in caplog.records if r.levelno > 20]


def _named(user: dict[str, Any], offset: int, length: int) -> dict[str, Any]:
    return {"type": "text_mention", "offset": offset, "length": length, "user": user}

"""The bot's decisions, with the FAQ that ships."""

from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant, Knowledge
from bot.faq import Faq
from bot.reply import MAX_ACTION_BYTES, Lookup, Reply
from tests.conftest import BERLIN

BEFORE = datetime(2017, 6, 1, 12, tzinfo=BERLIN)
BETWEEN = datetime(2017, 6, 12, 12, tzinfo=BERLIN)
RACE_DAY = datetime(2017, 6, 17, 12, tzinfo=BERLIN)
AFTER = datetime(2026, 3, 1, 12, tzinfo=BERLIN)

VAGUE = (
    "wie viele Minuten oder Stunden?",
    "länge serie rennen",
    "which one",
    "zeit?",
    "die leute",
    "race series",
    "wann wo",
    "dauer",
)
"""Some of these are met with a question back."""


def first_line(reply: Reply) -> str:
    return reply.plain.split("\n")[0]


@pytest.mark.parametrize(
    ("question", "entry", "fact"),
    [
        ("Wann startet die Serie?", "start", "9. Juni 2017"),
        ("how many episodes are there", "episodes", "six"),
        ("wie lang ist eine Folge", "length", "26 Minuten"),
        ("total running time", "runtime", "2 hours and 36 minutes"),
        ("wo wurde gedreht", "weissach", "Weissach"),
        ("which teams take part", "teams", "Rebellion"),
    ],
)
def test_a_question_is_answered_with_its_fact(
    assistant: Assistant, now: datetime, question: str, entry: str, fact: str
) -> None:
    reply = assistant.reply(question, now=now)
    assert (reply.kind, reply.topics) == ("answer", (entry,))
    assert fact in reply.plain


@pytest.mark.parametrize(
    ("question", "language"), [("was kostet das?", "de"), ("how much does it cost?", "en")]
)
def test_what_the_article_does_not_say_the_bot_says_it_does_not_know(
    assistant: Assistant, now: datetime, question: str, language: str
) -> None:
    reply = assistant.reply(question, now=now)
    assert (reply.kind, reply.language, reply.topics) == ("unknown", language, ("price",))


@pytest.mark.parametrize(
    "question", ["Wann startet Stranger Things?", "how many episodes does Breaking Bad have"]
)
def test_what_is_none_of_its_business_is_turned_away(
    assistant: Assistant, now: datetime, question: str
) -> None:
    assert assistant.reply(question, now=now).kind == "fallback"


def test_other_languages_are_turned_away_in_both(assistant: Assistant, now: datetime) -> None:
    reply = assistant.reply("Combien coûte un billet de train pour Paris ?", now=now)
    assert reply.kind == "fallback"
    assert "Deutsch" in reply.plain
    assert "English" in reply.plain


@pytest.mark.parametrize(
    ("question", "when", "line"),
    [
        ("Ist Toyota dabei?", AFTER, "Ja, Toyota ist dabei."),
        ("und ist Toyota dabei?", AFTER, "Ja, Toyota ist dabei."),
        ("is toyota in it?", AFTER, "Yes, Toyota is in it."),
        ("Gibt es die Serie auf Netflix?", AFTER, "Nein, von Netflix ist nicht die Rede."),
        ("Dauert eine Folge eine Stunde?", AFTER, "Nein, so lang nicht."),
        ("hab vier folgen gesehen, wie viele noch?", AFTER, "Noch übrig: 2 von 6."),
        ("i've seen four episodes, how many are left", AFTER, "Still to go: 2 of 6."),
        ("hab ich das Rennen verpasst?", AFTER, "Ja, das Rennen von 2017 ist vorbei."),
        ("hab ich das Rennen verpasst?", BETWEEN, "Nein, es kommt noch."),
        ("ist die Serie schon draußen?", BEFORE, "Nein, noch nicht."),
        ("ist die Serie schon draußen?", AFTER, "Ja, sie ist schon da."),
    ],
)
def test_the_first_line_answers_as_the_question_was_put(
    assistant: Assistant, question: str, when: datetime, line: str
) -> None:
    assert first_line(assistant.reply(question, now=when)) == line


def test_every_part_of_a_message_is_answered_once_and_in_order(assistant: Assistant, now: datetime) -> None:
    reply = assistant.reply("wie viele Folgen gibt es und wie lang sind die? Und wo läuft das?", now=now)
    assert reply.topics == ("episodes", "length", "platform")
    assert reply.text.count("\n\n") == 2


@pytest.mark.parametrize("greeting", ["Hallo! ", "hi, ", "Guten Morgen, "])
@pytest.mark.parametrize("thanks", ["", " Danke!", " vielen dank"])
def test_manners_change_nothing(assistant: Assistant, now: datetime, greeting: str, thanks: str) -> None:
    assert assistant.reply(f"{greeting}wo läuft die serie?{thanks}", now=now).topics == ("platform",)


@pytest.mark.parametrize("follow_up", ["und die Länge?", "and the length?"])
def test_a_follow_up_needs_no_memory(assistant: Assistant, now: datetime, follow_up: str) -> None:
    assert assistant.reply(follow_up, now=now).topics == ("length",)


# Every phrasing


def test_any_phrasing_of_the_faq_is_answered_by_its_own_entry(knowledge: Knowledge) -> None:
    """By the matcher, to be exact: as a message, one that holds two questions is answered twice."""
    wrong = [
        (language.code, entry, question)
        for language in knowledge.faq.languages.values()
        for entry, phrasings in language.phrasings.items()
        for question in phrasings[::7]
        if knowledge.packs[language.code].matcher.match(question)[0].id != entry
    ]
    assert wrong == []


# Commands


@pytest.mark.parametrize(
    ("command", "language", "expected"),
    [
        ("/start", "de", "de"),
        ("/help", "en", "en"),
        ("/hilfe", "en", "de"),
        ("/themen", None, "de"),
        ("/topics", "de-AT", "de"),
        ("/topics", "pt-br", "en"),
        ("/besetzung", "de", "de"),
        ("/cast", "de", "de"),
        ("/datenschutz", "de", "de"),
        ("/privacy@lemansbot", "en", "en"),
        ("/COUNTDOWN", "en", "en"),
        ("/folgen 3", "de", "de"),
        ("/episodes x", "en", "en"),
    ],
)
def test_commands_are_answered_in_the_users_language_or_that_of_the_alias(
    assistant: Assistant, now: datetime, command: str, language: str | None, expected: str
) -> None:
    reply = assistant.reply(command, now=now, language=language)
    assert reply.language == expected
    assert reply.kind in ("answer", "smalltalk")


def test_start_with_a_payload_answers_that_entry_at_once(assistant: Assistant, now: datetime) -> None:
    assert assistant.reply("/start teams", now=now, language="de").topics == ("teams",)
    for payload in ("nonsense", "off_shows"):
        assert assistant.reply(f"/start {payload}", now=now, language="de").topics == ()


def test_topics_offers_every_answer_as_a_button(assistant: Assistant, faq: Faq, now: datetime) -> None:
    for code, language in faq.languages.items():
        buttons = assistant.reply("/topics", now=now, language=code).buttons
        answers = [entry for entry in language.entries.values() if entry.kind == "answer"]
        assert [button.label for button in buttons[:-1]] == [entry.label for entry in answers]


@pytest.mark.parametrize(
    ("typed", "nearest"), [("/coutdown", "countdown"), ("/foglen", "folgen"), ("/hepl", "help")]
)
def test_an_unknown_command_gets_the_nearest_one_suggested(
    assistant: Assistant, now: datetime, typed: str, nearest: str
) -> None:
    reply = assistant.reply(typed, now=now, language="de")
    assert f"/{nearest}" in reply.plain
    assert assistant.press(reply.buttons[0].action, now=now).kind in ("answer", "smalltalk")


# Buttons


def test_every_button_of_every_reply_leads_somewhere(assistant: Assistant, faq: Faq, now: datetime) -> None:
    replies = [
        assistant.press(f"answer:{code}:{entry}", now=now)
        for code, language in faq.languages.items()
        for entry, each in language.entries.items()
        if each.kind != "offtopic"
    ]
    replies += [
        assistant.reply(text, now=now, language="de")
        for text in (
            "/start",
            "/help",
            "/topics",
            "/countdown",
            "/x",
            "wie lang?",
            "xyzzy",
            "wann startet dark",
        )
    ]
    buttons = [button for reply in replies for button in reply.buttons]
    assert buttons
    for button in buttons:
        assert len(button.action.encode()) <= MAX_ACTION_BYTES
        assert assistant.press(button.action, now=now).text != assistant.say("stale_button", "de").text


def test_the_countdowns_button_refreshes_it_in_place(assistant: Assistant, now: datetime) -> None:
    refresh, _ = assistant.reply("/countdown", now=now, language="de").buttons
    assert refresh.replaces
    later = assistant.press(refresh.action, now=BETWEEN)
    assert later.text == assistant.reply("/countdown", now=BETWEEN, language="de").text


def test_a_suggestion_offers_questions_whose_press_replaces_it(assistant: Assistant, now: datetime) -> None:
    replies = (assistant.reply(text, now=now) for text in VAGUE)
    suggestions = [reply for reply in replies if reply.kind == "suggestion"]
    assert suggestions
    for reply in suggestions:
        assert 1 <= len(reply.buttons) <= 3
        assert all(button.replaces for button in reply.buttons)
        assert assistant.press(reply.buttons[0].action, now=now).topics == (reply.topics[0],)


@pytest.mark.parametrize(
    ("text", "said", "verb"),
    [
        ("Wann startet die Serie?", "Release on Amazon Prime", "choose"),
        ("wie viele Folgen gibt es und wie lang sind die?", "six episodes", "choose"),
        ("was kostet das?", "I can't tell you what it costs", "choose"),
        ("/countdown", "Time since the series started", "refresh"),
        ("/folgen drei", "Behind you: 3 episodes", "refresh"),
        ("/folgen x\ny", "cannot make sense of “x y”", "refresh"),
        ("/besetzung", "Mark Webber", "choose"),
        ("/start", "Welcome!", "refresh"),
        ("/hilfe", "/help – What I can do", "refresh"),
        ("/themen", "Here's what I can answer", "refresh"),
        ("/datenschutz", "Nothing about you is stored", "refresh"),
    ],
)
def test_one_press_says_the_same_in_the_other_language_in_place_and_another_goes_back(
    assistant: Assistant, now: datetime, text: str, said: str, verb: str
) -> None:
    german = assistant.reply(text, now=now, language="de")
    switch = german.buttons[-1]
    assert (switch.label, switch.replaces) == ("In English", True)
    assert switch.action.startswith(f"{verb}:en:")
    english = assistant.press(switch.action, now=now)
    assert said in english.plain
    assert (english.language, english.kind, english.topics) == ("en", german.kind, german.topics)
    back = english.buttons[-1]
    assert back.label == "Auf Deutsch"
    again = assistant.press(back.action, now=now)
    assert (again.buttons, again.topics) == (german.buttons, german.topics)


def test_small_talk_suggestions_and_fallbacks_offer_no_other_language(
    assistant: Assistant, now: datetime
) -> None:
    kinds = set()
    for text in ("danke", "Wann startet Stranger Things?", *VAGUE):
        reply = assistant.reply(text, now=now, language="de")
        kinds.add(reply.kind)
        if reply.kind in ("smalltalk", "suggestion", "fallback"):
            assert not {"In English", "Auf Deutsch"} & {button.label for button in reply.buttons}
    assert {"smalltalk", "suggestion", "fallback"} <= kinds


def test_the_button_for_another_language_has_room_for_any_three_entries(
    assistant: Assistant, faq: Faq, now: datetime
) -> None:
    longest = sorted(faq.languages["de"].entries, key=len, reverse=True)
    three = ",".join([entry for entry in longest if not entry.startswith("off_")][:3])
    reply = assistant.press(f"answer:de:{three}", now=now)
    assert reply.buttons[-1].action == f"choose:en:{three}"
    assert len(reply.buttons[-1].action.encode()) <= MAX_ACTION_BYTES


def test_however_much_a_command_is_given_its_buttons_fit(assistant: Assistant, now: datetime) -> None:
    for argument in ("x" * 4000, "ä" * 50, "\ud800" * 30):
        buttons = assistant.reply(f"/episodes {argument}", now=now).buttons
        assert all(len(button.action.encode()) <= MAX_ACTION_BYTES for button in buttons)
        assert assistant.press(buttons[-1].action, now=now).topics == ("episodes",)


@pytest.mark.parametrize(
    "action",
    [
        "",
        ":",
        "answer",
        "answer:xx:start",
        "answer:de:gone",
        "answer:de:off_shows",
        "choose:de:start,gone",
        "choose:de:,",
        "command:de:rm -rf",
        "nonsense:de:start",
        "☃" * 30,
        "v0|старый|формат",
    ],
)
def test_a_button_of_another_age_gets_a_friendly_line(
    assistant: Assistant, now: datetime, action: str
) -> None:
    line = assistant.press(action, now=now, language="de")
    assert line.text == assistant.say("stale_button", "de").text


@given(action=st.text(max_size=64))
@settings(deadline=None)
def test_no_action_raises(assistant: Assistant, action: str) -> None:
    assert assistant.press(action, now=AFTER).text


# Searches


def titles(found: Lookup) -> list[str]:
    return [article.title for article in found.articles]


@pytest.mark.parametrize(
    ("search", "first"),
    [
        ("wann startet", "Wann startet die Serie?"),
        ("how many epi", "How many episodes are there?"),
        ("Wer ist dab", "Wer ist dabei?"),
        ("ist toyota dabei", "Welche Teams sind dabei?"),
        ("what does it cost", "What does it cost?"),
        ("countdown", "Countdown"),
        ("Folgen", "Alle Folgen"),
        ("/folgen 3", "Alle Folgen"),
    ],
)
def test_a_search_finds_the_best_answer_first(
    assistant: Assistant, now: datetime, search: str, first: str
) -> None:
    found = assistant.lookup(search, now=now, language="en")
    assert titles(found)[0] == first
    assert 1 <= len(found.articles) <= 10


def test_what_is_found_is_a_whole_answer_with_title_summary_and_buttons(
    assistant: Assistant, now: datetime
) -> None:
    article = assistant.lookup("Ist Toyota dabei?", now=now, language="de").articles[0]
    assert article.summary == "Ja, Toyota ist dabei."
    assert article.reply == assistant.reply("Ist Toyota dabei?", now=now)
    assert article.id == "de:teams"


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_blank_search_lists_the_topics(
    assistant: Assistant, faq: Faq, now: datetime, language: str
) -> None:
    found = assistant.lookup("  ", now=now, language=language)
    topics = faq.languages[language].topics
    assert [article.reply.topics for article in found.articles] == [(topic,) for topic in topics]
    assert found.personal


@pytest.mark.parametrize("search", ["danke", "Wann startet Stranger Things?", "xyzzy", "?!", "/help", "/x"])
def test_small_talk_and_what_is_none_of_its_business_are_not_to_be_found(
    assistant: Assistant, now: datetime, search: str
) -> None:
    found = assistant.lookup(search, now=now, language="de")
    assert found.articles == ()
    assert found.otherwise == "Nichts gefunden. Frag mich im Chat"


@pytest.mark.parametrize(("search", "personal"), [("wann startet die serie", False), ("w", True), ("", True)])
def test_what_is_found_depends_on_the_user_only_where_the_words_leave_the_language_open(
    assistant: Assistant, now: datetime, search: str, personal: bool
) -> None:
    assert assistant.lookup(search, now=now, language="de").personal is personal


def test_every_answer_can_be_shared_and_is_found_by_what_its_button_searches(
    assistant: Assistant, faq: Faq, now: datetime
) -> None:
    for code, language in faq.languages.items():
        for entry in language.entries.values():
            if entry.kind in ("answer", "unknown"):
                share = assistant.press(f"answer:{code}:{entry.id}", now=now).share
                assert share
                found = assistant.lookup(share.search, now=now)
                assert found.articles[0].id == f"{code}:{entry.id}", share.search
    for command in ("/countdown", "/folgen", "/episodes three"):
        reply = assistant.reply(command, now=now, language="en")
        assert reply.share
        assert assistant.lookup(reply.share.search, now=now, language="en").articles[0].reply == reply


def test_an_answer_to_two_questions_is_shared_as_both(assistant: Assistant, now: datetime) -> None:
    reply = assistant.reply("wie viele Folgen gibt es und wie lang sind die?", now=now)
    assert reply.share
    assert reply.share.label == "Teilen"
    found = assistant.lookup(reply.share.search, now=now)
    assert [article.reply.topics for article in found.articles[:2]] == [("episodes",), ("length",)]


def test_what_is_no_answer_is_not_shared(assistant: Assistant, now: datetime) -> None:
    for text in ("/start", "/topics", "danke", "xyzzy", "/episodes x"):
        assert assistant.reply(text, now=now).share is None


@given(search=st.text(max_size=256))
@settings(deadline=None)
def test_no_search_raises_and_no_two_results_are_confused(assistant: Assistant, search: str) -> None:
    found = assistant.lookup(search, now=AFTER)
    ids = [article.id for article in found.articles]
    assert len(set(ids)) == len(ids) <= 50
    assert all(1 <= len(each.encode()) <= 64 for each in ids)
    assert all(article.title and article.summary for article in found.articles)


# Among people


@pytest.mark.parametrize(
    "text", ["danke", "hallo zusammen", "wie wird das wetter in rom", "/foo", "haha", ""]
)
def test_remarks_among_people_are_met_with_silence(assistant: Assistant, now: datetime, text: str) -> None:
    assert assistant.overheard(text, now=now, language="de") is None


@pytest.mark.parametrize(
    "text", ["wann startet die serie", "was kostet das", "dauer", "/hilfe", "/countdown"]
)
def test_questions_and_commands_among_people_are_answered_as_ever(
    assistant: Assistant, now: datetime, text: str
) -> None:
    reply = assistant.reply(text, now=now, language="de")
    if reply.kind != "fallback":
        assert assistant.overheard(text, now=now, language="de") == reply


def test_it_says_how_to_ask_it_in_a_group(assistant: Assistant) -> None:
    assert "“@bot when is the race?”" in assistant.say("group_welcome", "en", name="@bot").text


# Profile


def test_the_profile_has_all_commands_by_their_names_and_groups_need_no_start(assistant: Assistant) -> None:
    german, others = assistant.profile("de"), assistant.profile(None)
    names = [name for name, _ in german.commands]
    assert names == ["start", "hilfe", "themen", "countdown", "folgen", "besetzung", "datenschutz"]
    assert [name for name, _ in german.group_commands] == names[1:]
    assert others == assistant.profile("en")
    assert "Le Mans" in others.description
    assert "Le Mans" in others.short_description


# Bad input


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "🏁", "?!", "…", "\x00\x07"])
def test_a_message_without_a_word_is_asked_for_one(assistant: Assistant, now: datetime, text: str) -> None:
    assert assistant.reply(text, now=now, language="en").text == assistant.say("empty", "en").text


@given(text=st.text(max_size=500))
@example(text="x")
@example(text="a" * 4096)
@example(text="wann " * 800)
@example(text="<b>wann</b> **startet** [die](http://x) `serie`")
@example(text="Когда start die série に")
@example(text="/" + "x" * 4000)
@example(text="/ start")
@example(text="\ud800 wann")
@settings(deadline=None)
def test_any_text_gets_a_reply_that_telegram_can_show(assistant: Assistant, text: str) -> None:
    reply = assistant.reply(text, now=AFTER)
    assert 0 < len(reply.text) < 4096
    assert reply.plain.strip()

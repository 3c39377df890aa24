"""The bot in a terminal: the chat, what replies look like, and `ask` without its process."""

from __future__ import annotations

import io
import json
import os
import pty
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import console
from bot.errors import SettingsError
from bot.reply import Button, Reply, Share

NOW = datetime(2017, 6, 8, 20, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


class Echo:
    """Stands in for the Assistant: says what it heard, with a button for each word after `buttons`."""

    def reply(self, text: str, *, now: datetime, language: str | None = None) -> Reply:
        _, *labels = text.split() if text.startswith("buttons") else [""]
        buttons = tuple(Button(label, f"answer:en:{label}") for label in labels)
        return Reply("fallback", language or "en", f"heard {text} at {now:%H:%M}", (), 0.12345, buttons)

    def press(self, action: str, *, now: datetime) -> Reply:
        return Reply("answer", "en", f"pressed {action}", ("entry",), 1.0)

    def say(self, phrase: str, language: str | None) -> Reply:
        return Reply("smalltalk", language or "en", f"<{phrase} {language}>")


def talk(
    *lines: str | bytes, language: str | None = "de", heard: console.Listener | None = None
) -> list[str]:
    """What the chat says when the lines come from a pipe, reply by reply."""
    typed = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    out = io.StringIO()
    terminal = console.Terminal(io.TextIOWrapper(io.BytesIO(typed)), out)
    console.chat(Echo(), terminal, lambda: NOW, language=language, heard=heard)
    return out.getvalue().removesuffix("\n\n").split("\n\n")


class TestChat:
    def test_it_welcomes_says_how_to_use_it_answers_and_says_goodbye_when_the_input_ends(self) -> None:
        assert talk("wann geht es los") == [
            "heard /start at 20:00",
            "<console_hint de>",
            "heard wann geht es los at 20:00",
            "<console_goodbye de>",
        ]

    @pytest.mark.parametrize("quit_", ["/quit", " /QUIT "])
    def test_quit_ends_it(self, quit_: str) -> None:
        assert talk(quit_, "more")[2:] == ["<console_goodbye de>"]

    def test_the_number_of_a_button_presses_it(self) -> None:
        replies = talk("buttons first second", " 2 ")
        assert replies[2:5] == [
            "heard buttons first second at 20:00",
            "  [1] first\n  [2] second",
            "pressed answer:en:second",
        ]

    @pytest.mark.parametrize("number", ["0", "3", "-1", "1.", "²", "٢", "0001", "9" * 5000])
    def test_any_other_number_is_a_question(self, number: str) -> None:
        assert talk("buttons first second", number)[4] == f"heard {number} at 20:00"

    def test_the_buttons_of_earlier_replies_are_gone(self) -> None:
        assert talk("buttons first", "1", "1")[5] == "heard 1 at 20:00"

    def test_blank_lines_and_bytes_that_are_no_text_get_a_reply(self) -> None:
        assert talk("", b"\xff\xfe\xc3", language="en")[2:4] == ["heard  at 20:00", "heard ��� at 20:00"]

    def test_it_says_goodbye_in_the_language_of_the_last_reply(self) -> None:
        assert talk("buttons first", "1", language="de")[-1] == "<console_goodbye en>"

    def test_questions_are_told_to_who_listens_but_commands_of_the_chat_are_not(self) -> None:
        heard: list[str] = []
        talk("buttons first", "1", "what", "/quit", heard=lambda text, reply: heard.append(text))
        assert heard == ["buttons first", "what"]


class TestLook:
    def test_a_file_gets_plain_text_and_numbered_buttons(self) -> None:
        reply = Reply(
            "answer", "en", "*Six* episodes, 2 * 3", buttons=(Button("More", "a"), Button("Less", "b"))
        )
        text = console.Style.of(io.StringIO()).render(reply)
        assert text == "Six episodes, 2 * 3\n\n  [1] More\n  [2] Less"

    def test_there_is_no_other_chat_to_share_with(self) -> None:
        reply = Reply(
            "answer", "en", "Six.", buttons=(Button("Auf Deutsch", "a"),), share=Share("Share", "q")
        )
        assert console.Style().render(reply) == "Six.\n\n  [1] Auf Deutsch"
        assert json.loads(console.as_object("how many", reply))["buttons"] == ["Auf Deutsch"]

    def test_bold_is_ansi_and_survives_wrapping(self) -> None:
        reply = Reply("answer", "en", "It starts on *the ninth of June 2017*.")
        text = console.Style(20, bold=True).render(reply)
        assert text == "It starts on \x1b[1mthe\nninth of June 2017\x1b[22m."

    def test_lists_are_wrapped_with_their_indent(self) -> None:
        reply = Reply("answer", "en", "List:\n• one two three four five\n  10. six seven eight nine")
        assert console.Style(20).render(reply).split("\n") == [
            "List:",
            "• one two three four",
            "  five",
            "  10. six seven",
            "      eight nine",
        ]

    def test_control_characters_never_reach_the_terminal(self) -> None:
        reply = Reply("answer", "en", "a\x1b[2Jb\x07\x01\x9bc", buttons=(Button("x\x1by", "a"),))
        assert console.Style(40, bold=True).render(reply) == "a[2Jbc\n\n  \x1b[1m[1]\x1b[22m xy"

    @given(st.text(), st.integers(20, 100))
    def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(self, text: str, width: int) -> None:
        reply = Reply("answer", "en", text)
        wide = console.Style().render(reply)
        narrow = console.Style(width).render(reply)
        assert all(len(line) <= width for line in narrow.split("\n"))
        assert "".join(narrow.split()) == "".join(wide.split())

    def test_only_a_terminal_is_bold_and_only_without_no_color(self) -> None:
        parent, child = pty.openpty()
        with os.fdopen(child, "w") as terminal:
            assert console.Style.of(terminal, {}).bold
            assert not console.Style.of(terminal, {"NO_COLOR": "1"}).bold
            assert not console.Style.of(terminal, {"TERM": "dumb"}).bold
        os.close(parent)
        assert console.Style.of(io.StringIO(), {}) == console.Style(None, bold=False)


class TestAsk:
    def ask(self, capsys: pytest.CaptureFixture[str], *questions: str, as_json: bool) -> str:
        console.ask(Echo(), questions, lambda: NOW, language=None, as_json=as_json)
        return capsys.readouterr().out

    def test_json_has_the_documented_fields_in_order(self, capsys: pytest.CaptureFixture[str]) -> None:
        out = self.ask(capsys, "buttons größer", as_json=True)
        assert out == (
            '{"question": "buttons größer", "language": "en", "kind": "fallback", "topics": [], '
            '"score": 0.123, "text": "heard buttons größer at 20:00", "buttons": ["größer"]}\n'
        )

    def test_text_is_as_in_the_chat_with_a_blank_line_between_replies(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.ask(capsys, "one", "two", as_json=False) == "heard one at 20:00\n\nheard two at 20:00\n"

    def test_every_line_is_one_question(self) -> None:
        lines = io.BytesIO(b"\xef\xbb\xbffirst\r\n\n \nb\xffd\nx\x85\xe2\x80\xa8y\nlast")
        assert list(console.questions_of(lines)) == ["first", "", " ", "b�d", "x�\u2028y", "last"]

    def test_arguments_that_are_no_text_are_read_all_the_same(self) -> None:
        assert console.typed(os.fsdecode(b"wann \xff ist")) == "wann � ist"


class TestClock:
    def test_a_time_without_a_zone_is_in_the_bots(self) -> None:
        assert console.clock_at("2017-06-08T20:00", BERLIN)().isoformat() == "2017-06-08T20:00:00+02:00"

    def test_a_time_with_a_zone_is_that_moment(self) -> None:
        assert console.clock_at("2017-06-08T20:00Z", BERLIN)().isoformat() == "2017-06-08T22:00:00+02:00"

    def test_without_a_time_it_runs(self) -> None:
        clock = console.clock_at(None, BERLIN)
        assert abs(clock() - datetime.now(UTC)).total_seconds() < 60

    @pytest.mark.parametrize(
        "time", ["tomorrow", "", "2017-13-01", "2017-06-08T25:00", "0001-01-01T00:00+14:00", "9999-12-31"]
    )
    def test_what_is_no_time_is_one_line(self, time: str) -> None:
        with pytest.raises(SettingsError, match=r"^--now is '.*', which is no time.*2017-06-08T20:00\.$"):
            console.clock_at(time, BERLIN)


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de-DE"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB"}, "en-GB"),
        ({"LANG": "de_AT@euro", "LC_ALL": ""}, "de-AT"),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "POSIX"}, None),
        ({}, None),
    ],
)
def test_the_language_of_the_terminal(env: dict[str, str], language: str | None) -> None:
    assert console.locale_language(env) == language

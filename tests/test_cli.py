"""The command `lemans-bot`: its commands, exit statuses and manners, mostly as a process of its own."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bot.cli import cli, main

ROOT = Path(__file__).parent.parent
SECONDS = 30

ISSUE = "Wann startet die Serie?\nhow many episodes\n/countdown\n"


def environment(**env: str) -> dict[str, str]:
    """What a process gets: nothing of ours that would change what it does, but the cache of the matcher."""
    kept = ("PATH", "HOME", "XDG_CACHE_HOME", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LANG": "C.UTF-8"} | env


def bot(
    *args: str | bytes, stdin: bytes | str = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        env=environment(**env or {}),
        cwd=ROOT,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def running(
    *args: str, terminal: int | None = None, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a process that reads and writes pipes, or a terminal. At the end it is no more."""
    ends = subprocess.PIPE if terminal is None else terminal
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *args],
        stdin=ends,
        stdout=ends,
        stderr=ends,
        env=environment(**env or {}),
        cwd=ROOT,
    )
    try:
        yield process
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError):  # what stdin still holds nobody reads
                if stream:
                    stream.close()
        process.wait()


def replies(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def within(args: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit status, output and errors of the command, in this process."""
    with pytest.raises(SystemExit) as end:
        main(args)
    out, err = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, out, err


class TestAsk:
    def test_the_questions_of_standard_input_are_answered_in_order(self) -> None:
        first, second, third = replies(bot("ask", "--json", "--now", "2017-06-08T20:00", stdin=ISSUE))
        assert list(first) == ["question", "language", "kind", "topics", "score", "text", "buttons"]
        assert first["question"] == "Wann startet die Serie?"
        assert (first["language"], first["kind"]) == ("de", "answer")
        assert "9. Juni 2017" in str(first["text"])
        assert (second["language"], second["kind"]) == ("en", "answer")
        assert re.search(r"\b(six|6)\b", str(second["text"]), re.IGNORECASE)
        assert "4" in str(third["text"]), "four hours until the start"

    def test_questions_as_arguments_are_answered_and_standard_input_left_alone(self) -> None:
        done = bot("ask", "--json", "Wann startet die Serie?", "/help", stdin="how many episodes")
        assert [reply["question"] for reply in replies(done)] == ["Wann startet die Serie?", "/help"]

    def test_the_language_decides_where_the_question_does_not(self) -> None:
        for language in ("de", "en"):
            (reply,) = replies(bot("ask", "--json", "--language", language, "/help"))
            assert reply["language"] == language

    def test_every_line_gets_one_reply_whatever_it_holds(self) -> None:
        lines = [b"", b" ", b"\xff\xfe", b"x", "🏁🏁".encode(), b"wann " * 20_000, b"<b>*_`[", b"\0\x1b[2J"]
        given = replies(bot("ask", "--json", stdin=b"\n".join(lines)))
        assert len(given) == len(lines)
        assert all(reply["text"] for reply in given)
        assert given[2]["question"] == "��"

    def test_replies_come_line_by_line(self) -> None:
        with running("ask", "--json") as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for question in ("hallo", "wann geht es los"):
                process.stdin.write(f"{question}\n".encode())
                process.stdin.flush()
                assert select.select([process.stdout], [], [], SECONDS)[0], "no reply while the input is open"
                assert json.loads(process.stdout.readline())["question"] == question
            process.stdin.close()
            assert process.wait(SECONDS) == 0

    def test_without_json_it_prints_what_a_reader_wants(self) -> None:
        done = bot("ask", "how many episodes")
        assert done.returncode == 0
        assert b"*" not in done.stdout
        assert b"\x1b" not in done.stdout

    def test_it_is_utf8_when_json_and_never_stops_at_a_character_otherwise(self) -> None:
        latin = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0", "LANG": "de_DE.ISO-8859-1"}
        (reply,) = replies(bot("ask", "--json", "größe 🏁 €", env=latin))
        assert reply["question"] == "größe 🏁 €"
        assert bot("ask", "/countdown", env=latin).returncode == 0

    def test_an_argument_that_is_no_text_is_answered(self) -> None:
        (reply,) = replies(bot("ask", "--json", b"wann \xff"))
        assert reply["question"] == "wann �"

    def test_a_reader_that_leaves_ends_it_quietly(self) -> None:
        with running("ask", "--json") as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            process.stdin.write(b"hallo\n" * 10)
            process.stdin.close()
            assert process.wait(SECONDS) == 141
            assert process.stderr.read() == b""

    def test_ctrl_c_ends_it_quietly(self) -> None:
        with running("ask", "--json") as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdin.write(b"hallo\n")
            process.stdin.flush()
            process.stdout.readline()
            process.send_signal(signal.SIGINT)
            assert process.wait(SECONDS) == 130
            assert process.stderr.read() == b""

    def test_a_closed_standard_input_is_an_empty_one(self) -> None:
        command = f'exec "{sys.executable}" -m bot ask --json <&-'
        done = subprocess.run(
            command,
            shell=True,
            env=environment(),
            cwd=ROOT,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

    def test_a_full_disk_is_one_line(self) -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "bot", "ask", "hallo"],
                stdout=full,
                stderr=subprocess.PIPE,
                env=environment(),
                cwd=ROOT,
                timeout=SECONDS,
                check=False,
            )
        assert (done.returncode, done.stderr) == (1, b"lemans-bot: No space left on device\n")

    def test_unanswered_questions_go_to_the_question_log(self, tmp_path: Path) -> None:
        log = tmp_path / "questions.jsonl"
        bot(
            "ask",
            "Wie wird das Wetter in Hannover?",
            "Wann startet die Serie?",
            "/help",
            env={"QUESTION_LOG": str(log)},
        )
        assert [json.loads(line)["text"] for line in log.read_text().splitlines()] == [
            "Wie wird das Wetter in Hannover?"
        ]

    def test_it_starts_without_what_it_does_not_need(self) -> None:
        program = (
            "import sys, contextlib\n"
            "from bot.cli import main\n"
            "with contextlib.suppress(SystemExit): main(['ask', 'Wann startet die Serie?'])\n"
            "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
        )
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command, env=environment(), cwd=ROOT, capture_output=True, timeout=SECONDS, check=True
        )
        loaded = set(done.stderr.decode().split())
        assert "click" in loaded
        assert loaded & {"telegram", "httpx", "asyncio", "babel", "readline"} == set()
        assert loaded & {"starlette", "uvicorn", "prometheus_client", "tenacity"} == set()


class TestChat:
    def test_without_a_token_the_bare_command_says_how_to_get_one_and_chats(self) -> None:
        done = bot(stdin="how many episodes\n/quit\n", env={"LANG": "en_GB.UTF-8"})
        assert done.returncode == 0
        (hint,) = done.stderr.decode().splitlines()
        assert "TELEGRAM_BOT_TOKEN" in hint
        assert "@BotFather" in hint
        assert b"[1]" in done.stdout

    def test_in_a_terminal_it_prompts_remembers_lines_and_leaves_politely(self, tmp_path: Path) -> None:
        cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
        env = {"LANG": "de_DE.UTF-8", "TERM": "xterm", "HOME": str(tmp_path), "XDG_CACHE_HOME": cache}
        parent, child = pty.openpty()
        with running("chat", terminal=child, env=env) as process:
            os.close(child)
            assert "[1]" in read_until(parent, "> ")
            os.write(parent, b"Wann startet die Serie?\n")
            answer = read_until(parent, "> ")
            assert "9. Juni 2017" in answer
            assert "\x1b[1m" in answer
            os.write(parent, b"\x1b[A\n")  # arrow up: the line before, once more
            assert "9. Juni 2017" in read_until(parent, "> ")
            os.write(parent, b"1\n")
            assert "[1]" in read_until(parent, "> ")
            os.write(parent, b"\x04")
            rest = read_until(parent, None)
            assert process.wait(SECONDS) == 0
        os.close(parent)
        assert rest.strip()
        assert "Traceback" not in rest
        assert not list(tmp_path.iterdir()), "nothing is remembered beyond the process"

    def test_ctrl_c_leaves_politely_too(self) -> None:
        parent, child = pty.openpty()
        with running("chat", terminal=child, env={"TERM": "xterm"}) as process:
            os.close(child)
            read_until(parent, "> ")
            # readline shows its prompt a moment before it notices signals.
            for _ in range(SECONDS):
                process.send_signal(signal.SIGINT)
                if select.select([parent], [], [], 1)[0]:
                    break
            rest = read_until(parent, None)
            assert process.wait(SECONDS) == 0
        os.close(parent)
        assert rest.strip()
        assert "Traceback" not in rest


def read_until(terminal: int, end: str | None) -> str:
    """What a terminal shows until it ends with `end`, or (None) until its process has left."""
    shown = b""
    deadline = time.monotonic() + SECONDS
    while end is None or not shown.decode("utf-8", "replace").endswith(end):
        assert select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0], shown
        try:
            more = os.read(terminal, 4096)
        except OSError:  # how Linux tells that nobody is left on the other side
            more = b""
        if not more:
            assert end is None, shown
            break
        shown += more
    return shown.decode("utf-8", "replace")


class TestRun:
    @pytest.mark.parametrize("args", [["run"], []])
    def test_a_malformed_token_is_one_line_that_does_not_show_it(self, args: list[str]) -> None:
        done = bot(*args, env={"TELEGRAM_BOT_TOKEN": "12345-not-a-token"})
        assert done.returncode == 78
        assert done.stderr.count(b"\n") == 1
        assert b"TELEGRAM_BOT_TOKEN is malformed" in done.stderr
        assert b"12345-not-a-token" not in done.stdout + done.stderr

    def test_no_token_is_one_line_that_says_how_to_get_one(self) -> None:
        done = bot("run")
        assert (done.returncode, done.stdout) == (78, b"")
        assert re.fullmatch(rb"lemans-bot: TELEGRAM_BOT_TOKEN is not set.*@BotFather.*\n", done.stderr)

    def test_sigterm_ends_it_also_while_it_waits_for_the_network(self) -> None:
        env = {
            "TELEGRAM_BOT_TOKEN": "123456789:" + "A" * 35,
            "TELEGRAM_API_URL": "http://127.0.0.1:9",  # nobody listens there
        }
        with running("run", env=env) as process:
            assert process.stderr is not None
            assert process.stderr.readline(), "it says that it waits"
            process.terminate()
            assert process.wait(5) == 0
            assert b"Traceback" not in process.stderr.read()


class TestCheck:
    def test_a_good_faq_is_one_line_of_figures(self, capsys: pytest.CaptureFixture[str]) -> None:
        status, out, err = within(["check"], capsys)
        assert (status, err) == (0, "")
        assert re.fullmatch(r"The FAQ is good: de, en; \d+ entries, \d+ phrasings\n", out)

    def test_a_broken_one_is_a_line_per_problem(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        (tmp_path / "de.yaml").write_text("name: Deutsch\nname: Deutsch\n")
        status, out, err = within(["check", str(tmp_path)], capsys)
        assert (status, out) == (1, "")
        assert re.search(r"^\S*de\.yaml:2: ", err, re.MULTILINE)

    @pytest.mark.parametrize("args", [["check"], ["ask", "hallo"], ["chat"], ["run"]])
    def test_no_command_works_with_a_broken_one(self, args: list[str], tmp_path: Path) -> None:
        done = bot(*args, env={"FAQ_DIR": str(tmp_path), "TELEGRAM_BOT_TOKEN": "123456789:" + "A" * 35})
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"Traceback" not in done.stderr
        assert b".yaml" in done.stderr

    def test_a_folder_that_is_not_there_is_one_line(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        status, _, err = within(["check", str(tmp_path / "none")], capsys)
        assert status == 1
        assert err.count("\n") == 1


class TestReview:
    def test_it_prints_the_report(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        log = tmp_path / "questions.jsonl"
        log.write_text('{"text": "was kostet das", "language": "de"}\n' * 2)
        status, out, err = within(["review", str(log), str(log)], capsys)
        assert (status, err) == (0, "")
        assert out == "4 unanswered questions, 1 group\n\n     4 × de  was kostet das\n"

    def test_a_missing_file_is_one_line(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        status, out, err = within(["review", str(tmp_path / "none")], capsys)
        assert (status, out) == (2, "")
        assert err.count("\n") == 1


class TestArguments:
    @pytest.mark.parametrize(
        ("args", "message"),
        [
            (["dance"], "No such command 'dance'."),
            (["ask", "--loud"], "No such option"),
            (["ask", "--now", "tomorrow"], "--now is 'tomorrow', which is no time"),
            (["ask", "--now"], "Option '--now' requires an argument."),
            (["ask", "--language", "fr", "x"], "--language is 'fr', in which the FAQ is not written"),
            (["chat", "now"], "Got unexpected extra argument (now)"),
            (["review"], "Missing argument 'FILE ...'."),
            (["check", "a", "b"], "Got unexpected extra argument (b)"),
        ],
    )
    def test_bad_ones_are_one_line_and_exit_status_2(
        self, args: list[str], message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status, out, err = within(args, capsys)
        assert (status, out) == (2, "")
        assert err.startswith(f"lemans-bot: {message}")
        assert err.count("\n") == 1

    def test_a_bad_environment_is_one_line_and_exit_status_2(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIMEZONE", "Mars/Olympus")
        status, _, err = within(["ask", "x"], capsys)
        assert status == 2
        assert re.fullmatch(r"lemans-bot: TIMEZONE is 'Mars/Olympus', .*\n", err)

    def test_help_names_every_command_and_says_what_it_does(self, capsys: pytest.CaptureFixture[str]) -> None:
        status, out, _ = within(["--help"], capsys)
        assert status == 0
        assert sorted(cli.commands) == ["ask", "chat", "check", "health", "review", "run", "webhook"]
        for name in cli.commands:
            assert re.search(rf"^  {name} +[A-Z]", out, re.MULTILINE)

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        status, out, _ = within(["--version"], capsys)
        assert status == 0
        assert re.fullmatch(r"lemans-bot \d+\.\d+\.\d+\n", out)

"""The log of unanswered questions, and the curator's report made of it."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.reply import Kind, Reply
from bot.review import MAX_TEXT, SHOWN, QuestionLog, grouped, report, tidy


def logged(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def report_on(path: Path, *questions: tuple[str, str], raw: bytes = b"") -> list[str]:
    lines = [json.dumps({"text": text, "language": language}) for language, text in questions]
    path.write_bytes("\n".join([*lines, ""]).encode() + raw)
    return list(report([path]))


class TestWriting:
    def test_a_question_is_one_line_of_text_and_language_and_nothing_else(self, tmp_path: Path) -> None:
        path = tmp_path / "questions.jsonl"
        QuestionLog(path).add("Was kostet „das“?\nUnd wo?", "de")
        assert path.read_text("utf-8") == '{"text": "Was kostet „das“? Und wo?", "language": "de"}\n'

    def test_the_file_is_for_its_owner_only(self, tmp_path: Path) -> None:
        path = tmp_path / "questions.jsonl"
        QuestionLog(path).add("a", "en")
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize(
        ("kind", "text", "kept"),
        [
            ("fallback", "wie wird das wetter", True),
            ("unknown", "was kostet das", True),
            ("answer", "wann geht es los", False),
            ("smalltalk", "hallo", False),
            ("suggestion", "folgen wann", False),
            ("fallback", "  /nonsense", False),
            ("fallback", "  \n", False),
        ],
    )
    def test_only_questions_that_stay_open_are_kept(
        self, kind: Kind, text: str, kept: bool, tmp_path: Path
    ) -> None:
        path = tmp_path / "questions.jsonl"
        QuestionLog(path).heard(text, Reply(kind, "de", "…"))
        assert path.exists() == kept

    def test_after_a_rotation_a_new_file_is_begun(self, tmp_path: Path) -> None:
        path = tmp_path / "questions.jsonl"
        log = QuestionLog(path)
        log.add("first", "en")
        path.rename(tmp_path / "questions.1.jsonl")
        log.add("second", "en")
        assert logged(path) == [{"text": "second", "language": "en"}]

    def test_lines_of_several_processes_do_not_mix(self, tmp_path: Path) -> None:
        path = tmp_path / "questions.jsonl"
        context = multiprocessing.get_context("spawn")
        writers = [context.Process(target=write_many, args=(path, letter, 300)) for letter in "abcd"]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert Counter(entry["text"] for entry in logged(path)) == {letter * 250: 300 for letter in "abcd"}

    def test_a_missing_folder_is_one_warning_and_no_error(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        path = tmp_path / "missing" / "questions.jsonl"
        log = QuestionLog(path)
        log.add("one", "en")
        log.add("two", "en")
        (warning,) = caplog.records
        assert warning.levelno == logging.WARNING
        assert warning.getMessage() == (
            f"QUESTION_LOG {path}: No such file or directory. The bot goes on; questions are not logged "
            "until that is mended."
        )
        path.parent.mkdir()
        log.add("three", "en")
        assert [entry["text"] for entry in logged(path)] == ["three"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
    def test_a_full_disk_is_one_warning_and_no_error(self, caplog: pytest.LogCaptureFixture) -> None:
        log = QuestionLog(Path("/dev/full"))
        log.add("one", "en")
        log.add("two", "en")
        assert [record.getMessage().split(". ")[0] for record in caplog.records] == [
            "QUESTION_LOG /dev/full: No space left on device"
        ]

    def test_a_pipe_without_a_reader_does_not_stop_the_bot(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        os.mkfifo(tmp_path / "pipe")
        QuestionLog(tmp_path / "pipe").add("one", "en")
        assert len(caplog.records) == 1

    @given(st.text() | st.text(st.characters(categories=["C", "Z", "Lo"]), max_size=2000))
    def test_what_is_kept_is_one_bounded_printable_line(self, text: str) -> None:
        kept = tidy(text)
        assert len(kept) <= MAX_TEXT
        assert kept.isprintable()
        assert tidy(kept) == kept

    def test_a_megabyte_is_cut(self) -> None:
        assert tidy("wann " * 200_000) == ("wann " * 60).strip()


def write_many(path: Path, letter: str, times: int) -> None:
    log = QuestionLog(path)
    for _ in range(times):
        log.add(letter * 250, "en")


class TestReport:
    def test_same_and_similar_questions_are_one_group_commonest_first(self, tmp_path: Path) -> None:
        lines = report_on(
            tmp_path / "log",
            ("en", "is there a trailer"),
            ("de", "Was kostet das?"),
            ("de", "was kostet das"),
            ("de", "was kosted das"),
            ("de", "was kostet das"),
        )
        assert lines == [
            "5 unanswered questions, 2 groups",
            "",
            "     4 × de  was kostet das",
            "            Was kostet das?",
            "            was kosted das",
            "",
            "     1 × en  is there a trailer",
        ]

    def test_the_languages_are_kept_apart(self) -> None:
        groups = grouped(Counter({("de", "Trailer?"): 1, ("en", "trailer"): 2}))
        assert [(group.count, group.language) for group in groups] == [(2, "en"), (1, "de")]

    def test_different_questions_stay_apart(self) -> None:
        asked = ["was kostet das", "was kann das", "wer hat gewonnen", "wie ist das wetter", "🏁", "🚗"]
        assert len(grouped(Counter(("de", text) for text in asked))) == len(asked)

    def test_of_many_wordings_the_commonest_are_shown_with_their_number(self, tmp_path: Path) -> None:
        asked = [("en", "how much does it cost" + "!" * i) for i in range(SHOWN + 3)]
        lines = report_on(tmp_path / "log", *asked, asked[2], asked[2], asked[1])
        assert lines[2] == f"{SHOWN + 6:6} × en  how much does it cost!!"
        assert lines[3].strip() == "how much does it cost!  (2 ×)"
        assert lines[-1].strip() == "… and 3 more wordings"

    def test_logs_of_several_replicas_are_one_report(self, tmp_path: Path) -> None:
        for name in "ab":
            (tmp_path / name).write_text('{"text": "was kostet das", "language": "de"}\n')
        lines = list(report([tmp_path / "a", tmp_path / "b"]))
        assert lines[0] == "2 unanswered questions, 1 group"

    def test_broken_lines_are_counted_and_named(self, tmp_path: Path) -> None:
        broken = [
            b"{",
            b"",
            b"null",
            b'{"text": 1, "language": "de"}',
            b'{"text": "x"}',
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"text": " ", "language": "de"}',
            b'{"text": "cut o',
        ]
        path = tmp_path / "log"
        lines = report_on(path, ("de", "was kostet das"), raw=b"\n".join(broken))
        assert lines[0] == "1 unanswered question, 1 group"
        assert lines[4] == "8 lines skipped, not JSON with text and language as in a QUESTION_LOG:"
        assert lines[5:] == [f"  {path}:{number}" for number in (2, 4, 5, 6, 7, 8)] + ["  … and 2 more"]

    def test_further_fields_such_as_a_time_do_no_harm(self, tmp_path: Path) -> None:
        path = tmp_path / "log"
        path.write_text('{"text": "was kostet das", "language": "de", "time": "2026-01-01"}')
        assert list(report([path]))[2].endswith("was kostet das")

    def test_control_characters_do_not_reach_the_curators_terminal(self, tmp_path: Path) -> None:
        lines = report_on(tmp_path / "log", ("en", "\x1b[2Jboo\x07\u202e"))
        assert lines[2] == "     1 × en  [2Jboo"

    def test_an_empty_log_is_an_empty_report(self, tmp_path: Path) -> None:
        assert report_on(tmp_path / "log") == ["0 unanswered questions, 0 groups"]

    def test_a_missing_file_is_one_clear_line(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError) as caught:
            list(report([tmp_path / "log"]))
        assert str(caught.value) == (
            f"{tmp_path}/log cannot be read (No such file or directory), so there is nothing to review: give "
            "the file that QUESTION_LOG named."
        )

    @given(st.lists(st.tuples(st.sampled_from(["de", "en"]), st.text(min_size=1, max_size=30)), max_size=30))
    def test_no_question_is_lost_in_the_groups(self, questions: list[tuple[str, str]]) -> None:
        groups = grouped(Counter(questions))
        assert sum(group.count for group in groups) == len(questions)
        assert [group.count for group in groups] == sorted((group.count for group in groups), reverse=True)

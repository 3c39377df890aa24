"""Strict YAML: what is a value, and which line a problem names."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.yaml_strict import Document


def read(text: str) -> Document:
    return Document("x.yaml", dedent(text).encode())


def test_text_numbers_dates_and_true_and_false_are_values() -> None:
    document = read("""\
        text: Le Mans
        quoted: "no"
        block: |
          first
          second
        int: 26
        decimal: 2.5
        day: 2017-06-09
        bool: true
        list: [a, "12:30", 'null']
        """)
    assert document.problems == []
    assert document.data == {
        "text": "Le Mans",
        "quoted": "no",
        "block": "first\nsecond\n",
        "int": 26,
        "decimal": 2.5,
        "day": date(2017, 6, 9),
        "bool": True,
        "list": ["a", "12:30", "null"],
    }


def test_every_value_knows_its_line() -> None:
    document = read("""\
        a: 1
        b:
          - "x"
          - c: y
            d: |
              one
              two
        """)
    assert document.line("a") == 1
    assert document.line("b") == 2
    assert document.line("b", 0) == 3
    assert document.line("b", 1, "c") == 4
    assert document.line("b", 1, "d") == 5
    assert document.line_in(["b", 1, "d"], len("one\n")) == 7
    assert document.line("b", 1, "nothing") == 4, "what is not there is as near as can be"


BROKEN = {
    # what is written: the line of the problem, and words of the message
    "a: no": (1, "no: is true or false to YAML", 'write "no"'),
    "a: 1\nb: On": (2, "On: is true or false", 'write "On"'),
    "no: 1": (1, "no: is no text to YAML", 'write "no":'),
    "2: 1": (1, "2: is no text to YAML", 'write "2":'),
    "a:\n  - 12:30": (2, "12:30: is a number to YAML", 'write "12:30"'),
    "a: 0x1F": (1, "0x1F: is a number", 'write "0x1F"'),
    "a: 012": (1, "012: is a number", 'write "012"'),
    "a: 1_000": (1, "1_000: is a number", 'write "1_000"'),
    "a: .inf": (1, ".inf: is a number", 'write ".inf"'),
    "a: 2017-06-09 06:00:00": (1, "2017-06-09 06:00:00: is a point in time", 'write "'),
    "a: 2017-02-30": (1, "2017-02-30: is no day of the calendar", "write the right one"),
    "a:\nb: 1": (1, "nothing: no value stands here", "delete the key"),
    "a: ~": (1, "~: no value stands here", "write one"),
    "a: null": (1, "null: no value", "write one"),
    "a: 1\nb: 2\na: 3": (3, "a: stands twice (first in line 1)", "make it one"),
    "a: &x 1\nb: *x": (2, "*x: points elsewhere", "write it out"),
    "a: &x [*x]": (1, "*x: points elsewhere", "write it out"),
    "a: !!python/object:os.system x": (1, "python/object:os.system: is a tag", "delete it"),
    "a: {<<: {b: 1}}": (1, "<<: is no text", 'write "<<"'),
    "a: =": (1, "=: is a number", 'write "="'),
    "a: 1\n---\nb: 2": (2, "---: begins a second document", "delete the line"),
    "a: 1\n\tb: 2": (2, "b: 2: a tab", "two spaces"),
    "a:\n\tb: 2": (2, "b: 2: a tab", "two spaces"),
    "a: 1\n b: 2": (2, "b: 2: a colon too many, or wrong indentation", "quotes"),
    "a: b: c": (1, "a: b: c: a colon too many", "quotes"),
    "a: 1\nb: 'open\nc: 3": (2, "b: 'open: a quotation mark is opened and never closed", "close it"),
    "a: 1\nb: [x, y\nc: 3": (2, "b: [x, y: a bracket is opened and never closed", "mend"),
    "a: 'geht's'": (1, "a: 'geht's': the text goes on after a closing quotation mark", "written twice"),
    "a: *bold* b": (1, "a: *bold* b: begins with * or &", "put the value in quotes"),
    "a: @x": (1, "a: @x: @ cannot begin a value", "put the value in quotes"),
    'a: "\\q"': (1, "a backslash is special", "write it twice"),
    "a: - b": (1, "a: - b: a list begins on the next line", "break the line"),
    "- a\nb: 1": (2, "b: 1: is not indented like the list items above", "'- '"),
    "? [a, b]\n: c": (1, "a list or mapping as a key", "quotes"),
    "a: {{title}}": (1, "a list or mapping as a key", "quotes"),
    "": (1, "x.yaml: is empty", "fill it"),
    "# nothing but a comment": (1, "x.yaml: is empty", "fill it"),
    "a: 1\nb: x\x07y": (2, "U+0007: is a character that nobody sees", "delete it"),
    "a: 1\nb: x\u2028y": (2, "U+2028: is a character that nobody sees", "delete it"),
    "a: " + "[" * 1_000_000: (1, "brackets: nested more than", "nothing here needs that"),
    "- " * 100_000: (1, "brackets: nested more than", "nothing here needs that"),
}


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: repr(text[:24]))
def test_each_surprise_is_one_problem_with_line_and_remedy(text: str) -> None:
    line, what, remedy = BROKEN[text]
    [problem] = Document("x.yaml", text.encode()).problems
    assert problem.startswith(f"x.yaml:{line}: ")
    assert what in problem
    assert remedy in problem
    assert "\n" not in problem


def test_a_byte_that_is_not_utf_8_has_its_line() -> None:
    [problem] = Document("x.yaml", "a: 1\nb: Vorfühung".encode("latin-1")).problems
    assert problem == "x.yaml:2: byte 0xfc: is not UTF-8; save the file as UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    document = Document("x.yaml", b"\xef\xbb\xbfa: 1\r\nb: no\r\n")
    assert document.data == {"a": 1, "b": "no"}
    assert [problem[:9] for problem in document.problems] == ["x.yaml:2:"]


def test_a_file_that_is_not_there_is_a_problem_and_no_exception(tmp_path: Path) -> None:
    document = Document.open(tmp_path / "facts.yaml", "faq/facts.yaml")
    assert document.data is None
    [problem] = document.problems
    assert problem.startswith("faq/facts.yaml:1: facts.yaml: cannot be read (No such file or directory)")


def test_all_problems_of_a_file_are_told_in_the_order_of_lines() -> None:
    document = read("""\
        a: no
        b: {c: 12:30, c: 1}
        d: 2017-13-01
        """)
    assert [problem.split(":")[1] for problem in document.problems] == ["1", "2", "2", "3"]


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    Document("x.yaml", content)


yamlish = st.lists(
    st.sampled_from(
        [
            *"abn019 .:-#[]{},'\"|>&*!%@~?<=\n\n",
            "  ",
            "- ",
            ": ",
            "a: ",
            "\n  ",
            "no",
            "on",
            "null",
            "1:30",
            "0x",
            "...",
        ]
    ),
    max_size=24,
).map("".join)


@given(yamlish)
@example("a: [1, 'b', 2.5, true, 2017-06-09]")
@example("a: |\n  b\n\n  c\n")
def test_what_it_finds_no_fault_with_pyyaml_reads_alike(text: str) -> None:
    """PyYAML's own loader, written in Python, is the slow and obvious oracle."""
    document = Document("x.yaml", text.encode())
    if not document.problems:
        assert document.data == yaml.safe_load(text)
        assert repr(document.data) == repr(yaml.safe_load(text)), "the types too"

"""The README against the code: what it names exists, and what exists it names."""

import re
from datetime import datetime
from pathlib import Path

from bot.assistant import Assistant
from bot.cli import cli
from bot.faq import Faq
from bot.phrases import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_every_module_stands_in_the_house() -> None:
    house = README[README.index("## How it is built") :]
    modules = {path.name for path in (ROOT / "bot").glob("*.py")} - {"__init__.py"}
    assert {
        name for name in modules if not re.search(rf"^  {re.escape(name)}\s", house, re.MULTILINE)
    } == set()
    assert set(re.findall(r"^  (\w+\.py)\s", house, re.MULTILINE)) <= modules
    rooms = {path.name for path in (ROOT / "bot" / "telegram").glob("*.py")} - {"__init__.py"}
    assert set(re.findall(r"^    (\w+\.py)\s", house, re.MULTILINE)) == rooms


def test_every_command_of_the_bot_is_described_in_every_language(faq: Faq) -> None:
    for command in COMMANDS:
        assert f"| `/{command}` |" in README
        assert f"`/{faq.languages['de'].commands[command].names[0]}` |" in README


def test_every_command_of_the_command_line_is_described() -> None:
    for name in cli.commands:
        assert f"| `lemans-bot {name}" in README


def test_every_variable_that_is_read_is_described() -> None:
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', (ROOT / "bot" / "settings.py").read_text("utf-8")))
    variables = {name for name in read if "_" in name or name in ("HOST", "PORT", "TIMEZONE")}
    variables -= {"TELEGRAM_BOT_TOKEN_FILE"}
    assert {name for name in variables if f"`{name}`" not in README} == set()


def test_every_goal_that_is_named_is_in_the_makefile() -> None:
    goals = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", README)) <= goals | {"and"}
    assert {"run", "test", "setup", "eval", "tune", "help"} <= goals


def test_the_transcript_is_what_the_bot_says(assistant: Assistant, now: datetime) -> None:
    transcript = README.split("```")[1].strip()
    exchanges = re.findall(r"^> (.*)\n((?:(?!> ).*\n?)*)", transcript, re.MULTILINE)
    assert len(exchanges) > 4
    for question, said in exchanges:
        assert assistant.reply(question, now=now).plain == said.strip(), question


def test_the_figures_are_there() -> None:
    begin, end = README.index("<!-- figures: begin -->"), README.index("<!-- figures: end -->")
    assert README[begin:end].count("|") > 50

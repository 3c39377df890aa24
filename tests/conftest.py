"""What most tests need: the FAQ that ships, and the assistant that knows it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.assistant import SHIPPED_FAQ, Assistant, Knowledge, load_knowledge
from bot.faq import Faq

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The FAQ that ships, learnt."""
    return load_knowledge(SHIPPED_FAQ)


@pytest.fixture(scope="session")
def faq(knowledge: Knowledge) -> Faq:
    """The FAQ that ships."""
    return knowledge.faq


@pytest.fixture(scope="session")
def assistant(knowledge: Knowledge) -> Assistant:
    """An assistant that knows it, in Berlin's time."""
    return Assistant(knowledge, BERLIN)


@pytest.fixture
def now() -> datetime:
    """A moment years after the race."""
    return datetime(2026, 3, 1, 12, 0, tzinfo=BERLIN)

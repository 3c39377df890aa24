"""What is counted for Prometheus: questions, how long they took, calls to Telegram; nothing of who asked."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest

from bot.reply import Reply

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Bounds of the buckets of handling times: from an answer at once to one that Telegram took at last."""


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._questions = Counter(
            "lemans_questions", "Questions answered", ("kind", "language"), registry=self._registry
        )
        self._seconds = Histogram(
            "lemans_handling_seconds",
            "From the start of work on a question until Telegram took the answer",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._calls = Counter(
            "lemans_bot_api_calls", "Calls to the Bot API", ("method", "outcome"), registry=self._registry
        )

    def answered(self, reply: Reply, seconds: float) -> None:
        """A question was answered with `reply`, so many seconds after work on it began."""
        self._questions.labels(reply.kind, reply.language).inc()
        self._seconds.observe(seconds)

    def called(self, method: str, outcome: str) -> None:
        """A call to Telegram has come to its end, as `bot.telegram.wire.Called`."""
        self._calls.labels(method, outcome).inc()

    def page(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)

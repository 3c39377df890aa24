"""Calls to Telegram that are repeated when they fail for a reason that may pass: 429, 5xx, the network.

At the rate limiter, through which python-telegram-bot sends each call but getUpdates, which has a loop of its
own. AIORateLimiter could repeat after a 429, but would hold up all chats meanwhile: here only the call waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_before_delay

from bot.telegram.trouble import asked_pause, growing_pause, one_line

log = logging.getLogger(__name__)

PATIENCE = {
    "sendMessage": 300.0,
    "editMessageText": 60.0,
    # Telegram forgets a press and a search within seconds.
    "answerCallbackQuery": 10.0,
    "answerInlineQuery": 10.0,
}
"""Seconds after which a call is not tried again; what is not named here is tried once."""

Result = bool | dict[str, Any] | list[dict[str, Any]]


class PatientLimiter(AIORateLimiter):
    """Limits as AIORateLimiter does, and repeats; a call that fails for good raises its last error.

    What failed may have been carried out all the same: then its user reads it twice, rather than never.
    """

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """The result of the call; arguments as `telegram.ext.BaseRateLimiter` has them."""
        call = partial(super().process_request, callback, args, kwargs, endpoint, data, rate_limit_args)
        if endpoint not in PATIENCE:
            return await call()
        attempts = AsyncRetrying(
            retry=retry_if_exception(may_pass),
            wait=_pause,
            stop=stop_before_delay(PATIENCE[endpoint]),
            before_sleep=partial(_tell, endpoint),
            reraise=True,
        )
        return await attempts(call)


def may_pass(error: BaseException) -> bool:
    """Whether the same call may succeed later."""
    if isinstance(error, InvalidToken):
        # A proxy's own page with a 404 passes, Telegram's word does not.
        return isinstance(error.__cause__, TelegramError)
    if isinstance(error, NetworkError):
        return not isinstance(error, BadRequest)
    # Of no kind of its own is an answer that is no JSON, such as half of one.
    return isinstance(error, RetryAfter) or type(error) is TelegramError


def _pause(state: RetryCallState) -> float:
    return max(growing_pause(state.attempt_number), asked_pause(_error(state)))


def _tell(endpoint: str, state: RetryCallState) -> None:
    pause = state.next_action.sleep if state.next_action else 0.0
    log.debug("%s failed (%s), again in %.1f s", endpoint, one_line(_error(state)), pause)


def _error(state: RetryCallState) -> BaseException:
    error = state.outcome.exception() if state.outcome else None
    assert error is not None  # only failures are repeated
    return error

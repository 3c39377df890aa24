"""A stand-in for Telegram's Bot API server: real HTTP on 127.0.0.1, chats and messages kept in memory.

    async with BotApi() as api:
        anna = api.user(language_code="de")
        anna.send("Wann startet die Serie?")
        reply = await anna.next_message()

Each request is judged by a model of the Bot API that nobody here wrote (botmodel.py), each text by a strict
reader of Telegram's HTML (bothtml.py). What a bot should never send is answered with 400 as Telegram does and
kept in `violations`. The methods themselves stand in botcalls.py; faults are ordered with `fail` and `hold`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from time import time
from typing import Any

from aiohttp import web
from botcalls import Calls, RefusalError
from botmodel import ModelError, assert_result, assert_update, checked
from people import Group, Search, Shared, User

TOKEN = "123456789:AAtestTESTtestTESTtestTESTtestTESTte"

Parameters = dict[str, Any]


@dataclass
class Call:
    """One request as it came, and how it was answered."""

    method: str
    parameters: Parameters
    status: int = 0
    description: str = ""


@dataclass
class Fault:
    """What happens to calls of one method instead of, or before, their being answered."""

    method: str
    times: int
    status: int = 0
    description: str = "Internal Server Error"
    retry_after: int | None = None
    body: str | None = None
    drop: bool = False
    delay: float = 0.0
    gate: Hold | None = None
    only: Callable[[Parameters], bool] = field(default=lambda _: True)


class Hold:
    """Calls that wait until they are released; `reached` returns when one waits."""

    def __init__(self) -> None:
        self.waiting = 0
        self._open = asyncio.Event()
        self._changed = asyncio.Condition()

    def release(self) -> None:
        """Lets all pass, those to come too."""
        self._open.set()

    async def reached(self, number: int = 1, within: float = 10) -> None:
        """Returns when so many calls have come to wait."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: self.waiting >= number)

    async def pass_through(self) -> None:
        """For the stand-in: a call comes by."""
        async with self._changed:
            self.waiting += 1
            self._changed.notify_all()
        await self._open.wait()


class BotApi:
    """The server, its chats, and what it saw."""

    def __init__(self, token: str = TOKEN, port: int = 0, first_update: int = 1000) -> None:
        self.token = token
        self.port = port
        self.me = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "Le Mans",
            "username": "lemans_test_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }
        self.chats: dict[int, dict[str, Any]] = {}
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.people: dict[int, User | Group] = {}
        self.queries: dict[str, dict[str, Any]] = {}
        """Callback queries by id; `answered` holds the parameters of the answer."""
        self.searches: dict[str, Search] = {}
        """Inline queries by id."""
        self.shared: dict[str, Shared] = {}
        """Messages that somebody posted from an inline query, by inline_message_id."""
        self.topics: dict[int, set[int]] = {}
        """The topics of each forum, by chat."""
        self.migrated: dict[int, int] = {}
        """Groups that have become supergroups: old id -> new id."""
        self.settings: dict[str, Any] = {}
        """What set... methods have stored: commands, descriptions."""
        self.webhook_url = ""
        self.webhook_secret = ""
        self.blocked: set[int] = set()
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.pending: list[dict[str, Any]] = []
        """Updates not yet confirmed."""
        self.confirmed: list[int] = []
        self.allowed: list[str] | None = None
        self.changed = asyncio.Condition()
        self._update_ids = count(first_update)
        self._message_ids = count(1)
        self._user_ids = count(7001)
        self._polls = 0
        self._faults: list[Fault] = []
        self._runner: web.AppRunner | None = None
        self._calls = Calls(self)
        self._notices: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> BotApi:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._polls += 1  # ends a long poll that is under way
        for fault in self._faults:
            if fault.gate:
                fault.gate.release()
        await self._notify()
        assert self._runner is not None
        await self._runner.cleanup()
        self._runner = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # Who is there.

    def user(self, language_code: str | None = "en", first_name: str = "Anna") -> User:
        """Somebody new, with a private chat with the bot."""
        return User(self, next(self._user_ids), first_name, language_code)

    def group(self, title: str = "Race fans", *, forum: bool = False) -> Group:
        """A new supergroup with the bot in it."""
        return Group(self, -(10**12 + next(self._user_ids)), title, forum)

    # What happens on Telegram's side.

    def deliver(self, kind: str, content: dict[str, Any]) -> int:
        """Queues an update for the bot; returns its id, or 0 if the bot has not asked for that kind."""
        if self.allowed and kind not in self.allowed:
            return 0
        number = next(self._update_ids)
        update = {"update_id": number, kind: content}
        assert_update(update)
        # As it is now: what happens to the message later is another update.
        update = json.loads(json.dumps(update))
        self.pending.append(update)
        notice = asyncio.ensure_future(self._notify())
        self._notices.add(notice)
        notice.add_done_callback(self._notices.discard)
        return number

    def new_message(self, chat: dict[str, Any], sender: dict[str, Any], **content: Any) -> dict[str, Any]:
        """A message in a chat, kept; nobody is told."""
        message = {
            "message_id": next(self._message_ids),
            "date": int(time()),
            "chat": chat,
            "from": sender,
            **content,
        }
        self.messages[chat["id"], message["message_id"]] = message
        return message

    def skip_updates(self, to: int) -> None:
        """The next update gets this number: as after a quiet week."""
        self._update_ids = count(to)

    # Faults.

    def fail(self, method: str, status: int = 500, *, times: int = 1, **how: Any) -> Fault:
        """The next `times` calls of `method` get this status; `how` as in Fault."""
        fault = Fault(method, times, status, **how)
        self._faults.append(fault)
        return fault

    def drop(self, method: str, *, times: int = 1) -> Fault:
        """The connection of the next `times` calls is cut without an answer."""
        return self.fail(method, 0, times=times, drop=True)

    def delay(self, method: str, seconds: float, *, times: int = 10**9) -> Fault:
        """Calls of `method` take that long."""
        return self.fail(method, 0, times=times, delay=seconds)

    def hold(self, method: str, only: Callable[[Parameters], bool] = lambda _: True) -> Hold:
        """Calls of `method` (those that `only` picks) wait until the Hold is released."""
        gate = Hold()
        self._faults.append(Fault(method, 10**9, gate=gate, only=only))
        return gate

    # What was seen.

    def calls_of(self, method: str) -> list[Call]:
        """All requests for a method so far."""
        return [call for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], object], within: float = 10) -> None:
        """Returns when the condition holds; it is looked at after each change."""
        async with asyncio.timeout(within), self.changed:
            await self.changed.wait_for(condition)

    # The wire.

    async def _notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _answer(401, "Unauthorized")
        raw = await _parameters(request)
        call = Call(method, raw)
        self.calls.append(call)
        await self._notify()
        try:
            fault = await self._suffer(call)
            if fault is None:
                result = await self._perform(method, raw)
                call.status = 200
                return _answer(200, result=result)
            call.status, call.description = fault.status, fault.description
            if fault.drop:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            if fault.body is not None:
                return web.Response(status=fault.status, text=fault.body, content_type="text/html")
            return _answer(fault.status, fault.description, retry_after=fault.retry_after)
        except RefusalError as refusal:
            call.status, call.description = refusal.status, str(refusal)
            if refusal.violation:
                self.violations.append(f"{method}: {refusal}")
            return _answer(refusal.status, str(refusal), **refusal.parameters)
        except Exception as defect:
            self.violations.append(f"the stand-in itself failed in {method}: {defect!r}")
            raise
        finally:
            await self._notify()

    async def _suffer(self, call: Call) -> Fault | None:
        """Waits as the faults ordered for this call say; returns the one that answers it, if any."""
        for fault in list(self._faults):
            if fault.method != call.method or fault.times <= 0 or not fault.only(call.parameters):
                continue
            fault.times -= 1
            if fault.gate:
                await fault.gate.pass_through()
            elif fault.delay:
                await asyncio.sleep(fault.delay)
            if fault.status or fault.drop:
                return fault
        return None

    async def _perform(self, method: str, raw: Parameters) -> Any:
        try:
            parameters = checked(method, raw)
        except ModelError as error:
            raise RefusalError(str(error), violation=True) from None
        if method == "getUpdates":
            result: Any = await self._get_updates(parameters)
        else:
            result = self._calls.perform(method, parameters)
        if method != "getUpdates":  # judged when they were queued; a test may have broken one since
            assert_result(method, result)
        return result

    async def _get_updates(self, parameters: Parameters) -> list[dict[str, Any]]:
        if self.webhook_url:
            raise RefusalError(
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first",
                status=409,
                violation=False,
            )
        offset, limit = parameters.get("offset") or 0, parameters.get("limit") or 100
        if not 1 <= limit <= 100:
            raise RefusalError("Bad Request: limit must be between 1 and 100", violation=True)
        if parameters.get("allowed_updates") is not None:
            self.allowed = parameters["allowed_updates"]
        self._polls += 1
        mine = self._polls
        if offset < 0:
            offset = self.pending[offset:][0]["update_id"] if self.pending else 0
        self.confirmed += [u["update_id"] for u in self.pending if u["update_id"] < offset]
        self.pending = [u for u in self.pending if u["update_id"] >= offset]
        try:
            async with asyncio.timeout(parameters.get("timeout") or 0.001), self.changed:
                self.changed.notify_all()
                await self.changed.wait_for(lambda: self.pending or self._polls != mine)
        except TimeoutError:
            return []
        if self._polls != mine:
            raise RefusalError(
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
                status=409,
                violation=False,
            )
        return self.pending[:limit]


def _answer(status: int, description: str = "", *, result: Any = None, **parameters: Any) -> web.Response:
    if status == 200:
        return web.json_response({"ok": True, "result": result})
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters := {name: value for name, value in parameters.items() if value is not None}:
        body["parameters"] = parameters
    return web.json_response(body, status=status)


async def _parameters(request: web.Request) -> Parameters:
    parameters: Parameters = dict(request.query)
    if request.content_type == "application/json":
        parameters |= json.loads(await request.text() or "{}")
    elif request.method == "POST":
        parameters |= dict(await request.post())
    return parameters

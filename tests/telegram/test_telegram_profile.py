"""How the bot introduces itself: what is stored is read first, and set only where it differs."""

from __future__ import annotations

from typing import Any

import pytest
from botapi import BotApi
from conftest import serving
from parrot import Parrot


def profile_calls(api: BotApi, verb: str) -> list[str]:
    return [call.method for call in api.calls if call.method.startswith(f"{verb}My") and call.status == 200]


async def introduced(api: BotApi, **settings: Any) -> None:
    """Starts a bot and ends it when the last part of the profile was looked at."""
    reads = len(profile_calls(api, "get"))
    async with serving(api, **settings):
        await api.until(lambda: len(profile_calls(api, "get")) == reads + 12)
        # What the last of them leads to is sent before any later call is answered.
        await api.user().ask("hi")


async def test_commands_and_descriptions_are_set_for_each_language_and_for_all_others(api: BotApi) -> None:
    await introduced(api)
    for code, text in (("", "en"), ("de", "de"), ("en", "en")):
        commands = {
            scope: [each["command"] for each in api.settings["Commands", (("type", scope),), code]]
            for scope in ("all_private_chats", "all_group_chats")
        }
        assert commands == {"all_private_chats": ["help", "start"], "all_group_chats": ["help"]}
        default = (("type", "default"),)
        assert api.settings["Description", default, code] == f"Long {text}"
        assert api.settings["ShortDescription", default, code] == f"Short {text}"
    assert len(profile_calls(api, "set")) == 12


async def test_a_restart_sets_nothing_and_a_change_only_what_has_changed(api: BotApi) -> None:
    await introduced(api)
    before = len(profile_calls(api, "set"))
    await introduced(api)
    assert len(profile_calls(api, "set")) == before
    api.settings["Description", (("type", "default"),), "de"] = "what an earlier version said"
    api.settings["Commands", (("type", "all_group_chats"),), ""] = []
    await introduced(api)
    assert profile_calls(api, "set")[before:] == ["setMyCommands", "setMyDescription"]


@pytest.mark.parametrize("method", ["getMyCommands", "setMyDescription"])
@pytest.mark.parametrize(
    "how",
    [{"status": 429, "retry_after": 30}, {"status": 500}, {"status": 0, "drop": True}],
    ids=["429", "500", "cut off"],
)
async def test_a_failure_is_one_warning_and_the_bot_answers(
    api: BotApi, caplog: pytest.LogCaptureFixture, method: str, how: dict[str, Any]
) -> None:
    api.fail(method, times=100, **how)
    async with serving(api):
        await api.until(lambda: api.calls_of(method))
        while "commands and descriptions" not in caplog.text:
            assert (await api.user().ask("hi")).text == "You said: hi"
    assert [r.levelname for r in caplog.records if r.levelno > 20] == ["WARNING"]
    assert "Traceback" not in caplog.text


async def test_a_defect_in_it_is_one_warning_too(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    class Speechless(Parrot):
        def profile(self, language: str | None) -> Any:
            raise KeyError("description")

    async with serving(api, Speechless()):
        assert (await api.user().ask("hi")).text == "You said: hi"
    assert caplog.text.count("which is a defect") == 1


async def test_it_keeps_nobody_waiting(api: BotApi) -> None:
    gate = api.hold("getMyCommands")
    async with serving(api):
        await gate.reached()
        assert (await api.user().ask("hi")).text == "You said: hi"
        # Nor does it keep the bot from ending.
    gate.release()

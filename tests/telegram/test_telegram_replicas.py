"""Three replicas behind a real nginx with the configuration that ships; one is killed in the middle."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from botapi import BotApi
from conftest import ROOT, BotProcess
from courier import Courier

Start = Callable[..., Awaitable[BotProcess]]

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

QUESTIONS = 2000

SECRET = "a-secret-of-some-length_0"
HOOK = {
    "WEBHOOK_URL": "https://bot.example.org/telegram",
    "WEBHOOK_SECRET": SECRET,
    "HOST": "127.0.0.1",
    "SEND_RATE": "0",
}

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed: apt-get install nginx-light")


def free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def configuration(folder: Path, port: int, replicas: list[int]) -> str:
    """What ships in deploy/, with this machine's addresses and files."""
    shipped = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    servers = "\n".join(f"server 127.0.0.1:{each} max_fails=0;" for each in replicas)
    changes = {
        r"resolver 127\.0\.0\.11 [^;]*;": "",
        r"server bot:8080 resolve [^;]*;": servers,
        r"listen 8443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        r" /(tmp|run/secrets)/": f" {folder}/",
        # As root, nginx would hand its files to another user.
        r"^worker_processes auto;": "worker_processes 1;"
        + ("user root;" if Path.home() == Path("/root") else ""),
    }
    for old, new in changes.items():
        shipped, times = re.subn(old, new, shipped, flags=re.MULTILINE)
        assert times, old
    return shipped


async def listening(port: int) -> None:
    """Returns when somebody listens at the port."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


@pytest.fixture
async def proxy(tmp_path: Path) -> AsyncIterator[tuple[str, list[int]]]:
    """nginx with a certificate of its own: the address to deliver to, and the ports of three replicas."""
    port, *replicas = free_ports(4)
    files = ["-keyout", str(tmp_path / "tls_key"), "-out", str(tmp_path / "tls_certificate")]
    openssl = await asyncio.create_subprocess_exec(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", *files,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await openssl.wait() == 0
    (tmp_path / "nginx.conf").write_text(configuration(tmp_path, port, replicas), "utf-8")
    assert NGINX is not None
    with (tmp_path / "nginx.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", "stderr",
            "-g", "daemon off;",
            stderr=log,
        )  # fmt: skip
    try:
        async with asyncio.timeout(10):
            await listening(port)
        yield f"https://127.0.0.1:{port}/telegram", replicas
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def test_no_question_is_lost_when_one_of_three_replicas_is_killed(
    api: BotApi, start_bot: Start, proxy: tuple[str, list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    url, ports = proxy
    replicas = [await start_bot(api, **HOOK, PORT=str(port)) for port in ports]
    for replica in replicas:
        await replica.says("answers on Telegram")
    people = [api.user("en") for _ in range(QUESTIONS)]
    async with Courier(api, url) as courier:
        for person in people:
            person.send("How many episodes are there?")
        await api.until(lambda: len(api.confirmed) > QUESTIONS // 3, within=60)
        await replicas[1].close()  # SIGKILL
        await api.until(lambda: len(api.confirmed) > QUESTIONS // 2, within=60)
        replicas[1] = await start_bot(api, **HOOK, PORT=str(ports[1]))
        await replicas[1].says("answers on Telegram")
        await api.until(lambda: len(api.confirmed) == QUESTIONS, within=60)
    answers = [len(person.received) for person in people]
    with capsys.disabled():
        print(
            f"\n{QUESTIONS} questions, a replica killed: {sum(answers) - QUESTIONS} answered twice, "
            f"{answers.count(0)} never; deliveries refused: {dict(courier.refused)}"
        )
    assert min(answers) == 1
    assert api.pending == []
    shares = [replica.output.count(" question ") for replica in replicas]
    assert min(shares[0], shares[2]) > QUESTIONS // 10
    for replica in replicas:
        assert await replica.stop() == 0
        assert "Traceback" not in replica.output
    assert api.webhook_url == HOOK["WEBHOOK_URL"]


async def test_a_rolling_restart_is_felt_by_nobody(
    api: BotApi, start_bot: Start, proxy: tuple[str, list[int]]
) -> None:
    url, ports = proxy
    replicas = [await start_bot(api, **HOOK, PORT=str(port)) for port in ports]
    for replica in replicas:
        await replica.says("answers on Telegram")
    people = [api.user("en") for _ in range(600)]
    async with Courier(api, url) as courier:
        for person in people:
            person.send("How many episodes are there?")
        for index, port in enumerate(ports):
            assert await replicas[index].stop() == 0
            replicas[index] = await start_bot(api, **HOOK, PORT=str(port))
            await replicas[index].says("answers on Telegram")
        await api.until(lambda: len(api.confirmed) == len(people), within=60)
    assert [len(person.received) for person in people] == [1] * len(people)
    assert courier.refused == {}


async def test_only_deliveries_pass_the_proxy(
    api: BotApi, start_bot: Start, proxy: tuple[str, list[int]]
) -> None:
    url, ports = proxy
    bot = await start_bot(api, **HOOK, PORT=str(ports[0]))
    await bot.says("answers on Telegram")
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    base = url.removesuffix("/telegram")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as client:
        for method, path in (("GET", "/healthz"), ("GET", "/metrics"), ("GET", "/telegram"), ("POST", "/x")):
            async with client.request(method, base + path) as response:
                assert response.status in (403, 404), path
        async with client.post(url, json={"update_id": 1}) as response:
            assert response.status == 401

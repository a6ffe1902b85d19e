"""Told to stop, the assistant answers every message that has reached it, then goes."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.channels.telegram import SECRET_HEADER, TelegramBot
from bot.settings import settings
from tests.conftest import free_port, running_server
from tests.fuzz.wire import Answer, Line, request
from tests.telegram.bot_api_server import TOKEN

AT_ONCE = 12


def message(number: int) -> bytes:
    body = json.dumps({"sender": f"stopping-{number}", "message": f"what is occipital neuralgia, please? ({number})"}).encode()
    return request("POST", "/webhooks/rest/webhook", body)


@pytest.mark.slow
def test_running_turns_are_finished_on_sigterm(model: Path, tmp_path: Path) -> None:
    database = tmp_path / "assistant.db"
    server = running_server(tmp_path, {"DATABASE_URL": f"sqlite:///{database}", "METRICS_PORT": str(free_port())}, "--model", str(model))
    with server:
        assert server.process
        asyncio.run(Line(server.port).send(message(-1)))  # the first turn of a process is slower
        idle = socket.create_connection(("127.0.0.1", server.port))
        answers, told_at = asyncio.run(stop_in_the_middle(server.port, server.process.send_signal))
        code = server.process.wait(20)
        seconds = time.monotonic() - told_at
    idle.close()
    print(f"{AT_ONCE} turns under way; the process was gone {seconds:.1f} s after SIGTERM")
    assert [answer.status for answer in answers] == [200] * AT_ONCE
    for answer in answers:
        assert [m["custom"]["reply"]["kind"] for m in answer.json() if "custom" in m] == ["answer"]
    assert code == 0 and seconds < 15
    log = (tmp_path / "server.log").read_text()
    assert "what runs is finished first" in log and "bot.operating  - Stopped" in log and " ERROR " not in log
    with closing(sqlite3.connect(database)) as store:
        assert store.execute("SELECT count(*) FROM exchanges WHERE channel = 'rest'").fetchone() == (AT_ONCE + 1,)


async def stop_in_the_middle(port: int, send_signal: object) -> tuple[list[Answer], float]:
    """Send many messages at once and SIGTERM as soon as the first answer is back."""
    assert callable(send_signal)
    tasks = [asyncio.create_task(Line(port).send(message(number))) for number in range(AT_ONCE)]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    send_signal(signal.SIGTERM)
    told_at = time.monotonic()
    return await asyncio.gather(*tasks), told_at


async def test_an_update_that_comes_while_it_stops_is_left_with_telegram() -> None:
    """Telegram sends again what was not answered with 200; taken now, it would never be answered."""
    given = replace(settings(), telegram_token=TOKEN, telegram_secret="s", telegram_public_url="https://assistant.example")
    bot, update = TelegramBot(given, nobody), SimpleNamespace(headers={SECRET_HEADER: "s"}, json={"no": "update"})
    assert (await bot.receive(update)).status == 200
    await bot.stop()
    assert (await bot.receive(update)).status == 503


async def nobody(message: object) -> None:
    """Answers nothing."""

"""A whole assistant whose Telegram is the stand-in Bot API server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import running_server
from tests.telegram.bot_api_server import TOKEN, BotApiServer


@dataclass(frozen=True)
class Telegram:
    """A running assistant and the Bot API server it speaks to."""

    url: str
    api: BotApiServer
    log_path: Path
    database: Path

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")


@pytest.fixture(scope="session")
def telegram(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Telegram]:
    """By webhook; one for the whole run."""
    folder, api = tmp_path_factory.mktemp("telegram"), BotApiServer()
    server = running_server(folder, {
        "DATABASE_URL": f"sqlite:///{folder / 'assistant.db'}", "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": api.address,
    }, "--model", str(model))
    server.settings["TELEGRAM_PUBLIC_URL"] = server.url
    with server as url:
        api.until(lambda: api.webhook, 30, "webhook")
        yield Telegram(url, api, folder / "server.log", folder / "assistant.db")
    api.close()


@pytest.fixture
def bot_api() -> Iterator[BotApiServer]:
    """A Bot API server by itself."""
    server = BotApiServer()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def nothing_refused(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test with the whole assistant may leave behind something that Telegram refused."""
    if "telegram" not in request.fixturenames:
        yield
        return
    api: BotApiServer = request.getfixturevalue("telegram").api
    api.refusals.clear()
    yield
    assert api.refusals == []

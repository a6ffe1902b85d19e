"""A whole assistant of its own to fire at, with the website's limits lifted and a stand-in for Telegram."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.settings import PROJECT
from tests.conftest import running_server
from tests.telegram.bot_api_server import TOKEN, BotApiServer

SECRET = "a-secret-of-the-fuzz-run"


@dataclass(frozen=True)
class Target:
    """The assistant fired at."""

    url: str
    port: int
    process_id: int
    api: BotApiServer
    log_path: Path

    def megabytes(self) -> float:
        """Memory of the assistant that is in use now (resident)."""
        status = Path(f"/proc/{self.process_id}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@pytest.fixture(scope="session")
def target(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder, api = tmp_path_factory.mktemp("fuzz"), BotApiServer()
    # Of its own: an edit during the run would be taken up, and shows in the memory.
    knowledge = shutil.copytree(PROJECT / "knowledge", folder / "knowledge")
    server = running_server(
        folder,
        {
            "KNOWLEDGE_FOLDER": str(knowledge),
            "DATABASE_URL": f"sqlite:///{folder / 'assistant.db'}",
            "WEB_MESSAGES_PER_MINUTE": "10000000",
            "WEB_REQUESTS_PER_MINUTE": "10000000",
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API": api.address,
            "TELEGRAM_SECRET": SECRET,
        },
        "--model",
        str(model),
    )
    server.settings["TELEGRAM_PUBLIC_URL"] = server.url
    with server as url:
        api.until(lambda: api.webhook, 30, "webhook")
        assert server.process
        yield Target(url, server.port, server.process.pid, api, folder / "server.log")
    api.close()

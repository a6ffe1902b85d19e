"""What every test may ask for: the knowledge base, a copy of it to edit, and one real running assistant."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import serving
from bot.knowledge_base import KnowledgeBase, read
from bot.settings import PROJECT
from tests.talk import Conversation

#: Seconds; a loaded machine takes several times what an idle one does.
STARTS_WITHIN = 400


@dataclass(frozen=True)
class Server:
    """A running assistant: its address, its log and its database."""

    url: str
    log_path: Path
    database_url: str

    def conversation(self) -> Conversation:
        """A new conversation with it."""
        return Conversation(self.url)


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    return read(PROJECT / "knowledge")


@pytest.fixture
def knowledge_copy(tmp_path: Path) -> Path:
    """The knowledge folder, to be edited."""
    return Path(shutil.copytree(PROJECT / "knowledge", tmp_path / "knowledge"))


@pytest.fixture(scope="session")
def model() -> Path:
    """The model that fits the files; trained once a run if need be."""
    return serving.train()


#: What the tests of the website need of the server: an allowed origin, and a limit above a whole run's requests.
FOR_TESTS = {"WEB_ORIGINS": "http://clinic.localhost", "WEB_REQUESTS_PER_MINUTE": "6000"}


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One real assistant for the whole run (that of ASSISTANT_URL where it is set)."""
    folder = tmp_path_factory.mktemp("assistant")
    database_url = f"sqlite:///{folder / 'assistant.db'}"
    if os.environ.get("ASSISTANT_URL"):
        yield Server(os.environ["ASSISTANT_URL"], folder / "none.log", os.environ.get("DATABASE_URL", database_url))
        return
    request.getfixturevalue("model")
    with running_server(folder, {"DATABASE_URL": database_url, **FOR_TESTS}) as url:
        yield Server(url, folder / "server.log", database_url)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class running_server:
    """Starts the assistant in a folder of its own and stops it again."""

    def __init__(self, folder: Path, settings: dict[str, str], *arguments: str, wait_healthy: bool = True):
        self.folder, self.settings, self.arguments, self.wait_healthy = folder, settings, arguments, wait_healthy
        self.process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> str:
        environment = {**serving.environment(), **self.settings}
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve", "--port", str(self.port), *self.arguments],
                cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT,
            )
        if self.wait_healthy:
            try:
                wait_until_healthy(self.url, self.process, self.folder / "server.log")
            except BaseException:
                self.__exit__()
                raise
        return self.url

    def __exit__(self, *_: object) -> None:
        assert self.process
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path, within: float = STARTS_WITHIN) -> float:
    """The seconds until `/healthz` says 200."""
    start = time.monotonic()
    while time.monotonic() - start < within:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url + "/healthz", timeout=10) as answer:
                if answer.status == 200:
                    return time.monotonic() - start
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError("the assistant did not become healthy:\n" + log.read_text(errors="replace")[-3000:])

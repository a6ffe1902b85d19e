"""An assistant whose parts a test can break while it runs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import serving
from bot.knowledge_base import KnowledgeBase
from bot.settings import PROJECT
from tests.conftest import free_port
from tests.talk import Conversation, Said

#: A patient has words within so many seconds, whatever is broken.
WITHIN = 5.0
IN_PROCESS = "tracker_store:\n  type: bot.store.tracker_store.ConversationStore\naction_endpoint:\n  url: http://127.0.0.1:{port}/webhook\n"


@dataclass
class Assistant:
    """A running assistant, what is broken in it, and what it logged."""

    folder: Path
    url: str
    database_url: str
    process: subprocess.Popen[bytes]
    slowest: float = field(default=0.0)

    def conversation(self) -> Timed:
        return Timed(self.url)

    @contextmanager
    def broken(self, fault: str) -> Iterator[None]:
        """Switches a fault on (faulty_server says which there are)."""
        (self.folder / "faults").write_text(fault.replace(" ", "_"))
        try:
            yield
        finally:
            (self.folder / "faults").write_text("")

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        made = sa.create_engine(self.database_url)
        with made.connect() as connection:
            found = int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)
        made.dispose()
        return found

    def wait_for_rows(self, table: str, least: int, within: float = 15) -> int:
        """The number of rows once there are at least so many."""
        until = time.monotonic() + within
        while (found := self.rows(table)) < least and time.monotonic() < until:
            time.sleep(0.1)
        return found


class Timed(Conversation):
    """A conversation that fails the test when a reply takes too long, and that sees to words and a number."""

    def say(self, text: str, **more: Any) -> Said:
        start = time.monotonic()
        said = super().say(text, **more)
        took = time.monotonic() - start
        assert took < WITHIN, f"{took:.2f} s until words for {text!r}"
        assert said.text
        return said


def gives_words_and_a_number(said: Said, knowledge: KnowledgeBase) -> bool:
    """Whether a reply is honest about a failure and names the clinic's number."""
    return (
        said.kind == "unavailable"
        and knowledge.clinic.phone in said.text
        and knowledge.clinic.phone in said.reply["consult"]
    )


@contextmanager
def assistant(
    folder: Path,
    model: Path,
    database_url: str,
    in_process: bool = True,
    action_port: int = 1,
    arguments: tuple[str, ...] = (),
) -> Iterator[Assistant]:
    """Start an assistant with faults to switch; its log is in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "faults").write_text("")
    (folder / "credentials.yml").write_text("bot.channels.rest.RestInput:\n")
    (folder / "endpoints.yml").write_text(
        IN_PROCESS.format(port=action_port) + ("  in_process: true\n" if in_process else "")
    )
    port = free_port()
    environment = {**serving.environment(), "DATABASE_URL": database_url, "FAULTS": str(folder / "faults")}
    # Through a pipe: the log shall not be what a full disk stops.
    logging = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=(folder / "server.log").open("wb"))
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.failures.faulty_server",
            "run",
            "--model",
            str(model),
            "--port",
            str(port),
            "--interface",
            "127.0.0.1",
            "--credentials",
            str(folder / "credentials.yml"),
            "--endpoints",
            str(folder / "endpoints.yml"),
            *arguments,
        ],
        cwd=PROJECT,
        env=environment,
        stdout=logging.stdin,
        stderr=subprocess.STDOUT,
    )
    started = Assistant(folder, f"http://127.0.0.1:{port}", database_url, process)
    try:
        _wait(started)
        yield started
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        logging.communicate(timeout=5)


def _wait(started: Assistant, within: float = 400) -> None:
    until = time.monotonic() + within
    while time.monotonic() < until and started.process.poll() is None:
        try:
            body = json.dumps({"sender": "health-start", "message": "What is occipital neuralgia?"}).encode()
            request = urllib.request.Request(
                started.url + "/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=10) as answer:
                # Before the model is loaded, nothing can answer.
                if (
                    "unavailable" not in (text := answer.read().decode())
                    or "in_process" not in (started.folder / "endpoints.yml").read_text()
                ):
                    assert text
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"the assistant did not start (exit status {started.process.poll()}):\n{started.log[-3000:]}")


@pytest.fixture(scope="session")
def breakable(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant on SQLite, with actions in its process."""
    folder = tmp_path_factory.mktemp("breakable")
    with assistant(folder, model, f"sqlite:///{folder / 'data' / 'assistant.db'}") as started:
        yield started

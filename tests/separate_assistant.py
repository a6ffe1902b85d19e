"""An assistant apart from the one that most tests share: its own channels and stores, all its files in one folder."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from bot import serving
from bot.settings import PROJECT
from tests.conftest import STARTS_WITHIN, free_port
from tests.talk import Conversation

Self = TypeVar("Self", bound="SeparateAssistant")


class SeparateAssistant:
    """Runs within `with`. Its address, and what it stored and logged.

    Args:
        credentials, endpoints: the text of these two files; the REST channel must be among the channels.
        settings: as environment variables; the database is in the folder's `data/` unless they name another.
        arguments: more of `rasa run`.
        program: the module that is run as `rasa` would be.
        first_reply: the kind of reply that tells that it has started.
    """

    def __init__(self, folder: Path, model: Path, credentials: str, endpoints: str, settings: dict[str, str],
                 *arguments: str, program: str = serving.RASA, first_reply: str = "answer"):
        port = free_port()
        self.folder, self.url = folder, f"http://127.0.0.1:{port}"
        self.settings = {"DATABASE_URL": f"sqlite:///{folder / 'data' / 'assistant.db'}", **settings}
        self._first_reply = first_reply
        folder.mkdir(parents=True, exist_ok=True)
        files = {"--credentials": credentials, "--endpoints": endpoints}
        for option, text in files.items():
            self._file(option).write_text(text)
        self._command = [sys.executable, "-m", program, "run", "--model", str(model), "--interface", "127.0.0.1",
                         "--port", str(port), *(part for option in files for part in (option, str(self._file(option)))), *arguments]

    def _file(self, option: str) -> Path:
        return self.folder / f"{option.removeprefix('--')}.yml"

    def __enter__(self: Self) -> Self:
        # Through a pipe: the log shall not be what a full disk stops.
        with (self.folder / "server.log").open("wb") as log:
            self._logging = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)
        self.process = subprocess.Popen(self._command, cwd=PROJECT, env={**serving.environment(), **self.settings},
                                        stdout=self._logging.stdin, stderr=subprocess.STDOUT)
        try:
            self._wait_for_first_reply()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._logging.communicate(timeout=5)

    def _wait_for_first_reply(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if Conversation(self.url, "health-start").say("What is occipital neuralgia?").kind == self._first_reply:
                    return
            except OSError:
                pass
            time.sleep(0.5)
        raise AssertionError(f"the assistant did not start (exit status {self.process.poll()}):\n{self.log[-3000:]}")

    @property
    def database_url(self) -> str:
        return self.settings["DATABASE_URL"]

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

    def wait_for_rows(self, table: str, least: int, within: float = 60) -> int:
        """The number of rows once there are at least so many."""
        until = time.monotonic() + within
        while (found := self.rows(table)) < least and time.monotonic() < until:
            time.sleep(0.1)
        return found

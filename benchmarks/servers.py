"""Starts an assistant as it is served in earnest, and says how long that took and what memory it has."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

from benchmarks.client import new_sender
from benchmarks.training import Trained, default_environment
from bot.serving import environment
from bot.settings import PROJECT

STARTS_WITHIN = 900
STOPS_WITHIN = 20
LOOKS_EVERY = 0.1
#: The first message, which a started server must answer.
FIRST_MESSAGE = "What is cervicogenic headache?"


class Server:
    """A running assistant; ``seconds_to_answer`` from its start to its first answer. Use it with `with`."""

    def __init__(self, trained: Trained, is_default: bool, port: int = 0, settings: dict[str, str] | None = None):
        """``port`` 0 takes a free one; ``settings`` are further environment variables."""
        self._trained, self._is_default = trained, is_default
        self._port = port or _free_port()
        self._settings = settings or {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"
        self.seconds_to_answer = 0.0

    def __enter__(self) -> Server:
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        folder = Path(self._folder.name)
        own = {**environment(), "DATABASE_URL": f"sqlite:///{folder / 'assistant.db'}", **self._settings}
        variables = default_environment() if self._is_default else own
        command = [*self._command(folder), "--port", str(self._port), "--model", str(self._trained.model)]
        start = time.monotonic()
        with (folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=folder if self._is_default else PROJECT, env=variables,
                                             stdout=log, stderr=subprocess.STDOUT)
        try:
            self._wait(start)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        assert self._process is not None
        assert self._folder is not None
        self._process.terminate()
        try:
            self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    @property
    def memory_mb(self) -> float:
        """Resident memory of the server and its child processes, in MB of 2^20 bytes."""
        assert self._process is not None
        return sum(_resident_kb(pid) for pid in _with_children(self._process.pid)) / 1024

    def _command(self, folder: Path) -> list[str]:
        if not self._is_default:
            return [sys.executable, "-m", "bot", "serve"]
        project = self._trained.project
        return [sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--credentials",
                str(project / "credentials.yml"), "--endpoints", str(project / "endpoints.yml")]

    def _wait(self, start: float) -> None:
        assert self._process is not None
        while time.monotonic() - start < STARTS_WITHIN and self._process.poll() is None:
            if _answers(self.url):
                self.seconds_to_answer = time.monotonic() - start
                return
            time.sleep(LOOKS_EVERY)
        assert self._folder is not None
        log = (Path(self._folder.name) / "server.log").read_text("utf-8", "replace")
        raise RuntimeError(f"the server did not answer: {log[-1500:]}")


def _answers(url: str) -> bool:
    body = json.dumps({"sender": new_sender(), "message": FIRST_MESSAGE}).encode()
    request = urllib.request.Request(url + "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=STARTS_WITHIN) as answer:
            return bool(json.load(answer))
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _with_children(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _with_children(int(child))
    return found


def _resident_kb(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024

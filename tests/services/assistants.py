"""Assistant processes, each of which can be killed, hung, stopped gracefully and started again."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from bot import serving
from bot.settings import PROJECT
from tests.conftest import wait_until_healthy
from tests.services.programs import HOST, listens

#: Seconds for two or three processes that start at the same time, on a machine that has other work besides.
STARTS_WITHIN = 300


class Assistant:
    """One process of the assistant, as it is started on each machine of many."""

    def __init__(self, folder: Path, port: int, model: Path, settings: dict[str, str],
                 endpoints: str = "deploy/endpoints.yml"):
        self.port, self.model, self.settings, self.endpoints = port, model, settings, endpoints
        self.url, self.log = f"http://{HOST}:{port}", folder / f"assistant-{port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start without waiting."""
        assert not listens(self.port), f"port {self.port}, which this test needs, is taken"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve", "--port", str(self.port), "--endpoints", self.endpoints,
                 "--model", str(self.model)],
                cwd=PROJECT, env={**serving.environment(), **self.settings}, stdout=log, stderr=subprocess.STDOUT)

    def until_healthy(self) -> float:
        assert self.process
        return wait_until_healthy(self.url, self.process, self.log, STARTS_WITHIN)

    def send(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def kill(self) -> None:
        """As the system kills it when memory runs out, or a machine that loses power."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self, within: float = 60) -> int:
        """Stop gracefully; the exit code."""
        assert self.process
        self.process.terminate()
        return self.process.wait(within)

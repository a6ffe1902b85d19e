"""An assistant as an operator runs it: metrics on, log as JSON, a knowledge folder of its own to edit."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.settings import PROJECT
from tests.conftest import free_port, running_server
from tests.talk import Conversation


@dataclass(frozen=True)
class Operated:
    """A running assistant, and what its operator has of it."""

    url: str
    metrics_port: int
    knowledge: Path
    log_path: Path
    process_id: int

    def conversation(self) -> Conversation:
        return Conversation(self.url)

    def scraped(self) -> str:
        """The metrics as Prometheus fetches them."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=10) as answer:
            return str(answer.read().decode())

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's samples that carry these labels."""
        return sum(sample.value for family in text_string_to_metric_families(self.scraped()) for sample in family.samples
                   if sample.name == name and labels.items() <= sample.labels.items())

    def log_lines(self) -> list[dict[str, Any]]:
        """The log from its first line on; what libraries warn of before it begins is left out."""
        lines = self.log_path.read_text(errors="replace").splitlines()
        first = next(number for number, line in enumerate(lines) if line.startswith("{"))
        return [json.loads(line) for line in lines[first:]]


@pytest.fixture(scope="session")
def operated(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operated]:
    folder, port = tmp_path_factory.mktemp("operated"), free_port()
    knowledge = Path(shutil.copytree(PROJECT / "knowledge", folder / "knowledge"))
    server = running_server(folder, {
        "DATABASE_URL": f"sqlite:///{folder / 'assistant.db'}", "KNOWLEDGE_FOLDER": str(knowledge), "METRICS_PORT": str(port),
        "LOG_FORMAT": "json",
    }, "--model", str(model))
    with server as url:
        assert server.process
        yield Operated(url, port, knowledge, folder / "server.log", server.process.pid)

"""An assistant whose parts a test can break while it runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge_base import KnowledgeBase
from tests.separate_assistant import SeparateAssistant
from tests.talk import Conversation, Said

#: A patient has words within so many seconds, whatever is broken.
WITHIN = 10.0
ENDPOINTS = "tracker_store:\n  type: bot.store.tracker_store.ConversationStore\naction_endpoint:\n  url: http://127.0.0.1:{port}/webhook\n"
IN_PROCESS = "  in_process: true\n"


class Assistant(SeparateAssistant):
    """A running assistant, and what is broken in it."""

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


def assistant(folder: Path, model: Path, database_url: str, in_process: bool = True, action_port: int = 1) -> Assistant:
    """An assistant with faults to switch, to be started by `with`."""
    started = Assistant(
        folder,
        model,
        "bot.channels.rest.RestInput:\n",
        ENDPOINTS.format(port=action_port) + (IN_PROCESS if in_process else ""),
        {"DATABASE_URL": database_url, "FAULTS": str(folder / "faults")},
        program="tests.failures.faulty_server",
        first_reply="answer" if in_process else "unavailable",
    )
    (folder / "faults").write_text("")
    return started


@pytest.fixture(scope="session")
def breakable(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant on SQLite, with actions in its process."""
    folder = tmp_path_factory.mktemp("breakable")
    with assistant(folder, model, f"sqlite:///{folder / 'data' / 'assistant.db'}") as started:
        yield started

"""Actions that raise or hang, a separate action server that is down, slow or talks nonsense: words all the same, and soon."""

from __future__ import annotations

import concurrent.futures
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.knowledge_base import KnowledgeBase
from tests.conftest import free_port
from tests.failures.conftest import WITHIN, Assistant, assistant, gives_words_and_a_number

#: What the patient says whom the faults meet; the name must be in no log.
UNLUCKY = "hello, I am Xanthippe Canary"
QUESTION = "what is cervicogenic headache?"


@pytest.mark.parametrize("fault", ["action raises", "reply raises", "action hangs", "encoder"])
def test_a_part_that_breaks(breakable: Assistant, knowledge: KnowledgeBase, fault: str):
    patient = breakable.conversation()
    assert patient.say(QUESTION).kind == "answer"
    with breakable.broken(fault):
        assert gives_words_and_a_number(patient.say(UNLUCKY), knowledge)
    # The conversation goes on, and still knows what it was about.
    assert patient.say("tell me more").kind in ("answer", "clarify")
    assert "Xanthippe" not in breakable.log, "an error's text brought the patient's words into the log"


@pytest.mark.parametrize("fault", ["action hangs", "hanging encoder"])
def test_a_part_that_hangs_holds_up_nobody_else(breakable: Assistant, knowledge: KnowledgeBase, fault: str):
    with concurrent.futures.ThreadPoolExecutor() as threads, breakable.broken(fault):
        stuck = threads.submit(breakable.conversation().say, UNLUCKY)
        time.sleep(0.5)
        start = time.monotonic()
        assert breakable.conversation().say(QUESTION).kind == "answer"
        assert time.monotonic() - start < 2
        assert gives_words_and_a_number(stuck.result(), knowledge)


def test_a_stuck_turn_does_not_block_its_senders_next_message(breakable: Assistant, knowledge: KnowledgeBase):
    patient = breakable.conversation()
    with concurrent.futures.ThreadPoolExecutor() as threads, breakable.broken("action hangs"):
        stuck = threads.submit(patient.say, UNLUCKY)
        time.sleep(1)
        second = threads.submit(patient.say, QUESTION)
        assert gives_words_and_a_number(stuck.result(), knowledge)
        assert second.result().kind in ("answer", "unavailable")  # soon: Timed.say sees to it
    assert patient.say(QUESTION).kind == "answer"


class _ActionServer(http.server.BaseHTTPRequestHandler):
    """Plays an action server that is slow, fails, or sends what is no answer."""

    manner = "slow"

    def do_POST(self) -> None:
        if self.manner == "slow":
            time.sleep(2 * WITHIN)
        self.send_response(500 if self.manner == "fails" else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(
            {"fails": self.rfile.read(int(self.headers["Content-Length"])), "nonsense": b'{"events": 7}'}.get(
                self.manner, b""
            )
        )

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def two_processes(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, int]]:
    """An assistant that looks for its actions on a port."""
    folder, port = tmp_path_factory.mktemp("two"), free_port()
    with assistant(
        folder, model, f"sqlite:///{folder / 'assistant.db'}", in_process=False, action_port=port
    ) as started:
        yield started, port


@pytest.mark.parametrize("manner", ["down", "slow", "fails", "nonsense"])
def test_an_action_server_in_trouble(two_processes: tuple[Assistant, int], knowledge: KnowledgeBase, manner: str):
    started, port = two_processes
    patient = started.conversation()
    if manner == "down":
        assert gives_words_and_a_number(patient.say(UNLUCKY), knowledge)
        return
    _ActionServer.manner = manner
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), _ActionServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert gives_words_and_a_number(patient.say(UNLUCKY), knowledge)
        assert gives_words_and_a_number(patient.say(QUESTION), knowledge)
        server.shutdown()
    assert "Xanthippe" not in started.log
    assert started.wait_for_rows("exchanges", 1) >= 1, "failed turns are counted"

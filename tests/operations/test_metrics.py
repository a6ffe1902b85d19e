"""What Prometheus sees: turns, kinds, seconds, red flags, errors, edits; and nothing of a patient."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from bot import metrics
from bot.settings import settings
from tests.operations.conftest import Operated


def until(condition: Callable[[], bool], within: float = 15.0) -> bool:
    end = time.monotonic() + within
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def test_turns_are_counted_by_channel_and_kind(operated: Operated) -> None:
    asked, took = (operated.metric("assistant_turns_total", channel="rest"), operated.metric("assistant_turn_seconds_count", channel="rest"))
    kind = operated.conversation().say("what is occipital neuralgia?").kind
    kinds = operated.metric("assistant_turns_total", channel="rest", kind=kind)
    operated.conversation().say("what is occipital neuralgia?")
    assert operated.metric("assistant_turns_total", channel="rest", kind=kind) == kinds + 1
    assert operated.metric("assistant_turns_total", channel="rest") == asked + 2
    assert operated.metric("assistant_turn_seconds_count", channel="rest") == took + 2
    assert 0 < operated.metric("assistant_turn_seconds_sum", channel="rest") < 60
    assert operated.metric("assistant_turns_running") == 0


def test_red_flags_are_counted_by_sign_and_level(operated: Operated) -> None:
    said = operated.conversation().say("my face is drooping on one side and my arm is suddenly weak")
    assert said.kind == "emergency"
    assert operated.metric("assistant_red_flags_total", sign=said.reply["sign"], level="emergency") >= 1


def test_statuses_are_counted(operated: Operated) -> None:
    before = operated.metric("assistant_http_responses_total", status="400")
    requests.post(f"{operated.url}/webhooks/rest/webhook", data=b"{", timeout=10)
    assert operated.metric("assistant_http_responses_total", status="400") == before + 1


def test_edits_are_counted_and_a_refused_one_shows(operated: Operated) -> None:
    taken = operated.metric("assistant_knowledge_edits_total", outcome="taken")
    answer = next(path for path in sorted(operated.knowledge.glob("*/*.md")) if "questions:" in path.read_text())
    words = answer.read_text()
    answer.write_text(words.replace("title:", "titel:", 1))
    assert until(lambda: operated.metric("assistant_knowledge_problems") > 0)
    assert operated.metric("assistant_knowledge_edits_total", outcome="refused") >= 1
    answer.write_text(words + "\n\nAsk your doctor.\n")
    assert until(lambda: operated.metric("assistant_knowledge_edits_total", outcome="taken") > taken)
    assert operated.metric("assistant_knowledge_problems") == 0
    assert operated.metric("assistant_knowledge_answers") > 100


def test_the_store_shows_whether_it_keeps_up(operated: Operated) -> None:
    operated.conversation().say("hello")
    assert until(lambda: operated.metric("assistant_store_waiting") == 0)
    assert "assistant_store_dropped_total 0.0" in operated.scraped()
    assert operated.metric("assistant_store_down") == 0


def test_no_patient_is_in_the_metrics(operated: Operated) -> None:
    talk = operated.conversation()
    talk.say("my name is Zebedee Quackenbush, is zebedeeitis in my neck?")
    scraped = operated.scraped().lower()
    assert "zebedee" not in scraped and talk.sender not in scraped


def test_only_this_machine_can_fetch_them_by_default(operated: Operated) -> None:
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    addresses = {words[1].split(":")[0] for words in listening
                 if words[3] == "0A" and int(words[1].split(":")[1], 16) == operated.metrics_port}
    assert addresses == {"0100007F"}, "127.0.0.1, in the way Linux writes it"
    assert requests.get(f"{operated.url}/metrics", timeout=10).status_code == 404


@pytest.mark.parametrize("port", ["taken", "many", "99999999"])
def test_a_port_that_cannot_be_used_costs_a_log_line_not_the_assistant(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
                                                                       port: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("METRICS_PORT", str(taken.getsockname()[1]) if port == "taken" else port)
        settings.cache_clear()
        try:
            assert metrics.serve() is None
        finally:
            monkeypatch.undo()
            settings.cache_clear()
    assert "METRICS_PORT" in caplog.text


async def test_turns_that_fail_are_timed_and_counted_as_what_they_were() -> None:
    async def answering(text: str, sender: str, channel: str) -> list[dict[str, object]]:
        return [{"text": "Sorry."}, {"custom": {"reply": {"kind": "unavailable", "text": "Sorry."}}}]

    counted = metrics.TURNS.labels("test", "unavailable")
    before = counted._value.get()
    await metrics.measured(answering)("hello", "me", "test")
    assert counted._value.get() == before + 1

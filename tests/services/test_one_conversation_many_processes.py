"""A conversation goes on over both processes: nothing of it stays in one of them, no balancer need be sticky."""

from __future__ import annotations

import itertools
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.services.conftest import Clinic
from tests.services.patients import Patient, session
from tests.services.programs import until
from tests.talk import Conversation


async def test_follow_ups_over_both_processes(clinic: Clinic) -> None:
    patient = Patient(clinic.url, clinic.questions[:6])
    with clinic.nginx.served_by() as processes:
        async with session() as http:
            for question in patient.questions:
                await patient.ask_and_check(http, question)
    assert [turn.trouble for turn in patient.turns if turn.kind is None] == []
    assert sum(turn.kind == "answer" for turn in patient.turns) >= 8, "hardly any question of this test was answered"
    assert patient.lost_thread == []
    # Turn about: each follow-up was answered by the process that had not answered the question.
    assert len(processes) == 12
    assert all(first != second for first, second in itertools.pairwise(processes))


def test_website_session_is_known_to_both_processes(clinic: Clinic) -> None:
    """Sessions and buttons are signed with one SECRET_KEY."""
    with clinic.nginx.served_by() as processes:
        started = web(clinic, "POST", "session")
        token = started["session"]
        opened = web(clinic, "POST", "message", {"button": started["start"][0]["send"]}, token)["reply"]
        answered = web(clinic, "POST", "message", {"text": "What is cervicogenic headache?"}, token)["reply"]
        judged = web(clinic, "POST", "message", {"button": answered["feedback"]["good"]}, token)["reply"]
    assert opened["buttons"] or opened["kind"] == "clarify"
    assert answered["kind"] == "answer"
    assert judged["kind"] == "smalltalk"
    assert len(set(processes)) == 2
    # Each process writes its turns a moment after the reply; either shows all of them.
    until(lambda: [len(web(clinic, "GET", "conversation", token=token)["turns"]) for _ in range(2)] == [3, 3], 5,
          "the conversation can be shown again by both")


def test_deleted_on_one_process_is_deleted_on_both(clinic: Clinic) -> None:
    here, there = (Conversation(one.url, "patient-who-goes") for one in clinic.running)
    here.say("What is cervicogenic headache?")
    assert there.say("/show_sources").answer_id
    here.say("/delete_my_data")
    assert there.say("/affirm").reply.get("forgotten")
    assert here.say("/show_sources").answer_id is None
    assert there.say("/show_sources").answer_id is None


def test_messages_sent_at_once_are_answered_one_after_the_other(clinic: Clinic) -> None:
    """Without a lock that both processes hold, each would overwrite what the other has just noted."""
    sender = "patient-in-a-hurry"
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(
            lambda n: Conversation(clinic.running[n % 2].url, sender).say(clinic.questions[n]), range(6)))
    answered = {one.answer_id for one in said if one.kind == "answer"}
    assert all(one.kind != "unavailable" for one in said)
    assert Conversation(clinic.url, sender).say("/show_sources").answer_id in answered


def web(clinic: Clinic, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None) -> Any:
    """A request of the website's widget, through the public proxy."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = json.dumps(body or {}).encode() if method == "POST" else None
    request = urllib.request.Request(f"{clinic.nginx.url}/webhooks/web/{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=15) as answer:
        return json.load(answer)

"""Patients who talk to the assistant all at once, and remember what they were told."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

WHERE_FROM = "/show_sources"


@dataclass(frozen=True)
class Turn:
    """One message and what came back: ``kind`` is None where no words came."""

    said: str
    kind: str | None
    answer_id: str | None
    seconds: float
    at: float
    trouble: str = ""


@dataclass
class Patient:
    """Asks a question, then where the answer comes from: only who remembers the question can tell."""

    url: str
    questions: list[str]
    pause: float = 0.0
    sender: str = field(default_factory=lambda: f"patient-{uuid.uuid4().hex}")
    turns: list[Turn] = field(default_factory=list)
    lost_thread: list[Turn] = field(default_factory=list)

    async def say(self, http: aiohttp.ClientSession, text: str) -> Turn:
        start, kind, answer_id, trouble = time.monotonic(), None, None, ""
        try:
            message = {"sender": self.sender, "message": text}
            async with http.post(self.url + "/webhooks/rest/webhook", json=message) as answer:
                messages: list[dict[str, Any]] = await answer.json()
                replies = [sent["custom"]["reply"] for sent in messages if "reply" in (sent.get("custom") or {})]
                if len(replies) == 1 and any(sent.get("text") for sent in messages):
                    kind, answer_id = replies[0]["kind"], replies[0].get("answer_id")
                else:
                    trouble = f"status {answer.status}, {len(replies)} replies"
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError, TypeError) as error:
            trouble = type(error).__name__
        self.turns.append(Turn(text, kind, answer_id, time.monotonic() - start, start, trouble))
        return self.turns[-1]

    async def ask_and_check(self, http: aiohttp.ClientSession, question: str) -> None:
        """A question and its follow-up, which must speak of the same answer."""
        asked = await self.say(http, question)
        followed = await self.say(http, WHERE_FROM)
        understood = asked.kind == "answer" and followed.kind not in (None, "unavailable")
        if understood and followed.answer_id != asked.answer_id:
            self.lost_thread.append(followed)

    async def talk(self, http: aiohttp.ClientSession, enough: asyncio.Event) -> None:
        for question in itertools.cycle(self.questions):
            if enough.is_set():
                return
            await self.ask_and_check(http, question)
            await asyncio.sleep(self.pause)


class Crowd:
    """Patients talking at the same time, each in one conversation."""

    def __init__(self, url: str, questions: list[str], patients: int, pause: float):
        # Each begins with another question.
        self.patients = [Patient(url, questions[n % len(questions):] + questions[: n % len(questions)], pause)
                         for n in range(patients)]

    @asynccontextmanager
    async def talking(self) -> AsyncIterator[Crowd]:
        """They talk until the block ends, and finish what they are at."""
        enough = asyncio.Event()
        async with session() as http:
            talks = [asyncio.create_task(patient.talk(http, enough)) for patient in self.patients]
            try:
                yield self
            finally:
                enough.set()
                await asyncio.gather(*talks)

    @property
    def turns(self) -> list[Turn]:
        return sorted((turn for patient in self.patients for turn in patient.turns), key=lambda turn: turn.at)

    @property
    def unanswered(self) -> list[Turn]:
        return [turn for turn in self.turns if turn.kind is None]

    @property
    def without_answer(self) -> list[Turn]:
        """Those who got words and a phone number, but no answer."""
        return [turn for turn in self.turns if turn.kind == "unavailable"]

    def lost_threads(self, after: float = 0.0, before: float = float("inf")) -> list[Turn]:
        """Follow-ups that knew nothing of their question, begun after and ended before a time."""
        lost = [turn for patient in self.patients for turn in patient.lost_thread]
        return [turn for turn in lost if after <= turn.at and turn.at + turn.seconds < before]

    async def all_go_on(self) -> list[str]:
        """Ask every patient's assistant where its last answer came from; the senders whose conversation is lost."""
        lost = []
        async with session() as http:
            for patient in self.patients:
                last = next(turn.answer_id for turn in reversed(patient.turns) if turn.kind == "answer")
                if (await patient.say(http, WHERE_FROM)).answer_id != last:
                    lost.append(patient.sender)
        return lost

    def summary(self) -> str:
        seconds = sorted(turn.seconds for turn in self.turns)
        kinds = dict(Counter(str(turn.kind) for turn in self.turns))
        return (f"{len(seconds)} messages {kinds}, median {seconds[len(seconds) // 2] * 1000:.0f} ms, "
                f"slowest {seconds[-1] * 1000:.0f} ms, lost threads {len(self.lost_threads())}, "
                f"trouble {dict(Counter(turn.trouble for turn in self.unanswered))}")


def session() -> aiohttp.ClientSession:
    """An HTTP client as patients have: one connection each, waiting 30 s at most."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True),
                                 timeout=aiohttp.ClientTimeout(total=30))

"""Hostile requests at every public address: never a 5xx, never silence, memory flat."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
import requests

from tests.fuzz.conftest import SECRET, Target
from tests.fuzz.judging import fault_of, is_unavailable
from tests.fuzz.shots import MOST_SESSIONS, Gun, Shot
from tests.fuzz.wire import Line, Silence, is_whole

INPUTS = int(os.environ.get("FUZZ_INPUTS", "3000"))
SEED = int(os.environ.get("FUZZ_SEED", "20261122"))
AT_ONCE = 4
#: Megabytes that memory may grow by in the second half of the run: what is allocated once has been by then.
MAY_GROW = 24
#: Share of turns that may end with the clinic's number instead of an answer, on a machine that others use as well.
MAY_BE_UNAVAILABLE = 0.01
#: Errors that may be logged: turns that took too long (counted above), and updates that Telegram would never send.
MAY_BE_LOGGED = ("took over", "An update of Telegram could not be")


@dataclass
class Seen:
    """What a run saw."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    chats: set[int] = field(default_factory=set)
    unfinished: int = 0
    unavailable: int = 0
    fired: int = 0


@pytest.mark.fuzz
@pytest.mark.slow
def test_hostile_requests(target: Target) -> None:
    sessions = [
        requests.post(f"{target.url}/webhooks/web/session", timeout=30).json()["session"] for _ in range(min(MOST_SESSIONS, INPUTS // 50 + 5))
    ]
    gun, seen, start = Gun(random.Random(SEED), SECRET, sessions), Seen(), time.monotonic()
    asyncio.run(fire_all(gun, target, seen))
    seconds = time.monotonic() - start
    target.api.until(lambda: not (seen.chats - {sent.chat_id for sent in list(target.api.sent)}), 60, "answer in every chat")
    report(seen, seconds, target)
    assert seen.faults == [], "\n".join(seen.faults[:20])
    assert {method for method, _ in target.api.refusals} <= {"answerCallbackQuery"}, "taps that nobody made were noticed"
    assert seen.unavailable <= INPUTS * MAY_BE_UNAVAILABLE
    assert errors_in(target.log_path.read_text(errors="replace")) == []
    half = len(seen.memory) // 2
    assert max(seen.memory[half:]) - seen.memory[half] < MAY_GROW, seen.memory


def errors_in(log: str) -> list[str]:
    """The first errors that were logged and should not have been."""
    errors = [line for line in log.splitlines() if " ERROR " in line]
    return [line for line in errors if not any(known in line for known in MAY_BE_LOGGED)][:5]


async def fire_all(gun: Gun, target: Target, seen: Seen) -> None:
    """Fire :data:`INPUTS` shots over a few connections at once."""

    async def fire() -> None:
        line = Line(target.port)
        while seen.fired < INPUTS:
            seen.fired += 1
            if seen.fired % (INPUTS // 20) == 0:
                seen.memory.append(round(target.megabytes(), 1))
            await one(gun.next(), line, seen)
        line.close()

    await asyncio.gather(*(fire() for _ in range(AT_ONCE)))


async def one(shot: Shot, line: Line, seen: Seen) -> None:
    """Fire one shot and judge what comes back."""
    whole = is_whole(shot.raw)
    try:
        answer = await line.send(shot.raw, 20.0 if whole else 0.05)
    except Silence as silence:
        if whole:
            seen.faults.append(f"silence ({silence}) after {shot.raw[:300]!r}")
        else:
            seen.unfinished += 1
        return
    seen.statuses[answer.status] += 1
    seen.unavailable += is_unavailable(answer)
    if not shot.due:
        # What is left of an odd request must not be taken for the next one.
        line.close()
    try:
        fault = fault_of(shot, answer)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        fault = f"an answer of no known form ({error!r})"
    if fault:
        seen.faults.append(f"{fault} after {shot.raw[:600]!r}: {answer.body[:200]!r}")
    elif shot.due == "chat" and answer.status == 200:
        seen.chats.add(shot.chat)


def report(seen: Seen, seconds: float, target: Target) -> None:
    """Print what was seen (`pytest -s`)."""
    print(
        json.dumps(
            {
                "inputs": seen.fired,
                "seconds": round(seconds),
                "statuses": dict(sorted(seen.statuses.items())),
                "unfinished": seen.unfinished,
                "unavailable": seen.unavailable,
                "faults": len(seen.faults),
                "chats answered": len(seen.chats),
                "messages to Telegram": len(target.api.sent),
                "memory MB": seen.memory,
            }
        )
    )

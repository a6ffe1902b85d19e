"""Patients: one message after another over the REST channel, each turn timed."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType

import aiohttp

#: Seconds after which a turn counts as not answered.
PATIENCE = 30.0
#: Messages that a client of a crowd sends before it begins a new conversation.
TURNS_OF_A_VISIT = 5


@dataclass
class Answered:
    """Seconds of every turn that was answered, the turns that were not, and the seconds that all took together."""

    seconds: list[float] = field(default_factory=list)
    unanswered: int = 0
    lasted: float = 0.0

    def add(self, taken: float | None) -> None:
        """Note the seconds of one turn, None for one without an answer."""
        if taken is None:
            self.unanswered += 1
        else:
            self.seconds.append(taken)

    @property
    def median_ms(self) -> float:
        return 1000 * statistics.median(self.seconds)

    @property
    def p95_ms(self) -> float:
        """The milliseconds within which 95 of 100 turns were answered."""
        return 1000 * sorted(self.seconds)[min(len(self.seconds) - 1, int(0.95 * len(self.seconds)))]

    @property
    def each_second(self) -> float:
        return len(self.seconds) / self.lasted


class Client:
    """An HTTP client of one assistant, to be used with `async with`."""

    def __init__(self, url: str):
        """``url`` is the assistant's address, as http://127.0.0.1:5005."""
        self._webhook = url + "/webhooks/rest/webhook"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Client:
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0),
                                              timeout=aiohttp.ClientTimeout(total=PATIENCE))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        assert self._session is not None
        await self._session.close()

    async def say(self, text: str, sender: str | None = None) -> tuple[float | None, str]:
        """Send one message (in a new conversation without ``sender``): seconds until words came, and the words.

        The seconds are None when no words came, or only that the assistant is unavailable.
        """
        assert self._session is not None
        start = time.perf_counter()
        body = {"sender": sender or new_sender(), "message": text}
        try:
            async with self._session.post(self._webhook, json=body) as answer:
                messages = await answer.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            return None, ""
        taken = time.perf_counter() - start
        words = "\n".join(message.get("text") or "" for message in messages if isinstance(message, dict)).strip()
        return (taken if words and not _unavailable(messages) else None), words


def _unavailable(messages: list[dict]) -> bool:
    return any((message.get("custom") or {}).get("reply", {}).get("kind") == "unavailable" for message in messages)


def new_sender() -> str:
    """A sender id never used before."""
    return f"bench-{uuid.uuid4().hex}"


async def crowd(client: Client, clients: int, seconds: float, messages: Sequence[str], offset: int = 0) -> Answered:
    """So many clients at once for so many seconds, each sending its next message when it has its answer."""
    answered = Answered()
    start = time.perf_counter()

    async def visit(number: int) -> None:
        for turn, text in enumerate(_from(messages, offset + number * 17)):
            if time.perf_counter() - start > seconds:
                return
            if turn % TURNS_OF_A_VISIT == 0:
                sender = new_sender()
            taken, _ = await client.say(text, sender)
            answered.add(taken)

    await asyncio.gather(*(visit(number) for number in range(clients)))
    answered.lasted = time.perf_counter() - start
    return answered


def _from(messages: Sequence[str], start: int) -> Iterator[str]:
    while True:
        yield messages[start % len(messages)]
        start += 1


def joined(parts: Iterable[Answered]) -> Answered:
    """Several rounds as one."""
    whole = Answered()
    for part in parts:
        whole.seconds += part.seconds
        whole.unanswered += part.unanswered
        whole.lasted += part.lasted
    return whole

"""The measurements, in the order in which they are made. Each takes a :class:`Bench` and gives rows of the table."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.bench import Bench
from benchmarks.measures import checking, clients, conversation, detector, editing, memory, ranking, start, train, turn, website
from benchmarks.rows import Row

Measure = Callable[[Bench], list[Row]]
#: With the two servers running, then with neither.
WITH_SERVERS: dict[str, Measure] = {
    "train": train.measure, "start": start.measure, "turn": turn.measure, "website": website.measure, "conversation": conversation.measure,
    "clients": clients.measure, "memory": memory.measure,
}
ALONE: dict[str, Measure] = {
    "edit": editing.measure, "check": checking.measure, "ranking": ranking.measure, "detector": detector.measure,
}
NAMES = (*WITH_SERVERS, *ALONE)

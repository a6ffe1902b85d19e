"""One turn through the website's channel costs no more than 2 ms over the REST channel."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import requests

from tests.web.visitor import Visitor

MOST_MS = 2.0
TURNS = 18  # within the rate limit of one session
ROUNDS = 4


def test_a_turn_costs_at_most_two_milliseconds_more_than_rest(arriving: Callable[[], Visitor]) -> None:
    """The median difference of turns taken in pairs, in the quietest round: other work on the machine only adds."""
    differences = []
    for _ in range(ROUNDS):
        differences.append(a_round(arriving()))
        if differences[-1] <= MOST_MS:
            break
    assert min(differences) <= MOST_MS, differences


def a_round(visitor: Visitor) -> float:
    """How much longer a turn takes here than over REST, in milliseconds."""
    question, web, rest = "what is occipital neuralgia?", [], []
    headers, sender = {"Authorization": f"Bearer {visitor.token}"}, f"speed-{visitor.token[:22]}"
    with requests.Session() as line:
        for _ in range(TURNS):
            web.append(timed(line, visitor.url + "/webhooks/web/message", {"text": question}, headers))
            rest.append(
                timed(line, visitor.url + "/webhooks/rest/webhook", {"sender": sender, "message": question}, {})
            )
    print(f"web {statistics.median(web):.2f} ms, REST {statistics.median(rest):.2f} ms")
    return statistics.median(a - b for a, b in zip(web, rest))


def timed(line: requests.Session, url: str, body: dict[str, str], headers: dict[str, str]) -> float:
    start = time.perf_counter()
    answer = line.post(url, json=body, headers=headers, timeout=30)
    assert answer.status_code == 200
    return (time.perf_counter() - start) * 1000

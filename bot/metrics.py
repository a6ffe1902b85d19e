"""What an operator watches: Prometheus metrics on a port of their own (settings ``METRICS_PORT``, ``METRICS_HOST``).

No label holds what a patient said or who spoke: labels are channels, kinds of reply, signs of the red flags,
statuses, types of errors and names of loggers.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import lru_cache
from typing import Any
from wsgiref.simple_server import WSGIServer

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from bot.knowledge_base import live_knowledge_base
from bot.settings import settings
from bot.store.keeper import shared_keeper

logger = logging.getLogger(__name__)
turn_log = logging.getLogger("bot.turns")
disable_created_metrics()

TURNS = Counter("assistant_turns", "Turns answered, by channel and kind of the reply", ["channel", "kind"])
SECONDS = Histogram("assistant_turn_seconds", "Seconds from a message to its reply, by channel", ["channel"],
                    buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5))
RUNNING = Gauge("assistant_turns_running", "Turns being answered now")
TURN_ERRORS = Counter("assistant_turn_errors", "Turns that Rasa did not finish: timeout, or type of error", ["kind"])
RED_FLAGS = Counter("assistant_red_flags", "Red flags shown, by sign and level (emergency, urgent)", ["sign", "level"])
RESPONSES = Counter("assistant_http_responses", "HTTP responses, by status", ["status"])
LOG_LINES = Counter("assistant_log_lines", "Warnings and errors logged, by level and part", ["level", "part"])

#: Channels whose turns are no patient's; they are counted, but not logged.
PROBES = ("health",)
Converse = Callable[..., Awaitable[list[dict[str, Any]]]]


def measured(converse: Converse) -> Converse:
    """Counts and times what ``converse(text, sender, channel, …)`` answers, and logs a line a turn, without words."""

    @functools.wraps(converse)
    async def answer(text: str, sender: str, channel: str, *more: Any, **named: Any) -> list[dict[str, Any]]:
        start = time.perf_counter()
        with RUNNING.track_inprogress():
            messages = await converse(text, sender, channel, *more, **named)
        seconds = time.perf_counter() - start
        reply: dict[str, Any] = next((m["custom"]["reply"] for m in messages if "reply" in (m.get("custom") or {})), {})
        kind = str(reply.get("kind", "none"))
        SECONDS.labels(channel).observe(seconds)
        TURNS.labels(channel, kind).inc()
        if reply.get("sign"):
            RED_FLAGS.labels(str(reply["sign"]), kind).inc()
        turn_log.log(logging.DEBUG if channel in PROBES else logging.INFO, "A turn on %s: %s in %.0f ms",
                     channel, kind, seconds * 1000,
                     extra={"channel": channel, "kind": kind, "milliseconds": round(seconds * 1000, 1)})
        return messages

    return answer


class LogLines(logging.Handler):
    """Counts warnings and errors, whichever part they come from."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        LOG_LINES.labels(record.levelname.lower(), record.name).inc()


class Knowledge(Collector):
    """What patients get now, and whether the last edit was taken; read when somebody asks."""

    def collect(self) -> Iterator[Metric]:
        live = live_knowledge_base(settings().knowledge_folder)
        yield GaugeMetricFamily("assistant_knowledge_answers", "Answers that patients get", len(live.current.answers))
        version = GaugeMetricFamily("assistant_knowledge_version", "1 for the version that is live", labels=["version"])
        version.add_metric([live.current.version], 1)
        yield version
        edits = CounterMetricFamily("assistant_knowledge_edits", "Edits, by what became of them", labels=["outcome"])
        edits.add_metric(["taken"], live.taken_edits)
        edits.add_metric(["refused"], live.refused_edits)
        yield edits
        yield GaugeMetricFamily("assistant_knowledge_problems", "Problems that keep the files from going live "
                                "(`python -m bot check` lists them)", len(live.problems))


class Store(Collector):
    """Whether turns are being written to the database; read when somebody asks."""

    def collect(self) -> Iterator[Metric]:
        keeper = shared_keeper()
        yield GaugeMetricFamily("assistant_store_down", "1 while the database is down", int(keeper.database.is_down))
        yield GaugeMetricFamily("assistant_store_waiting", "Turns that wait to be written", keeper.writer.waiting)
        yield CounterMetricFamily("assistant_store_dropped", "Turns that were never written, because too many waited",
                                  keeper.writer.dropped_in_all)


@lru_cache(maxsize=1)
def _collect_all() -> None:
    """Register what is read when asked, and count log lines; once."""
    REGISTRY.register(Knowledge())
    REGISTRY.register(Store())
    logging.getLogger().addHandler(LogLines())


def serve() -> WSGIServer | None:
    """Serve the metrics, where METRICS_PORT says; None when it is empty or can't be used, which is logged.

    A port that is taken must not keep patients from their answers.
    """
    given = settings()
    if not given.metrics_port:
        return None
    try:
        _collect_all()
        server, _ = start_http_server(int(given.metrics_port), given.metrics_host)
    except (OSError, ValueError, OverflowError) as error:
        logger.error("No metrics: METRICS_PORT=%s on METRICS_HOST=%s can't be used (%s)", given.metrics_port,
                     given.metrics_host, error)
        return None
    logger.info("Metrics are at http://%s:%s/metrics", given.metrics_host, given.metrics_port)
    return server

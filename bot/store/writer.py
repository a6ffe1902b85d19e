"""Writes what is noted of turns from a bounded queue in a thread of its own; no reply waits for it or breaks by it."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.store.database import BAD_ROW, Database, DatabaseDown
from bot.store.redaction import redact
from bot.store.turn_record import Turn

logger = logging.getLogger(__name__)
MOST_WAITING = 10_000
BATCH = 200
#: Seconds between two tries while the database is down, and between two log lines on what had to be dropped.
RETRY_EVERY = 1.0
TELL_EVERY = 60.0
#: Seconds after which the thread looks by itself whether the database has gone down.
LOOKS_EVERY = 30.0
#: Seconds for which turns are gathered: one transaction for all that many patients do at once.
GATHERS = 0.1


class Writer:
    """The queue and its thread. ``first`` is called before each batch: what else waits for the database."""

    def __init__(self, database: Database, first: Callable[[], Any] = lambda: None, most_waiting: int = MOST_WAITING):
        self._database, self._first, self._most = database, first, most_waiting
        self._waiting: deque[Turn] = deque()
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._under_way = 0
        self._dropped, self._told_at = 0, -TELL_EVERY
        #: Turns that had to go because the queue was full, since the start.
        self.dropped_in_all = 0

    def start(self) -> None:
        """Start the thread; once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
            self._thread.start()

    def put(self, turn: Turn) -> None:
        """Queue a turn. When the queue is full, the oldest turn goes, counted in the log."""
        with self._lock:
            self._waiting.append(turn)
            while len(self._waiting) > self._most:
                self._waiting.popleft()
                self._dropped += 1
                self.dropped_in_all += 1
        self._tell_of_dropped()
        self._wake.set()

    def settle(self) -> None:
        """Return when the turns put so far are written, so that what is read next includes them.

        Raises:
            DatabaseDown: when the database is down.
        """
        self.write_waiting()
        if self._writing.acquire(timeout=1):  # a batch that the thread has under way
            self._writing.release()

    @property
    def waiting(self) -> int:
        """How many turns wait to be written, those being written included."""
        with self._lock:
            return len(self._waiting) + self._under_way

    def wake(self) -> None:
        """Have the thread look at once for what else waits."""
        self._wake.set()

    def forget(self, key: str) -> None:
        """Drop a conversation's turns; returns when none of them is being written."""
        self._drop(lambda turn: turn.key == key)

    def forget_older(self, than: dt.datetime) -> None:
        """Drop turns from before a time (UTC)."""
        self._drop(lambda turn: turn.at < than)

    def _drop(self, unwanted: Callable[[Turn], bool]) -> None:
        with self._lock:
            self._waiting = deque(turn for turn in self._waiting if not unwanted(turn))
        # A batch under way is either wholly in the database now, for a deletion to find, or back in the queue.
        if self._writing.acquire(timeout=1):
            self._writing.release()
        with self._lock:
            self._waiting = deque(turn for turn in self._waiting if not unwanted(turn))

    def write_waiting(self) -> int:
        """Write all that waits; how many turns.

        Raises:
            DatabaseDown: when the database is down; what was not written is back in the queue.
        """
        self._first()
        written = 0
        while self._waiting:
            with self._writing:
                with self._lock:
                    batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                    self._under_way = len(batch)
                try:
                    self._write(batch)
                except DatabaseDown:
                    with self._lock:
                        self._waiting.extendleft(reversed(batch))
                    raise
                finally:
                    with self._lock:
                        self._under_way = 0
            written += len(batch)
        return written

    def close(self, within: float = 2.0) -> None:
        """Write what can be written in so many seconds, then stop."""
        until = time.monotonic() + within
        while self.waiting and not self._database.is_down and time.monotonic() < until:
            self._wake.set()
            time.sleep(0.02)
        self._stopping.set()
        self._wake.set()
        if left := self.waiting:
            logger.error("%s turns could not be written before the end", left)

    def _write(self, batch: list[Turn]) -> None:
        try:
            self._database.transact(lambda connection: _insert(connection, batch))
        except BAD_ROW as error:
            if len(batch) == 1:
                logger.error("A turn does not fit its table (%s) and is not noted", type(error).__name__)
                return
            for turn in batch:
                self._write([turn])

    def _run(self) -> None:
        redact("The first message shall not wait for word lists.")
        while not self._stopping.is_set():
            self._wake.wait(RETRY_EVERY if self._database.is_down else LOOKS_EVERY)
            self._stopping.wait(GATHERS)
            self._wake.clear()
            try:
                self.write_waiting()
                if self._database.is_down:
                    self._database.transact(lambda connection: connection.execute(sa.text("SELECT 1")))
            except DatabaseDown:
                self._stopping.wait(RETRY_EVERY)
                # Who else finds the database up first must not let what waits here wait longer.
                self._wake.set()
            except Exception as error:  # a fault of ours must not end the thread
                logger.error("The writer failed with %s", type(error).__name__)
                self._stopping.wait(RETRY_EVERY)

    def _tell_of_dropped(self) -> None:
        if self._dropped and time.monotonic() - self._told_at > TELL_EVERY:
            logger.error(
                "The queue of the store is full: %s turns were dropped and are not in the statistics", self._dropped
            )
            self._dropped, self._told_at = 0, time.monotonic()


def _insert(connection: Connection, batch: list[Turn]) -> None:
    by_table: dict[sa.Table, list[dict[str, Any]]] = defaultdict(list)
    for turn in batch:
        for table, row in turn.rows():
            by_table[table].append(row)
    for table, rows in by_table.items():
        connection.execute(table.insert(), rows)

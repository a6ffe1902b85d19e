"""The database as the rest of the store uses it: never waited for long, and known to be down when it is."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.store.engine import sqlite_file
from bot.store.migrations import migrate

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
#: Seconds that a turn, or a deletion, waits for the database.
TURN_WAITS = 1.5
DELETION_WAITS = 3.0
THREADS = 4
#: What says that a row is bad, not that the database is down.
BAD_ROW = (sa.exc.DataError, sa.exc.IntegrityError)


class DatabaseDown(Exception):
    """The database can't be reached, does not answer, or can't write. Its text names the kind of error only."""


class Database:
    """Runs work in transactions; brings the tables up to date before the first and after every failure."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="database")
        self._lock = threading.Lock()
        self._current = False
        self._down_since: float | None = None
        self._stuck = 0

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return str(self._engine.dialect.name)

    @property
    def is_down(self) -> bool:
        """Whether the last work failed; turns then do without it until the writer finds it up again."""
        return self._down_since is not None or self._stuck > 0

    def transact(self, work: Callable[[Connection], Result]) -> Result:
        """Do work in one transaction, in the calling thread.

        Raises:
            DatabaseDown: when it could not be done; nothing of it is kept then.
            sqlalchemy.exc.DataError, sqlalchemy.exc.IntegrityError: when a row does not fit its table.
        """
        try:
            if not self._current:
                migrate(self._engine)
                self._current = True
            with self._engine.begin() as connection:
                result = work(connection)
        except BAD_ROW:
            raise
        except (sa.exc.SQLAlchemyError, OSError) as error:
            self._failed(type(error).__name__)
            raise DatabaseDown(type(error).__name__) from None
        self._worked()
        return result

    async def in_a_turn(self, work: Callable[[Connection], Result]) -> Result:
        """Do work beside the event loop while a patient waits, for :data:`TURN_WAITS` seconds at most.

        Raises:
            DatabaseDown: when it could not be done in time, at once where the database is known to be down.
        """
        if self.is_down:
            raise DatabaseDown("known to be down")
        running = asyncio.get_running_loop().run_in_executor(self._threads, self.transact, work)
        done, _ = await asyncio.wait({running}, timeout=TURN_WAITS)
        if not done:
            self._hangs()
            running.add_done_callback(self._hung)
            raise DatabaseDown("no answer in time")
        return running.result()

    def at_most(self, seconds: float, work: Callable[[Connection], Result]) -> Result:
        """Do work in another thread and wait for it so long at most.

        Raises:
            DatabaseDown: when it could not be done in time.
        """
        running = self._threads.submit(self.transact, work)
        try:
            return running.result(seconds)
        except TookTooLong as error:
            self._hangs()
            running.add_done_callback(self._hung)
            raise DatabaseDown("no answer in time") from error

    def wipe_traces(self) -> None:
        """Empty SQLite's write-ahead log, which holds the pages as they were before a deletion."""
        if sqlite_file(self._engine) is None:
            return
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout=300")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("PRAGMA busy_timeout=2000")
        except sa.exc.SQLAlchemyError as error:
            logger.warning("SQLite's write-ahead log could not be emptied yet (%s)", type(error).__name__)

    def close(self) -> None:
        """Let go of threads and connections."""
        self._threads.shutdown(wait=False)
        self._engine.dispose()

    def _hangs(self) -> None:
        with self._lock:
            self._stuck += 1
        self._failed("no answer in time")

    def _hung(self, running: Any) -> None:
        with self._lock:
            self._stuck -= 1
        if not running.cancelled():
            running.exception()

    def _failed(self, why: str) -> None:
        with self._lock:
            first, self._current = self._down_since is None, False
            self._down_since = self._down_since or time.monotonic()
        if first:
            logger.error(
                "The database is down (%s). Patients are answered; conversations are kept in memory until it is back",
                why,
            )

    def _worked(self) -> None:
        with self._lock:
            since, self._down_since = self._down_since, None
        if since is not None:
            logger.warning("The database is back after %.0f s", time.monotonic() - since)

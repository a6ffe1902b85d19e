"""Retention: what is older than so many days is deleted, by itself every day and by `python -m bot purge`."""

from __future__ import annotations

import datetime as dt
import logging
import random
import threading
from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.settings import settings
from bot.store.database import Database, DatabaseDown
from bot.store.models import PERSONAL

logger = logging.getLogger(__name__)
#: Rows deleted in one transaction, so that no patient waits for a big one.
CHUNK = 2000
DAY, SOON, START = 24 * 3600.0, 600.0, 20.0


def retention_days() -> int:
    """Days after which everything is deleted (the setting).

    Raises:
        ValueError: when RETENTION_DAYS is not a whole number from 1 on.
    """
    given = settings().retention_days
    if not given.isdigit() or int(given) < 1:
        raise ValueError(f"RETENTION_DAYS must be a whole number of days from 1 on, not {given!r}")
    return int(given)


def purge(database: Database, days: int) -> dict[str, int]:
    """Delete what is older than so many days; how many rows of each table.

    Raises:
        DatabaseDown: when the database is down; what was deleted till then stays deleted.
    """
    before = dt.datetime.utcnow() - dt.timedelta(days=days)
    deleted: dict[str, int] = {}
    for _, time in PERSONAL:
        table, count = time.table, 0
        while chunk := database.transact(partial(_delete_some, time=time, before=before)):
            count += chunk
        deleted[str(table.name)] = count
    if any(deleted.values()):
        database.wipe_traces()
    return deleted


def _delete_some(connection: Connection, time: sa.Column[dt.datetime], before: dt.datetime) -> int:
    table = time.table
    own = next(iter(table.primary_key.columns))
    old = sa.select(own).where(time < before).limit(CHUNK)
    return int(connection.execute(table.delete().where(own.in_(old))).rowcount)


class DailyPurge:
    """A thread that purges soon after the start and then every day. Several processes may do so at the same time."""

    def __init__(self, database: Database, also: Sequence[Callable[[dt.datetime], None]] = ()):
        self._database, self._also = database, also
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread; once.

        Raises:
            ValueError: when RETENTION_DAYS is no number of days; nobody may think that things are deleted when
                they are not.
        """
        retention_days()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="store-retention", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()

    def _run(self) -> None:
        # Processes started together need not purge together.
        pause = START * random.uniform(0.5, 1.5)
        while not self._stopping.wait(pause):
            pause = self.once()

    def once(self) -> float:
        """Purge now; the seconds until the next time."""
        days = retention_days()
        for forget_older in self._also:
            forget_older(dt.datetime.utcnow() - dt.timedelta(days=days))
        try:
            deleted = purge(self._database, days)
        except DatabaseDown as error:
            logger.error(
                "What is older than %s days could not be deleted (%s); tried again in %.0f minutes",
                days,
                error,
                SOON / 60,
            )
            return SOON
        except Exception as error:  # a fault of ours must not end the thread
            logger.error("Retention failed with %s; tried again in %.0f minutes", type(error).__name__, SOON / 60)
            return SOON
        logger.info(
            "Retention: deleted what is older than %s days (%s)",
            days,
            ", ".join(f"{count} {table}" for table, count in deleted.items()),
        )
        return DAY

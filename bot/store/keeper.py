"""All of the store in one process: the database, the conversations, the writer, what is still to be deleted."""

from __future__ import annotations

import atexit
import datetime as dt
import logging
import threading
from functools import lru_cache, partial

from sqlalchemy.engine import Connection, Engine

from bot.store.conversations import Conversations
from bot.store.database import DELETION_WAITS, Database, DatabaseDown
from bot.store.engine import engine
from bot.store.models import PERSONAL
from bot.store.retention import DailyPurge
from bot.store.writer import Writer

logger = logging.getLogger(__name__)


class Keeper:
    """What a process holds of the store; :func:`shared_keeper` gives the one of this process."""

    def __init__(self, made: Engine):
        self.database = Database(made)
        self.conversations = Conversations(self.database)
        self.writer = Writer(self.database, first=self._catch_up)
        self._purge = DailyPurge(self.database, also=[self.conversations.forget_older, self.writer.forget_older])
        self._lock = threading.Lock()
        self._to_delete: dict[str, dt.datetime] = {}

    def start(self) -> None:
        """Start the writer and the daily purge."""
        self.writer.start()
        self._purge.start()

    def close(self) -> None:
        """Write what waits, as far as a moment allows, and stop."""
        self._purge.stop()
        self.writer.close()

    def forget(self, key: str) -> None:
        """Delete a conversation from memory, queue and every table, at once.

        Raises:
            DatabaseDown: when the database could not delete; it is done as soon as it is back, while this
                process lives.
        """
        now = dt.datetime.utcnow()
        self.conversations.forget(key)
        self.writer.forget(key)
        try:
            self.database.at_most(DELETION_WAITS, lambda connection: _delete(connection, key))
        except DatabaseDown:
            with self._lock:
                self._to_delete[key] = now
            self.writer.wake()
            raise
        self.database.wipe_traces()

    def _catch_up(self) -> None:
        """What waited for the database: deletions first, then states of conversations."""
        with self._lock:
            asked = dict(self._to_delete)
        for key, at in asked.items():
            self.database.transact(partial(_delete, key=key, until=at))
            with self._lock:
                self._to_delete.pop(key, None)
        if asked:
            self.database.wipe_traces()
            logger.warning("%s conversations are deleted that had to wait for the database", len(asked))
        self.conversations.save_waiting()


def _delete(connection: Connection, key: str, until: dt.datetime | None = None) -> None:
    for owner, time in PERSONAL:
        condition = owner == key if until is None else (owner == key) & (time <= until)
        connection.execute(owner.table.delete().where(condition))


@lru_cache(maxsize=4)
def _keeper(made: Engine) -> Keeper:
    keeper = Keeper(made)
    atexit.register(keeper.close)
    return keeper


def shared_keeper(url: str | None = None) -> Keeper:
    """The keeper of this process for a database (the setting's by default)."""
    return _keeper(engine(url))

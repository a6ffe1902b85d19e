"""Where conversations stand: in the database and, while it is down, in memory."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.store.database import Database, DatabaseDown
from bot.store.models import Conversation

logger = logging.getLogger(__name__)
#: Conversations of which the newest state stays in memory (1 to 2 kB each), for when the database is down.
REMEMBERED = 2000
_TABLE = Conversation.__table__


@dataclass(frozen=True)
class Kept:
    """A state in memory. ``blind``: begun while an older state, if any, could not be read."""

    state: str
    at: dt.datetime = field(default_factory=dt.datetime.utcnow)
    saved: bool = False
    blind: bool = False


class Conversations:
    """Reads and keeps the states of conversations by their key; never raises for a database that is down."""

    def __init__(self, database: Database):
        self._database = database
        self._lock = threading.Lock()
        self._memory: OrderedDict[str, Kept] = OrderedDict()

    async def read(self, key: str) -> str | None:
        """The state a conversation stands at; None for a new one."""
        held = self._memory.get(key)
        if held and not held.saved:
            return held.state
        try:
            return await self._database.in_a_turn(lambda connection: _read(connection, key))
        except DatabaseDown:
            if held is None:
                self._remember(key, Kept("", blind=True, saved=True))
            return held.state or None if held else None

    async def keep(self, key: str, state: str) -> None:
        """Keep the newest state: in the database, or in memory until it is back."""
        before = self._memory.get(key)
        kept = Kept(state, blind=bool(before and before.blind))
        self._remember(key, kept)
        try:
            await self._database.in_a_turn(lambda connection: self._write(connection, key, kept))
        except DatabaseDown:
            return
        self._mark_saved(key, kept)

    def forget(self, key: str) -> None:
        """Drop a conversation from memory."""
        with self._lock:
            self._memory.pop(key, None)

    def forget_older(self, than: dt.datetime) -> None:
        """Drop from memory what was last touched before a time (UTC)."""
        with self._lock:
            for key in [key for key, kept in self._memory.items() if kept.at < than]:
                del self._memory[key]

    @property
    def unsaved(self) -> int:
        """How many conversations wait in memory for the database."""
        with self._lock:
            return sum(not kept.saved for kept in self._memory.values())

    def save_waiting(self) -> int:
        """Write what waits in memory, unless the database has something newer; how many were written.

        Raises:
            DatabaseDown: when the database is still down; what waits goes on waiting.
        """
        with self._lock:
            waiting = {key: kept for key, kept in self._memory.items() if not kept.saved}
        for key, kept in waiting.items():
            self._database.transact(
                lambda connection, key=key, kept=kept: self._write(connection, key, kept, late=True)
            )  # type: ignore[misc]
            self._mark_saved(key, kept)
        return len(waiting)

    def _remember(self, key: str, kept: Kept) -> None:
        with self._lock:
            self._memory[key] = kept
            self._memory.move_to_end(key)
            while len(self._memory) > REMEMBERED:
                _, dropped = self._memory.popitem(last=False)
                if not dropped.saved:
                    logger.error("More than %s conversations wait for the database: the oldest is lost", REMEMBERED)

    def _mark_saved(self, key: str, kept: Kept) -> None:
        with self._lock:
            if self._memory.get(key) is kept:
                self._memory[key] = replace(kept, saved=True, blind=False)

    def _write(self, connection: Connection, key: str, kept: Kept, late: bool = False) -> None:
        # A thread that hung may come here when a newer state, or a deletion, has overtaken it.
        if self._memory.get(key) is not kept:
            return
        state = kept.state
        if kept.blind and (older := _read(connection, key)):
            state = merged(older, state)
        connection.execute(_keeping(connection.dialect.name, late), {"key": key, "state": state, "updated_at": kept.at})


@lru_cache(maxsize=4)
def _keeping(dialect: str, late: bool) -> sa.sql.Executable:
    """Inserts a state or puts it in the place of an older one; ``late``: of an older one only."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(_TABLE)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[_TABLE.c.key],
        set_={"state": new.state, "updated_at": new.updated_at},
        where=(_TABLE.c.updated_at <= new.updated_at) if late else None,
    )


_STATE_OF = sa.select(_TABLE.c.state).where(_TABLE.c.key == sa.bindparam("key"))


def _read(connection: Connection, key: str) -> str | None:
    return connection.execute(_STATE_OF, {"key": key}).scalar()


def merged(older: str, newer: str) -> str:
    """The newer state with what only the older one knows: for turns held while the older could not be read."""
    try:
        before, after = json.loads(older), json.loads(newer)
        return json.dumps({**after, "slots": {**before["slots"], **after["slots"]}})
    except (ValueError, KeyError, TypeError):
        return newer

"""The database: one SQLAlchemy engine a process, SQLite or PostgreSQL by one setting."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

from bot.settings import settings

#: Seconds after which a database that does not answer counts as down.
PATIENCE = 2
_MILLISECONDS = PATIENCE * 1000


def engine(url: str | None = None) -> Engine:
    """The engine for an address (the setting's by default), shared by the whole process."""
    return _engine(url or settings().database_url)


@lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.get_backend_name() == "postgresql":
        return sa.create_engine(
            address, pool_size=4, max_overflow=4, pool_timeout=PATIENCE, pool_pre_ping=True, hide_parameters=True,
            # A server that hangs, or a network that swallows packets, must let go of us too.
            connect_args={"connect_timeout": PATIENCE, "keepalives_idle": 5, "keepalives_interval": 2,
                          "keepalives_count": 2, "tcp_user_timeout": 2 * _MILLISECONDS,
                          "options": f"-c statement_timeout={_MILLISECONDS} -c lock_timeout={_MILLISECONDS}"})
    raise ValueError(f"DATABASE_URL must begin with sqlite: or postgresql:, not {address.get_backend_name()}:")


def sqlite_file(made: Engine) -> Path | None:
    """The file of an SQLite database; None in memory or on another server."""
    name = made.url.database
    return Path(name) if made.url.get_backend_name() == "sqlite" and name and name != ":memory:" else None


def _sqlite(address: sa.engine.URL) -> Engine:
    pool = {"poolclass": sa.pool.QueuePool, "pool_size": 4, "max_overflow": 4, "pool_timeout": PATIENCE}
    in_file = address.database and address.database != ":memory:"
    made = sa.create_engine(address, hide_parameters=True, **(pool if in_file else {"poolclass": sa.pool.StaticPool}),
                            connect_args={"timeout": PATIENCE, "check_same_thread": False})
    file = sqlite_file(made)

    @sa.event.listens_for(made, "do_connect")
    def _make_folder(*_: Any) -> None:
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)

    @sa.event.listens_for(made, "connect")
    def _settle(connection: Any, record: Any) -> None:
        # Readers and one writer at the same time; a power cut may cost the last moment, never the file.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        # Deleted means overwritten, not merely unlinked.
        connection.execute("PRAGMA secure_delete=ON")
        record.info["file"] = _identity(file)

    @sa.event.listens_for(made, "checkout")
    def _same_file(connection: Any, record: Any, proxy: Any) -> None:
        # An open connection would go on writing into a file that was moved away or deleted.
        if record.info.get("file") != _identity(file):
            raise sa.exc.DisconnectionError("the database file is another one now")

    return made


def _identity(file: Path | None) -> tuple[int, int] | None:
    try:
        seen = os.stat(file) if file else None
    except OSError:
        return None
    return (seen.st_dev, seen.st_ino) if seen else None

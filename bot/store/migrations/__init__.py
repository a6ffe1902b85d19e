"""Brings the database to the tables of this version, also when several processes start together."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.store.engine import sqlite_file

FOLDER = Path(__file__).parent
#: The newest revision in `versions/`; a test compares it with Alembic's own view.
HEAD = "0001"
#: One number that every process of this assistant locks on while it changes tables.
_LOCK = 4_171_936


def migrate(engine: Engine) -> None:
    """Upgrade to the newest tables; one short query where nothing is to be done.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: when the database can't be reached or written.
        OSError: when the file beside an SQLite database that serves as lock can't be written.
    """
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    with _one_at_a_time(engine) as connection:
        if _revision(connection) != HEAD:
            _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar())


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    command.upgrade(config, "head")


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other process runs at the same time; all of it is kept, or nothing."""
    file = sqlite_file(engine)
    if file is None:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text(f"SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'; "
                                           f"SELECT pg_advisory_xact_lock({_LOCK})"))
            yield connection
        return
    with file.with_name(f"{file.name}-migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with engine.begin() as connection:
            yield connection

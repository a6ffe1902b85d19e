"""A store of a test's own, on SQLite and, where it is installed, on PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.engine import engine
from bot.store.keeper import Keeper
from tests import postgres
from tests.conftest import free_port

TABLES = ("conversations", "transcript_turns", "exchanges", "feedback", "unanswered")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.PostgreSQL]:
    if why := postgres.missing():
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket must be
    folder.chmod(0o755)
    server = postgres.PostgreSQL(folder / "server", free_port())
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'assistant.db'}"
    address = str(request.getfixturevalue("postgresql").address)
    made = sa.create_engine(address)
    with made.begin() as connection:
        for table in (*TABLES, "alembic_version"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    made.dispose()
    return address


@pytest.fixture
def keeper(database_url: str) -> Iterator[Keeper]:
    """A store whose threads are not started: the test says when something is written."""
    made = Keeper(engine(database_url))
    yield made
    made.database.close()


def count(keeper: Keeper) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table: keeper.database.transact(
            lambda connection, table=table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
        )
        for table in TABLES
    }

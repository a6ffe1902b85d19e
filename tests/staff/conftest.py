"""A small knowledge base without a fault, and an empty store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.store.engine import engine as store_engine
from bot.store.migrations import migrate
from tests.staff import small


@pytest.fixture
def small_knowledge(tmp_path: Path) -> Path:
    return small.write(tmp_path / "knowledge")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    made = store_engine(f"sqlite:///{tmp_path / 'store.db'}")
    migrate(made)
    yield made
    made.dispose()

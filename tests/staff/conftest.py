"""A small knowledge base without a fault."""

from pathlib import Path

import pytest

from tests.staff import small


@pytest.fixture
def small_knowledge(tmp_path: Path) -> Path:
    return small.write(tmp_path / "knowledge")

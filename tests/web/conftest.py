"""Visitors of the website's channel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Server
from tests.web.visitor import Visitor


@pytest.fixture
def arriving(server: Server) -> Callable[[], Visitor]:
    """Makes visitors, each with a session of their own."""
    return lambda: Visitor(server.url).arrive()


@pytest.fixture
def visitor(arriving: Callable[[], Visitor]) -> Visitor:
    return arriving()

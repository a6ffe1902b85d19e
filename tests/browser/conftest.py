"""A real browser: Debian's Chromium, driven by Playwright; axe-core for accessibility."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.settings import PROJECT
from tests.browser.widget import Widget
from tests.conftest import Server

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
#: Where axe-core is: the setting, else what `npm ci` puts into the project.
AXE = Path(os.environ.get("AXE_PATH") or PROJECT / "node_modules" / "axe-core" / "axe.min.js")
#: Pictures of what a test saw are kept here when this is set.
PICTURES = os.environ.get("PICTURES")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium, for this folder's tests only: while Playwright is up, an event loop runs in this thread, and no
    asynchronous test of another folder could start its own."""
    if not Path(CHROMIUM).exists():
        pytest.skip("needs Debian's Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # A page that a test itself serves has no address: Chromium would ask a person whether it may
        # talk to this machine.
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"]
        )
        yield started
        started.close()


@pytest.fixture
def opening(browser: Any, server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[..., Widget]]:
    """Opens the demonstration page (or a path of the assistant's address) in a fresh browser.

    What the page writes to its console as a warning or error, and every error of a script, fails the
    test, unless the test reads it from ``widget.complaints`` and clears it.
    """
    opened: list[Widget] = []

    def open_page(path: str = "/", **context: Any) -> Widget:
        fresh = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **context})
        widget = Widget(fresh.new_page(), server.url)
        opened.append(widget)
        widget.visit(path)
        return widget

    yield open_page
    complaints = [complaint for widget in opened for complaint in widget.complaints]
    for number, widget in enumerate(opened):
        if PICTURES and not widget.page.is_closed():
            widget.page.screenshot(path=f"{PICTURES}/{request.node.name}-{number}.png")
        widget.page.context.close()
    assert not complaints


@pytest.fixture
def widget(opening: Callable[..., Widget]) -> Widget:
    """The demonstration page with the assistant opened."""
    return opening().open()


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip(f"needs axe-core: `npm ci`, or AXE_PATH naming axe.min.js (looked for {AXE})")
    return AXE.read_text("utf-8")

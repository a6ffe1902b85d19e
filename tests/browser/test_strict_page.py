"""On another website, under a strict policy, with hostile text: nothing is fetched elsewhere, nothing runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_conversation import THUNDERCLAP
from tests.browser.widget import Widget, a_page
from tests.web.visitor import SITE, Visitor

HOSTILE = (
    '<img src=x onerror="window.hit=1"> <script>window.hit=1</script> [tap](javascript:window.hit=1) **bold** '
    "javascript:alert(1)"
)


@pytest.fixture
def site(opening: Callable[..., Widget], server: Any) -> Widget:
    """A page of the clinic's own website, which allows itself and the assistant, nothing else."""
    if Visitor(server.url, origin=SITE).request("POST", "session").status_code == 403:
        pytest.skip(f"the assistant at ASSISTANT_URL was started without WEB_ORIGINS={SITE}")
    widget = opening()
    widget.page.context.route(
        SITE + "/**",
        lambda route: route.fulfill(
            content_type="text/html",
            headers={"Content-Security-Policy": f"default-src 'self' {server.url}"},
            body=a_page(server.url),
        ),
    )
    return widget


def test_a_strict_page_of_another_origin_has_nothing_to_complain_of(site: Widget) -> None:
    asked: list[str] = []
    site.page.on("request", lambda request: asked.append(request.url))
    site.visit(SITE + "/page").open()
    assert site.ask("what is occipital neuralgia?").get_by_role("heading").count() == 1
    site.ask(THUNDERCLAP)
    with site.page.context.expect_page() as opened:
        site.page.get_by_role("button", name="Print").click()
    paper = opened.value
    assert paper.locator("main").evaluate("it => getComputedStyle(it.querySelector('h2')).borderTopStyle") == "solid"
    site.page.get_by_role("button", name="Clear").click()
    site.page.get_by_role("button", name="Delete it").click()
    site.page.locator(".intro .chips").wait_for()
    assert all(url.startswith((SITE + "/", site.url + "/")) for url in asked), asked
    assert not site.complaints


def test_a_page_of_a_stranger_gets_no_session(opening: Callable[..., Widget], server: Any) -> None:
    widget = opening()
    widget.page.route(
        "http://stranger.localhost/**",
        lambda route: route.fulfill(
            content_type="text/html",
            body=a_page(server.url),
        ),
    )
    widget.visit("http://stranger.localhost/").launcher.click()
    widget.page.locator(".trouble").wait_for()
    assert any("CORS" in one for one in widget.complaints)
    widget.complaints.clear()


def test_hostile_text_is_shown_as_text(widget: Widget) -> None:
    widget.ask(HOSTILE)
    assert widget.said == [HOSTILE]
    widget.page.reload()
    widget.open()
    assert "<img src=x" in widget.said[0]
    assert widget.page.evaluate("window.hit") is None


def test_hostile_text_in_an_answer_is_shown_as_text(widget: Widget) -> None:
    """Should a knowledge file, or whoever gets between, hold such text."""
    reply = {
        "kind": "answer",
        "text": f"# <b>title</b>\n\n{HOSTILE}\n\n- <i>one</i>\n- [site](https://clinic.example)",
        "consult": HOSTILE,
        "buttons": [{"title": HOSTILE, "send": "x"}],
        "feedback": {"good": "x", "bad": "x"},
        "sources": [
            {"where": HOSTILE, "title": HOSTILE, "reference": "javascript:window.hit=1", "review": "awaiting review"}
        ],
    }
    widget.page.route("**/webhooks/web/message", lambda route: route.fulfill(json={"reply": reply}))
    card = widget.ask("hello")
    assert card.locator("img, script, b, i").count() == 0
    assert [link.get_attribute("href") for link in card.get_by_role("link").all()] == ["https://clinic.example"]
    assert "<b>title</b>" in card.get_by_role("heading").first.inner_text()
    assert "<img src=x" in card.locator(".chips").inner_text()
    assert widget.page.evaluate("window.hit") is None


def test_ready_within_100_milliseconds(opening: Callable[..., Widget]) -> None:
    """From the script's arrival to a launcher that can be pressed, on the demonstration page."""
    widget, took = opening(), []
    for _ in range(7):
        widget.page.reload()
        widget.launcher.wait_for()
        took.append(
            widget.page.evaluate("""() => performance.getEntriesByName("clinic-assistant-ready")[0].startTime
            - performance.getEntriesByType("resource").find((one) => one.name.endsWith("/widget.js")).responseEnd""")
        )
    print(f"ready after {sorted(took)[3]:.1f} ms, at best {min(took):.1f} ms")
    # The best of seven: what a busy machine adds is not the page's.
    assert min(took) <= 100

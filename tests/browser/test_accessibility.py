"""WCAG 2.2 AA: axe-core in every state, and what no checker sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_conversation import THUNDERCLAP
from tests.browser.widget import Widget, a_page

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
VIEWS: dict[str, dict[str, Any]] = {
    "desktop": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "dark phone": {**PHONE, "color_scheme": "dark"},
    "zoomed to 400 %": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
    "high contrast": {"forced_colors": "active"},
}


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_in_any_state(opening: Callable[..., Widget], axe: str, view: str) -> None:
    widget = opening(**VIEWS[view])
    found: dict[str, list[str]] = {}

    def look(state: str, at: Widget = widget) -> None:
        violations = at.violations(axe)
        if view == "high contrast":
            # There the reader's own colors stand; axe-core compares the page's with them.
            violations = [one for one in violations if not one.startswith("color-contrast:")]
        if violations:
            found[state] = violations

    look("closed")
    widget.open()
    look("opened")
    answer = widget.ask("what is occipital neuralgia?")
    answer.locator("summary").first.click()
    look("answer with its source open")
    widget.ask("topics")
    look("choices")
    widget.ask(THUNDERCLAP)
    look("emergency")
    widget.ask("I am 60 and have a new headache, my scalp is tender and my jaw hurts when I chew")
    look("urgent")
    widget.ask("should I stop taking my topiramate?")
    look("personal")
    widget.ask("how do I fix my car")
    look("not covered")
    widget.field.fill("a" * 1003)
    look("too long")
    widget.field.fill("")
    widget.page.get_by_role("button", name="Clear").click()
    look("asked whether to delete")
    widget.page.get_by_role("button", name="Keep").click()
    widget.page.context.set_offline(True)
    widget.ask("what is allodynia?")
    look("offline")
    widget.page.context.set_offline(False)
    widget.complaints.clear()
    with widget.page.context.expect_page() as opened:
        widget.page.get_by_role("button", name="Print").click()
    look("on paper", Widget(opened.value, widget.url))
    assert not found, json.dumps(found, indent=1)


def test_axe_finds_nothing_from_right_to_left(opening: Callable[..., Widget], axe: str, server: Any) -> None:
    widget = opening()
    page = a_page(server.url, "data-language='ar'", "lang='ar' dir='rtl'")
    widget.page.route("**/rtl", lambda route: route.fulfill(content_type="text/html", body=page))
    widget.visit("/rtl").open().ask(THUNDERCLAP)
    assert not widget.violations(axe)


def test_by_keyboard_alone(widget: Widget) -> None:
    keys = widget.page.keyboard
    keys.press("Escape")
    expect(widget.launcher).to_be_focused()
    assert widget.panel.count() == 0
    keys.press("Enter")
    widget.page.locator(".intro .chips").wait_for()
    assert widget.focused() == "Your question"
    keys.type("what is occipital neuralgia?")
    keys.press("Enter")
    widget.cards.first.wait_for()
    assert widget.focused() == "Your question", "an answer must not take the focus"
    walked = []
    for _ in range(40):
        keys.press("Shift+Tab")
        walked.append(widget.focused())
        if walked[-1] == "Print or save (opens a new tab)":
            break
    for expected in ("This did not help", "This helped", "Conversation", "Close", "Clear the conversation"):
        assert expected in walked, walked
    assert any(one.startswith("Source") for one in walked)
    while not widget.focused().startswith("Source"):
        keys.press("Tab")
    keys.press("Enter")
    assert widget.page.locator("details[open]").count() == 1
    while not (chip := widget.focused()).endswith("?") or chip.startswith("Source"):
        keys.press("Tab")
    keys.press("Enter")
    widget.cards.nth(1).wait_for()
    assert widget.said[-1] == chip
    assert widget.focused() == chip
    keys.press("Escape")
    expect(widget.launcher).to_be_focused()


def test_escape_closes_the_question_before_the_panel(widget: Widget) -> None:
    widget.page.get_by_role("button", name="Clear").click()
    assert widget.focused() == "Keep it"
    widget.page.keyboard.press("Escape")
    assert widget.page.get_by_role("alertdialog").count() == 0
    assert widget.panel.is_visible()
    assert widget.focused() == "Clear the conversation"


def test_on_a_phone_the_page_behind_cannot_be_reached(opening: Callable[..., Widget]) -> None:
    widget = opening(**PHONE).open()
    box = widget.panel.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    for _ in range(30):
        widget.page.keyboard.press("Tab")
        # Behind the last stop comes the browser itself (the body), never a link of the page.
        assert widget.page.evaluate("document.activeElement.tagName") in ("CLINIC-ASSISTANT", "BODY")
    widget.page.get_by_role("button", name="Close").click()
    expect(widget.launcher).to_be_focused()


@pytest.mark.parametrize("view", ["desktop", "phone", "zoomed to 400 %"])
def test_targets_are_44_pixels_and_nothing_is_wider_than_the_screen(opening: Callable[..., Widget], view: str) -> None:
    widget = opening(**VIEWS[view])
    assert widget.launcher.bounding_box()["height"] >= 44
    widget.open()
    for question in ("what is occipital neuralgia?", "topics", THUNDERCLAP, "W" * 300):
        widget.ask(question)
    small = widget.inside("""[...root.querySelectorAll(".panel :is(button, .call, summary, textarea)")]
        .map((it) => [it.outerHTML.slice(0, 60), it.getBoundingClientRect()])
        .filter(([, box]) => box.height && (box.height < 44 || box.width < 44))
        .map(([html, box]) => `${html} ${box.width} x ${box.height}`)""")
    assert not small
    wide = widget.inside("""[...root.querySelectorAll(".panel, .log, .card, .said")]
        .filter((it) => it.scrollWidth > it.clientWidth + 1 || it.getBoundingClientRect().right > innerWidth + 1)
        .map((it) => it.className)""")
    assert not wide


def test_text_follows_the_browsers_size_not_the_pages(opening: Callable[..., Widget], server: Any) -> None:
    widget = opening()
    page = a_page(server.url, head="<link rel='stylesheet' href='small.css'>")
    widget.page.route("**/small", lambda route: route.fulfill(content_type="text/html", body=page))
    widget.page.route(
        "**/small.css",
        lambda route: route.fulfill(
            content_type="text/css",
            body="html{font-size:62.5%}*{font-family:fantasy!important;"
            "color:red!important;letter-spacing:1em}button,p,dialog{display:none!important}",
        ),
    )
    widget.visit("/small").open()
    card = widget.ask("what is occipital neuralgia?")
    style = card.locator("p").first.evaluate(
        "it => { const s = getComputedStyle(it); return [s.fontSize, s.color, s.letterSpacing, s.fontFamily]; }"
    )
    assert style == ["16px", "rgb(38, 43, 46)", "normal", "system-ui, sans-serif"]


def test_nothing_moves_for_who_asked_for_stillness(opening: Callable[..., Widget]) -> None:
    for asked, moves in (("reduce", False), ("no-preference", True)):
        widget = opening(reduced_motion=asked).open()
        widget.page.route("**/message", lambda route: None)
        widget.field.fill("hello")
        widget.field.press("Enter")
        busy = widget.page.locator(".busy")
        busy.wait_for()
        assert (busy.evaluate("it => getComputedStyle(it).animationName") != "none") is moves
        still = widget.inside("""[...root.querySelectorAll("*:not(.busy)")].map((it) => getComputedStyle(it))
            .every((style) => style.animationName === "none" && parseFloat(style.transitionDuration) === 0)""")
        assert still


def test_live_regions_are_polite_and_restoring_is_silent(widget: Widget) -> None:
    log = widget.page.get_by_role("log")
    widget.page.wait_for_timeout(300)
    assert log.get_attribute("aria-live") == "polite"
    widget.ask("what is occipital neuralgia?")
    assert widget.page.get_by_role("alert").inner_text() == ""
    widget.page.reload()
    widget.launcher.click()
    assert log.get_attribute("aria-live") == "off"
    widget.cards.first.wait_for()
    widget.page.wait_for_timeout(400)
    assert log.get_attribute("aria-live") == "polite"

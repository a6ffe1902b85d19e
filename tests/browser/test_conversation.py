"""Asking on the clinic's website, in a real browser, of the real running assistant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.widget import Widget, a_page

THUNDERCLAP = "worst headache of my life, it came on within a second"


def test_ask_and_get_the_card(widget: Widget) -> None:
    card = widget.ask("what is occipital neuralgia?")
    assert card.get_by_role("heading").first.inner_text() == "What is occipital neuralgia?"
    assert "Whom to ask" in card.inner_text()
    assert "555-0142" in card.inner_text()
    source = card.locator("summary").first
    assert re.search(r"Ashina.*\d+:\d\d", source.inner_text())
    source.click()
    opened = card.locator("dl").first.inner_text()
    assert "Dr. Sait Ashina" in opened
    assert "Not yet signed off by a clinician" in opened
    assert card.locator(".chips button").count() >= 2
    assert widget.press("This helped").inner_text()
    assert widget.said[-1] == "This helped"


def test_emergency_stands_out_by_more_than_color(widget: Widget) -> None:
    card = widget.ask(THUNDERCLAP)
    assert "emergency" in card.get_attribute("class")
    assert card.locator(".flag").inner_text() == "Emergency"
    assert card.locator(".flag svg").is_visible()
    call = card.get_by_role("link", name="Call 911")
    assert call.get_attribute("href") == "tel:911"
    assert call.bounding_box()["height"] >= 44
    assert card.evaluate("it => parseFloat(getComputedStyle(it).borderTopWidth)") >= 3
    assert "911" in widget.page.get_by_role("alert").inner_text()


def test_a_choice_is_pressed(widget: Widget) -> None:
    card = widget.ask("topics")
    assert card.locator(".chips button").count() == 5
    assert card.locator("ul:not(.chips)").count() == 0
    questions = widget.press("Neck pain").locator("ol.chips button")
    title = questions.first.inner_text()
    answer = widget.press(title)
    assert answer.locator("summary").count() >= 1
    assert widget.said[-2:] == ["Neck pain", title]


def test_the_conversation_is_found_after_a_reload_and_on_the_next_page(widget: Widget) -> None:
    words = widget.ask("what is occipital neuralgia?").inner_text()
    widget.page.reload()
    widget.open()
    assert widget.said == ["what is occipital neuralgia?"]
    assert widget.cards.inner_text() == words
    widget.page.get_by_role("button", name="Close").click()
    widget.page.get_by_role("link", name="Visiting us").click()
    widget.page.wait_for_url("**/visiting")
    widget.open()
    assert widget.cards.inner_text() == words
    assert widget.ask("tell me more").inner_text()


def test_two_tabs_show_one_conversation(widget: Widget) -> None:
    other = Widget(widget.page.context.new_page(), widget.url).visit("/visiting").open()
    widget.ask("what is occipital neuralgia?")
    other.cards.first.wait_for()
    assert other.said == ["what is occipital neuralgia?"]
    other.ask("does treating lupus help migraine?")
    widget.cards.nth(1).wait_for()
    assert widget.said == other.said
    assert len(widget.said) == 2
    widget.page.get_by_role("button", name="Clear").click()
    widget.page.get_by_role("button", name="Delete it").click()
    expect(other.cards).to_have_count(0)
    assert not other.complaints


def test_clearing_asks_once_and_forgets(widget: Widget) -> None:
    widget.ask("what is occipital neuralgia?")
    clear = widget.page.get_by_role("button", name="Clear the conversation")
    clear.click()
    widget.page.get_by_role("button", name="Keep it").click()
    assert widget.cards.count() == 1
    clear.click()
    widget.page.get_by_role("button", name="Delete it").click()
    expect(widget.cards).to_have_count(0)
    expect(widget.field).to_be_focused()
    assert widget.page.get_by_role("status").inner_text() == "The conversation is deleted."
    widget.page.reload()
    assert widget.open().cards.count() == 0


def test_asking_for_deletion_in_words_clears_the_page_too(widget: Widget) -> None:
    widget.ask("what is occipital neuralgia?")
    widget.ask("please delete my data")
    widget.page.get_by_role("button", name="Yes, delete it").click()
    expect(widget.cards).to_have_count(1)
    assert widget.said == ["Yes, delete it"]
    assert "deleted" in widget.cards.inner_text()
    widget.page.reload()
    assert widget.open().cards.count() == 0


def test_an_expired_session_goes_on_as_a_new_one(widget: Widget) -> None:
    answer = widget.ask("what is occipital neuralgia?")
    chip = answer.locator(".chips button").first.inner_text()
    widget.page.evaluate(
        "() => Object.keys(localStorage).forEach((key) => localStorage.setItem(key, JSON.stringify({token: 'a.b.c'})))"
    )
    assert widget.press(chip).locator("h3").first.inner_text()
    assert widget.page.locator(".trouble").count() == 0
    widget.complaints = [one for one in widget.complaints if "401" not in one]


def test_print_or_save_shows_everything_with_its_sources(widget: Widget) -> None:
    widget.ask("what is occipital neuralgia?")
    widget.ask(THUNDERCLAP)
    with widget.page.context.expect_page() as opened:
        widget.page.get_by_role("button", name="Print or save").click()
    paper = opened.value
    assert paper.get_by_role("heading", level=2).all_inner_texts() == ["what is occipital neuralgia?", THUNDERCLAP]
    text = paper.locator("main").inner_text()
    assert "Dr. Sait Ashina" in text
    assert "Not yet signed off" in text
    assert "Riverside" in text
    assert "Emergency" in text
    assert paper.get_by_role("button").all_inner_texts() == ["Print", "Save as a file"]
    paper.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    paper.get_by_role("button", name="Print").click()
    assert paper.evaluate("window.printed") == 1
    # The file is offered by the page that the conversation is on.
    with widget.page.expect_download() as saved:
        paper.get_by_role("button", name="Save").click()
    content = saved.value.path().read_text("utf-8")
    assert content.startswith("<!doctype html>")
    assert "occipital" in content
    assert "<button" not in content
    assert "<script" not in content


def test_attributes_choose_title_color_side_words_privacy_and_country(
    opening: Callable[..., Widget], server: Any
) -> None:
    attributes = (
        "data-title='Ask us' data-color='#ffd54a' data-position='left' data-opening='Good day from the clinic.' "
        "data-privacy='/privacy' data-country='GB'"
    )
    page = a_page(server.url, attributes)
    widget = opening()
    widget.page.route("**/attributes", lambda route: route.fulfill(body=page, content_type="text/html"))
    widget.visit("/attributes")
    assert widget.launcher.inner_text() == "Ask us"
    assert widget.launcher.bounding_box()["x"] < 100
    assert widget.launcher.evaluate("it => getComputedStyle(it).color") == "rgb(0, 0, 0)"
    widget.open()
    intro = widget.page.locator(".intro")
    assert "Good day from the clinic." in intro.inner_text()
    assert "call 999" in intro.inner_text()
    assert intro.get_by_role("link", name="Privacy").get_attribute("href").endswith("/privacy")
    assert widget.ask(THUNDERCLAP).get_by_role("link", name="Call 999").is_visible()


def test_labels_in_a_language_from_right_to_left(opening: Callable[..., Widget], server: Any) -> None:
    widget = opening()
    page = a_page(server.url, "data-language='ar'", "lang='ar' dir='rtl'")
    widget.page.route("**/rtl", lambda route: route.fulfill(content_type="text/html", body=page))
    widget.visit("/rtl")
    assert widget.launcher.bounding_box()["x"] < 100
    widget.open()
    assert widget.page.get_by_role("log").get_attribute("aria-label") == "المحادثة"
    card = widget.ask("what is occipital neuralgia?")
    assert widget.page.locator(".said bdi").evaluate("it => getComputedStyle(it).direction") == "ltr"
    # The answer is English and is read so.
    assert card.get_attribute("lang") == "en"
    assert card.locator("p").nth(1).evaluate("it => getComputedStyle(it).direction") == "ltr"
    assert card.locator(".label").first.inner_text() == "من تسأل"

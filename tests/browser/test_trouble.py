"""When something is in the way, the patient is told what to do and whom to call."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.widget import Widget


def helps(widget: Widget) -> str:
    card = widget.page.locator(".trouble")
    card.wait_for()
    assert card.get_by_role("link", name="Call 555-0142").get_attribute("href") == "tel:5550142"
    assert card.get_by_role("link", name="911").is_visible()
    return str(card.inner_text())


def test_offline_and_back(widget: Widget) -> None:
    widget.page.context.set_offline(True)
    widget.ask("what is occipital neuralgia?")
    assert "internet connection" in helps(widget)
    widget.page.context.set_offline(False)
    widget.page.get_by_role("button", name="Try again").click()
    widget.page.locator(".card.answer").wait_for()
    assert widget.cards.get_by_role("heading").first.inner_text() == "What is occipital neuralgia?"
    assert widget.page.locator(".trouble").count() == 0
    assert len(widget.said) == 1
    assert widget.focused() == "Your question"
    widget.complaints = [one for one in widget.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_opened_while_the_assistant_is_down(opening: Callable[..., Widget]) -> None:
    widget = opening()
    widget.page.route("**/webhooks/web/**", lambda route: route.abort())
    widget.open()
    assert "can’t reach" in helps(widget)
    widget.page.unroute("**/webhooks/web/**")
    widget.page.get_by_role("button", name="Try again").click()
    widget.page.locator(".intro .chips").wait_for()
    widget.complaints = [one for one in widget.complaints if "ERR_FAILED" not in one]


def test_a_slow_answer_shows_that_it_is_looked_for_and_times_out(opening: Callable[..., Widget]) -> None:
    widget = opening()
    widget.page.clock.install()
    widget.open()
    widget.page.route("**/webhooks/web/message", lambda route: None)
    widget.field.fill("what is occipital neuralgia?")
    widget.field.press("Enter")
    widget.page.clock.run_for(400)
    assert widget.page.locator(".busy").inner_text() == "Looking it up…"
    assert "Looking it up" in widget.page.get_by_role("status").inner_text()
    widget.page.clock.run_for(10_000)
    assert "too long" in helps(widget)
    assert widget.page.locator(".busy").count() == 0


def test_too_many_and_broken_answers(widget: Widget) -> None:
    said = "That was a lot of questions. If it can't wait, call 555-0142; in an emergency, 911."
    widget.page.route(
        "**/webhooks/web/message", lambda route: route.fulfill(status=429, json={"error": "too_many", "message": said})
    )
    widget.ask("hello")
    assert "a lot of questions" in helps(widget)
    widget.page.unroute("**/webhooks/web/message")
    widget.page.locator(".trouble").get_by_role("button", name="Try again").click()
    widget.page.locator(".smalltalk").wait_for()
    widget.page.route(
        "**/webhooks/web/message", lambda route: route.fulfill(status=502, body="<html>Bad Gateway</html>")
    )
    widget.ask("hello")
    assert "on our side" in helps(widget)
    widget.complaints = [one for one in widget.complaints if "status of" not in one]


def test_the_length_is_counted_down_and_nothing_is_cut(widget: Widget) -> None:
    count = widget.page.locator(".count")
    widget.field.fill("a" * 990)
    assert count.inner_text() == "10 characters left"
    widget.field.fill("😀" * 1003)
    assert count.inner_text() == "3 characters too many"
    assert widget.field.get_attribute("aria-invalid") == "true"
    widget.field.press("Enter")
    assert widget.cards.count() == 0
    assert len(widget.field.input_value()) == 1003
    widget.ask("😀" * 1000)
    assert widget.said == ["😀" * 1000]
    assert count.inner_text() == ""


def test_shift_enter_makes_a_new_line(widget: Widget) -> None:
    widget.field.press_sequentially("what is")
    widget.field.press("Shift+Enter")
    widget.field.press_sequentially("occipital neuralgia?")
    assert widget.field.input_value() == "what is\noccipital neuralgia?"
    assert widget.cards.count() == 0
    widget.page.get_by_role("button", name="Send").click()
    widget.cards.first.wait_for()

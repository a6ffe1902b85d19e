"""The stand-in is as strict as Telegram: it refuses what Telegram refuses, or the other tests would prove nothing."""

from __future__ import annotations

import pytest

from tests.telegram.bot_api_rules import BadRequest, check_webhook, checked_commands, checked_message, parsed_html


def as_html(text: str) -> dict[str, object]:
    return {"text": text, "parse_mode": "HTML"}


def with_button(**button: str) -> dict[str, object]:
    return {"text": "x", "reply_markup": {"inline_keyboard": [[button]]}}


@pytest.mark.parametrize(("message", "why"), [
    ({"text": "x" * 4097}, "too long"), ({"text": "😀" * 2049}, "too long"), ({"text": " \n "}, "text is empty"),
    ({}, "empty"), (as_html("<b></b>"), "text is empty"), ({"text": "x", "parse_mode": "Markup"}, "parse_mode"),
    (as_html("<b>x"), "Can't find end tag"), (as_html("<b>x</i>"), "Unmatched end tag"),
    (as_html("x</b>"), "Unexpected end"), (as_html("<p>x</p>"), "Unsupported start tag"), (as_html("a < b"), "tag"),
    (as_html("<br/>"), "Unsupported"), (as_html("<span>x</span>"), "tg-spoiler"), (as_html("<a href=x"), "Unclosed"),
    (with_button(text="t", callback_data="é" * 33), "BUTTON_DATA_INVALID"), (with_button(text="t"), "unallowed"),
    (with_button(text="", callback_data="a"), "non-empty"), (with_button(text="t", url="tel:911"), "invalid"),
])
def test_refused(message: dict[str, object], why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        checked_message(message)


def test_accepted() -> None:
    assert checked_message({"text": "x" * 4096})[0] == "x" * 4096
    assert parsed_html("<b>a<i>b</i></b> &lt;&amp;&#33;&nbsp;") == "ab <&!&nbsp;"
    assert parsed_html('<a href="https://e.org/?a=1&amp;b">c</a>') == "c"


def test_settings_that_are_refused() -> None:
    with pytest.raises(BadRequest, match="COMMAND_INVALID"):
        checked_commands({"commands": [{"command": "Start", "description": "x"}]})
    with pytest.raises(BadRequest, match="unallowed"):
        check_webhook({"url": "https://e.org", "secret_token": "with space"})

"""The guard of the log: what passes it while a message is worked on."""

from __future__ import annotations

import logging
import sys

import pytest

from bot.private_logging import LEFT_OUT, guard, private


def record(
    name: str, level: int, message: str, *arguments: object, error: BaseException | None = None
) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, level, "file.py", 1, message, arguments, exc_info)


def raised(text: str) -> BaseException:
    try:
        raise KeyError(text)
    except KeyError as error:
        return error


def test_outside_of_a_turn_a_line_stays_as_it_is():
    assert guard(record("rasa.core.agent", logging.DEBUG, "Loading %s", "Anna")).getMessage() == "Loading Anna"


def test_debug_lines_of_libraries_are_emptied_within_a_turn():
    with private("my name is Anna", "sender-7"):
        assert guard(record("rasa.core.policies", logging.DEBUG, "state: %s", "name is anna")).getMessage() == LEFT_OUT


def test_warnings_lose_the_text_and_the_sender():
    with private("my name is Anna", "sender-7"):
        told = guard(
            record("rasa.core.processor", logging.WARNING, "Circuit breaker for '%s': my name is Anna", "sender-7")
        )
    assert told.getMessage() == "Circuit breaker for '[private]': [private]"


def test_an_error_is_told_by_kind_and_place_and_never_by_its_text():
    with private("my name is Anna", "sender-7"):
        told = guard(record("bot.channels", logging.ERROR, "Failed", error=raised("Anna's words")))
    formatted = logging.Formatter().format(told)
    assert "KeyError at test_private_logging.py" in formatted
    assert "Anna" not in formatted


def test_a_structured_line_keeps_its_event_alone():
    with private("hello"):
        told = guard(
            record(
                "rasa.core.x",
                logging.ERROR,
                '{"event": "something.failed", "exception": [{"locals": {"text": "Anna"}}]}',
            )
        )
    assert told.getMessage() == "something.failed"


@pytest.mark.parametrize("name", ["rasa_sdk.endpoint", "sanic.error"])
def test_an_action_server_tells_no_error_text_either(name: str):
    formatted = logging.Formatter().format(
        guard(record(name, logging.ERROR, "Exception occurred", error=raised("Anna's words")))
    )
    assert "KeyError" in formatted
    assert "Anna" not in formatted
    assert sys.exc_info() == (None, None, None)

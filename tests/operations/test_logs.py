"""The log: plain or one JSON object a line, telling an operator what happened without a patient's words."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot import logs
from tests.operations.conftest import Operated

WORDS = "Zebedee Quackenbush of 12 Elm Street"


@pytest.fixture(params=["plain", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What loggers below `bot.tried` and `bot.knowledge_base.tried` write in a format."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines() if request.param == "json" else logs.PlainLines())
    loggers = [logging.getLogger("bot.tried"), logging.getLogger("bot.knowledge_base.tried")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    yield stream
    logs.serving(False)
    for logger in loggers:
        logger.removeHandler(handler)


def failing(logger: logging.Logger) -> None:
    try:
        try:
            raise KeyError(WORDS)
        except KeyError as error:
            raise ValueError(f"cannot read {WORDS}") from error
    except ValueError:
        logger.exception("It failed")


def test_while_patients_are_served_an_error_is_told_without_its_text(written: io.StringIO) -> None:
    logs.serving()
    failing(logging.getLogger("bot.tried"))
    said = written.getvalue()
    assert "It failed" in said and "ValueError" in said and "KeyError" in said and "test_logs.py" in said
    assert "Zebedee" not in said and "Elm" not in said


def test_an_exception_as_the_message_itself_loses_its_text_too(written: io.StringIO) -> None:
    logs.serving()
    logging.getLogger("bot.tried").error(ValueError(WORDS))
    assert "ValueError" in written.getvalue() and "Zebedee" not in written.getvalue()


def test_before_and_where_only_files_are_read_the_text_is_told(written: io.StringIO) -> None:
    failing(logging.getLogger("bot.tried"))
    logs.serving()
    failing(logging.getLogger("bot.knowledge_base.tried"))
    assert written.getvalue().count("cannot read") == 2


def test_events_of_rasa_lose_what_went_through_them() -> None:
    line = logs._as_text(None, "info", {"event": "processor.message.parse", "event_info": "Parsed.", "user_message": WORDS,
                                        "parse_data_text": WORDS, "action_name": "action_listen"})
    assert line == "Parsed. action_name='action_listen'"


def test_configuring_leaves_other_handlers_alone() -> None:
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    kept = logging.NullHandler()
    root.addHandler(kept)
    try:
        logs.configure()
        logs.configure()
        assert kept in root.handlers
        assert len([handler for handler in root.handlers if isinstance(handler.formatter, (logs.PlainLines, logs.JsonLines))]) == 1
    finally:
        root.handlers[:] = before
        logging.lastResort = logging.StreamHandler()


def test_every_line_of_the_server_is_json(operated: Operated) -> None:
    operated.conversation().say("what is occipital neuralgia?")
    lines = operated.log_lines()
    for line in lines:
        assert {"time", "level", "part", "message", "process"} <= set(line), line
    turn = [line for line in lines if line["part"] == "bot.turns" and line["channel"] == "rest"][-1]
    assert turn["level"] == "info" and turn["kind"] and turn["milliseconds"] > 0
    assert all(line.get("channel") != "health" for line in lines)


def test_the_log_holds_no_words_whatever_was_sent(operated: Operated) -> None:
    talk = operated.conversation()
    talk.say(f"I am {WORDS}, what is lupus?")
    requests.get(f"{operated.url}/Zebedee", params={"q": WORDS}, timeout=10)
    requests.post(f"{operated.url}/webhooks/rest/webhook", data=WORDS.encode(), timeout=10)
    requests.post(f"{operated.url}/webhooks/rest/webhook", json={"message": {WORDS: 1}, "sender": WORDS}, timeout=10)
    said = operated.log_path.read_text()
    assert "Zebedee" not in said and "Elm Street" not in said and talk.sender not in said


def test_a_plain_line_reads_well() -> None:
    record = logging.LogRecord("bot.turns", logging.INFO, __file__, 1, "A turn on %s", ("web",), None)
    assert logs.PlainLines().format(record).endswith(" INFO     bot.turns  - A turn on web")
    assert json.loads(logs.JsonLines().format(record))["message"] == "A turn on web"
    assert Path(__file__).name not in logs.PlainLines().format(record)

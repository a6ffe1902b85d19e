"""Keeps patients' words and sender ids out of every log, at every level, whoever writes the line.

While a message is worked on (:func:`private`), each log record of this process passes here before any handler
sees it: lines of libraries at debug level are emptied, what they say above that loses the words, and a traceback
is told by kind and place, since the text of an error may quote the message.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import TracebackType
from typing import Any

#: Our own lines are written with the rule in mind.
OWN = ("bot", "actions")
#: These work on messages where no channel of ours has marked them: `rasa shell`, a separate action server.
ALWAYS_PRIVATE = ("rasa_sdk", "sanic")
CAPPED_AT_INFO = (
    "rasa.core",
    "rasa.nlu",
    "rasa.shared",
    "rasa.engine",
    "rasa.utils.endpoints",
    "sqlalchemy",
    "aiohttp",
    "aiosqlite",
    "asyncio",
)
LEFT_OUT = "(left out: written while a patient's message was worked on)"
LONGEST, PLACES_TOLD = 300, 4
_private: ContextVar[tuple[str, ...] | None] = ContextVar("private", default=None)


@contextmanager
def private(*words: str) -> Iterator[None]:
    """Marks the work on a message: ``words`` (its text, its sender) appear in no log line until it is over."""
    token = _private.set(tuple(word for word in words if len(word) > 1))
    try:
        yield
    finally:
        _private.reset(token)


@lru_cache(maxsize=1)
def install() -> None:
    """Put the guard before every handler of this process, once."""
    make = logging.getLogRecordFactory()

    def guarded(*arguments: Any, **more: Any) -> logging.LogRecord:
        return guard(make(*arguments, **more))

    logging.setLogRecordFactory(guarded)
    for name in CAPPED_AT_INFO:
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.INFO, logger.level))


def guard(record: logging.LogRecord) -> logging.LogRecord:
    """The record without what is private; unchanged where no message is worked on."""
    words = _private.get()
    name = record.name.split(".")[0]
    if words is None and name not in ALWAYS_PRIVATE:
        return record
    if record.exc_info:
        record.msg, record.args = f"{record.getMessage()} {told(record.exc_info)}", ()
        record.exc_info = record.exc_text = None
    if words is None:
        return record
    if name not in OWN and record.levelno <= logging.DEBUG:
        record.msg, record.args = LEFT_OUT, ()
        return record
    text = record.getMessage()
    if name not in OWN:
        text = _shortened(text)
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "[private]")
    record.msg, record.args = text, ()
    return record


def told(exc_info: Any) -> str:
    """An exception by its kind and the places it came through; never by its text."""
    if not isinstance(exc_info, tuple) or not exc_info[0]:
        return ""
    kind: type[BaseException] = exc_info[0]
    came_through: TracebackType | None = exc_info[2]
    places = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(came_through)
    ]
    return f"({kind.__name__} at {' < '.join(reversed(places[-PLACES_TOLD:]))})"


def _shortened(text: str) -> str:
    """One line of a library; of a structured one, the event and nothing that came with it."""
    if text.startswith("{"):
        try:
            structured = json.loads(text)
            return " ".join(str(structured[key]) for key in ("event", "event_info") if key in structured)[:LONGEST]
        except ValueError:
            pass
    return text.split("\n", 1)[0][:LONGEST]

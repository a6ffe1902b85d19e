"""How the server's log looks: plain lines, or one JSON object a line (setting ``LOG_FORMAT``).

bot.private_logging keeps patients' words out of what is logged while a message is worked on. What can carry them
past it is kept out here: an error that surfaces later loses its text, and an event of Rasa's structured log all
but the names of steps. Addresses are never logged (no access log).
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

from bot.settings import settings

#: What of an event of Rasa's structured log is kept: names that Rasa gives to steps, never what went through them.
EVENT_KEPT = ("event", "event_key", "event_info", "action", "action_name", "policy_name", "model_id", "intent",
              "lock_store_type", "processing_time")
#: Parts whose errors tell of files, not of patients: their exceptions keep their words.
ABOUT_FILES = ("bot.knowledge_base",)
#: Loggers that do not pass records on; without a handler of their own they would write past the format.
NOT_PASSING_ON = ("sanic.root", "sanic.error", "tensorflow", "apscheduler", "socketio.server", "engineio.server")
#: At the start, these tell of nothing that went wrong or was changed.
CHATTY = ("alembic.runtime.plugins",)
#: Attributes that a record may carry for the JSON form: `logger.info("…", extra={"channel": …})`.
EXTRA = ("channel", "kind", "milliseconds")

#: Of an error's causes, so many are told.
MOST_CAUSES = 4
_serving = False


def configure() -> None:
    """Send every record of this process to standard error, as the setting says. Calling it again changes nothing."""
    root, ours = logging.getLogger(), _handler()
    for handler in list(root.handlers):
        if isinstance(handler, logging.StreamHandler) and handler.stream in (sys.stderr, sys.stdout):
            root.removeHandler(handler)
    root.addHandler(ours)
    for name in NOT_PASSING_ON:
        logging.getLogger(name).handlers = [ours]
    logging.lastResort = ours  # type: ignore[assignment]
    logging.captureWarnings(True)
    logging.getLogger("sanic.access").disabled = True
    # In place: loggers that were used already keep the list, not what it holds.
    structlog.get_config()["processors"][:] = [structlog.stdlib.filter_by_level, _as_text]
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def serving(now: bool = True) -> None:
    """From now on patients are served: the text of an exception may hold their words and is left out."""
    global _serving
    _serving = now


def _handler() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings().log_format == "json" else PlainLines())
    return handler


def _as_text(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    kept = {name: event[name] for name in EVENT_KEPT if name in event}
    said = str(kept.pop("event_info", kept.pop("event", "")) or "")
    about = " ".join(f"{name}={value!r}" for name, value in kept.items() if isinstance(value, (str, int, float)))
    return f"{said} {about}".strip()


class PlainLines(logging.Formatter):
    """`2026-11-22 06:30:00 ERROR    bot.channels.web  - …`, then where an error came from."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-8s %(name)s  - %(message)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        line = self.formatMessage(_with_message(record, self))
        for error in errors_of(record):
            says = f": {error['says']}" if error.get("says") else ""
            line = "\n".join([line, f"  {error['type']}{says}", *(f"    at {place}" for place in error["at"])])
        return line


class JsonLines(logging.Formatter):
    """One JSON object a line: `time` (UTC), `level`, `part`, `message`, `process`, and `errors` where there are."""

    def format(self, record: logging.LogRecord) -> str:
        _with_message(record, self)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "part": record.name, "message": record.message,
            "process": record.process,
        }
        line |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if errors := errors_of(record):
            line["errors"] = errors
        return json.dumps(line, ensure_ascii=True, default=str)


def _with_message(record: logging.LogRecord, formatter: logging.Formatter) -> logging.LogRecord:
    # `logger.error(exception)`, as libraries do, puts the exception's text into the message.
    quoted = isinstance(record.msg, BaseException) and not may_quote(record)
    record.message = type(record.msg).__name__ if quoted else record.getMessage()
    record.asctime = formatter.formatTime(record, formatter.datefmt)
    return record


def may_quote(record: logging.LogRecord) -> bool:
    """Whether the text of a record's exception may be written."""
    return not _serving or record.name.startswith(ABOUT_FILES)


def errors_of(record: logging.LogRecord) -> list[dict[str, Any]]:
    """A record's exception and what caused it: the type and the places of each; its text only where that is safe."""
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    found: list[dict[str, Any]] = []
    while error is not None and len(found) < MOST_CAUSES:
        found.append({"type": type(error).__name__, "at": places(error.__traceback__)})
        if may_quote(record):
            found[-1]["says"] = str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def places(trace: TracebackType | None) -> list[str]:
    """`file:line function`, outermost first, without the source lines and their values."""
    return [f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(trace)]

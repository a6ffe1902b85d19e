"""Rasa's server with faults that a test switches on and off: the names in the file that FAULTS names are those on.

Run as `python -m tests.failures.faulty_server run …`, as `rasa run …` would be.
"""

from __future__ import annotations

import inspect
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE = Path(os.environ["FAULTS"])
UNLUCKY = "Xanthippe"
#: Seconds; twice as long as a patient may wait for words (conftest.WITHIN).
HANGS = 20


def broken_while(fault: str, how: Callable[..., Any], original: Callable[..., Any]) -> Callable[..., Any]:
    """A function that does ``how`` first while a fault is on."""

    def run(*arguments: Any, **more: Any) -> Any:
        if fault.replace(" ", "_") in FILE.read_text().split():
            how(*arguments)
        return original(*arguments, **more)

    run.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]  # the executor counts parameters
    return run


def quoting(*arguments: Any) -> None:
    """Raises an error whose text quotes what was said, as the errors of libraries do."""
    said = [getattr(argument, "latest_message", None) or argument for argument in arguments]
    raise RuntimeError(f"can't work on {said}")


def about_the_unlucky(how: Callable[..., Any]) -> Callable[..., Any]:
    """A fault that meets only the patient called :data:`UNLUCKY`."""

    def fault(_: Any, dispatcher: Any, tracker: Any, domain: Any) -> None:
        if UNLUCKY in str(tracker.latest_message.get("text")):
            how(tracker)

    return fault


def hanging_on_the_unlucky(_: Any, texts: list[str]) -> None:
    """Hangs while it reads what the patient called :data:`UNLUCKY` wrote."""
    if any(UNLUCKY.lower() in text for text in texts):
        time.sleep(HANGS)


def main() -> None:
    from actions import base
    from bot.nlu.minilm import MiniLM

    base.Turn = broken_while("reply raises", quoting, base.Turn)  # type: ignore[misc]
    run = broken_while("action raises", about_the_unlucky(quoting), base.ReplyAction.run)
    base.ReplyAction.run = broken_while("action hangs", about_the_unlucky(lambda _: time.sleep(HANGS)), run)  # type: ignore[method-assign]
    encode = broken_while("encoder", quoting, MiniLM.encode_layers)
    MiniLM.encode_layers = broken_while("hanging encoder", hanging_on_the_unlucky, encode)  # type: ignore[method-assign]
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()

"""What an answer must be, whatever was sent."""

from __future__ import annotations

from actions.reply import KINDS
from tests.fuzz.shots import Shot
from tests.fuzz.wire import Answer

PHONE = "555-0142"


def fault_of(shot: Shot, answer: Answer) -> str:
    """What is wrong with an answer; empty when nothing is."""
    if answer.status >= 500:
        return f"status {answer.status}"
    if answer.status not in (200, 201, 204, 304, 400, 401, 403, 404, 405, 408, 413, 416, 417, 429):
        return f"status {answer.status}"
    if shot.due == "words":
        return _words(answer)
    if shot.due == "card":
        return _card(answer)
    return ""


def _words(answer: Answer) -> str:
    if answer.status != 200:
        return "" if answer.json().get("error") else "a refusal without a reason"
    messages = answer.json()
    replies = [message["custom"]["reply"] for message in messages if "reply" in (message.get("custom") or {})]
    if len(replies) != 1 or replies[0]["kind"] not in KINDS:
        return f"{len(replies)} reply objects"
    return "" if any(message.get("text", "").strip() for message in messages) else "no words"


def _card(answer: Answer) -> str:
    body = answer.json()
    if answer.status != 200:
        return "" if PHONE in body.get("message", "") else "a refusal without a phone number"
    reply = body["reply"]
    return "" if reply["kind"] in KINDS and reply["text"].strip() else "no words"


def is_unavailable(answer: Answer) -> bool:
    """Whether the patient was given the clinic's number instead of an answer: words, but not what we want."""
    return b'"unavailable"' in answer.body

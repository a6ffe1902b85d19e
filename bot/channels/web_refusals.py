"""What the website's channel says when it can't answer: a status, a code for programs, and words for the patient."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sanic import response
from sanic.response import HTTPResponse

from bot.knowledge_base import Clinic

REFUSALS = {
    "wrong_method": (405, "This address does not take such a request."),
    "wrong_origin": (403, "This website may not show the assistant."),
    "not_json": (400, "The request could not be read."),
    "bad_request": (400, "The request could not be read."),
    "too_large": (413, "That is more than I can read at once. Please send the question by itself."),
    "no_session": (401, "This conversation is not open any more. Please ask again to start a new one."),
    "not_offered": (403, "I did not offer that choice in this conversation. Please type your question."),
    "too_many": (429, "That was a lot of questions in one minute, and I need a short rest. "
                      "Please ask again in {wait} seconds."),
    "not_deleted": (503, "The conversation could not be deleted just now. Please try again in a few minutes."),
    "not_available": (503, "Sorry, something went wrong on our side. Please try again in a minute."),
}


def refusal(code: str, clinic: Clinic, headers: Mapping[str, str] | None = None, wait: float = 0.0,
            why: str = "") -> HTTPResponse:
    """A clear refusal in JSON: ``error`` is the code, ``message`` the patient's words, ``why`` the web person's."""
    status, words = REFUSALS[code]
    seconds = max(1, math.ceil(wait))
    message = (f"{words.format(wait=seconds)} If it can't wait, call {clinic.name}: {clinic.phone}; "
               f"in an emergency, {clinic.number('emergency')}.")
    body = {"error": code, "message": message} | ({"why": why} if why else {})
    extra = {"Retry-After": str(seconds)} if status == 429 else {}
    return response.json(body, status=status, headers={**(headers or {}), **extra})

"""Removes what could tell who somebody is, before anything is written anywhere."""

from __future__ import annotations

import re

from bot.store.redaction_names import redact_names
from bot.store.redaction_numbers import redact_numbers

#: What a button of ours sends: ids of ours, no words of a patient.
_BUTTON = re.compile(r'/[a-z_]{2,32}(?:\{"(?:answer|open_topic)": ?"[a-z0-9/-]{1,200}"\})?')


def is_button(text: str) -> bool:
    """Whether a message is what a button sends rather than what somebody typed."""
    return _BUTTON.fullmatch(text) is not None


def redact(text: str) -> str:
    """The text without names, numbers, addresses and the like, each replaced by a word such as `[name]`.

    Medical words, eponyms, ages, doses and counts stay. What a button sends is returned as it is.
    No pattern finds everything: docs/privacy.md says what this can miss.
    """
    if not text or is_button(text):
        return text
    return redact_names(redact_numbers(text))

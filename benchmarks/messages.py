"""What is asked while measuring: the questions of the project's evaluation, which neither assistant was trained on."""

from __future__ import annotations

import json
import random
from functools import lru_cache

from bot.settings import PROJECT

QUESTIONS = PROJECT / "tests" / "evaluation" / "questions.jsonl"


@lru_cache(maxsize=1)
def messages() -> tuple[str, ...]:
    """The questions in an order that is always the same: plain, misspelt and long ones mixed."""
    texts = [json.loads(line)["text"] for line in QUESTIONS.read_text("utf-8").splitlines() if line.strip()]
    random.Random(8).shuffle(texts)
    return tuple(texts)

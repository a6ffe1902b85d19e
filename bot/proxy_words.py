"""The words that a proxy says by itself: when no assistant process answers, or when it turns a request away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.channels.fallback import unavailable
from bot.channels.web_refusals import REFUSALS
from bot.knowledge_base import Clinic, KnowledgeBase

#: Files for the website's channel, each with the refusal whose words it holds. nginx.conf names these files.
REFUSED = {"unavailable.json": "not_available", "too-many.json": "too_many", "too-large.json": "too_large"}
#: The file for programs that speak Rasa's REST channel.
REST = "unavailable-rest.json"
#: Seconds named in the words on too many requests; a proxy can't put in a number.
WAIT = 60


def proxy_words(knowledge: KnowledgeBase) -> dict[str, Any]:
    """What each file holds, as JSON values."""
    refusals = {file: {"error": code, "message": _words(code, knowledge.clinic)} for file, code in REFUSED.items()}
    return {**refusals, REST: unavailable(knowledge)}


def write_proxy_words(knowledge: KnowledgeBase, folder: Path) -> list[Path]:
    """Write the files into a folder (made if missing); the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, words in proxy_words(knowledge).items():
        path = folder / name
        path.write_text(json.dumps(words, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        path.chmod(0o644)
        written.append(path)
    return written


def _words(code: str, clinic: Clinic) -> str:
    words = REFUSALS[code][1].format(wait=WAIT)
    emergency = clinic.number("emergency")
    return f"{words} If it can't wait, call {clinic.name}: {clinic.phone}; in an emergency, {emergency}."

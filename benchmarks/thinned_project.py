"""This assistant's project with as few examples as Rasa's default one gets, so that two trainings of the same can be compared."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from benchmarks.default_project import VERSION, as_list, as_yaml, other_intents, write_yaml

_FENCE = "---\n"
#: What lists examples: of an answer; of a red flag; and of what is harmless.
QUESTIONS, TOLD, HARMLESS = ("questions",), ("told", "told_other_level", "not_it"), ("messages",)


def write_thinned(project: Path, knowledge_folder: Path, folder: Path, each: int) -> Path:
    """Write into ``folder`` a copy of a project's data and of a knowledge folder with the first ``each`` examples of everything alone.

    Returns the copy's knowledge folder.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project / "data" / "stories", folder / "data" / "stories")
    for name in ("config.yml", "domain.yml"):
        shutil.copy(project / name, folder / name)
    nlu = [{"intent": intent, "examples": as_list(texts)} for intent, texts in other_intents(project / "data" / "nlu", each).items()]
    write_yaml(folder / "data" / "nlu.yml", {"version": VERSION, "nlu": nlu})
    knowledge = folder / "knowledge"
    shutil.copytree(knowledge_folder, knowledge)
    for file in knowledge.rglob("*.md"):
        _, front, body = file.read_text("utf-8").split(_FENCE, 2)
        thinned = _thinned(yaml.safe_load(front), each, TOLD if file.parent.name == "red_flags" else QUESTIONS)
        file.write_text(f"{_FENCE}{as_yaml(thinned)}{_FENCE}{body}", "utf-8")
    harmless = knowledge / "red_flags" / "harmless.yml"
    write_yaml(harmless, _thinned(yaml.safe_load(harmless.read_text("utf-8")), each, HARMLESS))
    return knowledge


def _thinned(fields: dict[str, Any], each: int, lists: tuple[str, ...]) -> dict[str, Any]:
    return {key: value[:each] if key in lists else value for key, value in fields.items()}

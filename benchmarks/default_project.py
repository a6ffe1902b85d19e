"""Rasa's default assistant with the content of this one: what a developer would get from `rasa init` and its manual.

Pipeline and policies are read from Rasa's own default configuration. Each answer is a retrieval intent
`faq/<answer id>` whose response is the answer with its sources and whom to consult; other intents have a response each.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import rasa
import yaml

from actions.wording import consult, consult_clinic
from bot.knowledge_base import KnowledgeBase

DEFAULT_CONFIG = Path(rasa.__file__).parent / "engine" / "recipes" / "config_files" / "default_config.yml"
VERSION = "3.1"
FAQ, DANGER = "faq", "red_flag"
#: Rasa's stories for its default policies to learn from; the rules say the same of each intent.
STORIES = (("greet", FAQ, "thanks", "goodbye"), ("greet", FAQ, FAQ, "goodbye"), (FAQ, "thanks"),
           (FAQ, FAQ, FAQ, "thanks", "goodbye"))


def write_project(folder: Path, knowledge: KnowledgeBase, nlu: Path, epochs: int, each: int) -> None:
    """Write config, domain and data of Rasa's default assistant.

    ``nlu`` is the folder with the examples of the other intents (`data/nlu`); ``each`` how many questions of an
    answer, and examples of another intent or of a red flag, are taken: the first ones.
    """
    others = other_intents(nlu, each)
    others[DANGER] = [text for flag in knowledge.red_flags.values() for text in _first(flag.told[flag.level], each)]
    faq = {f"{FAQ}/{_name(answer.id)}": _first(answer.questions, each) for answer in knowledge.answers.values()}
    examples = [{"intent": intent, "examples": as_list(texts)} for intent, texts in {**faq, **others}.items()]
    write_yaml(folder / "config.yml", _config(epochs))
    write_yaml(folder / "domain.yml", _domain(knowledge, list(others)))
    write_yaml(folder / "data" / "nlu.yml", {"version": VERSION, "nlu": examples})
    write_yaml(folder / "data" / "rules.yml", {"version": VERSION, "rules": [
        {"rule": f"answer {intent}", "steps": _steps([intent])} for intent in (FAQ, "nlu_fallback", *others)]})
    write_yaml(folder / "data" / "stories.yml", {"version": VERSION, "stories": [
        {"story": " ".join(intents), "steps": _steps(intents)} for intents in STORIES]})
    write_yaml(folder / "credentials.yml", {"rest": None})
    write_yaml(folder / "endpoints.yml", {"tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "conversations.db"}})


def _steps(intents: Iterable[str]) -> list[dict[str, str]]:
    return [step for intent in intents for step in ({"intent": intent}, {"action": f"utter_{intent}"})]


def _config(epochs: int) -> dict[str, Any]:
    config = yaml.safe_load(DEFAULT_CONFIG.read_text("utf-8"))
    for part in (*config["pipeline"], *config["policies"]):
        if "epochs" in part:
            part["epochs"] = epochs
    return {**config, "assistant_id": "rasa-default"}


def _domain(knowledge: KnowledgeBase, others: list[str]) -> dict[str, Any]:
    clinic = knowledge.clinic
    said = {f"utter_{intent}": f"Thank you for your message. {consult_clinic(clinic)}" for intent in others}
    said[f"utter_{DANGER}"] = f"This may need care now. Call {clinic.number('emergency')}."
    said["utter_nlu_fallback"] = f"I did not understand that. {consult_clinic(clinic)}"
    for answer in knowledge.answers.values():
        where = "; ".join(knowledge.where(answer.citations))
        told = (answer.title, answer.body, f"Source: {where}.", consult(answer, knowledge))
        said[f"utter_{FAQ}/{_name(answer.id)}"] = "\n\n".join(told)
    return {
        "version": VERSION, "intents": [FAQ, *others],
        "responses": {name: [{"text": _plain(text)}] for name, text in said.items()},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def other_intents(nlu: Path, each: int) -> dict[str, list[str]]:
    """The first ``each`` examples of every intent of `data/nlu`, without marks of entities."""
    found: dict[str, list[str]] = {}
    for path in sorted(nlu.glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            texts = [line[2:] for line in block["examples"].splitlines() if line.startswith("- ")]
            found[block["intent"]] = _first(texts, each)
    return found


def _first(texts: Any, each: int) -> list[str]:
    return [" ".join(_plain(text).split()) for text in texts[:each]]


def _plain(text: str) -> str:
    """Without what Rasa reads as an entity or a slot."""
    return text.translate(str.maketrans("[]{}", "()()"))


def _name(answer_id: str) -> str:
    """A retrieval intent has one slash only."""
    return answer_id.replace("/", ".")


def as_list(texts: list[str]) -> str:
    """Examples as Rasa's files list them."""
    return "".join(f"- {text}\n" for text in texts)


def write_yaml(path: Path, content: dict[str, Any]) -> None:
    """Write a file of YAML, and the folders it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_yaml(content), "utf-8")


def as_yaml(content: dict[str, Any]) -> str:
    """As this project's files are written: in the given order, a line an entry."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)

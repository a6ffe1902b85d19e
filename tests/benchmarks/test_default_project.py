"""Rasa's default assistant gets the same answers, and is Rasa's default."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.shared.importers.rasa import RasaFileImporter

from benchmarks.default_project import DEFAULT_CONFIG, write_project
from bot.knowledge_base import KnowledgeBase
from bot.settings import PROJECT


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, knowledge: KnowledgeBase) -> Path:
    folder = tmp_path_factory.mktemp("default")
    write_project(folder, knowledge, PROJECT / "data" / "nlu", epochs=7, each=10)
    return folder


@pytest.fixture(scope="module")
def importer(project: Path) -> RasaFileImporter:
    return RasaFileImporter(str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")])


def test_every_answer_is_a_retrieval_intent_with_ten_questions(importer: RasaFileImporter, knowledge: KnowledgeBase) -> None:
    asked: dict[str, int] = {}
    for message in importer.get_nlu_data().intent_examples:
        name = message.get_full_intent()
        if name.startswith("faq/"):
            asked[name] = asked.get(name, 0) + 1
    assert len(asked) == len(knowledge.answers)
    assert set(asked.values()) <= {9, 10}  # two questions that differ in white space only are one to Rasa


def test_every_answer_is_a_response_with_its_sources(importer: RasaFileImporter, knowledge: KnowledgeBase) -> None:
    answer = next(iter(knowledge.answers.values()))
    text = importer.get_domain().responses["utter_faq/" + answer.id.replace("/", ".")][0]["text"]
    assert answer.title in text
    assert knowledge.where(answer.citations)[0] in text


def test_every_intent_has_an_action_that_the_domain_knows(importer: RasaFileImporter) -> None:
    domain = importer.get_domain()
    steps = [event for step in importer.get_stories().story_steps for event in step.events]
    actions = {event.action_name for event in steps if hasattr(event, "action_name") and event.action_name}
    assert {f"utter_{intent}" for intent in domain.intents if intent in ("faq", "greet", "red_flag")} <= actions
    assert {name for name in actions if name.startswith("utter_") and name != "utter_faq"} <= set(domain.responses)


def test_pipeline_and_policies_are_those_of_rasa_but_for_the_epochs(project: Path) -> None:
    default, ours = yaml.safe_load(DEFAULT_CONFIG.read_text()), yaml.safe_load((project / "config.yml").read_text())
    for part in ("pipeline", "policies"):
        assert [one["name"] for one in ours[part]] == [one["name"] for one in default[part]]
    assert {one["epochs"] for one in (*ours["pipeline"], *ours["policies"]) if "epochs" in one} == {7}


def test_conversations_are_kept_by_rasas_own_store_and_no_action_server_is_asked(project: Path) -> None:
    assert yaml.safe_load((project / "endpoints.yml").read_text()) == {
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "conversations.db"}}

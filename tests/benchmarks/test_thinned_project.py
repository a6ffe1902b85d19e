"""The thinned project is this assistant's, with ten examples of everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.importers.rasa import RasaFileImporter

from benchmarks.thinned_project import write_thinned
from bot.knowledge_base import KnowledgeBase, read
from bot.settings import PROJECT

EACH = 10


@pytest.fixture(scope="module")
def thinned(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("thinned") / "project"
    return read(write_thinned(PROJECT, PROJECT / "knowledge", folder, EACH))


def test_every_answer_is_there_with_ten_questions(thinned: KnowledgeBase, knowledge: KnowledgeBase) -> None:
    assert thinned.answers.keys() == knowledge.answers.keys()
    for answer in thinned.answers.values():
        assert answer.questions == knowledge.answers[answer.id].questions[:EACH]
        assert answer.body == knowledge.answers[answer.id].body


def test_every_red_flag_is_there_with_ten_tellings(thinned: KnowledgeBase, knowledge: KnowledgeBase) -> None:
    assert thinned.red_flags.keys() == knowledge.red_flags.keys()
    for flag in thinned.red_flags.values():
        assert all(len(told) <= EACH for told in flag.told.values())
        assert len(flag.not_it) <= EACH
        assert flag.patterns == knowledge.red_flags[flag.id].patterns
    assert len(thinned.harmless) == EACH


def test_every_intent_has_ten_examples_at_most(tmp_path: Path) -> None:
    write_thinned(PROJECT, PROJECT / "knowledge", tmp_path / "project", EACH)
    importer = RasaFileImporter(str(tmp_path / "project" / "config.yml"), str(tmp_path / "project" / "domain.yml"),
                                [str(tmp_path / "project" / "data")])
    examples = importer.get_nlu_data().number_of_examples_per_intent
    assert max(examples.values()) == EACH
    assert examples.keys() <= set(importer.get_domain().intents)
    assert importer.get_stories().story_steps

"""Every reply but small talk says whom to consult: every action, with good and bad input."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions.base import ReplyAction
from actions.reply import KINDS
from bot import settings as bot_settings
from bot.knowledge_base import read
from bot.settings import PROJECT

KNOWLEDGE = read(PROJECT / "knowledge")
ANSWERS = [*list(KNOWLEDGE.answers)[::7], "gone/answer", ""]
INTENTS = ["greet", "help", "affirm", "abuse", "frustrated", "who_made_you", "made-up", None]

ranking = st.fixed_dictionaries({
    "decision": st.sampled_from(["answer", "choices", "none"]),
    "answers": st.lists(st.fixed_dictionaries({"id": st.sampled_from(ANSWERS), "score": st.floats(-1, 1)}), max_size=4),
    "choices": st.lists(st.sampled_from(ANSWERS), max_size=4),
    "subject": st.lists(st.sampled_from([*list(KNOWLEDGE.terms)[:9], "gone"]), max_size=3),
    "in_context": st.booleans(),
})
red_flag = st.fixed_dictionaries({
    "sign": st.sampled_from([*KNOWLEDGE.red_flags, "gone"]), "level": st.sampled_from(["emergency", "urgent"]),
    "words": st.text(max_size=30), "by": st.sampled_from(["pattern", "likeness"]), "score": st.floats(0, 1),
})
message = st.fixed_dictionaries({}, optional={
    "text": st.text(max_size=200) | st.sampled_from(["2", "the last one", "number nine?"]),
    "intent": st.fixed_dictionaries({"name": st.sampled_from(INTENTS)}, optional={"confidence": st.floats(0, 1)}),
    "entities": st.lists(st.fixed_dictionaries({
        "entity": st.sampled_from(["answer", "open_topic", "condition"]),
        "value": st.sampled_from([*ANSWERS, *KNOWLEDGE.topics, "gone"]),
    }), max_size=3),
    "ranking": ranking, "red_flag": st.none() | red_flag,
    "metadata": st.none() | st.fixed_dictionaries({"country": st.sampled_from(["US", "gb", "XX", ""])}),
})
slots = st.fixed_dictionaries({
    "subject": st.none() | st.lists(st.sampled_from(list(KNOWLEDGE.terms)[:9]), max_size=3),
    "last_answer": st.none() | st.sampled_from(ANSWERS), "topic": st.none() | st.sampled_from(list(KNOWLEDGE.topics)),
    "shown": st.none() | st.lists(st.sampled_from(ANSWERS), max_size=5),
    "offered": st.none() | st.lists(st.sampled_from(ANSWERS), max_size=4),
    "runners_up": st.none() | st.lists(st.sampled_from(ANSWERS), max_size=3),
    "awaiting": st.sampled_from([None, "forget", "choice"]),
})


def every_action() -> list[type[ReplyAction]]:
    for module in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"actions.{module.name}")
    return sorted(ReplyAction.__subclasses__(), key=lambda action: action.action_name)


@pytest.fixture(autouse=True)
def own_database(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Any:
    from bot.store.engine import engine
    from bot.store.migrations import migrate

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('store') / 'x.db'}")
    bot_settings.settings.cache_clear()
    migrate(engine())
    yield
    bot_settings.settings.cache_clear()


@pytest.mark.parametrize("action", every_action(), ids=lambda action: action.action_name)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=message, held=slots)
def test_every_reply_says_whom_to_consult(action: type[ReplyAction], said: dict[str, Any], held: dict[str, Any]) -> None:
    dispatcher = CollectingDispatcher()
    tracker = Tracker("property", held, said, [], False, None, {}, "action_listen")
    action().run(dispatcher, tracker, {})
    replies = [m["custom"]["reply"] for m in dispatcher.messages if m.get("custom")]
    assert len(replies) == 1
    reply, shown = replies[0], "\n".join(m.get("text") or "" for m in dispatcher.messages)
    assert reply["kind"] in KINDS
    assert shown.strip()
    if reply["kind"] != "smalltalk":
        assert reply["consult"] and reply["consult"] in shown
        assert KNOWLEDGE.clinic.phone in shown


def test_every_rule_ends_in_an_action_of_ours() -> None:
    named = {action.action_name for action in every_action()}
    for path in sorted((Path(PROJECT) / "data" / "stories").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text()).get("rules", []):
            done = [step["action"] for step in rule["steps"] if "action" in step]
            assert done and set(done) <= named, rule["rule"]


def test_the_domain_names_every_action() -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text())
    assert sorted(domain["actions"]) == [action.action_name for action in every_action()]


def test_the_domain_names_the_intent_of_every_topic() -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text())
    named = {intent for entry in domain["intents"] for intent in (entry if isinstance(entry, dict) else [entry])}
    assert {topic.intent for topic in KNOWLEDGE.topics.values()} <= named

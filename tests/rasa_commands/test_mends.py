"""What is mended of Rasa rests on facts about it, which an upgrade may change."""

from __future__ import annotations

import ast
import inspect
from types import ModuleType, SimpleNamespace

import pytest
from rasa.core import processor
from rasa.core.policies import memoization, rule_policy
from rasa.core.policies.rule_policy import RULES

from bot.rasa_mends.prediction import _holds_words


def _copying(tree: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "copy"]


@pytest.mark.parametrize("module", [processor, rule_policy, memoization])
def test_rasa_copies_there_for_its_debug_log_alone(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    for_logs = [copied for call in ast.walk(tree) if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug"
                for copied in _copying(call)]
    assert for_logs
    assert len(_copying(tree)) == len(for_logs)


@pytest.mark.parametrize(("rule", "holds"), [
    ('[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}]', False),
    ('[{"prev_action": {"action_name": "action_listen"}, "user": {"text": "hello"}}]', True),
])
def test_a_rule_about_words_is_seen(rule: str, holds: bool) -> None:
    assert _holds_words(SimpleNamespace(lookup={RULES: {rule: "utter_greet"}})) is holds  # type: ignore[arg-type]

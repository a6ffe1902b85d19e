"""What may be covered after all is asked back; what is surely not covered is said to be so."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker

from actions.action_out_of_scope import MAY_FIT_FROM, SURE_FROM, ActionOutOfScope
from actions.turn import Turn
from bot.knowledge_base import KnowledgeBase

FITTING = ["neck-pain/neck-collars", "neck-pain/heat-or-ice-in-an-attack", "occipital-neuralgia/what-it-is"]


@pytest.mark.parametrize(("confidence", "score", "choices", "kind"), [
    (SURE_FROM - 0.2, MAY_FIT_FROM + 0.1, 3, "clarify"),
    (SURE_FROM - 0.2, MAY_FIT_FROM + 0.1, 1, "out_of_scope"),
    (SURE_FROM - 0.2, MAY_FIT_FROM - 0.1, 3, "out_of_scope"),
    (1.0, MAY_FIT_FROM + 0.1, 3, "out_of_scope"),
])
def test_asks_back_in_doubt_alone(knowledge: KnowledgeBase, confidence: float, score: float, choices: int, kind: str) -> None:
    offered = FITTING[:choices]
    ranking = {"decision": "answer", "answers": [{"id": offered[0], "score": score}], "choices": offered, "subject": [], "in_context": False}
    said = {"text": "and the collar?", "intent": {"name": "out_of_scope", "confidence": confidence}, "ranking": ranking}
    reply = ActionOutOfScope().reply(Turn(Tracker("doubt", {}, said, [], False, None, {}, "action_listen"), knowledge))
    assert reply.kind == kind
    assert knowledge.clinic.phone in reply.consult
    if kind == "clarify":
        assert [answer.id for answer in reply.choices] == offered

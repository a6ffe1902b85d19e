"""Answers a question from the knowledge base, asks back, or says that it is not covered."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import clarify, not_covered, show
from actions.turn import Turn


class ActionAnswerQuestion(ReplyAction):
    action_name = "action_answer_question"

    def reply(self, turn: Turn) -> Reply:
        decision, choices = turn.ranking["decision"], turn.choices()
        if decision == "choices" and len(choices) > 1:
            return clarify(turn, choices)
        ranked = turn.ranked()
        if decision == "none" or not ranked:
            return not_covered(turn)
        return show(turn, ranked[0])

"""Shows the answer that a button stands for."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import not_covered, show
from actions.turn import ANSWER_ENTITY, Turn


class ActionChoose(ReplyAction):
    action_name = "action_choose"

    def reply(self, turn: Turn) -> Reply:
        answer = turn.knowledge.answers.get(turn.entity(ANSWER_ENTITY) or "")
        if answer is None:
            return not_covered(turn, "That answer is no longer here. Please ask me in your own words.")
        return show(turn, answer)

"""The patient does not want the conversation deleted after all."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from actions.wording import consult_clinic


class ActionKeep(ReplyAction):
    action_name = "action_keep"

    def reply(self, turn: Turn) -> Reply:
        return Reply("privacy", "All right, nothing is deleted. What would you like to know?",
                     consult=consult_clinic(turn.knowledge.clinic), slots={"awaiting": None})

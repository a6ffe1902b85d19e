"""Says honestly that something is not covered, and what is."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import not_covered
from actions.turn import Turn


class ActionOutOfScope(ReplyAction):
    action_name = "action_out_of_scope"

    def reply(self, turn: Turn) -> Reply:
        return not_covered(turn)

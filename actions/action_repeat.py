"""The last answer once more."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import not_covered, show
from actions.turn import Turn


class ActionRepeat(ReplyAction):
    action_name = "action_repeat"

    def reply(self, turn: Turn) -> Reply:
        last = turn.last_answer()
        return show(turn, last) if last else not_covered(turn, "There is nothing to repeat yet. What would you like to know?")

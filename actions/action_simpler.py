"""The core of the last answer in one or two very plain sentences."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import not_covered, show
from actions.turn import Turn


class ActionSimpler(ReplyAction):
    action_name = "action_simpler"

    def reply(self, turn: Turn) -> Reply:
        last = turn.last_answer()
        if last is None:
            return not_covered(turn, "Tell me which subject I should explain, in your own words.")
        return show(turn, last, text=f"**In short:** {last.simpler}")

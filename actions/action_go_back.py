"""The answer before the last one."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import not_covered, show
from actions.turn import Turn


class ActionGoBack(ReplyAction):
    action_name = "action_go_back"

    def reply(self, turn: Turn) -> Reply:
        earlier = turn.existing(turn.shown_before()[:-1])
        return show(turn, earlier[-1]) if earlier else not_covered(turn, "There is nothing to go back to yet. What would you like to know?")

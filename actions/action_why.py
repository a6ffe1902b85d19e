""""Why?" after an answer: the best answer on the same subject, or its sources."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import clarify, not_covered, related_to, show
from actions.turn import Turn


class ActionWhy(ReplyAction):
    action_name = "action_why"

    def reply(self, turn: Turn) -> Reply:
        last = turn.last_answer()
        if last is None:
            return not_covered(turn, "Tell me what you would like to know the reason for, in your own words.")
        ranked = [answer for answer in turn.ranked() if answer.id != last.id]
        if ranked and turn.ranking["decision"] == "answer":
            return show(turn, ranked[0])
        return clarify(turn, related_to(turn, last), "What I know about this stands in that answer and its source. One of these may say more:")

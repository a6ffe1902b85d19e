"""More on the same: the next related answer that has not been shown."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import not_covered, related_to, show
from actions.turn import Turn


class ActionTellMore(ReplyAction):
    action_name = "action_tell_more"

    def reply(self, turn: Turn) -> Reply:
        last = turn.last_answer()
        if last is None:
            return not_covered(turn, "Tell me what you would like to know more about, in your own words.")
        unseen = [answer for answer in related_to(turn, last) if answer.id not in turn.shown_before()]
        if not unseen:
            return show(turn, last, before="That is all I have close to this. Here it is once more, with other questions below.")
        return show(turn, unseen[0], before="Here is something that goes with it.")

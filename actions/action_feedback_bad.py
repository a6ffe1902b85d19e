""""That's not what I asked": an apology, the next best answers, a way to a person."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import clarify
from actions.turn import Turn
from actions.wording import consult_clinic


class ActionFeedbackBad(ReplyAction):
    action_name = "action_feedback_bad"

    def reply(self, turn: Turn) -> Reply:
        others = [answer for answer in turn.existing(turn.slot("runners_up")) if answer.id != turn.slot("last_answer")]
        if others:
            reply = clarify(turn, others[:3], "I am sorry, that was not what you meant. Was it one of these? If not, say it in other words.")
            reply.slots["runners_up"] = []
            return reply
        return Reply("smalltalk", "I am sorry that this did not help. Please say it in other words, or type “topics” to see what I know about.",
                     consult=consult_clinic(turn.knowledge.clinic))

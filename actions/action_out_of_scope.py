"""Says honestly that something is not covered, and what is; asks back where that is in doubt."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import clarify, not_covered
from actions.turn import Turn

#: Less sure than this that a message is not covered, and with an answer that fits at least so well, it is asked back
#: instead. Measured on tests/evaluation; see docs/decisions/understanding.md.
SURE_FROM, MAY_FIT_FROM = 0.85, 0.4
IN_DOUBT = "I'm not sure that I know about this. Did you mean one of these? You can tap one, or type its number."


class ActionOutOfScope(ReplyAction):
    action_name = "action_out_of_scope"

    def reply(self, turn: Turn) -> Reply:
        choices = turn.choices()
        if len(choices) > 1 and turn.confidence < SURE_FROM and turn.best_score >= MAY_FIT_FROM:
            return clarify(turn, choices, IN_DOUBT)
        return not_covered(turn)

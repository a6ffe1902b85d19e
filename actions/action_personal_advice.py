"""What only the patient's own doctor or pharmacist can say: why, what to ask them, and general education."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import remember
from actions.turn import Turn
from actions.wording import consult_own_doctor

#: From this score on, the best answer is general education on the subject of the question.
GENERAL_EDUCATION_FROM = 0.45


class ActionPersonalAdvice(ReplyAction):
    action_name = "action_personal_advice"

    def reply(self, turn: Turn) -> Reply:
        clinic = turn.knowledge.clinic
        text = (
            "I can't answer that for you: it depends on your health, your medicines and your history, and I don't know them. "
            "Your doctor or pharmacist does.\n\nYou could ask them:\n"
            "- What are my choices, and what speaks for and against each of them?\n"
            "- How does this fit with my other conditions and medicines?\n"
            "- What should I watch for, and when should I call you?"
        )
        ranked = turn.ranked()
        if not ranked or turn.best_score < GENERAL_EDUCATION_FROM:
            return Reply("personal", text, consult=consult_own_doctor(clinic))
        answer = ranked[0]
        general = f"{text}\n\n**In general – {answer.title}**\n\n{answer.body}"
        return Reply("personal", general, consult=consult_own_doctor(clinic), answer=answer, slots=remember(turn, answer))

"""To a person: phone, hours, booking, and whether the clinic is open now."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from actions.wording import consult_clinic


class ActionHandoff(ReplyAction):
    action_name = "action_handoff"

    def reply(self, turn: Turn) -> Reply:
        clinic = turn.knowledge.clinic
        now = "It is open now." if clinic.is_open() else "It is closed at the moment."
        text = (f"You can reach the people at {clinic.name} by phone: **{clinic.phone}**. {now}\n\n"
                f"Hours: {clinic.hours_in_words()}.\n\nAppointments: {clinic.booking}.\n\n"
                f"In an emergency, call {clinic.number('emergency', turn.country)}.")
        return Reply("handoff", text, consult=consult_clinic(clinic), extra={"calls": [{"name": clinic.name, "number": clinic.phone}]})

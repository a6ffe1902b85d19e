"""Asks once before a conversation is deleted."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from actions.wording import consult_clinic


class ActionAskForget(ReplyAction):
    action_name = "action_ask_forget"

    def reply(self, turn: Turn) -> Reply:
        return Reply("privacy", "I can delete everything stored of this conversation. This can't be undone. Shall I delete it?",
                     consult=consult_clinic(turn.knowledge.clinic), slots={"awaiting": "forget"},
                     buttons=[{"title": "Yes, delete it", "payload": "/affirm"}, {"title": "No, keep it", "payload": "/deny"}])

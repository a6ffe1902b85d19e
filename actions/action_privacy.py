"""What is kept of a conversation, for how long, and how to have it deleted."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from actions.wording import consult_clinic
from bot.settings import settings


class ActionPrivacy(ReplyAction):
    action_name = "action_privacy"

    def reply(self, turn: Turn) -> Reply:
        days = settings().retention_days
        text = ("I keep what is needed to answer you and to improve my answers. Names, numbers, addresses and the like are removed "
                f"before anything is stored, and I do not store who you are. Everything is deleted after {days} days.\n\n"
                "The clinic's staff can read questions that I could not answer, without names. Nothing goes to any other company.\n\n"
                "To delete this conversation now, type “delete my data”.")
        return Reply("privacy", text, consult=consult_clinic(turn.knowledge.clinic),
                     buttons=[{"title": "Delete my data", "payload": "/delete_my_data"}])

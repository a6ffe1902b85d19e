"""Deletes everything stored of the conversation, in every store."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher

from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from actions.wording import consult_clinic
from bot.store.forgetting import forget


class ActionForget(ReplyAction):
    action_name = "action_forget"

    def reply(self, turn: Turn) -> Reply:
        forget(turn.tracker.sender_id)
        return Reply("privacy", "Done. Everything stored of this conversation is deleted. You can still ask me anything.",
                     consult=consult_clinic(turn.knowledge.clinic), extra={"forgotten": True})

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        return [*super().run(dispatcher, tracker, domain), AllSlotsReset()]

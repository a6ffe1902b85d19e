"""What all actions share: from a turn to a reply, and words even when something breaks."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.reply import Reply, send
from actions.turn import Turn
from actions.wording import unavailable
from bot.knowledge_base import live_knowledge_base
from bot.settings import settings

logger = logging.getLogger(__name__)


class ReplyAction(Action):
    """An action that answers with one reply. Subclasses say its name and write :meth:`reply`."""

    action_name = ""

    def name(self) -> str:
        return self.action_name

    def reply(self, turn: Turn) -> Reply:
        raise NotImplementedError

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        knowledge = live_knowledge_base(settings().knowledge_folder).current
        try:
            return send(self.reply(Turn(tracker, knowledge)), dispatcher, knowledge)
        except Exception as error:
            # The patient gets words and a number; the error's own text may hold the patient's words.
            logger.error("%s failed with %s; the patient is given the clinic's number", self.name(),
                         type(error).__name__, exc_info=logger.isEnabledFor(logging.DEBUG))
            dispatcher.messages.clear()
            return send(Reply("unavailable", *unavailable(knowledge.clinic)), dispatcher, knowledge)

"""Greets, thanks, and answers for itself."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.small_talk_words import words_for
from actions.topic_menu import topic_buttons
from actions.turn import Turn
from actions.wording import consult_clinic

#: After these, the topics are offered as buttons.
OFFERS_TOPICS = {"greet", "help", "are_you_human"}
#: These are said to somebody who may need a person.
NAMES_A_PERSON = {"frustrated", "who_made_you", "help", "are_you_human"}


class ActionSmallTalk(ReplyAction):
    action_name = "action_small_talk"

    def reply(self, turn: Turn) -> Reply:
        intent = (turn.message.get("intent") or {}).get("name") or "greet"
        buttons = topic_buttons(turn.knowledge) if intent in OFFERS_TOPICS else []
        consult = consult_clinic(turn.knowledge.clinic) if intent in NAMES_A_PERSON else ""
        return Reply("smalltalk", words_for(intent, turn.knowledge), consult=consult, buttons=buttons,
                     slots={"awaiting": None})

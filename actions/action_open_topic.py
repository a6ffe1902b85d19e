"""The most asked questions of a topic."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import not_covered
from actions.topic_menu import most_asked, question_buttons
from actions.turn import TOPIC_ENTITY, Turn
from actions.wording import consult_clinic


class ActionOpenTopic(ReplyAction):
    action_name = "action_open_topic"

    def reply(self, turn: Turn) -> Reply:
        topic = turn.knowledge.topics.get(turn.entity(TOPIC_ENTITY) or "")
        if topic is None:
            return not_covered(turn)
        answers = most_asked(turn.knowledge, topic.id)
        listed = "\n".join(f"{number}. {answer.title}" for number, answer in enumerate(answers, 1))
        text = f"**{topic.title}**: {topic.about}.\n\nPeople often ask:\n\n{listed}\n\nTap one, type its number, or ask in your own words."
        return Reply("smalltalk", text, consult=consult_clinic(turn.knowledge.clinic), buttons=question_buttons(answers),
                     slots={"topic": topic.id, "offered": [a.id for a in answers], "awaiting": "choice"})

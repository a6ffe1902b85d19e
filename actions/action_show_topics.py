"""The topic menu, for people who do not know what to type."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.topic_menu import topic_buttons
from actions.turn import Turn
from actions.wording import consult_clinic


class ActionShowTopics(ReplyAction):
    action_name = "action_show_topics"

    def reply(self, turn: Turn) -> Reply:
        topics = turn.knowledge.topics.values()
        listed = "\n".join(f"- **{topic.title}**: {topic.about}" for topic in topics)
        return Reply("smalltalk", f"I can tell you about these topics. Tap one, or ask in your own words.\n\n{listed}",
                     consult=consult_clinic(turn.knowledge.clinic), buttons=topic_buttons(turn.knowledge))

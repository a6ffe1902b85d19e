""""How do you know?": where the last answer stands, and who has checked it."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import show
from actions.small_talk_words import words_for
from actions.turn import Turn
from actions.wording import consult_clinic
from bot.knowledge_base import Answer, KnowledgeBase


class ActionShowSources(ReplyAction):
    action_name = "action_show_sources"

    def reply(self, turn: Turn) -> Reply:
        last = turn.last_answer()
        if last is None:
            return Reply("smalltalk", words_for("who_made_you", turn.knowledge), consult=consult_clinic(turn.knowledge.clinic))
        return show(turn, last, text=sources_in_full(last, turn.knowledge))


def sources_in_full(answer: Answer, knowledge: KnowledgeBase) -> str:
    """Each source of an answer with its full reference, and the truth about its review."""
    lines = [f"**Where “{answer.title}” comes from:**", ""]
    for citation in answer.citations:
        source = knowledge.sources[citation.source]
        lines.append(f"- {source.where(citation.locator)}. {source.reference}")
    state = {
        "reviewed": f"A clinician has signed this answer off ({answer.review.by}, {answer.review.on}).",
        "changed since review": "This answer was changed after a clinician signed it off and waits to be signed off again.",
        "awaiting review": "No clinician of the clinic has signed this answer off yet.",
    }[answer.review_state]
    return "\n".join([*lines, "", state])

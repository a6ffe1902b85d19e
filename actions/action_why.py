""""Why?" after an answer: the best answer on the same subject, or its sources."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import clarify, not_covered, related_to, show
from actions.turn import Turn


class ActionWhy(ReplyAction):
    action_name = "action_why"

    def reply(self, turn: Turn) -> Reply:
        last = turn.last_answer()
        if last is None:
            return not_covered(turn, "Tell me what you would like to know the reason for, in your own words.")
        ranked = [answer for answer in turn.ranked() if answer.id != last.id]
        passages = set(last.citations)
        kin = [answer for answer in turn.knowledge.answers.values() if answer != last and passages & set(answer.citations)]
        if ranked and turn.ranking["decision"] == "answer" and ranked[0] in kin:
            return show(turn, ranked[0])
        near = sorted(kin, key=lambda answer: answer not in ranked)[:1] + related_to(turn, last)
        choices = list({answer.id: answer for answer in near}.values())[:3]
        return clarify(turn, choices, "What I know about the reason stands in that answer and its source. One of these may say more:")

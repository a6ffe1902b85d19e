""""The first one", "2", or a retyped title chooses among what was offered."""

from __future__ import annotations

import re

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import clarify, not_covered, show
from actions.turn import Turn


class ActionChooseByWords(ReplyAction):
    action_name = "action_choose_by_words"

    def reply(self, turn: Turn) -> Reply:
        offered = turn.existing(turn.slot("offered"))
        if not offered:
            return not_covered(turn, "There is nothing to choose from yet. Ask me something in your own words.")
        number = chosen(turn.text, len(offered))
        if number is None:
            return clarify(turn, offered[:3], "Which one did you mean? You can tap it, or type its number.")
        return show(turn, offered[number])


ORDINALS = {
    "first": 1, "1st": 1, "one": 1, "top": 1, "former": 1, "second": 2, "2nd": 2, "two": 2, "middle": 2, "third": 3, "3rd": 3,
    "three": 3, "fourth": 4, "4th": 4, "four": 4, "fifth": 5, "5th": 5, "five": 5, "sixth": 6, "6th": 6, "six": 6,
}


def chosen(text: str, count: int) -> int | None:
    """Which of ``count`` offered things a text names, from 0; None when it names none of them."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    if {"last", "bottom", "latter", "final"} & set(words):
        return count - 1
    for word in words:
        if word == "one" and len(words) > 1:
            continue  # "the second one", "that one"
        number = int(word) if word.isdigit() else ORDINALS.get(word)
        if number and 1 <= number <= count:
            return number - 1
    return None

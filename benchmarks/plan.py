"""How much is measured, and how often."""

from __future__ import annotations

from dataclasses import dataclass

#: Rasa's default assistant gets the first so many questions of each answer, and examples of each other intent.
EXAMPLES_EACH = 10


@dataclass(frozen=True)
class Plan:
    """The sizes of a run. Only runs with the :data:`FULL` plan can be compared with each other.

    ``epochs`` are those of every trained part of Rasa's default assistant; ``turns`` the messages that each open a
    new conversation; ``conversations`` of ``turns_each`` turns; ``load_seconds`` of ``load_rounds`` rounds for each
    number of clients; ``starts`` a server; ``edits`` of a file; ``answers`` the numbers that are ranked among;
    ``many_answers`` those of the large knowledge base that is edited; ``repeats`` of what is timed in this process.
    """

    comparable: bool
    epochs: int
    turns: int
    conversations: int
    turns_each: int
    clients: tuple[int, ...]
    load_seconds: float
    load_rounds: int
    starts: int
    edits: int
    answers: tuple[int, ...]
    many_answers: int
    repeats: int


FULL = Plan(comparable=True, epochs=100, turns=200, conversations=3, turns_each=200, clients=(16, 64), load_seconds=15,
            load_rounds=3, starts=3, edits=5, answers=(10, 100, 1_000, 10_000), many_answers=2_000, repeats=200)
#: Tries every measurement in a few minutes; its figures say nothing.
QUICK = Plan(comparable=False, epochs=1, turns=20, conversations=1, turns_each=30, clients=(4, 8), load_seconds=3,
             load_rounds=1, starts=1, edits=2, answers=(10, 100, 1_000), many_answers=400, repeats=20)

"""Learn how much each signal says: a question, a personal matter, or not covered (bot.nlu.judgement).

    python -m tests.evaluation.learn_judgement

Signals of texts that were learnt from say nothing about those of unseen ones. So a part of the
project's own questions and messages is held back, the assistant learns from the rest, and the
weights are learnt from what it then makes of the part. Takes three minutes; rewrites judgement.json.
Worth doing again after the questions or the signals have changed much.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge_base import KnowledgeBase, read
from bot.nlu.answer_ranker import AnswerRanker
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.example_index import ExampleIndex
from bot.nlu.examples import VectorCache
from bot.nlu.importer import ASK
from bot.nlu.intent_classifier import IntentClassifier, wording_of
from bot.nlu.judgement import KINDS, OUT_OF_SCOPE, PERSONAL, Judgement
from bot.nlu.question_index import all_questions, what_tells_apart
from bot.nlu.regression import Regression
from bot.nlu.spelling_corrector import SpellingCorrector
from bot.settings import PROJECT

#: Of the rest, one in so many is held back too, so that plain questions are among them.
EVERY = 6
#: The newest of each, which other hands wrote than the rest.
QUESTIONS_HELD_BACK = 8
MESSAGES_HELD_BACK = {PERSONAL: 400, OUT_OF_SCOPE: 300}
#: There are far more questions than others; and a personal matter that is answered does more harm than the reverse.
IMPORTANCE = {ASK: 1.0, PERSONAL: 2.5, OUT_OF_SCOPE: 2.0}
FOLDS = 10


def main() -> None:
    knowledge = read(PROJECT / "knowledge")
    kept = dataclasses.replace(knowledge, answers={
        answer.id: dataclasses.replace(answer, questions=tuple(parted(answer.questions, QUESTIONS_HELD_BACK)[0]))
        for answer in knowledge.answers.values()})
    pairs = [(message.get(TEXT).lower(), message.get(INTENT)) for message in load_data(str(PROJECT / "data" / "nlu")).intent_examples]
    held = {kind: parted([text for text, intent in pairs if intent == kind], newest)[1] for kind, newest in MESSAGES_HELD_BACK.items()}
    held[ASK] = [text for answer in knowledge.answers.values() for text in parted(answer.questions, QUESTIONS_HELD_BACK)[1]]
    unseen = {text for texts in held.values() for text in texts}
    measured, kinds = [], []
    measure = measuring(kept, [pair for pair in pairs if pair[0] not in unseen])
    for kind, texts in held.items():
        for text in texts:
            measured.append(measure(text))
            kinds.append(kind)
    table = np.array(measured)
    for told in crosswise(table, kinds):
        print(told)
    Judgement.learn(table, kinds, IMPORTANCE).save()


def parted(texts: Sequence[str], newest: int) -> tuple[list[str], list[str]]:
    """The texts to learn from, and those to hold back: the newest, and every so many of the others."""
    older = texts[:-newest]
    return [text for n, text in enumerate(older) if n % EVERY], [*older[::EVERY], *texts[-newest:]]


def measuring(knowledge: KnowledgeBase, pairs: list[tuple[str, str]]) -> Any:
    """The signals of a text, to an assistant that learnt from these questions and messages."""
    cache, (questions, answer_ids) = VectorCache(), all_questions(knowledge)
    ranker = AnswerRanker({}, None, None, cache, what_tells_apart(questions, answer_ids, cache))  # type: ignore[arg-type]
    ranker.take_up(knowledge)
    every = [*pairs, *((question, ASK) for question in questions)]
    texts, labels = zip(*every)
    classifier = IntentClassifier(
        {}, None, None, ExampleIndex(*zip(*pairs), cache.encode([text for text, _ in pairs])),  # type: ignore[arg-type]
        Regression.fit(cache.encode(list(texts)), labels, balanced=True), {kind: wording_of(kind, every, cache) for kind in KINDS})
    corrector, encoder = SpellingCorrector(), SentenceEncoder()
    corrector.take_up(knowledge)

    def signals(text: str) -> np.ndarray:
        message = Message(data={TEXT: text})
        for component in (corrector, encoder, ranker):
            component.process([message])
        return classifier.signals_of(message)

    return signals


def crosswise(table: np.ndarray, kinds: list[str]) -> Iterator[str]:
    """How often each kind is judged as which, by weights that were learnt without it."""
    judged: Counter[tuple[str, str]] = Counter()
    for fold in range(FOLDS):
        rest = np.arange(len(kinds)) % FOLDS != fold
        learnt = Judgement.learn(table[rest], [kind for kind, chosen in zip(kinds, rest) if chosen], IMPORTANCE)
        for number in np.flatnonzero(~rest):
            shares = learnt.shares(table[number])
            judged[kinds[number], max(shares, key=lambda kind: shares[kind])] += 1
    for kind in KINDS:
        total = sum(count for (of, _), count in judged.items() if of == kind)
        yield f"{kind}: " + ", ".join(f"{judged[kind, as_kind] / total:.1%} as {as_kind}" for as_kind in KINDS)


if __name__ == "__main__":
    main()

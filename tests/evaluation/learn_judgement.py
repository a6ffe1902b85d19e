"""Learn how much each signal says: a question, a personal matter, or not covered (bot.nlu.judgement).

    python -m tests.evaluation.learn_judgement

Signals of texts that were learnt from say nothing about those of unseen ones. So a part of the
project's own questions and messages is held back, the assistant learns from the rest, and the
weights are learnt from what it then makes of the part. Those of messages after an answer are learnt
from `conversations_to_learn.jsonl`, and from the other messages held back, each put after one of its answers.
Takes four minutes; rewrites judgement.json and judgement_in_context.json.
Worth doing again after the questions or the signals have changed much.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge_base import KnowledgeBase, read
from bot.nlu.answer_ranker import AnswerRanker
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.example_index import ExampleIndex
from bot.nlu.examples import VectorCache
from bot.nlu.follow_up import Context
from bot.nlu.importer import ASK
from bot.nlu.intent_classifier import IntentClassifier, wording_of
from bot.nlu.judgement import KINDS, OUT_OF_SCOPE, PERSONAL, SIGNALS, SIGNALS_IN_CONTEXT, WEIGHTS, WEIGHTS_IN_CONTEXT, Judgement
from bot.nlu.keys import RANKING
from bot.nlu.question_index import all_questions, what_tells_apart
from bot.nlu.regression import Regression
from bot.nlu.spelling_corrector import SpellingCorrector
from bot.nlu.term_extractor import TermExtractor
from bot.settings import PROJECT
from tests.evaluation.evaluate import read as read_lines

#: Of the rest, one in so many is held back too, so that plain questions are among them.
EVERY = 6
#: The newest of each, which other hands wrote than the rest.
QUESTIONS_HELD_BACK = 8
MESSAGES_HELD_BACK = {PERSONAL: 400, OUT_OF_SCOPE: 300}
#: There are far more questions than others; and a personal matter that is answered does more harm than the reverse.
IMPORTANCE = {ASK: 1.0, PERSONAL: 1.7, OUT_OF_SCOPE: 1.2}
#: After an answer most of what is typed goes on with it.
IMPORTANCE_IN_CONTEXT = {ASK: 2.0, PERSONAL: 1.2, OUT_OF_SCOPE: 0.7}
#: There are fewer examples of these: scikit-learn's C.
INVERSE_STRENGTH_IN_CONTEXT = 0.3
CONVERSATIONS = Path(__file__).with_name("conversations_to_learn.jsonl")
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
    assistant = Assistant(kept, [pair for pair in pairs if pair[0] not in unseen])
    messages = [(kind, assistant.signals(text)) for kind, texts in held.items() for text in texts]
    learn(messages, IMPORTANCE).save(WEIGHTS, SIGNALS)
    # A long message speaks for itself, and is judged as if nothing had been said.
    later = [(kind, measured) for kind, measured in after_answers(assistant, held) if len(measured) == len(SIGNALS_IN_CONTEXT)]
    learn(later, IMPORTANCE_IN_CONTEXT, INVERSE_STRENGTH_IN_CONTEXT).save(WEIGHTS_IN_CONTEXT, SIGNALS_IN_CONTEXT)


def learn(messages: Sequence[tuple[str, np.ndarray]], importance: Mapping[str, float], inverse_strength: float = 1.0) -> Judgement:
    """Learn from kinds and signals of messages, and say how often each kind is judged as which, by weights learnt without it."""
    kinds, table = [kind for kind, _ in messages], np.array([measured for _, measured in messages])
    judged: Counter[tuple[str, str]] = Counter()
    for fold in range(FOLDS):
        rest = np.arange(len(kinds)) % FOLDS != fold
        learnt = Judgement.learn(table[rest], [kind for kind, chosen in zip(kinds, rest) if chosen], importance, inverse_strength)
        for number in np.flatnonzero(~rest):
            shares = learnt.shares(table[number])
            judged[kinds[number], max(shares, key=lambda kind: shares[kind])] += 1
    for kind in KINDS:
        print(f"{kind} ({kinds.count(kind)}): "
              + ", ".join(f"{judged[kind, as_kind] / kinds.count(kind):.1%} as {as_kind}" for as_kind in KINDS))
    return Judgement.learn(table, kinds, importance, inverse_strength)


def after_answers(assistant: Assistant, held: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, np.ndarray]]:
    """Kind and signals of the later turns of conversations, and of other messages in their place."""
    contexts = []
    for talk in read_lines(CONVERSATIONS):
        context = Context()
        for turn in talk["turns"]:
            if context.last_answer:
                contexts.append(context)
                yield ASK, assistant.signals(turn["text"], context)
            context = assistant.context_after(turn["text"], turn["expect"], context)
    chance = random.Random(1)
    for kind in (PERSONAL, OUT_OF_SCOPE):
        for text in held[kind]:
            yield kind, assistant.signals(text, chance.choice(contexts))


def parted(texts: Sequence[str], newest: int) -> tuple[list[str], list[str]]:
    """The texts to learn from, and those to hold back: the newest, and every so many of the others."""
    older = texts[:-newest]
    return [text for n, text in enumerate(older) if n % EVERY], [*older[::EVERY], *texts[-newest:]]


class Assistant:
    """What understands a message, learnt from these questions and messages."""

    def __init__(self, knowledge: KnowledgeBase, pairs: list[tuple[str, str]]):
        cache, (questions, answer_ids) = VectorCache(), all_questions(knowledge)
        self._knowledge = knowledge
        self._ranker = AnswerRanker({}, None, None, cache, what_tells_apart(questions, answer_ids, cache))  # type: ignore[arg-type]
        self._ranker.take_up(knowledge)
        every = [*pairs, *((question, ASK) for question in questions)]
        texts, labels = zip(*every)
        self._classifier = IntentClassifier(
            {}, None, None, ExampleIndex(*zip(*pairs), cache.encode([text for text, _ in pairs])),  # type: ignore[arg-type]
            Regression.fit(cache.encode(list(texts)), labels, balanced=True), {kind: wording_of(kind, every, cache) for kind in KINDS})
        corrector = SpellingCorrector()
        corrector.take_up(knowledge)
        self._readers = (corrector, SentenceEncoder(), TermExtractor())

    def _read(self, text: str, context: Context) -> Message:
        message = Message(data={TEXT: text})
        for reader in self._readers:
            reader.process([message])
        self._ranker.rank(message, context)
        return message

    def signals(self, text: str, context: Context = Context()) -> np.ndarray:  # noqa: B008 - it cannot be changed
        """The signals of a message, by itself or after an answer."""
        return self._classifier.signals_of(self._read(text, context))

    def context_after(self, text: str, expected: Sequence[str], context: Context) -> Context:
        """What was talked about once a message is answered as it should be."""
        ranked = [one["id"] for one in self._read(text, context).get(RANKING)["answers"]]
        fitting = [answer for answer in self._knowledge.answers.values()
                   if any(f"{citation.source} {citation.locator}" in expected for citation in answer.citations)]
        answer = min(fitting, key=lambda one: ranked.index(one.id) if one.id in ranked else len(ranked))
        return Context(tuple(answer.about), answer.id)


if __name__ == "__main__":
    main()

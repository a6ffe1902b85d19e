"""Milliseconds that looking for red flags adds to a turn."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from benchmarks.bench import Bench
from benchmarks.messages import messages
from benchmarks.rows import Row
from bot.knowledge_base import live_knowledge_base
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.red_flag_detector import RedFlagDetector
from bot.nlu.spelling_corrector import SpellingCorrector
from bot.settings import settings


def measure(bench: Bench) -> list[Row]:
    """The trained detector on messages that are corrected and encoded already, as in a turn."""
    bench.say("the red-flag detector")
    detector = _trained(bench.ours.model)
    corrector, encoder = SpellingCorrector(), SentenceEncoder()
    corrector.take_up(live_knowledge_base(settings().knowledge_folder).current)
    taken = []
    for number in range(bench.plan.repeats + 5):
        message = Message(data={TEXT: messages()[number % len(messages())]})
        encoder.process(corrector.process([message]))
        start = time.perf_counter()
        detector.process([message])
        taken.append(time.perf_counter() - start)
    return [Row("red-flag detector, added to a turn, median", "ms", 1000 * statistics.median(taken[5:]))]


def _trained(model: Path) -> RedFlagDetector:
    with tempfile.TemporaryDirectory() as folder:
        storage, metadata = LocalModelStorage.from_model_archive(Path(folder), model)
        name = next(path.name for path in Path(folder).iterdir() if RedFlagDetector.__name__ in path.name)
        return RedFlagDetector.load({}, storage, Resource(name), ExecutionContext(GraphSchema({}), metadata.model_id))

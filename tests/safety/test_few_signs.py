"""The detector on a knowledge base with a single sign, none of the gravest: what is told is seen, what is not is let by."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge_base import read
from bot.nlu.danger import DangerIndex, Seen, Wording
from bot.nlu.danger_learning import Learnt, learn
from bot.nlu.encoder import wordings
from bot.nlu.examples import VectorCache
from tests.staff import small

ORDINARY = ["hello there", "thanks a lot", "where do i park", "how long does it last", "the kettle is on"]


@pytest.fixture
def cache() -> VectorCache:
    return VectorCache()


@pytest.fixture
def index(tmp_path: Path, cache: VectorCache) -> DangerIndex:
    knowledge = read(small.write(tmp_path / "knowledge"))
    learn(knowledge, cache, ORDINARY).save(tmp_path)
    return DangerIndex(knowledge, cache, ORDINARY, Learnt.load(tmp_path))


def look(index: DangerIndex, cache: VectorCache, text: str) -> Seen | None:
    parts = wordings(text)
    return index.look(text, text, Wording(parts, cache.encode(parts), cache.middle(parts)))


def test_the_one_sign_is_seen(index: DangerIndex, cache: VectorCache) -> None:
    seen = look(index, cache, "a sudden terrible pain in my head like a clap, a minute ago")
    assert seen is not None
    assert seen.sign == "thunderclap"


@pytest.mark.parametrize("text", ["hello there", "how long does it last", "123", ""])
def test_what_is_none_is_let_by(index: DangerIndex, cache: VectorCache, text: str) -> None:
    assert look(index, cache, text) is None

"""Words that patients wrote are not kept for as long as the process lives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.knowledge_base import KnowledgeBase
from bot.nlu.forgetting import WORDS_KEPT, Forgetting, Reader
from bot.nlu.language import english
from bot.nlu.terms import TermFinder
from bot.store.redaction_names import NameFinder


@pytest.fixture(params=["tokens", "terms", "names"])
def reading(request: pytest.FixtureRequest, knowledge: KnowledgeBase) -> tuple[Forgetting, Callable[[Reader, str], object]]:
    """What reads messages, and how it is given one."""
    return {
        "tokens": (english, lambda reader, text: reader(text)),
        "terms": (Forgetting(lambda: TermFinder(knowledge.terms)), TermFinder.find),
        "names": (Forgetting(NameFinder), NameFinder.spans),
    }[request.param]


def test_a_vocabulary_is_let_go_when_it_is_full(reading: tuple[Forgetting, Callable[[Reader, str], object]]) -> None:
    reader, read = reading
    read(reader(), "Mrs. Xanthopoulou-Quill wrote")
    first, most = reader(), 0
    for number in range(0, WORDS_KEPT + 1000, 100):
        read(reader(), " ".join(f"zq{n:x}x" for n in range(number, number + 100)))
        most = max(most, len(reader().vocab.strings))
    assert reader() is not first and "Xanthopoulou" not in reader().vocab.strings
    assert most < len(first.vocab.strings) + 1000


def test_what_is_being_read_is_read_to_its_end() -> None:
    document = english()("a bad neck")
    for number in range(0, 2 * WORDS_KEPT, 200):
        english()(" ".join(f"yk{n:x}" for n in range(number, number + 200)))
    assert [token.text for token in document] == ["a", "bad", "neck"]

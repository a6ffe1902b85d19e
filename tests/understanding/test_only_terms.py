"""A message that names conditions or treatments and says nothing else of them is a question."""

from __future__ import annotations

import pytest

from bot.knowledge_base import KnowledgeBase
from bot.nlu.terms import TermFinder, only_names


@pytest.fixture(scope="module")
def finder(knowledge: KnowledgeBase) -> TermFinder:
    return TermFinder(knowledge.terms)


@pytest.mark.parametrize("text", [
    "lupus", "what is lupus?", "Whats botox", "tell me about Raynaud’s please", "ok and trigger point injections??",
])
def test_it_says_nothing_else(finder: TermFinder, text: str) -> None:
    assert only_names(text, finder.find(text))


@pytest.mark.parametrize("text", [
    "", "hello", "what is it", "my lupus", "do i have lupus", "lupus rash cream", "botox for wrinkles", "is lupus contagious",
    "neurologist", "no migraine",
])
def test_it_says_more_or_names_nothing(finder: TermFinder, text: str) -> None:
    assert not only_names(text, finder.find(text))

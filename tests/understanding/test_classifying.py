"""A text is told to be of a kind by its meaning and its words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.wording_classifier import CERTAIN, WordingClassifier

OF_IT = [f"should i take {medicine} for my headache" for medicine in ("it", "two", "more", "less", "these", "tablets")]
OTHERS = [f"what is {name} in people" for name in ("migraine", "lupus", "a block", "botox", "a threshold", "an aura", "a nerve")]


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """Meanings that say little: the words must decide."""
    drawn = np.random.default_rng(5).standard_normal((len(OF_IT) + len(OTHERS), 384)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def classifier(vectors: np.ndarray) -> WordingClassifier:
    return WordingClassifier.fit([*OF_IT, *OTHERS], vectors, len(OF_IT))


def test_what_it_learnt_from_lies_on_its_side(classifier: WordingClassifier, vectors: np.ndarray) -> None:
    margins = classifier.margins([*OF_IT, *OTHERS], vectors)
    assert (margins[: len(OF_IT)] > 0).all()
    assert (margins[len(OF_IT) :] < 0).all()


def test_a_new_text_of_like_words_lies_there_too(classifier: WordingClassifier) -> None:
    nothing = np.zeros((2, 384), np.float32)
    mine, general = classifier.margins(["should i take one for my neck", "what is fibromyalgia in people"], nothing)
    assert mine > 0 > general


def test_the_same_texts_give_the_same(classifier: WordingClassifier, vectors: np.ndarray) -> None:
    again = WordingClassifier.fit([*OF_IT, *OTHERS], vectors, len(OF_IT))
    assert (again.margins(OF_IT, vectors[: len(OF_IT)]) == classifier.margins(OF_IT, vectors[: len(OF_IT)])).all()


def test_what_is_stored_says_the_same(classifier: WordingClassifier, vectors: np.ndarray, tmp_path: Path) -> None:
    classifier.save(tmp_path, "kind")
    assert np.allclose(WordingClassifier.load(tmp_path, "kind").margins(OTHERS, vectors[: len(OTHERS)]),
                       classifier.margins(OTHERS, vectors[: len(OTHERS)]))


@pytest.mark.parametrize(("of_the_kind", "margin"), [(0, -CERTAIN), (len(OTHERS), CERTAIN)])
def test_where_there_is_but_one_kind_it_is_certain(of_the_kind: int, margin: float, vectors: np.ndarray) -> None:
    only = WordingClassifier.fit(OTHERS, vectors[: len(OTHERS)], of_the_kind)
    assert only.margins(["anything at all"], vectors[:1]).tolist() == [margin]

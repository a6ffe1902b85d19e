"""What makes a turn quick changes nothing: integers instead of fractions, a few words instead of all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.nlu.cosines import Cosines
from bot.nlu.ngrams import NgramIndex
from bot.nlu.spelling import letters_of
from bot.nlu.word_sequences import WordSequences

TEXTS = ["my neck hurts when i drive", "what is occipital neuralgia", "is my neck to blame", "why does my neck hurt so",
         "who treats occipital neuralgia", "does the neck trigger migraine", "zoster"]
WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzé'"), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    drawn = np.random.default_rng(7).standard_normal((500, 384)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


def test_cosines_are_off_by_a_few_thousandths_at_most(vectors: np.ndarray) -> None:
    found = Cosines(vectors).of(vectors[:20])
    assert np.abs(found - vectors[:20] @ vectors.T).max() < 0.006
    assert (found.argmax(axis=1) == np.arange(20)).all()


def test_a_wording_is_as_near_whatever_stands_beside_it(vectors: np.ndarray) -> None:
    index = Cosines(vectors)
    assert (index.of(vectors[:5])[2] == index.of(vectors[2:3])[0]).all()


def test_a_message_without_a_letter_is_near_nothing(vectors: np.ndarray) -> None:
    assert not Cosines(vectors).of(np.zeros((1, 384), np.float32)).any()


@pytest.mark.parametrize("kind", ["letters", "words"])
def test_common_and_rare_sequences_together_give_the_cosine(kind: str) -> None:
    """Compared text by text, nothing is left to integers."""
    exact, quick = NgramIndex(TEXTS, kind, by_text=True), NgramIndex(TEXTS, kind)
    asked = [*TEXTS, "does my neck cause occipital neuralgia", "xyz"]
    assert np.abs(quick.similarities(asked) - exact.similarities(asked)).max() < 0.02
    assert np.abs(np.diag(quick.similarities(TEXTS)) - 1).max() < 0.02


def test_the_words_of_a_message_weigh_the_same_as_those_of_many() -> None:
    words, features = WordSequences.met_in(TEXTS, 2)
    assert (features != words.of(TEXTS)).nnz == 0
    slopes = np.random.default_rng(3).standard_normal((len(words), 4)).astype(np.float32)
    asked = [*TEXTS, "the neck, the NECK, the neck".lower(), "nothing known"]
    assert np.allclose(words.times(asked, slopes), words.of(asked) @ slopes, atol=1e-5)
    assert np.allclose(words.times(asked * 20, slopes), words.of(asked * 20) @ slopes, atol=1e-5)


@given(WORDS, WORDS)
def test_no_word_within_reach_is_left_out(one: str, other: str) -> None:
    """The letters that two words do not share are at most twice as many as the slips between them."""
    assert bin(letters_of(one) ^ letters_of(other)).count("1") <= 2 * OSA.distance(one, other)

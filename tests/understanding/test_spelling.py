"""Misspelt words become the words meant; everything else stays as typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge_base import read
from bot.nlu.spelling import Spelling, sound
from bot.nlu.spelling_corrector import spelling_of
from bot.settings import PROJECT

KNOWLEDGE = read(PROJECT / "knowledge")
#: Typed by thumb, by ear, in the dark; and what was meant.
MEANT = [
    ("do migrans cuase autoimune problms", "do migraine cause autoimmune problems"),
    ("bad postcher and a stif nek", "bad posture and a stiff neck"),
    ("ocipital nuralgia tretment", "occipital neuralgia treatment"),
    ("servicogenic hedake", "cervicogenic headache"),
    ("botocks injecshuns", "botox injections"),
    ("i havent slept, my hed hurts alot", "i haven't slept, my head hurts a lot"),
    ("raynods and lupis", "raynauds and lupus"),
]
#: Brands, acronyms, dialect and names that patients use.
STAYS = ["Calpol", "HRT", "triptans", "epipen", "vomiting", "slurring", "wee bairn", "What is a nerve block?", "🙂 ok"]
FOREIGN = ["dolor de cabeza y cuello desde ayer que hago", "waarom heb ik nekpijn en migraine", "können sie mir helfen mit meiner migräne"]
#: Below this share of known words a message is taken for another language (bot.nlu.intent_classifier).
OWN_WORDS_SHARE = 0.55


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return spelling_of(KNOWLEDGE)


@pytest.mark.parametrize(("typed", "meant"), MEANT)
def test_what_was_meant(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.correct(typed) == meant
    assert spelling.share_known(typed) > OWN_WORDS_SHARE


@pytest.mark.parametrize("typed", STAYS)
def test_what_stays(spelling: Spelling, typed: str) -> None:
    assert spelling.correct(typed) == typed


@pytest.mark.parametrize("typed", FOREIGN)
def test_other_languages_are_not_taken_for_bad_english(spelling: Spelling, typed: str) -> None:
    assert spelling.share_known(typed) <= OWN_WORDS_SHARE + 0.05


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([answer.title for answer in KNOWLEDGE.answers.values()]))
def test_correct_english_stays(spelling: Spelling, title: str) -> None:
    assert spelling.correct(title) == title


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_taken(spelling: Spelling, text: str) -> None:
    assert isinstance(spelling.correct(text), str)
    assert 0.0 <= spelling.share_known(text) <= 1.0


@pytest.mark.parametrize(("one", "other"), [("posture", "postcher"), ("new", "noo"), ("headache", "hedake"), ("position", "posishun")])
def test_words_that_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_an_edited_answer_teaches_its_words() -> None:
    taught = Spelling(["The zygapophysial joint lies in the neck."], typed=["zygapophysial joint"] * 5)
    assert taught.correct("zygapophisial") == "zygapophysial"

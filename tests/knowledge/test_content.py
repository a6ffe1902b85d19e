"""What the knowledge base promises of its content, over every answer."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import pytest

from bot.knowledge_base import Answer, KnowledgeBase
from bot.knowledge_base.readability import reading_grade, word_count

PASSAGES = (Path(__file__).parent.parent / "passages.txt").read_text().split("\n")
FEWEST_QUESTIONS = 20
NUMBER = re.compile(r"\d+(?:\.\d+)?\s?%|\b\d+\.\d+\b")

#: Figures that answers must give exactly as the source does: answer, figures.
FIGURES = {
    "autoimmune/how-common-migraine-is-in-lupus": ["42.5%", "10"],
    "neck-pain/how-common-with-migraine": ["70%", "48%"],
    "neck-pain/how-often-neck-pain-is-a-trigger": ["32%", "57%"],
    "neck-pain/how-long-trigger-point-injections-last": ["two weeks", "six months"],
    "occipital-neuralgia/untreated-migraine": ["four hours", "three days"],
    "occipital-neuralgia/how-long-attacks-last": ["few seconds", "minutes"],
}
#: All percentages that the three sources print.
SOURCES_PERCENTAGES = {"42.5%", "70%", "48%", "32%", "57%"}


def every_answer(knowledge: KnowledgeBase) -> list[Answer]:
    return list(knowledge.answers.values())


def test_every_passage_of_the_sources_is_cited(knowledge: KnowledgeBase) -> None:
    cited = {f"{c.source} {c.locator}" for c in knowledge.answers_citing}
    assert [passage for passage in PASSAGES if passage and passage not in cited] == []


def test_no_answer_cites_a_passage_that_is_not_listed(knowledge: KnowledgeBase) -> None:
    cited = {f"{c.source} {c.locator}" for c in knowledge.answers_citing}
    assert cited <= set(PASSAGES)


def test_every_answer_reads_easily(knowledge: KnowledgeBase) -> None:
    grades = {a.id: reading_grade(a.body, knowledge.names_set_aside) for a in every_answer(knowledge)}
    assert {key: grade for key, grade in grades.items() if grade > 8} == {}
    assert median(grades.values()) <= 6


def test_the_simpler_form_is_simpler(knowledge: KnowledgeBase) -> None:
    hard = {a.id for a in every_answer(knowledge)
            if reading_grade(a.simpler, knowledge.names_set_aside) > 8 or word_count(a.simpler) > 45}
    assert hard == set()


def test_every_answer_has_the_right_length(knowledge: KnowledgeBase) -> None:
    assert {a.id: word_count(a.body) for a in every_answer(knowledge) if not 40 <= word_count(a.body) <= 150} == {}


def test_every_answer_has_enough_questions(knowledge: KnowledgeBase) -> None:
    assert {a.id: len(a.questions) for a in every_answer(knowledge) if len(a.questions) < FEWEST_QUESTIONS} == {}


@pytest.mark.parametrize("answer_id", FIGURES)
def test_figures_are_the_sources_own(knowledge: KnowledgeBase, answer_id: str) -> None:
    body = knowledge.answers[answer_id].body
    assert [figure for figure in FIGURES[answer_id] if figure not in body] == []


def test_no_answer_has_a_percentage_that_no_source_has(knowledge: KnowledgeBase) -> None:
    found = {(a.id, number) for a in every_answer(knowledge)
             for number in NUMBER.findall(a.body + a.simpler + a.title) if "%" in number}
    assert {(key, number) for key, number in found if number.replace(" ", "") not in SOURCES_PERCENTAGES} == set()


def test_no_answer_gives_a_dose_or_a_link(knowledge: KnowledgeBase) -> None:
    forbidden = re.compile(r"\d\s?(?:mg|mcg|ml|milligrams?|tablets?|pills?)\b|https?://|www\.", re.IGNORECASE)
    assert {a.id for a in every_answer(knowledge) if forbidden.search(a.body + a.simpler)} == set()


def test_opinions_and_dated_lists_name_whose_and_when(knowledge: KnowledgeBase) -> None:
    drugs = [f"refractory-migraine/{name}" for name in
             ("ketamine", "memantine", "propofol", "quetiapine", "clonazepam", "iv-lidocaine")]
    assert [key for key in drugs if "2013" not in knowledge.answers[key].body] == []
    turmeric = knowledge.answers["autoimmune/turmeric"]
    assert "Dr. Ansari" in turmeric.body
    assert turmeric.note


def test_nobody_claims_a_review_that_has_not_happened(knowledge: KnowledgeBase) -> None:
    for answer in every_answer(knowledge):
        assert (answer.review.status == "reviewed") == (answer.review.digest is not None), answer.id

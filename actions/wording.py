"""Sentences that several replies share: whom to consult, and how to reach a person."""

from __future__ import annotations

from bot.knowledge_base import Answer, Clinic, KnowledgeBase


def consult(answer: Answer, knowledge: KnowledgeBase) -> str:
    """Whom to consult about the subject of an answer."""
    specialty = knowledge.clinic.specialties[answer.consult]
    name = specialty["name"]
    return f"Talk it over with {name} ({specialty['helps']}), or call {knowledge.clinic.name}: {knowledge.clinic.phone}."


def consult_own_doctor(clinic: Clinic) -> str:
    return f"For advice on your own case, talk to your doctor or pharmacist, or call {clinic.name}: {clinic.phone}."


def consult_clinic(clinic: Clinic) -> str:
    return f"Your doctor can help, or call {clinic.name}: {clinic.phone} ({clinic.hours_in_words()})."


def unavailable(clinic: Clinic) -> tuple[str, str]:
    """What is said when something broke: words, and whom to consult."""
    return (
        "Sorry, something went wrong on our side and I could not look that up. Please try again in a minute. "
        f"If you feel very unwell, call {clinic.number('emergency')}.",
        f"A person can help you now: call {clinic.name}, {clinic.phone}, or talk to your doctor.",
    )

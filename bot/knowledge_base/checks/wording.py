"""Wording that promises, doses, or tells one patient what to do: none of it is education."""

from __future__ import annotations

import re

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase

_PROMISE = re.compile(
    r"\bguarantee(?:s|d)?\b|\bmiracle\b|\brisk-free\b|\b100 ?% (?:safe|effective|sure|certain)\b|"
    r"\b(?:will|can) (?:cure|fix|heal|get rid of)\b|\bcures\b|"
    r"\bwill (?:stop|end) (?:your|the) (?:pain|migraine|headache)s?\b|"
    r"\b(?:completely|totally|perfectly|absolutely|entirely) (?:safe|harmless|cured|painless)\b|"
    r"\balways (?:works|helps|safe)\b|"
    r"\bnever fails\b|\bhas no (?:risks?|side effects?)\b|\bwithout (?:any )?(?:risks?|side effects)\b|"
    r"\bnothing to worry about\b|"
    r"\byou will (?:get better|recover|be fine|feel better|be cured|be free)\b|\bwe promise\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:\d+(?:[.,]\d+)?|half an?|one|two|three|four|five|six|eight|ten)"
_SEVERAL = r"(?:[2-9]|\d\d+|half an?|two|three|four|five|six|eight|ten)"
_DOSE = re.compile(
    rf"\b{_NUMBER}[ -]?(?:mg|mcg|µg|ml|milligrams?|micrograms?|millilit(?:er|re)s?|grams?|units?|iu)\b|"
    # "From one pill to another" is no dose.
    rf"\b{_SEVERAL} (?:tablets?|pills?|capsules?|drops|puffs)\b|"
    rf"\btake (?:it )?(?:once|twice|{_NUMBER} times) (?:a day|daily|a week|weekly)\b|\bevery {_NUMBER} hours\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"\byou (?:should|must|need to|have to|ought to) "
    r"(?:take|stop|start|try|use|avoid|increase|reduce|double|skip|switch|get)\b|"
    r"(?:^|[.!?]\s+)(?:stop|start|keep|increase|reduce|double|skip) "
    r"(?:taking|using|your (?:dose|medicines?|medication|tablets|pills))\b|"
    r"(?:^|[.!?]\s+)you have (?:an? )?(?:migraine|cervicogenic|occipital|lupus|autoimmune|refractory|neuralgia)",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:studies|research|science|experts|doctors) "
    r"(?:show|shows|prove|proves|say|says|agree|agrees|have (?:shown|proven))\b|"
    r"\b(?:clinically|scientifically) proven\b|\bit is (?:well known|a fact|proven)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:\b(?:no|not|never|nothing|none|neither|nor|cannot|without|nobody|"
    r"as long as|if|unless|whether)\b|n['’]t\b)[^.!?]{0,40}$",
    re.IGNORECASE,
)


def wording_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Promises, doses and orders in the title, the text and `simpler` of answers."""
    found = []
    for answer in knowledge.answers.values():
        for field, text in (("title", answer.title), ("simpler", answer.simpler), ("text", answer.body)):
            for said in _matches(_PROMISE, text, unless_denied=True):
                found.append(
                    Problem(
                        answer.file,
                        0,
                        field,
                        f"promises: “{said}”",
                        "say what may happen, to whom, and who says so",
                    )
                )
            for said in _matches(_DOSE, text):
                found.append(
                    Problem(
                        answer.file,
                        0,
                        field,
                        f"gives a dose: “{said}”",
                        "leave the amount to the patient's doctor or pharmacist",
                    )
                )
            for said in _matches(_ORDER, text, unless_denied=True):
                found.append(
                    Problem(
                        answer.file,
                        0,
                        field,
                        f"tells one patient what they have or must do: “{said}”",
                        "speak of “some people” and of what a doctor may suggest",
                    )
                )
            for said in _matches(_VAGUE, text, unless_denied=True):
                found.append(
                    Problem(
                        answer.file,
                        0,
                        field,
                        f"names no one: “{said}”",
                        "say whose finding or opinion it is",
                        warning=True,
                    )
                )
    return found


def _matches(pattern: re.Pattern[str], text: str, unless_denied: bool = False) -> list[str]:
    return [
        " ".join(match.group().strip(" .!?\n").split())
        for match in pattern.finditer(text)
        if not (unless_denied and _DENIED.search(text[: match.start()]))
    ]

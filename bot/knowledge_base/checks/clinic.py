"""Can a patient reach somebody with what `clinic.yml` says?"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from bot.knowledge_base.clinic import Clinic
from bot.knowledge_base.problems import Problem
from bot.knowledge_base.records import KnowledgeBase

_MADE_UP = re.compile(r"\b555-?01\d\d\b")


def clinic_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Numbers without digits, a made-up number, hours that end before they begin, an unknown time zone."""
    clinic, found = knowledge.clinic, []
    numbers = [("phone", clinic.phone)]
    numbers += [
        (f"numbers.{country}.{kind}", number)
        for country, kinds in clinic.numbers.items()
        for kind, number in kinds.items()
        if kind != "crisis_name"
    ]
    for field, number in numbers:
        if not any(letter.isdigit() for letter in number):
            found.append(Problem("clinic.yml", 0, field, f"is “{number}”, which nobody can call", "write the number"))
        elif _MADE_UP.search(number):
            found.append(
                Problem(
                    "clinic.yml",
                    0,
                    field,
                    f"is {number}, a made-up number for examples",
                    "write the clinic's own number",
                    warning=True,
                )
            )
    try:
        ZoneInfo(clinic.time_zone)
    except (KeyError, ValueError, OSError):
        found.append(
            Problem(
                "clinic.yml",
                0,
                "time_zone",
                f"is “{clinic.time_zone}”, which is not a time zone",
                "write it like America/New_York or Europe/London",
            )
        )
    return found + _hours(clinic)


def _hours(clinic: Clinic) -> list[Problem]:
    found = []
    for day, span in clinic.hours.items():
        opens, closes = span.split("-")
        if opens >= closes or closes > "24:00":
            found.append(
                Problem(
                    "clinic.yml",
                    0,
                    f"hours.{day}",
                    f"is “{span}”, which ends before it begins",
                    'use the 24-hour clock, as in "08:30-17:00"',
                )
            )
    if not clinic.hours:
        found.append(
            Problem("clinic.yml", 0, "hours", "says the clinic is never open", "write the hours of a day", warning=True)
        )
    return found

"""What stands in each kind of knowledge file. Unknown fields are refused by name."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field, constr, validator

if TYPE_CHECKING:
    Line = str
else:
    Line = constr(strip_whitespace=True, min_length=1)
Level = Literal["emergency", "urgent"]
HOURS = re.compile(r"^\d\d:\d\d-\d\d:\d\d$")


class Strict(BaseModel):
    class Config:
        extra = "forbid"


class ReviewFields(Strict):
    status: Literal["awaiting clinician review", "reviewed"]
    written: dt.date
    due: dt.date
    by: str | None = None
    on: dt.date | None = None
    digest: str | None = None


class AnswerFields(Strict):
    title: Line
    questions: list[Line] = Field(min_items=1)
    sources: list[Line] = Field(min_items=1, max_items=3)
    related: list[Line] = []
    consult: Line
    simpler: Line
    about: list[Line] = []
    note: str = ""
    review: ReviewFields


class PatternFields(Strict):
    all: list[list[Line]] = Field(min_items=1)
    unless: list[Line] = []
    level: Level | None = None


class RedFlagFields(Strict):
    title: Line
    level: Level
    signs: Line
    say: Line
    do_not: Line
    sources: list[Line] = Field(min_items=1)
    told: list[Line] = Field(min_items=1)
    told_other_level: list[Line] = []
    not_it: list[Line] = Field(min_items=1)
    patterns: list[PatternFields] = []
    crisis: bool = False
    review: ReviewFields


class HarmlessFields(Strict):
    messages: list[Line] = Field(min_items=1)


class SourceFields(Strict):
    title: Line
    kind: Literal["interview", "article"]
    speaker: Line
    speaker_role: str | None = None
    interviewer: str | None = None
    publisher: Line
    year: int | None = None
    locator: Literal["time", "section"]
    sections: dict[str, str] = {}
    passages: str = ""
    spoken: Line
    reference: Line


class TopicFields(Strict):
    title: Line
    about: Line
    lay: list[Line] = []
    first: list[Line] = []


class NumberFields(Strict):
    emergency: Line
    crisis: Line
    crisis_name: Line
    poison: Line


class SpecialtyFields(Strict):
    name: Line
    helps: Line


class ClinicFields(Strict):
    name: Line
    phone: Line
    booking: Line
    time_zone: Line
    hours: dict[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], str]
    country: Line
    numbers: dict[str, NumberFields]
    specialties: dict[str, SpecialtyFields]

    @validator("hours", each_item=True)
    def hours_are_spans(cls, span: str) -> str:
        if not HOURS.match(span):
            raise ValueError('write the hours as "08:30-17:00"')
        return span

"""The clinic's own facts, as `clinic.yml` has them: its numbers, its hours and whom a patient can consult."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Clinic:
    """What the clinic itself fills in: how to reach people, and whom a patient can consult."""

    name: str
    phone: str
    booking: str
    country: str
    numbers: Mapping[str, Mapping[str, str]]
    specialties: Mapping[str, Mapping[str, str]]
    hours: Mapping[str, str]
    time_zone: str = "UTC"

    def number(self, kind: str, country: str | None = None) -> str:
        """The number of a kind (`emergency`, `crisis`, …) in a country, else in the clinic's own."""
        here = self.numbers.get((country or "").upper()) or self.numbers[self.country]
        return here.get(kind) or self.numbers[self.country][kind]

    def is_open(self, now: dt.datetime | None = None) -> bool:
        """Whether the clinic is open now (or at an aware time), by its own clock."""
        local = (now or dt.datetime.now(dt.timezone.utc)).astimezone(ZoneInfo(self.time_zone))
        span = self.hours.get(WEEKDAYS[local.weekday()])
        if not span:
            return False
        opens, closes = span.split("-")
        return opens.strip() <= local.strftime("%H:%M") < closes.strip()

    def hours_in_words(self) -> str:
        """The opening hours, days with the same hours joined: "Monday to Thursday 08:30-17:00"."""
        runs: list[list[str]] = []
        for day in WEEKDAYS:
            span = self.hours.get(day)
            if not span:
                continue
            if runs and runs[-1][2] == span and WEEKDAYS.index(runs[-1][1]) == WEEKDAYS.index(day) - 1:
                runs[-1][1] = day
            else:
                runs.append([day, day, span])
        return ", ".join(
            (f"{a.title()} to {b.title()}" if a != b else a.title()) + f" {span}" for a, b, span in runs
        )

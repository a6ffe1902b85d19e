"""How hard a text is to read, with the names of conditions and medicines set aside.

The Flesch-Kincaid grade counts syllables, so "trigeminocervical complex" costs several
school years although a reader meets it as one name that the text has just explained.
Names from the term list are therefore replaced by one short word before counting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import textstat

STAND_IN = "it"


@lru_cache(maxsize=8)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")(?:'s|’s|s)?\b", re.IGNORECASE)


def plain(markdown: str) -> str:
    """The words a reader hears: Markdown marks removed, each list item and heading a sentence."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"[*_`#>]+", "", text)
    lines = [re.sub(r"^\s*(?:[-+]|\d+\.)\s+", "", line).strip() for line in text.splitlines()]
    return " ".join(line if line.endswith((".", "!", "?", ":", ",", ";")) else line + "." for line in lines if line)


def reading_grade(markdown: str, names: Iterable[str] = ()) -> float:
    """The Flesch-Kincaid grade (years of school) of a text, the given names set aside.

    Source of the formula: Kincaid et al. 1975, as computed by ``textstat``.
    """
    text = plain(markdown)
    pattern = _names_pattern(tuple(sorted(set(names))))
    if pattern:
        text = pattern.sub(STAND_IN, text)
    return float(textstat.flesch_kincaid_grade(text))


def word_count(markdown: str) -> int:
    """How many words a reader reads."""
    return len(re.findall(r"[\w'’%.-]*\w", plain(markdown)))

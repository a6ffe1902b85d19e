"""Corrects words that neither English nor the knowledge base knows to the nearest known word."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)*")
#: A word of the frequency list counts as a target of a correction from this count on.
COMMON = 2_000_000
KNOWN = 60_000
#: Typed so often, and so far from the word meant, that nearness alone goes wrong.
SHORTHAND = {
    "u": "you", "r": "are", "ur": "your", "n": "and", "w": "with", "b4": "before", "cos": "because",
    "coz": "because", "cuz": "because", "wat": "what", "wot": "what", "wats": "what's", "wots": "what's",
    "hw": "how", "lng": "long", "lst": "last", "pls": "please", "plz": "please", "thx": "thanks",
    "ppl": "people", "dr": "doctor", "docs": "doctors", "doc": "doctor", "meds": "medicines", "med": "medicine",
    "bc": "because", "idk": "i don't know", "tho": "though", "thru": "through", "dont": "don't", "cant": "can't",
    "wont": "won't", "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't", "whats": "what's", "hows": "how's",
    "im": "i'm", "ive": "i've", "thats": "that's", "teh": "the", "dose": "dose", "wen": "when", "wich": "which",
    "wuts": "what's", "sum": "some", "frm": "from", "abt": "about", "gud": "good", "nite": "night",
    "wiv": "with", "wth": "with", "shud": "should", "cud": "could", "wud": "would", "kno": "know", "pian": "pain",
}


@lru_cache(maxsize=1)
def english_words() -> dict[str, int]:
    """English words with how often they are written (the list that symspellpy ships)."""
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    return {word: int(count) for word, count in (line.split() for line in text.splitlines() if line)}


def plain_letters(word: str) -> str:
    """A word as typed on a plain keyboard: no accents, no apostrophes (`Sjögren's` → `sjogrens`)."""
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "'’")


class Spelling:
    """A corrector for one knowledge base."""

    def __init__(self, knowledge_texts: Iterable[str], names: Iterable[str] = ()):
        """``knowledge_texts`` are correctly spelt; ``names`` may hold misspellings, which stay uncorrected
        only where no word of the texts is near."""
        english = english_words()
        self.own = {word.lower() for text in knowledge_texts for word in WORD.findall(text) if len(word) > 2}
        self.own |= {plain_letters(word) for word in self.own}
        targets = self.own | {word for word, count in english.items() if count >= COMMON and len(word) > 2}
        self._frequency = english
        self._targets: dict[int, list[str]] = defaultdict(list)
        for word in sorted(targets):
            self._targets[len(word)].append(word)
        self.known = targets | {word for word, count in english.items() if count >= KNOWN}
        extra = {word.lower() for name in names for word in WORD.findall(name)}
        self.known |= {word for word in extra - self.known if self._nearest(word) not in self.own}
        self._cache: dict[str, str] = {}

    def knows(self, word: str) -> bool:
        lowered = word.lower().replace("’", "'")
        return lowered in self.known or lowered.split("'")[0] in self.known or lowered in SHORTHAND

    def correct(self, text: str) -> str:
        """The text with unknown words replaced; the rest is left as typed."""
        return WORD.sub(lambda match: self._correct_word(match.group()), text)

    def share_known(self, text: str) -> float:
        """The share (0 to 1) of words that are English or the knowledge base's; 1 for a text without words."""
        words = WORD.findall(text)
        return sum(map(self.knows, words)) / len(words) if words else 1.0

    def _correct_word(self, word: str) -> str:
        lowered = word.lower().replace("’", "'")
        if lowered in SHORTHAND:
            return SHORTHAND[lowered]
        if len(lowered) < 4 or self.knows(lowered):
            return word
        if lowered not in self._cache:
            if len(self._cache) > 20_000:
                self._cache.clear()
            self._cache[lowered] = self._nearest(lowered) or word
        return self._cache[lowered]

    def _nearest(self, word: str) -> str | None:
        allowed = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
        choices = [target for length in range(len(word) - allowed, len(word) + allowed + 1)
                   for target in self._targets.get(length, ())]
        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=12)
        if not found:
            return None

        def cost(target: str, distance: float) -> float:
            same_start = 0.0 if target[0] == word[0] else 0.7
            common = min(self._frequency.get(target, 1), 10**9) ** 0.05 / 3
            return distance + same_start - common - (0.6 if target in self.own else 0.0)

        return min(found, key=lambda match: cost(match[0], match[1]))[0]

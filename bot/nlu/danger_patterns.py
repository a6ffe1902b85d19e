"""Word patterns of red flags over spaCy tokens, with denial, past and hypothetical."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from bot.knowledge_base import RedFlag
from bot.nlu.language import english, sentences

#: Words that may stand where a phrase has a `*`.
GAP = 3
SHORTEST_PREFIX = 2
#: A denial reaches so many tokens forward (Chapman et al. 2001, NegEx, uses five).
DENIAL_REACH = 5
DENIES = {"no", "not", "never", "without", "denies", "n't", "nt", "dont", "don't", "didnt", "isnt", "havent", "hasnt",
          "wasnt", "nor", "neither", "none", "cannot"}
DENIAL_ENDS = {"but", "except", "however", "now", "just", "only", ",", ".", ";", "until", "because", "and"}
_AMOUNT = r"\d+|two|three|four|five|six|seven|eight|nine|ten|many|few|several|some|couple of|donkey'?s"
PAST = re.compile(
    rf"\b(?:(?:{_AMOUNT}) (?:years?|yrs?|decades?) (?:ago|back)|years ago|used to|as a (?:kid|child|teen\w*|boy|girl)|when i was|"
    r"(?:back )?in (?:19|20)[0-2]\d|last year|fully recovered|long (?:ago|gone)|history of|in my (?:teens|twenties|thirties)|"
    r"at (?:school|uni)|once had|previously)\b",
    re.IGNORECASE,
)
_SUBJECT = (
    r"migraines?|lupus|raynaud\S*|sj[oö]gren\S*|botox|neck pain|people|you|cervicogenic|occipital|autoimmune|headaches?|cgrp|"
    r"nerve blocks?|steroids?|opioids?|scleroderma|whiplash|fibromyalgia|it"
)
HYPOTHETICAL = re.compile(
    r"\b(?:if (?:i|you|someone|somebody|a person|people|anyone)|what (?:is|are|does|do|would|happens)|what's|whats|"
    r"how (?:do|does|can|would|is|are) (?:you|doctors|they|people|one|a|it)|"
    rf"(?:can|could|does|do|is|are|will) (?:a |an |the )?(?:{_SUBJECT})\b|"
    r"first aid|course|article|leaflet|homework|essay|training|read(?:ing)? (?:about|that)|heard (?:that|about)|"
    r"difference between|in case of|hypothetically|documentary|film|movie|novel)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Match:
    """A pattern found: the sign, the level it means, and the words that made it."""

    sign: str
    level: str
    words: str


@dataclass(frozen=True)
class _Phrase:
    words: tuple[str, ...]
    group: int


class PatternMatcher:
    """All patterns of a knowledge base, matched in one pass over the tokens."""

    def __init__(self, red_flags: Mapping[str, RedFlag]):
        #: Sign, level, the groups needed (in their order) and those that take it away.
        self._patterns: list[tuple[str, str, dict[int, None], frozenset[int]]] = []
        self._by_prefix: dict[str, list[_Phrase]] = {}
        groups: dict[tuple[str, ...], int] = {}
        for flag in red_flags.values():
            for pattern in flag.patterns:
                needed = dict.fromkeys(self._group(group, groups) for group in pattern.groups)
                unless = frozenset([self._group(pattern.unless, groups)] if pattern.unless else [])
                self._patterns.append((flag.id, pattern.level, needed, unless))

    def _group(self, phrases: tuple[str, ...], groups: dict[tuple[str, ...], int]) -> int:
        if phrases in groups:
            return groups[phrases]
        number = groups[phrases] = len(groups)
        for phrase in phrases:
            words = tuple(
                word for part in phrase.lower().split("*")
                for word in [*(token.text for token in english()(part.strip())), "*"]
            )[:-1]
            if words:
                self._by_prefix.setdefault(words[0], []).append(_Phrase(words, number))
        return number

    def match(self, text: str) -> list[Match]:
        """Every pattern that holds in a sentence, or in two neighbouring ones."""
        found = []
        parts = sentences(text) or [text]
        hits = [self._hits(part) for part in parts]
        for number, own in enumerate(hits):
            if not own:
                continue
            both = {**hits[number + 1], **own} if number + 1 < len(hits) else own
            for sign, level, needed, unless in self._patterns:
                if not needed.keys().isdisjoint(own) and needed.keys() <= both.keys():
                    if unless.isdisjoint(both):
                        found.append(Match(sign, level, " … ".join(dict.fromkeys(both[g] for g in needed))))
        return found

    def _hits(self, sentence: str) -> dict[int, str]:
        """The groups that occur in a sentence as something that is there now, with their words."""
        if PAST.search(sentence) or HYPOTHETICAL.search(sentence):
            return {}
        tokens = [token for token in english()(sentence.lower().replace("’", "'")) if not token.is_space]
        hits: dict[int, str] = {}
        for start, token in enumerate(tokens):
            for size in range(min(SHORTEST_PREFIX, len(token.text)), len(token.text) + 1):
                for phrase in self._by_prefix.get(token.text[:size], ()):
                    end = _ends(tokens, start, phrase.words)
                    if end is not None and phrase.group not in hits and not _denied(tokens, start, phrase.words):
                        hits[phrase.group] = " ".join(t.text for t in tokens[start:end])
        return hits


def _ends(tokens: list[Token], start: int, words: tuple[str, ...]) -> int | None:
    """Where a phrase that begins at ``start`` ends, or None where it does not go on."""
    if not words:
        return start
    if words[0] == "*":
        for skipped in range(GAP + 1):
            end = _ends(tokens, start + skipped, words[1:])
            if end is not None:
                return end
        return None
    if start >= len(tokens):
        return None
    text = tokens[start].text
    # The last word may go on (`explod` finds `exploding`); short words must be whole.
    fits = text.startswith(words[0]) if len(words[0]) > 3 else text == words[0]
    return _ends(tokens, start + 1, words[1:]) if fits else None


def _denied(tokens: list[Token], start: int, words: tuple[str, ...]) -> bool:
    if words[0] in DENIES or any(word in DENIES for word in words):
        return False  # the phrase is itself a denial: "can't speak"
    for token in reversed(tokens[max(0, start - DENIAL_REACH) : start]):
        if token.text in DENIAL_ENDS and token.text not in (",", "and"):
            return False
        if token.text in DENIES:
            return True
    return False

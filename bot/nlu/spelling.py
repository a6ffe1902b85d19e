"""Corrects words that neither English nor the knowledge base knows to the word most likely meant.

Most likely means: few letters apart, of the same sound, and often written in the knowledge
base: after "cuase" a patient more likely means "cause" than "case", and "migrans" are not migrants.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

#: What a letter apart, a sound apart and a tenfold use count when words are weighed.
LETTER, SOUND, USE = 0.8, 0.6, 0.28
#: A word used so often in the knowledge base is looked for by its sound too.
USUAL = 3
#: A word used so often here is likely to be meant when something near it is typed.
SLIP_USED = 60
#: A word used less often here is a strange one.
STRANGE = 10
#: Shorter sounds fit too many words.
TELLING = 3
LONGEST_ACRONYM = 5
#: Words this short are corrected to usual words alone.
SHORTEST = 3
#: A slip is rarer than the word meant by this factor.
RARER = 2
#: Spellings of English and what is heard, applied one after another.
SOUNDS = tuple((re.compile(spelt), heard) for spelt, heard in (
    (r"[^a-z]", ""), (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^rh|rrh", "r"), (r"ture?(?=s?$)", "cher"),
    (r"(?:ti|si|ci)on", "shun"), (r"ache?(?=s?$)", "ak"), (r"tch", "ch"), (r"dge?", "j"), (r"ph", "f"), (r"igh", "y"), (r"gh", ""), (r"ck", "k"),
    (r"sch", "sk"), (r"ch", "C"), (r"sh", "S"), (r"th", "T"), (r"c(?=[eiy])", "s"), (r"[cq]", "k"), (r"x", "ks"), (r"z", "s"),
    (r"(?<=[a-z])e(?=s?$)", ""), (r"(?<=.)[aeiouyw]+", "a"), (r"^[aeiouyw]+", "a"), (r"h", ""), (r"(.)\1+", r"\1"),
))
WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)*")
#: A word of any script.
ANY_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: A word of the frequency list counts as a target of a correction from this count on.
COMMON = 300_000
#: A rarer word of the list may well be a slip of a word that is usual here (`feal`).
KNOWN = 60_000
#: Typed so often, and so far from the word meant, that nearness alone goes wrong.
SHORTHAND = {
    "u": "you", "r": "are", "ur": "your", "n": "and", "w": "with", "b4": "before", "cos": "because",
    "coz": "because", "cuz": "because", "wat": "what", "wot": "what", "wats": "what's", "wots": "what's",
    "hw": "how", "lng": "long", "lst": "last", "pls": "please", "plz": "please", "thx": "thanks",
    "ppl": "people", "docs": "doctors", "doc": "doctor", "meds": "medicines", "med": "medicine",
    "bc": "because", "idk": "i don't know", "tho": "though", "thru": "through", "dont": "don't", "cant": "can't",
    "wont": "won't", "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't", "whats": "what's", "hows": "how's",
    "im": "i'm", "ive": "i've", "thats": "that's", "teh": "the", "dose": "dose", "wen": "when", "wich": "which",
    "wuts": "what's", "sum": "some", "frm": "from", "abt": "about", "gud": "good", "nite": "night",
    "wiv": "with", "wth": "with", "shud": "should", "cud": "could", "wud": "would", "kno": "know", "pian": "pain",
    "havent": "haven't", "hasnt": "hasn't", "hadnt": "hadn't", "wasnt": "wasn't", "werent": "weren't", "arent": "aren't",
    "shouldnt": "shouldn't", "couldnt": "couldn't", "wouldnt": "wouldn't", "youre": "you're", "theyre": "they're",
    "theres": "there's", "shes": "she's", "hes": "he's", "wk": "week", "wks": "weeks", "yrs": "years", "yr": "year",
    "mths": "months", "mins": "minutes", "hrs": "hours", "probs": "problems", "alot": "a lot", "thay": "they",
}


#: How many bits each number of 16 bits has.
_BITS = np.array([bin(number).count("1") for number in range(1 << 16)], np.uint8)


def letters_of(word: str) -> int:
    """Which letters a word has, a bit each; what is no letter of English shares bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


@lru_cache(maxsize=1)
def english_words() -> dict[str, int]:
    """English words with how often they are written (the list that symspellpy ships)."""
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    return {word: int(count) for word, count in (line.split() for line in text.splitlines() if line)}


def plain_letters(word: str) -> str:
    """A word as typed on a plain keyboard: no accents, no apostrophes (`Sjögren's` → `sjogrens`)."""
    if word.isascii() and word.isalpha():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "'’")


class Spelling:
    """A corrector for one knowledge base."""

    def __init__(self, knowledge_texts: Iterable[str], names: Iterable[str] = (), typed: Iterable[str] = ()):
        """``knowledge_texts`` are correctly spelt; ``names`` may hold misspellings, which stay uncorrected
        only where no word of the texts is near; ``typed`` is what patients type, however spelt: it says how often words are used."""
        english = english_words()
        texts = list(knowledge_texts)
        self.own = {word.lower() for text in texts for word in WORD.findall(text) if len(word) > 2}
        self.own |= {plain_letters(word) for word in self.own}
        targets = self.own | {word for word, count in english.items() if count >= COMMON and len(word) > 2}
        self._used = used = Counter[str]()
        for word, count in Counter(word for text in (*texts, *typed) for word in WORD.findall(text.lower())).items():
            used[plain_letters(word)] += count
        #: Logarithm of how often each word that can be meant is used here, and a little for English at large.
        self._use = {word: math.log1p(used[plain_letters(word)]) + math.log1p(english.get(word, 0)) / 8 for word in targets}
        self._targets: dict[int, list[str]] = defaultdict(list)
        self._chosen: dict[tuple[int, int], tuple[list[str], np.ndarray]] = {}
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for word in sorted(targets):
            self._targets[len(word)].append(word)
            if used[plain_letters(word)] >= USUAL:
                self._by_sound[sound(word)].append(word)
        self.known = targets | {word for word, count in english.items() if count >= KNOWN}
        extra = {word.lower() for name in names for word in WORD.findall(name)}
        self.known |= {word for word in extra - self.known if self._nearest(word) not in self.own}
        self._cache: dict[str, str | None] = {}

    def knows(self, word: str) -> bool:
        lowered = word.lower().replace("’", "'")
        return lowered in self.known or lowered.split("'")[0] in self.known or lowered in SHORTHAND

    def correct(self, text: str) -> str:
        """The text with unknown words replaced; the rest is left as typed."""
        return WORD.sub(lambda match: self._correct_word(match.group()), text)

    def share_known(self, text: str) -> float:
        """The share (0 to 1) of words that are English or the knowledge base's, or are plainly meant to be; 1 for a
        text without words."""
        words = WORD.findall(text)
        return sum(self.knows(word) or self._is_slip(word) for word in words) / len(words) if words else 1.0

    def strange_words(self, text: str) -> int:
        """How many words of a (corrected) text are hardly used in the knowledge base."""
        return sum(self._used[plain_letters(word.lower())] < STRANGE for word in ANY_WORD.findall(text))

    def _is_slip(self, word: str) -> bool:
        """Whether a word is one slip (two in a long one) away from a word that is usual here."""
        lowered, meant = word.lower(), self._correct_word(word).lower()
        return meant != lowered and self._is_slip_of(lowered, meant, SLIP_USED)

    def _is_slip_of(self, word: str, meant: str | None, at_least: int) -> bool:
        """Whether ``word`` is but a slip or two from ``meant``, which is used at least so often here."""
        if meant is None or self._used[plain_letters(meant)] < at_least:
            return False
        same_sound = sound(word) == sound(meant) and len(sound(meant)) >= TELLING
        return few_slips(word, meant) or same_sound

    def _correct_word(self, word: str) -> str:
        lowered = word.lower().replace("’", "'")
        if lowered in SHORTHAND:
            return SHORTHAND[lowered]
        if len(lowered) < 3 or self.knows(lowered) or (word.isupper() and len(word) <= LONGEST_ACRONYM):
            return word
        if lowered not in self._cache:
            if len(self._cache) > 20_000:
                self._cache.clear()
            self._cache[lowered] = self._meant(lowered)
        return self._cache[lowered] or word

    def _meant(self, word: str) -> str | None:
        """The word meant by one that is not common English; None where it is best left as typed."""
        nearest, count = self._nearest(word), self._used[plain_letters(word)]
        # Brands, dialect, slang (`Calpol`, `triptan`) and rare words stay, unless they are plainly slips.
        rare_english = word in english_words()
        if not rare_english and count < USUAL:
            return nearest
        if rare_english and nearest is not None and not few_slips(word, nearest):
            # That it sounds alike is not enough where it is a word: a bairn is not born.
            return None
        return nearest if self._is_slip_of(word, nearest, max(RARER * count, SLIP_USED if rare_english else 0)) else None

    def _choices(self, length: int, allowed: int) -> tuple[list[str], np.ndarray]:
        """The words that one of this length may mean, and which letters each has; of those that a short one may, only
        usual ones."""
        if (length, allowed) not in self._chosen:
            found = [target for near in range(length - allowed, length + allowed + 1) for target in self._targets.get(near, ())]
            if length <= SHORTEST:
                found = [target for target in found if self._used[plain_letters(target)] >= SLIP_USED]
            self._chosen[length, allowed] = found, np.array([letters_of(target) for target in found], np.uint32)
        return self._chosen[length, allowed]

    def _within_reach(self, word: str, allowed: int) -> list[str]:
        """The words that may be so few slips away: a slip changes at most two letters that a word has or has not."""
        choices, letters = self._choices(len(word), allowed)
        unlike = letters ^ np.uint32(letters_of(word))
        return [choices[number] for number in np.flatnonzero(_BITS[unlike & 0xFFFF] + _BITS[unlike >> 16] <= 2 * allowed)]

    def _nearest(self, word: str) -> str | None:
        allowed = 1 if len(word) < 5 else 2 if len(word) < 10 else 3
        reached = self._within_reach(word, allowed)
        found = [target for target, _, _ in process.extract(word, reached, scorer=OSA.distance, score_cutoff=allowed, limit=40)]
        own_sound = sound(word)
        if len(own_sound) >= TELLING:
            found += [target for target in self._by_sound.get(own_sound, ()) if abs(len(target) - len(word)) <= 3]
        if not found:
            return None

        def cost(target: str) -> float:
            same_start = 0.0 if target[0] == word[0] else 0.5
            unlike = OSA.distance(sound(target), own_sound)
            return OSA.distance(word, target) * LETTER + unlike * SOUND + same_start - USE * self._use[target]

        return min(dict.fromkeys(found), key=cost)


def few_slips(word: str, meant: str) -> bool:
    """Whether a word is but a slip away from the one meant, or two from a long one."""
    return OSA.distance(word, meant) <= 1 + len(meant) // 7


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """How a word roughly sounds: the same letters for words that are spelt by ear (`noo`, `new`; `postcher`, `posture`)."""
    told = plain_letters(word.lower())
    for spelt, heard in SOUNDS:
        told = spelt.sub(heard, told)
    return told

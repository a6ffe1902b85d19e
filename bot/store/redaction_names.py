"""Finds names of people with spaCy's token patterns: after words that bring a name, by first name, as a signature.

Eponyms of medicine (Raynaud, Ehlers-Danlos) and the doctors our sources quote (Dr. Ansari) stay.
"""

from __future__ import annotations

import unicodedata
from importlib.resources import files

import spacy
from rapidfuzz import fuzz, process
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.matcher import Matcher
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

from bot.nlu.forgetting import Forgetting
from bot.nlu.spelling import english_words
from bot.store.redaction_cues import CUES, NO_NAME, PLACES

LONGEST_NAME = 4
#: A signature and its kisses are the last so many tokens of a message.
SIGNATURE_ENDS_WITHIN = 16
#: Written at least so often, a word is English and not a rare surname.
COMMON = 1_500_000
#: "dr ansary" still means Dr. Ansari.
_LIKE_A_KEPT_NAME = 80
Span = tuple[int, int]


def _listed(name: str) -> frozenset[str]:
    text = (files("bot.store") / "redaction_lists" / name).read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


class NameFinder:
    """Finds the names in a text. See :func:`redact_names`."""

    def __init__(self) -> None:
        self._nlp = spacy.blank("en")
        self._matcher = Matcher(self._nlp.vocab)
        for certainty, patterns in CUES.items():
            self._matcher.add(certainty, patterns)
        self._first, self._surnames = _listed("first_names.txt"), _listed("surnames.txt")
        self._also_words, self._kept = _listed("words_as_names.txt"), _listed("kept_names.txt")
        self._english = frozenset(word for word, count in english_words().items() if count >= COMMON)

    @property
    def vocab(self) -> Vocab:
        return self._nlp.vocab

    def spans(self, text: str) -> list[Span]:
        """Where names stand, as offsets (start, end), in order, without overlap."""
        doc = self._nlp.make_doc(text)
        taken = [False] * len(doc)
        for rule, begin, end in self._matcher(doc):
            certainty = self._nlp.vocab.strings[rule]
            if certainty == "signed" and len(doc) - end > SIGNATURE_ENDS_WITHIN:
                continue
            if certainty == "signed" and begin and not (doc[begin - 1].is_space or doc[begin - 1].whitespace_):
                continue  # the hyphen of "X-ray"
            start, stop = self._name_after(doc, end, certainty)
            for position in range(start, stop):
                taken[position] = True
        for token in doc:
            if not taken[token.i] and self._is_first_name(doc, token):
                # "Jean-Luc": the part before the hyphen too.
                hyphenated = token.i > 1 and doc[token.i - 1].text == "-" and doc[token.i - 2].text.istitle()
                for position in range(token.i - 2 * hyphenated, self._name_after(doc, token.i, "maybe")[1]):
                    taken[position] = True
        return _joined(doc, taken)

    def _is_first_name(self, doc: Doc, token: Token) -> bool:
        """An unmistakable first name, unless a doctor of our sources bears it ("Teri Robert")."""
        if _plain(token.text) not in self._first:
            return False
        around = {_plain(doc[i].text) for i in (token.i - 1, token.i + 1) if 0 <= i < len(doc)}
        return not around & self._kept and not (token.i and _plain(doc[token.i - 1].text) in PLACES)

    def _name_after(self, doc: Doc, start: int, certainty: str) -> Span:
        """The tokens of the name that begins at a position; empty when none does."""
        while start < len(doc) and doc[start].is_space and certainty in ("signed", "sure"):
            start += 1
        position, words = start, 0
        while position < len(doc) and words < LONGEST_NAME:
            token = doc[position]
            if (
                words
                and token.text in "-.'’"
                and position + 1 < len(doc)
                and doc[position + 1].is_alpha
                and (token.text != "." or len(doc[position - 1]) == 1)
            ):
                position += 1
                continue
            if not (self._begins(token, certainty) if not words else self._goes_on(token, certainty)):
                break
            position, words = position + 1, words + 1
        if certainty == "signed" and not _is_end(doc, position):
            return start, start
        return (start, position) if words else (start, start)

    def _begins(self, token: Token, certainty: str) -> bool:
        word, plain = token.text, _plain(token.text)
        if not _is_word(word) or plain in self._kept:
            return certainty == "sure" and _is_word(word)
        titled = word[0].isupper() and (len(word) == 1 or not word.isupper())
        if plain in self._first:
            return not self._is_source(token)
        if titled and plain in self._also_words:
            return certainty != "maybe" or plain not in STOP_WORDS
        if plain in NO_NAME or (len(word) == 1 and not titled):
            return False
        if certainty == "sure":
            return True
        unknown = plain not in self._english
        if certainty == "titled":
            return (titled or unknown) and not process.extractOne(
                plain, self._kept, scorer=fuzz.ratio, score_cutoff=_LIKE_A_KEPT_NAME
            )
        if certainty == "signed":
            return titled or unknown or plain in self._also_words
        return unknown and titled and len(word) > 1

    def _is_source(self, token: Token) -> bool:
        return not self._is_first_name(token.doc, token)

    def _goes_on(self, token: Token, certainty: str) -> bool:
        word, plain = token.text, _plain(token.text)
        if not _is_word(word) or plain in self._kept:
            return False
        if plain in self._first or (plain in self._surnames and plain not in NO_NAME):
            return word[0].isupper() or certainty != "titled"
        if word[0].isupper() and not word.isupper():
            return plain not in NO_NAME
        if len(word) == 1 and word.isupper():
            return word != "I"
        return certainty in ("sure", "signed") and plain not in NO_NAME and plain not in self._english


def _plain(word: str) -> str:
    """Lower case, without accents and the closing dot of an initial."""
    if word.isascii():
        return word.lower().rstrip(".")
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).rstrip(".")


def _is_word(word: str) -> bool:
    letters = word.rstrip(".").replace("'", "").replace("’", "")
    return letters.isalpha()


def _is_end(doc: Doc, position: int) -> bool:
    """Whether only signs and kisses follow."""
    return all(not token.is_alpha or set(token.lower_) == {"x"} for token in doc[position:])


def _joined(doc: Doc, taken: list[bool]) -> list[Span]:
    spans: list[Span] = []
    for token in doc:
        if taken[token.i] and not token.is_space:
            begin, end = token.idx, token.idx + len(token.text)
            joined = token.i > 0 and taken[token.i - 1] and spans
            spans[-1:] = [(spans[-1][0], end)] if joined else [*spans[-1:], (begin, end)]
    return spans


_finder = Forgetting(NameFinder)


def redact_names(text: str) -> str:
    """The text without names of people."""
    for begin, end in reversed(_finder().spans(text)):
        text = f"{text[:begin]}[name]{text[end:]}"
    return text

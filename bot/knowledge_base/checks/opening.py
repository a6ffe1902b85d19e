"""Does the first sentence answer the question?"""

from __future__ import annotations

import re

from bot.knowledge_base.problems import Problem
from bot.knowledge_base.readability import plain, word_count
from bot.knowledge_base.records import Answer, KnowledgeBase

LONGEST = 30
DO = "start with one sentence that answers the title"
_NOT_PROSE = re.compile(r"^\s*(?:#|[-+*]\s|\d+\.\s|>)")
_BY_THE_WAY = re.compile(
    r"^(?:(?:that is|that's|this is)? ?a?n? ?(?:good|great|common|important|difficult) question|"
    r"many (?:people|patients) "
    r"(?:ask|wonder)|people often ask|let(?:'|’)?s\b|let us\b|before (?:we|you)|to understand|thank you|hello\b|hi\b|"
    r"sorry\b|as you (?:may|might|probably)|below\b|in this (?:answer|text)|there are many (?:things|factors)|"
    r"(?:it|that) depends[.,]? ?$)",
    re.IGNORECASE,
)
#: A first sentence may answer by yes or no, or speak of the title's subject as "it".
_ANSWERS_OR_POINTS_BACK = re.compile(
    r"^(?:yes|no|not|maybe|sometimes|often|very|possibly|probably|usually|perhaps|it|its|they|their|both|this|these|"
    r"there (?:is|are|may|was)|dr\. \w+ (?:says|thinks|calls|always|often|would))\b",
    re.IGNORECASE,
)
_LITTLE_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    what when where which whose with does have that this from they them their there would could should about into than
    then your yours been being will many much more most some other after before between""",
    )
)


def opening_problems(knowledge: KnowledgeBase) -> list[Problem]:
    """Answers whose first sentence is no sentence, no answer, too long, or about something else than the title."""
    found = []
    for answer in knowledge.answers.values():
        file, first = answer.file, first_sentence(answer.body)
        if _NOT_PROSE.match(answer.body):
            found.append(Problem(file, 0, "text", "starts with a heading or a list", DO))
        elif first.endswith("?"):
            found.append(Problem(file, 0, "text", f"starts with a question: “{first}”", DO))
        elif _BY_THE_WAY.match(first):
            found.append(Problem(file, 0, "text", f"does not answer in its first sentence: “{first}”", DO))
        elif word_count(first) > LONGEST:
            found.append(
                Problem(
                    file,
                    0,
                    "text",
                    f"starts with a sentence of {word_count(first)} words",
                    "split it: the answer first, the rest after it",
                    warning=True,
                )
            )
        elif first and not _ANSWERS_OR_POINTS_BACK.match(first) and not _shares_a_word(answer, first, knowledge):
            found.append(
                Problem(
                    file,
                    0,
                    "text",
                    f"has a first sentence that names nothing of its title: “{first}”",
                    DO,
                    warning=True,
                )
            )
    return found


def first_sentence(markdown: str) -> str:
    """The first sentence as a reader hears it; a full stop after "Dr" or inside a number does not end it."""
    text = plain(markdown)
    for match in re.finditer(r"[.!?](?=\s|$)", text):
        before = text[: match.start()]
        if not re.search(r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|vs|e\.g|i\.e)$", before):
            return text[: match.end()]
    return text


def _shares_a_word(answer: Answer, sentence: str, knowledge: KnowledgeBase) -> bool:
    """Whether a sentence and the title share a word's beginning, or a name of the same term."""
    if _stems(answer.title) & _stems(sentence) or not _stems(answer.title):
        return True
    title, said = answer.title.lower(), sentence.lower()
    return any(
        any(n.lower() in title for n in term.names) and any(n.lower() in said for n in term.names)
        for term in knowledge.terms.values()
    )


def _stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-zà-ÿ]{4,}", text.lower()) if word not in _LITTLE_WORDS}

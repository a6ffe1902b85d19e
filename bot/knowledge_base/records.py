"""The records a knowledge base is made of, as the rest of the assistant sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.knowledge_base.clinic import Clinic

#: The folder of the signs of danger; every other folder is a topic's.
RED_FLAGS = "red_flags"


@dataclass(frozen=True)
class Citation:
    """A passage of a source: the source's id and a locator in it (`08:04`, `pearls`)."""

    source: str
    locator: str

    def as_dict(self) -> dict[str, str]:
        return {"source": self.source, "locator": self.locator}


@dataclass(frozen=True)
class Source:
    """A published source, as `sources.yml` describes it."""

    id: str
    title: str
    spoken: str
    reference: str
    speaker: str
    publisher: str
    year: int | None
    locator: str
    sections: Mapping[str, str] = field(default_factory=dict)
    #: The time stamps that can be cited; empty when `sources.yml` does not list them.
    passages: tuple[str, ...] = ()

    def where(self, locator: str) -> str:
        """The passage in words a patient understands: who, where and at which minute."""
        shown = self.sections.get(locator, locator.lstrip("0") if self.locator == "time" else locator)
        if self.locator == "time" and locator.startswith("00:"):
            shown = locator[1:]
        return self.spoken.format(locator=shown)


@dataclass(frozen=True)
class Review:
    """Whether a clinician has signed a text off, told truthfully.

    ``digest`` is the hash of the text that was signed; when the text has changed since,
    the signature no longer counts (see :meth:`Answer.review_state`).
    """

    status: str
    written: dt.date | None = None
    due: dt.date | None = None
    by: str | None = None
    on: dt.date | None = None
    digest: str | None = None

    def state(self, digest: str) -> str:
        """`reviewed`, `awaiting review`, or `changed since review`, for a text that has this hash now."""
        if self.digest is None:
            return "awaiting review"
        return "reviewed" if self.digest == digest else "changed since review"


@dataclass(frozen=True)
class Answer:
    """One answer: what patients ask, what they are told, and what it rests on."""

    id: str
    topic: str
    title: str
    questions: tuple[str, ...]
    citations: tuple[Citation, ...]
    related: tuple[str, ...]
    consult: str
    simpler: str
    body: str
    review: Review
    about: tuple[str, ...] = ()
    note: str = ""
    digest: str = ""

    @property
    def file(self) -> str:
        """Its file, relative to the folder of the knowledge base."""
        return f"{self.id}.md"

    @property
    def review_state(self) -> str:
        """`reviewed`, `awaiting review`, or `changed since review`."""
        return self.review.state(self.digest)


@dataclass(frozen=True)
class Topic:
    """One of the areas covered; its id is also the folder of its answers."""

    id: str
    title: str
    about: str
    lay: tuple[str, ...] = ()
    first: tuple[str, ...] = ()

    @property
    def intent(self) -> str:
        return intent_of_topic(self.id)


@dataclass(frozen=True)
class Term:
    """A condition, treatment, part of the body or kind of clinician, and what it is called."""

    id: str
    kind: str
    names: tuple[str, ...]

    @property
    def shown(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class Pattern:
    """Groups of words that raise a sign when every group occurs in one sentence.

    ``groups`` are alternatives each (`sudden`, `out of nowhere`); ``unless`` are words that
    take the sign away. ``level`` is `emergency` or `urgent`.
    """

    groups: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    level: str


@dataclass(frozen=True)
class RedFlag:
    """A sign that needs care now: how people tell it, what is not it, and what they are told.

    ``told`` maps a level (`emergency`, `urgent`) to the ways patients say it.
    """

    id: str
    title: str
    level: str
    signs: str
    body: str
    say: str
    do_not: str
    sources: tuple[str, ...]
    told: Mapping[str, tuple[str, ...]]
    not_it: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    review: Review
    crisis: bool = False
    digest: str = ""

    @property
    def file(self) -> str:
        """Its file, relative to the folder of the knowledge base."""
        return f"{RED_FLAGS}/{self.id}.md"

    @property
    def review_state(self) -> str:
        """`reviewed`, `awaiting review`, or `changed since review`."""
        return self.review.state(self.digest)


def intent_of_topic(topic: str) -> str:
    """The intent that stands for questions of a topic: `neck-pain` → `ask_neck_pain`."""
    return "ask_" + topic.replace("-", "_")


@dataclass(frozen=True)
class KnowledgeBase:
    """A whole, checked version of `knowledge/`. Never changed: an edit makes a new one."""

    answers: Mapping[str, Answer]
    topics: Mapping[str, Topic]
    sources: Mapping[str, Source]
    clinic: Clinic
    terms: Mapping[str, Term]
    red_flags: Mapping[str, RedFlag]
    harmless: tuple[str, ...]
    version: str

    def of_topic(self, topic: str) -> list[Answer]:
        return [answer for answer in self.answers.values() if answer.topic == topic]

    def where(self, citations: Iterable[Citation]) -> list[str]:
        """Each citation in words a patient understands."""
        return [self.sources[c.source].where(c.locator) for c in citations]

    @cached_property
    def names_set_aside(self) -> frozenset[str]:
        """The names not counted when reading grade is measured."""
        return frozenset(name for term in self.terms.values() for name in term.names)

    @cached_property
    def answers_citing(self) -> Mapping[Citation, list[str]]:
        citing: dict[Citation, list[str]] = {}
        for answer in self.answers.values():
            for citation in answer.citations:
                citing.setdefault(citation, []).append(answer.id)
        return citing

"""Readers that forget the words of patients: spaCy by itself keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from spacy.vocab import Vocab

#: Words that a vocabulary takes up from messages before it is let go, with about 0.7 KB for each.
WORDS_KEPT = 20_000


class Reader(Protocol):
    """What reads texts through spaCy."""

    @property
    def vocab(self) -> Vocab: ...


Some = TypeVar("Some", bound=Reader)


class Forgetting(Generic[Some]):
    """A reader that is made anew when it has met many words.

    spaCy keeps every word it reads for as long as its vocabulary lives, patients' names among them: without end, a public
    server grows with each misspelling.
    """

    def __init__(self, make: Callable[[], Some]):
        self._make = make
        #: The reader, and at how many words it is given up.
        self._made: tuple[Some, int] | None = None

    def __call__(self) -> Some:
        """The reader; whoever still reads with the one before may go on."""
        if self._made is None or len(self._made[0].vocab.strings) > self._made[1]:
            reader = self._make()
            self._made = reader, len(reader.vocab.strings) + WORDS_KEPT
        return self._made[0]

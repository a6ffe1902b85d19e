"""One line of the table: a figure of this assistant, the same of Rasa's default one, and what was aimed at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measured figure in ``unit``; ``theirs`` is None where Rasa's default assistant has nothing like it.

    ``ratio_at_most`` and ``ratio_at_least`` are aims for ours / theirs, ``at_most`` an aim for ours alone.
    """

    what: str
    unit: str
    ours: float | None
    theirs: float | None = None
    ratio_at_most: float | None = None
    ratio_at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours divided by theirs; None where one is missing."""
        return self.ours / self.theirs if self.ours is not None and self.theirs else None

    @property
    def aim(self) -> str:
        """The aim in words, empty without one."""
        if self.ratio_at_most is not None:
            return f"≤ {self.ratio_at_most:g} ×"
        if self.ratio_at_least is not None:
            return f"≥ {self.ratio_at_least:g} ×"
        return f"≤ {self.at_most:g} {self.unit}".rstrip() if self.at_most is not None else ""

    @property
    def reached(self) -> bool | None:
        """Whether the aim was reached; None without an aim, or where a figure for it is missing."""
        if self.at_most is not None:
            return None if self.ours is None else self.ours <= self.at_most
        if self.ratio is None:
            return None
        if self.ratio_at_most is not None:
            return self.ratio <= self.ratio_at_most
        return self.ratio >= self.ratio_at_least if self.ratio_at_least is not None else None

"""Reads `knowledge/` into one :class:`KnowledgeBase`, or says everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge_base.cross_references import check_cross_references
from bot.knowledge_base.parsed_files import ParsedFiles
from bot.knowledge_base.problems import BrokenKnowledge, Problem
from bot.knowledge_base.reading_answers import Known, read_answers
from bot.knowledge_base.reading_lists import read_clinic, read_sources, read_terms, read_topics
from bot.knowledge_base.reading_red_flags import read_harmless, read_red_flags
from bot.knowledge_base.records import KnowledgeBase


class Reader:
    """Reads a folder again and again, parsing only the files that have changed since."""

    def __init__(self, root: Path, settle: float = 0.0):
        """``settle``: seconds for which a file that was just written is taken as it was before."""
        self.root = root
        self._files = ParsedFiles(root, settle)

    @property
    def unsettled(self) -> bool:
        """Whether a file was being written in the last reading, so that another one is needed."""
        return self._files.unsettled

    def read(self) -> KnowledgeBase:
        """The knowledge base as the files have it now.

        Raises:
            BrokenKnowledge: with every problem found, when there is at least one error.
        """
        knowledge, problems = self.survey()
        if knowledge is None or any(not problem.warning for problem in problems):
            raise BrokenKnowledge(self.root, sorted(problems))
        return knowledge

    def survey(self) -> tuple[KnowledgeBase | None, list[Problem]]:
        """What can be read, for checking only, and every problem; None without a readable `clinic.yml`."""
        files = self._files
        files.begin()
        sources = read_sources(files)
        topics = read_topics(files)
        clinic = read_clinic(files)
        terms = read_terms(files)
        answers = read_answers(files, Known(topics, sources, terms, clinic))
        check_cross_references(files, topics, answers)
        red_flags = read_red_flags(files)
        harmless = read_harmless(files)
        if clinic is None:
            return None, files.problems
        knowledge = KnowledgeBase(answers, topics, sources, clinic, terms, red_flags, harmless, files.version())
        return knowledge, files.problems

    def line(self, file: str, *path: str | int) -> int:
        """The line on which a field of a file (relative to the root) stands."""
        return self._files.line(file, *path)


def read(root: str | Path) -> KnowledgeBase:
    """Read a knowledge base once.

    Raises:
        BrokenKnowledge: when a file is missing or faulty; the message names file, line and field.
    """
    return Reader(Path(root)).read()

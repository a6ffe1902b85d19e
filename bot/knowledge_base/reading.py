"""Reads `knowledge/` into one :class:`KnowledgeBase`, or says everything that is wrong with it."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from bot.knowledge_base.parsing import Parsed, digest_of, parse_markdown, parse_yaml
from bot.knowledge_base.problems import BrokenKnowledge, Problem
from bot.knowledge_base.records import (
    Answer,
    Citation,
    Clinic,
    KnowledgeBase,
    Pattern,
    RedFlag,
    Review,
    Source,
    Term,
    Topic,
)
from bot.knowledge_base.schemas import (
    AnswerFields,
    ClinicFields,
    HarmlessFields,
    RedFlagFields,
    ReviewFields,
    SourceFields,
    TopicFields,
)

RED_FLAGS = "red_flags"
TERM_KINDS = {"conditions": "condition", "treatments": "treatment", "body": "body_part", "people": "clinician"}


class Reader:
    """Reads a folder again and again, parsing only the files that have changed since."""

    def __init__(self, root: Path, settle: float = 0.0):
        """``settle``: seconds for which a file that was just written is taken as it was before, since its
        writer may not be done; :attr:`unsettled` then says that another reading is needed."""
        self.root = root
        self._settle = settle
        self._has_read = False
        self.unsettled = False
        self._parsed: dict[Path, tuple[bytes, Parsed[Any]]] = {}
        self.problems: list[Problem] = []

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
        self.problems = []
        self.unsettled = False
        sources = self._sources()
        topics = self._topics()
        clinic = self._clinic()
        terms = self._terms()
        answers = self._answers(topics, sources, clinic, terms)
        red_flags = self._red_flags()
        harmless = self._harmless()
        self._has_read = True
        if clinic is None:
            return None, self.problems
        knowledge = KnowledgeBase(answers, topics, sources, clinic, terms, red_flags, harmless, self._version())
        return knowledge, self.problems

    def line(self, file: str, *path: str | int) -> int:
        """The line on which a field of a file (relative to the root) stands."""
        entry = self._parsed.get(self.root / file)
        return entry[1].line(*path) if entry else 0

    def _version(self) -> str:
        seen = hashlib.sha256()
        for path, (digest, _) in sorted(self._parsed.items()):
            if path.exists():
                seen.update(str(path.relative_to(self.root)).encode() + digest)
        return seen.hexdigest()[:16]

    def _add(self, file: str, line: int, field: str, what: str, do: str) -> None:
        self.problems.append(Problem(file, line, field, what, do))

    def _parse(self, path: Path, parse: Any, schema: Any) -> Parsed[Any]:
        file = str(path.relative_to(self.root))
        try:
            content = path.read_bytes()
            text = content.decode("utf-8")
        except FileNotFoundError:
            return self._unreadable(file, "the file is missing", "put it back")
        except UnicodeDecodeError:
            return self._unreadable(file, "the file is not UTF-8 text", "save it as UTF-8")
        digest = hashlib.sha256(content).digest()
        known = self._parsed.get(path)
        # What is there at the first reading is taken as it is: there is nothing older to fall back on.
        if self._settle and self._has_read and (known is None or known[0] != digest) and self._is_being_written(path):
            self.unsettled = True
            if known is None:
                return Parsed(None, "", {}, [])
        elif known is None or known[0] != digest:
            self._parsed[path] = known = (digest, parse(text, schema, file))
        self.problems += known[1].problems
        return known[1]

    def _unreadable(self, file: str, what: str, do: str) -> Parsed[Any]:
        self._add(file, 0, "", what, do)
        return Parsed(None, "", {}, [])

    def _is_being_written(self, path: Path) -> bool:
        try:
            age = time.time() - path.stat().st_mtime
        except FileNotFoundError:
            return False
        # A time in the future is another machine's clock, not a writer at work.
        return 0 <= age < self._settle

    def _parse_each(self, name: str, schema: Any) -> dict[str, Any]:
        """A YAML file that maps ids to records of one kind."""
        path = self.root / name

        def parse(text: str, schema: Any, file: str) -> Parsed[Any]:
            whole = parse_yaml(text, _Anything, file)
            if whole.fields is None:
                return whole
            records, lines, problems = {}, dict(whole.lines), list(whole.problems)
            for key, value in whole.fields.__root__.items():
                part = parse_yaml(yaml.safe_dump(value), schema, file)
                records[key] = part.fields
                problems += [
                    Problem(file, whole.line(key, *p.field.split(".")) if p.field else whole.line(key),
                            f"{key}.{p.field}", p.what, p.do)
                    for p in part.problems
                ]
            return Parsed(records, "", lines, problems)  # type: ignore[type-var]

        parsed = self._parse(path, parse, schema)
        return {key: value for key, value in (parsed.fields or {}).items() if value is not None}

    def _sources(self) -> dict[str, Source]:
        wanted = ("title", "spoken", "reference", "speaker", "publisher", "year", "locator", "sections")
        return {
            key: Source(id=key, passages=tuple(fields.passages.split()),
                        **{name: getattr(fields, name) for name in wanted})
            for key, fields in self._parse_each("sources.yml", SourceFields).items()
        }

    def _topics(self) -> dict[str, Topic]:
        return {
            key: Topic(key, fields.title, fields.about, tuple(fields.lay), tuple(fields.first))
            for key, fields in self._parse_each("topics.yml", TopicFields).items()
        }

    def _clinic(self) -> Clinic | None:
        fields = self._parse(self.root / "clinic.yml", parse_yaml, ClinicFields).fields
        if fields is None:
            return None
        if fields.country not in fields.numbers:
            self._add("clinic.yml", self.line("clinic.yml", "country"), "country",
                      f"has no numbers for {fields.country}", "add its emergency and crisis numbers below `numbers`")
        return Clinic(**fields.dict())

    def _terms(self) -> dict[str, Term]:
        fields = self._parse(self.root / "terms.yml", parse_yaml, _Anything).fields
        terms: dict[str, Term] = {}
        for kind, entries in (fields.__root__ if fields else {}).items():
            if kind not in TERM_KINDS:
                self._add("terms.yml", self.line("terms.yml", kind), kind, "is not a kind of term",
                          "use one of: " + ", ".join(TERM_KINDS))
                continue
            for key, names in (entries or {}).items():
                if not isinstance(names, list) or not names:
                    self._add("terms.yml", self.line("terms.yml", kind, key), key, "has no list of names",
                              "write them as [first name, other name]")
                    continue
                terms[key] = Term(key, TERM_KINDS[kind], tuple(map(str, names)))
        return terms

    def _answers(self, topics: dict[str, Topic], sources: dict[str, Source],
                 clinic: Clinic | None, terms: dict[str, Term]) -> dict[str, Answer]:
        answers = {}
        for topic in topics:
            for path in sorted((self.root / topic).glob("*.md")):
                answer = self._answer(path, topic, sources, clinic, terms)
                if answer:
                    answers[answer.id] = answer
        for folder in sorted(p.name for p in self.root.iterdir() if p.is_dir()):
            if folder not in topics and folder != RED_FLAGS and not folder.startswith("."):
                self._add(folder, 0, "", "is a folder that topics.yml does not know", "add the topic to topics.yml")
        self._check_links(answers)
        self._check_topics(topics, answers)
        self._check_questions(answers)
        return answers

    def _answer(self, path: Path, topic: str, sources: dict[str, Source],
                clinic: Clinic | None, terms: dict[str, Term]) -> Answer | None:
        parsed: Parsed[AnswerFields] = self._parse(path, parse_markdown, AnswerFields)
        fields, file = parsed.fields, str(path.relative_to(self.root))
        if fields is None:
            return None
        if not parsed.body:
            self._add(file, 0, "", "has no answer text", "write it below the second line of three dashes")
        citations = []
        for number, cited in enumerate(fields.sources):
            source_id, _, locator = cited.partition(" ")
            source = sources.get(source_id)
            if source is None:
                self._add(file, parsed.line("sources", number), "sources", f"names an unknown source “{source_id}”",
                          "use one of: " + ", ".join(sources))
            elif not _locator_fits(source, locator):
                self._add(file, parsed.line("sources", number), "sources",
                          f"has the locator “{locator}”, which {source_id} does not have",
                          "write a time stamp like 08:04" if source.locator == "time"
                          else "use one of: " + ", ".join(source.sections))
            citations.append(Citation(source_id, locator))
        if clinic and fields.consult not in clinic.specialties:
            self._add(file, parsed.line("consult"), "consult", f"names “{fields.consult}”, unknown in clinic.yml",
                      "use one of: " + ", ".join(clinic.specialties))
        for number, term in enumerate(fields.about):
            if term not in terms:
                self._add(file, parsed.line("about", number), "about", f"names “{term}”, unknown in terms.yml",
                          "use a term of terms.yml or add it there")
        return Answer(
            id=f"{topic}/{path.stem}", topic=topic, title=fields.title, questions=tuple(fields.questions),
            citations=tuple(citations), related=tuple(fields.related), consult=fields.consult,
            simpler=fields.simpler, body=parsed.body, review=_review(fields.review), about=tuple(fields.about),
            note=fields.note, digest=digest_of(fields.title, parsed.body, fields.simpler, fields.consult, *fields.sources),
        )

    def _check_links(self, answers: dict[str, Answer]) -> None:
        for answer in answers.values():
            file = f"{answer.id}.md"
            for number, other in enumerate(answer.related):
                if other not in answers:
                    self._add(file, self.line(file, "related", number), "related",
                              f"links to “{other}”, which does not exist", "write it as topic/file-name without .md")

    def _check_topics(self, topics: dict[str, Topic], answers: dict[str, Answer]) -> None:
        for topic in topics.values():
            for number, first in enumerate(topic.first):
                if first not in answers:
                    self._add("topics.yml", self.line("topics.yml", topic.id, "first", number), f"{topic.id}.first",
                              f"names “{first}”, which does not exist", "write it as topic/file-name without .md")

    def _check_questions(self, answers: dict[str, Answer]) -> None:
        first: dict[str, str] = {}
        for answer in answers.values():
            file = f"{answer.id}.md"
            for number, question in enumerate(answer.questions):
                key = " ".join(question.lower().split())
                if key in first:
                    where = "this file" if first[key] == answer.id else first[key] + ".md"
                    self._add(file, self.line(file, "questions", number), "questions",
                              f"asks “{question}”, which stands in {where} too", "keep it in one place")
                first.setdefault(key, answer.id)

    def _red_flags(self) -> dict[str, RedFlag]:
        flags = {}
        for path in sorted((self.root / RED_FLAGS).glob("*.md")):
            parsed: Parsed[RedFlagFields] = self._parse(path, parse_markdown, RedFlagFields)
            fields = parsed.fields
            if fields is None:
                continue
            other = "urgent" if fields.level == "emergency" else "emergency"
            flags[path.stem] = RedFlag(
                id=path.stem, title=fields.title, level=fields.level, signs=fields.signs, body=parsed.body,
                say=fields.say, do_not=fields.do_not, sources=tuple(fields.sources),
                told={fields.level: tuple(fields.told), other: tuple(fields.told_other_level)},
                not_it=tuple(fields.not_it),
                patterns=tuple(Pattern(tuple(map(tuple, p.all)), tuple(p.unless), p.level or fields.level)
                               for p in fields.patterns),
                review=_review(fields.review), crisis=fields.crisis,
                digest=digest_of(fields.level, fields.title, fields.signs, parsed.body, fields.say, fields.do_not),
            )
        return flags

    def _harmless(self) -> tuple[str, ...]:
        """Messages in which nobody is in danger, beyond the look-alikes of each sign."""
        path = self.root / RED_FLAGS / "harmless.yml"
        fields = self._parse(path, parse_yaml, HarmlessFields).fields
        return tuple(fields.messages) if fields else ()


def read(root: str | Path) -> KnowledgeBase:
    """Read a knowledge base once.

    Raises:
        BrokenKnowledge: when a file is missing or faulty; the message names file, line and field.
    """
    return Reader(Path(root)).read()


class _Anything(BaseModel):
    """A mapping whose values are checked later, one by one."""

    __root__: dict[str, Any]


def _locator_fits(source: Source, locator: str) -> bool:
    if source.locator == "section" or source.passages:
        return locator in (source.sections or source.passages)
    minutes, _, seconds = locator.partition(":")
    return len(locator) == 5 and minutes.isdigit() and seconds.isdigit() and int(seconds) < 60


def _review(fields: ReviewFields) -> Review:
    return Review(**fields.dict())

"""Reads the answers: a folder a topic, a file an answer, each checked against what it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge_base.clinic import Clinic
from bot.knowledge_base.parsed_files import ParsedFiles
from bot.knowledge_base.parsing import Parsed, digest_of, parse_markdown
from bot.knowledge_base.records import RED_FLAGS, Answer, Citation, Review, Source, Term, Topic
from bot.knowledge_base.schemas import AnswerFields


@dataclass(frozen=True)
class Known:
    """What an answer may name. Without a readable clinic, whom to consult is not checked."""

    topics: Mapping[str, Topic]
    sources: Mapping[str, Source]
    terms: Mapping[str, Term]
    clinic: Clinic | None


def read_answers(files: ParsedFiles, known: Known) -> dict[str, Answer]:
    """The answers of all topics by id."""
    answers = {}
    for topic in known.topics:
        for path in sorted((files.root / topic).glob("*.md")):
            answer = _answer(files, path, topic, known)
            if answer:
                answers[answer.id] = answer
    for folder in sorted(p.name for p in files.root.iterdir() if p.is_dir()):
        if folder not in known.topics and folder != RED_FLAGS and not folder.startswith("."):
            files.add(folder, 0, "", "is a folder that topics.yml does not know", "add the topic to topics.yml")
    return answers


def _answer(files: ParsedFiles, path: Path, topic: str, known: Known) -> Answer | None:
    parsed: Parsed[AnswerFields] = files.parse(path, parse_markdown, AnswerFields)
    fields, file = parsed.fields, files.name(path)
    if fields is None:
        return None
    if not parsed.body:
        files.add(file, 0, "", "has no answer text", "write it below the second line of three dashes")
    citations = []
    for number, cited in enumerate(fields.sources):
        source_id, _, locator = cited.partition(" ")
        source = known.sources.get(source_id)
        if source is None:
            files.add(file, parsed.line("sources", number), "sources", f"names an unknown source “{source_id}”",
                      "use one of: " + ", ".join(known.sources))
        elif not _locator_fits(source, locator):
            files.add(file, parsed.line("sources", number), "sources",
                      f"has the locator “{locator}”, which {source_id} does not have",
                      "write a time stamp like 08:04" if source.locator == "time"
                      else "use one of: " + ", ".join(source.sections))
        citations.append(Citation(source_id, locator))
    if known.clinic and fields.consult not in known.clinic.specialties:
        files.add(file, parsed.line("consult"), "consult", f"names “{fields.consult}”, unknown in clinic.yml",
                  "use one of: " + ", ".join(known.clinic.specialties))
    for number, term in enumerate(fields.about):
        if term not in known.terms:
            files.add(file, parsed.line("about", number), "about", f"names “{term}”, unknown in terms.yml",
                      "use a term of terms.yml or add it there")
    return Answer(
        id=f"{topic}/{path.stem}", topic=topic, title=fields.title, questions=tuple(fields.questions),
        citations=tuple(citations), related=tuple(fields.related), consult=fields.consult,
        simpler=fields.simpler, body=parsed.body, review=Review(**fields.review.dict()), about=tuple(fields.about),
        note=fields.note, digest=digest_of(fields.title, parsed.body, fields.simpler, fields.consult, *fields.sources),
    )


def _locator_fits(source: Source, locator: str) -> bool:
    if source.locator == "section" or source.passages:
        return locator in (source.sections or source.passages)
    minutes, _, seconds = locator.partition(":")
    return len(locator) == 5 and minutes.isdigit() and seconds.isdigit() and int(seconds) < 60

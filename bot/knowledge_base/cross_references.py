"""What must hold between answers before an edit goes live: links lead somewhere, and a question has one answer."""

from __future__ import annotations

from collections.abc import Mapping

from bot.knowledge_base.parsed_files import ParsedFiles
from bot.knowledge_base.parsing import alike
from bot.knowledge_base.records import Answer, Topic


def check_cross_references(files: ParsedFiles, topics: Mapping[str, Topic], answers: Mapping[str, Answer]) -> None:
    """Note every link to nowhere and every question that stands twice."""
    _check_links(files, answers)
    _check_topics(files, topics, answers)
    _check_questions(files, answers)


def _check_links(files: ParsedFiles, answers: Mapping[str, Answer]) -> None:
    for answer in answers.values():
        file = answer.file
        for number, other in enumerate(answer.related):
            if other not in answers:
                files.add(file, files.line(file, "related", number), "related",
                          f"links to “{other}”, which does not exist", "write it as topic/file-name without .md")


def _check_topics(files: ParsedFiles, topics: Mapping[str, Topic], answers: Mapping[str, Answer]) -> None:
    for topic in topics.values():
        for number, first in enumerate(topic.first):
            if first not in answers:
                files.add("topics.yml", files.line("topics.yml", topic.id, "first", number), f"{topic.id}.first",
                          f"names “{first}”, which does not exist", "write it as topic/file-name without .md")


def _check_questions(files: ParsedFiles, answers: Mapping[str, Answer]) -> None:
    first: dict[str, str] = {}
    for answer in answers.values():
        file = answer.file
        for number, question in enumerate(answer.questions):
            key = alike(question)
            if key in first:
                where = "this file" if first[key] == answer.id else first[key] + ".md"
                files.add(file, files.line(file, "questions", number), "questions",
                          f"asks “{question}”, which stands in {where} too", "keep it in one place")
            first.setdefault(key, answer.id)

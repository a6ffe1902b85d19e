"""Reads the lists that answers refer to: `sources.yml`, `topics.yml`, `clinic.yml` and `terms.yml`."""

from __future__ import annotations

from bot.knowledge_base.clinic import Clinic
from bot.knowledge_base.parsed_files import ParsedFiles
from bot.knowledge_base.parsing import Anything, parse_yaml
from bot.knowledge_base.records import Source, Term, Topic
from bot.knowledge_base.schemas import ClinicFields, SourceFields, TopicFields

TERM_KINDS = {"conditions": "condition", "treatments": "treatment", "body": "body_part", "people": "clinician"}


def read_sources(files: ParsedFiles) -> dict[str, Source]:
    wanted = ("title", "spoken", "reference", "speaker", "publisher", "year", "locator", "sections")
    return {
        key: Source(id=key, passages=tuple(fields.passages.split()), **{name: getattr(fields, name) for name in wanted})
        for key, fields in files.records("sources.yml", SourceFields).items()
    }


def read_topics(files: ParsedFiles) -> dict[str, Topic]:
    return {
        key: Topic(key, fields.title, fields.about, tuple(fields.lay), tuple(fields.first))
        for key, fields in files.records("topics.yml", TopicFields).items()
    }


def read_clinic(files: ParsedFiles) -> Clinic | None:
    """The clinic; None when its file cannot be read."""
    fields = files.parse(files.root / "clinic.yml", parse_yaml, ClinicFields).fields
    if fields is None:
        return None
    if fields.country not in fields.numbers:
        files.add("clinic.yml", files.line("clinic.yml", "country"), "country",
                  f"has no numbers for {fields.country}", "add its emergency and crisis numbers below `numbers`")
    return Clinic(**fields.dict())


def read_terms(files: ParsedFiles) -> dict[str, Term]:
    fields = files.parse(files.root / "terms.yml", parse_yaml, Anything).fields
    terms: dict[str, Term] = {}
    for kind, entries in (fields.__root__ if fields else {}).items():
        if kind not in TERM_KINDS:
            files.add("terms.yml", files.line("terms.yml", kind), kind, "is not a kind of term",
                      "use one of: " + ", ".join(TERM_KINDS))
            continue
        for key, names in (entries or {}).items():
            if not isinstance(names, list) or not names:
                files.add("terms.yml", files.line("terms.yml", kind, key), key, "has no list of names",
                          "write them as [first name, other name]")
                continue
            terms[key] = Term(key, TERM_KINDS[kind], tuple(map(str, names)))
    return terms

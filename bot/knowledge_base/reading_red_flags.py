"""Reads `red_flags/`: the signs of danger, and messages in which nobody is in danger."""

from __future__ import annotations

from bot.knowledge_base.parsed_files import ParsedFiles
from bot.knowledge_base.parsing import Parsed, digest_of, parse_markdown, parse_yaml
from bot.knowledge_base.records import RED_FLAGS, Pattern, RedFlag, Review
from bot.knowledge_base.schemas import HarmlessFields, RedFlagFields


def read_red_flags(files: ParsedFiles) -> dict[str, RedFlag]:
    """The signs by id."""
    flags = {}
    for path in sorted((files.root / RED_FLAGS).glob("*.md")):
        parsed: Parsed[RedFlagFields] = files.parse(path, parse_markdown, RedFlagFields)
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
            review=Review(**fields.review.dict()), crisis=fields.crisis,
            digest=digest_of(fields.level, fields.title, fields.signs, parsed.body, fields.say, fields.do_not),
        )
    return flags


def read_harmless(files: ParsedFiles) -> tuple[str, ...]:
    """Messages in which nobody is in danger, beyond the look-alikes of each sign."""
    fields = files.parse(files.root / RED_FLAGS / "harmless.yml", parse_yaml, HarmlessFields).fields
    return tuple(fields.messages) if fields else ()

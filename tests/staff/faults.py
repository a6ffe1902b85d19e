# ruff: noqa: E501 - one kind of fault a line
"""Every kind of fault in the content: an edit that makes it, and the file, field and words that must be told."""

from __future__ import annotations

from tests.staff.clock import EARLIER, LATER, TODAY
from tests.staff.small import (
    ANSWER,
    FLAG,
    Edit,
    add,
    body,
    first_sentence,
    other_answer,
    questions,
    remove,
    replace,
)

Kinds = dict[str, tuple[Edit, str, str, str]]
LONG = "This is one of the many things that a nerve may do. " * 20
HARD = ("Neuropathological characterization necessitates comprehensive multidisciplinary investigation encompassing "
        "electrophysiological examination alongside histological differentiation. Practitioners subsequently consider "
        "pharmacological intervention, accompanied by individualized rehabilitation recommendations regarding nerve pain, "
        "considering contraindications comprehensively.\n")

#: What keeps an edit from going live.
REFUSED: Kinds = {
    "no front matter": (replace(ANSWER, "^---$", "title page"), ANSWER, "", "does not start with a line of three dashes"),
    "front matter not closed": (add("nerves/new.md", "---\ntitle: What is new?\n"), "nerves/new.md", "", "is not closed"),
    "unreadable line": (replace(ANSWER, "  - what is nerve pain", '  - "what is nerve pain'), ANSWER, "", "cannot be read"),
    "no fields": (add("nerves/new.md", "---\njust words\n---\nText.\n"), "nerves/new.md", "", "no fields"),
    "field twice": (replace(ANSWER, "consult: neurologist", "consult: neurologist\nconsult: neurologist"), ANSWER, "consult", "twice"),
    "field missing": (replace(ANSWER, "consult: neurologist\n", ""), ANSWER, "consult", "is missing"),
    "field unknown": (replace(ANSWER, "consult:", "consults:"), ANSWER, "consults", "is not a known field"),
    "field empty": (replace(ANSWER, "title: What is nerve pain?", "title:"), ANSWER, "title", "is empty"),
    "list that is text": (replace(ANSWER, "related: [nerves/how-long]", "related: nerves/how-long"), ANSWER, "related", "must be a list"),
    "question with a colon": (replace(ANSWER, "  - what is nerve pain", "  - sharp pain: what is it"), ANSWER, "questions.0", "must be text"),
    "too many sources": (replace(ANSWER, "  - lee-talk 01:00", "\n".join(["  - lee-talk 01:00"] * 4)), ANSWER, "sources", "at most 3"),
    "unknown status": (replace(ANSWER, "status: reviewed", "status: fine"), ANSWER, "review.status", "permitted"),
    "wrong date": (replace(ANSWER, "written: 2026-01-05", "written: some day"), ANSWER, "review.written", "date"),
    "unknown source": (replace(ANSWER, "lee-talk 01:00", "lees-talk 01:00"), ANSWER, "sources", "unknown source"),
    "unknown time stamp": (replace(ANSWER, "lee-talk 01:00", "lee-talk 01:01"), ANSWER, "sources", "does not have"),
    "unknown section": (replace("nerves/who-helps.md", "nerve-paper findings", "nerve-paper ending"), "nerves/who-helps.md", "sources", "does not have"),
    "unknown clinician": (replace(ANSWER, "consult: neurologist", "consult: plumber"), ANSWER, "consult", "unknown in clinic.yml"),
    "unknown term": (replace(ANSWER, "consult:", "about: [gout]\nconsult:"), ANSWER, "about", "unknown in terms.yml"),
    "broken link": (replace(ANSWER, "[nerves/how-long]", "[nerves/how-short]"), ANSWER, "related", "does not exist"),
    "no text": (body(""), ANSWER, "", "has no answer text"),
    "same question in two answers": (replace(ANSWER, "what is nerve pain", questions(1)[0].upper()), ANSWER, "questions", "stands in"),
    "not text at all": (add("nerves/new.md", b"\xff\xfe\x00"), "nerves/new.md", "", "not UTF-8"),
    "clinic missing": (remove("clinic.yml"), "clinic.yml", "", "is missing"),
    "clinic without own numbers": (replace("clinic.yml", "country: US", "country: GB"), "clinic.yml", "country", "has no numbers"),
    "hours in words": (replace("clinic.yml", '"08:30-17:00"', "mornings"), "clinic.yml", "hours.monday", "write the hours"),
    "unknown kind of term": (replace("terms.yml", "conditions:", "illnesses:"), "terms.yml", "illnesses", "not a kind"),
    "term without names": (replace("terms.yml", "[nerve pain]", "nerve pain"), "terms.yml", "nerve-pain", "no list of names"),
    "folder without topic": (add("bones/what.md", "words"), "bones", "", "topics.yml does not know"),
    "topic leads nowhere": (replace("topics.yml", "nerves/what-it-is", "nerves/what"), "topics.yml", "nerves.first", "does not exist"),
    "unknown level of danger": (replace(FLAG, "level: emergency", "level: bad"), FLAG, "level", "permitted"),
    "source without title": (replace("sources.yml", "  title: Nerves and you\n", ""), "sources.yml", "lee-talk.title", "is missing"),
}
#: What is live and fails the check.
FAULTS: Kinds = {
    "too short": (body("Nerve pain is pain in a nerve.\n"), ANSWER, "text", "7 words"),
    "too long": (body("Nerve pain is pain in a nerve. " + LONG), ANSWER, "text", "at most 150"),
    "too hard to read": (body("Nerve pain is a pain. " + HARD), ANSWER, "text", "reading grade"),
    "danger too hard to read": (body(HARD, FLAG), FLAG, "text", "reading grade"),
    "starts with a list": (first_sentence("- nerve pain"), ANSWER, "text", "starts with a heading or a list"),
    "starts with a question": (first_sentence("What is nerve pain?"), ANSWER, "text", "starts with a question"),
    "starts beside the point": (first_sentence("That is a good question about nerve pain."), ANSWER, "text", "does not answer"),
    "promises": (first_sentence("Nerve pain goes, and rest will cure it."), ANSWER, "text", "promises: “will cure”"),
    "promises in short": (replace(ANSWER, "simpler: Nerve", "simpler: Rest is completely safe. Nerve"), ANSWER, "simpler", "promises"),
    "doses": (first_sentence("Nerve pain may ease with 400 mg of a pain medicine."), ANSWER, "text", "gives a dose: “400 mg”"),
    "doses in words": (first_sentence("Nerve pain may ease with two tablets."), ANSWER, "text", "gives a dose: “two tablets”"),
    "orders": (first_sentence("Nerve pain is bad. You should take a pain medicine."), ANSWER, "text", "must do"),
    "diagnoses": (first_sentence("You have neuralgia of a nerve."), ANSWER, "text", "have or must do"),
    "HTML": (first_sentence("Nerve pain is <b>pain</b> in a nerve."), ANSWER, "text", "HTML"),
    "picture": (first_sentence("Nerve pain is ![a nerve](nerve.png) pain."), ANSWER, "text", "picture"),
    "table": (body("Nerve pain is pain.\n\n| a | b |\n|---|---|\n" + LONG[:600]), ANSWER, "text", "table"),
    "left to fill in": (first_sentence("Nerve pain is TODO pain."), ANSWER, "text", "still has “TODO”"),
    "same title": (replace(ANSWER, "title: What is nerve pain?", "title: who helps with Nerve pain?"), "nerves/who-helps.md", "title", "the title of"),
    "links to itself": (replace(ANSWER, "[nerves/how-long]", "[nerves/what-it-is]"), ANSWER, "related", "this answer itself"),
    "question without words": (replace(ANSWER, "what is nerve pain", '"???"'), ANSWER, "questions", "no words"),
    "question nobody can send": (replace(ANSWER, "what is nerve pain", "why " * 300), ANSWER, "questions", "1199 characters"),
    "reviewed by nobody": (replace(ANSWER, '^  by: .*\n', ""), ANSWER, "review.by", "is missing"),
    "signed but awaiting": (replace(ANSWER, "status: reviewed", "status: awaiting clinician review"), ANSWER, "review.by", "is filled in"),
    "reviewed in the future": (replace(ANSWER, f"on: {TODAY}", f"on: {LATER}"), ANSWER, "review.on", "in the future"),
    "due before written": (replace(ANSWER, f"due: {LATER}", "due: 2020-01-01"), ANSWER, "review.due", "before it was written"),
    "phone without digits": (replace("clinic.yml", '"212-867-5309"', "ask at the desk"), "clinic.yml", "phone", "nobody can call"),
    "unknown time zone": (replace("clinic.yml", "America/New_York", "America/Gotham"), "clinic.yml", "time_zone", "not a time zone"),
    "closes before it opens": (replace("clinic.yml", "08:30-17:00", "17:00-08:30"), "clinic.yml", "hours.monday", "ends before"),
    "one name, two terms": (replace("terms.yml", "muscle cramp", "nerve pain"), "terms.yml", "cramp", "nerve-pain has too"),
    "danger and not": (replace(FLAG, "my usual slow ache number 3", "sudden terrible head pain number 3 like a clap"), FLAG, "not_it", "told as danger"),
    "danger and a question": (replace(FLAG, "sudden terrible head pain number 3 like a clap", questions(0)[0]), FLAG, "told", "ordinary question"),
}
#: What a person judges.
NOTES: Kinds = {
    "too few questions": (replace(ANSWER, "^  - (?:what|tell|my|is) .*\n", "", every=True), ANSWER, "questions", "5 questions"),
    "nearly the same question": (replace(ANSWER, "what is nerve pain", "how long will nerve pain last"), ANSWER, "questions", "nearly the same"),
    "same but for a comma": (replace(ANSWER, "what is nerve pain", "how long, does nerve pain last?"), ANSWER, "questions", "again"),
    "long first sentence": (first_sentence("Nerve pain is " + "a very " * 16 + "bad pain."), ANSWER, "text", "37 words"),
    "first sentence about something else": (first_sentence("Green tea is nice in spring."), ANSWER, "text", "names nothing of its title"),
    "names no one": (first_sentence("Nerve pain is, studies show, a pain."), ANSWER, "text", "names no one: “studies show”"),
    "misspelled": (first_sentence("Nerve pain is definitly a pain."), ANSWER, "text", "“definitly”, an unknown word"),
    "British": (first_sentence("Nerve pain changes the colour of a day."), ANSWER, "text", "British “colour”"),
    "link": (first_sentence("Nerve pain is told of on https://example.org a lot."), ANSWER, "text", "link"),
    "two headings": (body("Nerve pain is pain.\n\n## One\n\n## Two\n\n" + LONG[:600]), ANSWER, "text", "more than one heading"),
    "title too long for a button": (replace(ANSWER, "What is nerve pain?", "What is nerve pain" + ", and why" * 14 + "?"), ANSWER, "title", "characters"),
    "long in short": (replace(ANSWER, "simpler: Nerve", "simpler: " + "It is so. " * 14 + "Nerve"), ANSWER, "simpler", "words"),
    "source never cited": (replace("nerves/who-helps.md", "nerve-paper findings", "lee-talk 01:00"), "sources.yml", "nerve-paper", "no answer cites"),
    "passage never cited": (replace("nerves/how-long.md", "lee-talk 12:14", "lee-talk 01:00"), "sources.yml", "lee-talk.passages", "“12:14”"),
    "cited twice": (replace(ANSWER, "  - lee-talk 01:00", "  - lee-talk 01:00\n  - lee-talk 01:00"), ANSWER, "sources", "twice"),
    "old source without its year": (replace("sources.yml", "year: 2024", "year: 2010"), ANSWER, "sources", "of 2010"),
    "review overdue": (replace(ANSWER, f"due: {LATER}", f"due: {EARLIER}"), ANSWER, "review.due", "overdue"),
    "changed since review": (first_sentence("Nerve pain is a pain that begins in a nerve."), ANSWER, "review.digest", "outdated"),
    "never reviewed": (replace(ANSWER, "^  status: reviewed(?:.*\n)*?  digest.*$", "  status: awaiting clinician review\n  written: 2026-01-05\n  due: 2028-01-01"),
                       ANSWER, "review.status", "awaits"),
    "no related answers": (replace(ANSWER, "[nerves/how-long]", "[]"), ANSWER, "related", "no other answer"),
    "topic without answers": (replace("topics.yml", "nerves:", "bones:\n  title: Bones\n  about: all bones\nnerves:"), "topics.yml", "bones", "without answers"),
    "made-up number": (replace("clinic.yml", "212-867-5309", "555-0142"), "clinic.yml", "phone", "made-up"),
    "danger told too rarely": (replace(FLAG, "^  - sudden.*\n", ""), FLAG, "told", "19 examples"),
    "too few look-alikes": (replace(FLAG, "^  - my usual.*\n", ""), FLAG, "not_it", "9 look-alikes"),
    "file nobody reads": (add("nerves/notes.txt", "call Jo"), "nerves/notes.txt", "", "never read"),
    "poor file name": (other_answer("nerves/What Else.md"), "nerves/What Else.md", "", "poor address"),
    "draft": (add("nerves/new.draft", "---\ntitle: What is new?\nquestions:\n---\n"), "nerves/new.draft", "", "lacks: questions, sources"),
}

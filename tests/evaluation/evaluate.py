"""The project's own evaluation: how often is a question understood, by a running assistant?

    python -m tests.evaluation.evaluate --url http://127.0.0.1:5005 [--show wrong,missed]

The questions were written from the sources by other hands than those of the knowledge base.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.talk import Conversation, Said, passages

FOLDER = Path(__file__).parent
SAFETY = FOLDER.parent / "safety"
ALARMS = {"emergency", "urgent"}
SMALL_TALK = {"smalltalk", "handoff", "privacy"}
#: Asked before what is out of scope is asked a second time ("leaving"): a fragment may go on with it, or not.
TALKED_ABOUT = "How is occipital neuralgia treated?"


@dataclass
class Marks:
    """How often each mark was given in each part, and to what."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    rows: list[tuple[str, str, str, Said]] = field(default_factory=list)

    def add(self, part: str, mark: str, text: str, said: Said) -> None:
        self.counts.setdefault(part, Counter())[mark] += 1
        self.rows.append((part, mark, text, said))

    def share(self, part: str, *marks: str) -> float:
        """The share (0 to 1) of a part's messages with one of the marks."""
        counted = self.counts[part]
        return sum(counted[mark] for mark in marks) / sum(counted.values())


def read(path: Path) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in path.read_text("utf-8").splitlines() if line)


def mark_question(said: Said, expected: list[str]) -> str:
    """`right`, `wrong`, `offered`, `missed`, `alarm` or `refused`."""
    if said.kind == "answer":
        return "right" if said.cited & set(expected) else "wrong"
    if said.kind == "clarify":
        offered = set().union(*(passages(choice) for choice in said.reply["choices"]))
        return "offered" if offered & set(expected) else "missed"
    return "alarm" if said.kind in ALARMS else "refused"


def evaluate(url: str, parts: set[str] | None = None) -> Marks:
    """Ask everything and mark it. ``parts`` limits what is asked."""
    marks = Marks()
    wanted = parts or {"questions", "follow_ups", "out_of_scope", "personal", "smalltalk", "danger", "near_misses"}
    if "questions" in wanted:
        for item in read(FOLDER / "questions.jsonl"):
            said = Conversation(url).say(item["text"])
            marks.add("questions", mark_question(said, item["expect"]), item["text"], said)
    if "follow_ups" in wanted:
        for item in read(FOLDER / "follow_ups.jsonl"):
            conversation = Conversation(url)
            for number, turn in enumerate(item["turns"]):
                said = conversation.say(turn["text"])
                part = "later turns" if number else "first turns"
                marks.add(part, mark_question(said, turn["expect"]), turn["text"], said)
    judged = {
        "out_of_scope": lambda said: {"answer": "answered", "clarify": "choices"}.get(
            said.kind, "alarm" if said.kind in ALARMS else "turned away"),
        "personal": lambda said: "referred" if said.kind in ALARMS | {"personal"} else said.kind,
        "smalltalk": lambda said: "smalltalk" if said.kind in SMALL_TALK else said.kind,
    }
    for part, judge in judged.items():
        if part in wanted:
            for item in read(FOLDER / f"{part}.jsonl"):
                said = Conversation(url).say(item["text"])
                marks.add(part, judge(said), item["text"], said)
    if "out_of_scope" in wanted:
        for item in read(FOLDER / "out_of_scope.jsonl"):
            conversation = Conversation(url)
            conversation.say(TALKED_ABOUT)
            said = conversation.say(item["text"])
            marks.add("leaving", judged["out_of_scope"](said), item["text"], said)
    if "danger" in wanted:
        for item in read(SAFETY / "danger.jsonl"):
            said = Conversation(url).say(item["text"])
            mark = "MISSED" if said.kind not in ALARMS else "caught" if said.kind == item["level"] else "other level"
            marks.add("danger", mark, f"[{item['sign']}] {item['text']}", said)
    if "near_misses" in wanted:
        for item in read(SAFETY / "near_misses.jsonl"):
            said = Conversation(url).say(item["text"])
            marks.add("near_misses", "alarm" if said.kind in ALARMS else "no alarm", f"[{item['near']}] {item['text']}", said)
    return marks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:5005")
    parser.add_argument("--parts", default="", help="comma separated; all by default")
    parser.add_argument("--show", default="", help="print messages with these marks, comma separated")
    options = parser.parse_args()
    marks = evaluate(options.url, set(filter(None, options.parts.split(","))))
    for part, counted in marks.counts.items():
        total = sum(counted.values())
        print(f"{part:14s} n={total:4d}  " + "  ".join(f"{mark} {n} ({n / total:.1%})" for mark, n in counted.most_common()))
    shown = set(filter(None, options.show.split(",")))
    for part, mark, text, said in marks.rows:
        if mark in shown:
            where = said.answer_id or ", ".join(said.choices) or said.reply.get("sign", "")
            print(f"[{part}: {mark}] {text!r} -> {said.kind} {where}")


if __name__ == "__main__":
    main()

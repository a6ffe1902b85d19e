"""Draws the pictures of docs/staff.md and docs/review.md from what the commands really print.

Run it after a change of what they print: `python -m tests.staff.draw_pictures`. It works on a copy of
the knowledge base and on a store of its own; the questions in the report's picture are made up, their
replies and scores are the assistant's. Needs a trained model and Chromium.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Any

from bot.knowledge_base import live_knowledge_base
from bot.serving import newest_model
from bot.settings import PROJECT

IMAGES = PROJECT / "docs" / "images"
ASKED = "hw lng dose ocipital nuralgia lst"
SPOILED = "occipital-neuralgia/how-long-attacks-last.md"
SIGNED = "refractory-migraine/ketamine"
IN_VAIN = {
    "does riboflavin help with migraine": 3, "is vitamin b2 any good for headaches": 2, "riboflavin for migrane": 4,
    "do you take my insurance": 3, "is Blue Cross accepted at the clinic": 1, "which insurance do you take": 2,
    "does a daith piercing stop migraine": 3, "are ear piercings good for headaches": 1, "daith piercing": 2,
    "can kids get botox for migraine": 2, "is botox ok for my 12 year old": 1, "where can I park": 2,
    "is there parking at the clinic": 1, "does the weather set off migraine": 2, "storm coming, head hurts, linked?": 1,
    "cbd oil for neck pain": 2, "does cannabis oil help": 1,
}
_TERMINAL = """<style>
body { margin: 0; background: #14202b }
pre { font: 14px/1.45 'DejaVu Sans Mono', monospace; color: #e8eef2; padding: 18px; margin: 0; white-space: pre-wrap }
b { color: #7fd1ae; font-weight: normal }
</style><pre><b>$ COMMAND</b>
OUTPUT</pre>"""


def main() -> None:
    """Draw every picture."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        knowledge = Path(shutil.copytree(PROJECT / "knowledge", work / "knowledge"))
        store = f"sqlite:///{work / 'store.db'}"
        environment = {**os.environ, "KNOWLEDGE_FOLDER": str(knowledge), "DATABASE_URL": store}
        os.environ.update(environment)
        pages = {
            "staff-ask": _terminal(f'python -m bot ask "{ASKED}"', _run(environment, "ask", ASKED), 34),
            "staff-review": _review(environment),
        }
        _fill_store()
        _run(environment, "report", "--out", str(work / "report.html"))
        pages["staff-report"] = (work / "report.html").read_text("utf-8")
        _spoil(knowledge / SPOILED)
        pages["staff-check"] = _terminal("python -m bot check", _run(environment, "check", "--quick", status=1), 13)
        _draw(pages, work)
        live_knowledge_base(str(knowledge)).close()


def _run(environment: dict[str, str], *arguments: str, status: int = 0, typed: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=PROJECT,
        env=environment,
        input=typed,
        text=True,
        capture_output=True,
    )
    assert done.returncode == status, done.stdout + done.stderr
    # What is typed does not come back to a program as it does to a person.
    return done.stdout.replace("[y/N]: ", "[y/N]: y\n")


def _terminal(command: str, output: str, lines: int) -> str:
    rows = output.rstrip().splitlines()
    shown = "\n".join(rows[:lines]) + ("\n…" if len(rows) > lines else "")
    return _TERMINAL.replace("COMMAND", escape(command)).replace("OUTPUT", escape(shown))


def _review(environment: dict[str, str]) -> str:
    command = f'python -m bot review {SIGNED} --by "Dr. Jane Doe"'
    return _terminal(command, _run(environment, "review", SIGNED, "--by", "Dr. Jane Doe", typed="y\n"), 40)


def _spoil(path: Path) -> None:
    """Three slips that a busy person makes."""
    text = path.read_text("utf-8").replace("consult: neurologist", "consult: neurolgist")
    head, _, body = text.rpartition("---\n")
    path.write_text(f"{head}---\n{body.rstrip()}\n\nTake 400 mg of ibuprofen, and it will stop the pain.\n", "utf-8")


def _fill_store() -> None:
    """Ask the assistant what patients ask, and note what a server would note."""
    from bot.knowledge_base import read
    from bot.staff.asking import Assistant
    from bot.store.engine import engine
    from bot.store.migrations import migrate
    from bot.store.models import Exchange, Feedback, Unanswered

    chance = random.Random(3)
    knowledge = read(os.environ["KNOWLEDGE_FOLDER"])
    known = [question for answer in knowledge.answers.values() for question in answer.questions]
    told = [text for flag in knowledge.red_flags.values() for texts in flag.told.values() for text in texts]
    asked = chance.sample(known, 110) + chance.sample(told, 5)
    asked += [question for question, times in IN_VAIN.items() for _ in range(times)]
    chance.shuffle(asked)
    model = newest_model()
    assert model, "train a model first"
    assistant = Assistant(model)
    rows: dict[Any, list[dict[str, Any]]] = {Exchange: [], Feedback: [], Unanswered: []}
    for number, question in enumerate(asked):
        turn = assistant.ask([question], sender=f"patient {number}")[0]
        reply, ranked = turn.reply, (turn.parsed.get("ranking") or {}).get("answers") or [{"id": None, "score": None}]
        hour = chance.gauss(19, 4) % 24
        at = dt.datetime.combine(dt.date.today() - dt.timedelta(days=chance.randrange(1, 29)), dt.time())
        common = {"at": at + dt.timedelta(hours=hour), "channel": chance.choice(["web", "web", "telegram"])}
        rows[Exchange].append({
            **common, "conversation": f"c{number // 2}", "kind": reply["kind"], "intent": turn.parsed["intent"]["name"],
            "answer_id": reply.get("answer_id"), "topic": reply.get("topic"), "score": ranked[0]["score"],
            "sign": reply.get("sign"), "level": reply["kind"] if reply.get("sign") else None,
        })  # fmt: skip
        if reply["kind"] in ("out_of_scope", "clarify"):
            nearest = {"nearest_answer": ranked[0]["id"], "nearest_score": ranked[0]["score"]}
            rows[Unanswered].append({**common, "kind": reply["kind"], "question": question, **nearest})
        elif reply.get("answer_id") and chance.random() < 0.1:
            helpful = chance.random() < 0.7
            rows[Feedback].append({"at": common["at"], "answer_id": reply["answer_id"], "helpful": helpful})
    migrate(engine())
    with engine().begin() as connection:
        for model_class, values in rows.items():
            connection.execute(model_class.__table__.insert(), values)


def _draw(pages: dict[str, str], work: Path) -> None:
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        found = shutil.which("chromium")
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, html in pages.items():
            (work / f"{name}.html").write_text(html, "utf-8")
            page = browser.new_page(viewport={"width": 1000, "height": 1500 if name == "staff-report" else 300})
            page.goto(f"file://{work / name}.html")
            page.screenshot(path=IMAGES / f"{name}.png", full_page=name != "staff-report")
        browser.close()


if __name__ == "__main__":
    main()

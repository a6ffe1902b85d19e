"""A reply as the widget gets it, and a conversation as it is shown again."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import sqlalchemy as sa

from bot.channels.web_session import Session
from bot.knowledge_base import KnowledgeBase
from bot.store.keeper import shared_keeper
from bot.store.keys import conversation_key
from bot.store.models import TranscriptTurn

#: Turns shown again at most.
TURNS_SHOWN = 50
#: Of a reply, what staff and tests read but a page needs not.
KEPT_BACK = ("words", "by", "consult_key")
#: What pressing a plain button means, in words.
SAID = {
    "/feedback_good": "This helped", "/feedback_bad": "This did not help", "/affirm": "Yes", "/deny": "No",
    "/delete_my_data": "Delete my data", "/show_topics": "Topics", "/handoff": "Talk to a person", "/help": "Help",
    "/privacy": "Privacy", "/greet": "Hello", "/show_sources": "Sources", "/tell_more": "Tell me more",
    "/simpler": "Simpler, please",
}


def for_widget(reply: dict[str, Any], session: Session) -> dict[str, Any]:
    """The reply with every button's payload signed for the session (`send`), and the feedback buttons of an answer."""
    shown = {name: value for name, value in reply.items() if name not in KEPT_BACK}
    shown["buttons"] = signed_buttons(reply.get("buttons") or [], session)
    if reply.get("kind") == "answer":
        shown["feedback"] = {"good": session.sign("/feedback_good"), "bad": session.sign("/feedback_bad")}
    return shown


def signed_buttons(buttons: list[dict[str, str]], session: Session) -> list[dict[str, str]]:
    """Buttons with what the widget sends back when one is pressed."""
    return [{"title": button["title"], "send": session.sign(button["payload"])} for button in buttons]


def topic_buttons(knowledge: KnowledgeBase, session: Session) -> list[dict[str, str]]:
    """The topics, for a page that has just been opened."""
    return signed_buttons([{"title": topic.title, "payload": "/open_topic" + json.dumps({"open_topic": topic.id})}
                           for topic in knowledge.topics.values()], session)


def said_in_words(said: str, knowledge: KnowledgeBase) -> str:
    """What the patient saw of an own turn: the words typed, or the title of the button pressed."""
    if said in SAID:
        return SAID[said]
    if not said.startswith(("/choose{", "/open_topic{")):
        return said
    try:
        carried = json.loads(said[said.index("{"):])
    except ValueError:
        return said
    if answer := knowledge.answers.get(carried.get("answer", "")):
        return answer.title
    topic = knowledge.topics.get(carried.get("open_topic", ""))
    return topic.title if topic else "…"


async def earlier_turns(session: Session, knowledge: KnowledgeBase) -> list[dict[str, Any]]:
    """The turns of a conversation as they were shown, oldest first: `said` and `reply`.

    Raises:
        bot.store.database.DatabaseDown: when the database is down.
    """
    keeper = shared_keeper()
    await asyncio.get_running_loop().run_in_executor(None, keeper.writer.settle)
    table = TranscriptTurn.__table__
    query = (sa.select(table.c.said, table.c.reply).where(table.c.key == conversation_key(session.sender))
             .order_by(table.c.id.desc()).limit(TURNS_SHOWN))
    rows = await keeper.database.in_a_turn(lambda connection: connection.execute(query).all())
    return [{"said": said_in_words(row.said, knowledge), "reply": for_widget(json.loads(row.reply), session)}
            for row in reversed(rows)]

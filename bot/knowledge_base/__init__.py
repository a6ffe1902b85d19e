"""Reading, checking and live-reloading of `knowledge/`. Knows nothing of Rasa."""

from bot.knowledge_base.clinic import Clinic
from bot.knowledge_base.live import LiveKnowledgeBase, live_knowledge_base
from bot.knowledge_base.problems import BrokenKnowledge, Problem
from bot.knowledge_base.reading import read
from bot.knowledge_base.records import Answer, Citation, KnowledgeBase, RedFlag, Review, Source, Term, Topic

__all__ = [
    "Answer",
    "BrokenKnowledge",
    "Citation",
    "Clinic",
    "KnowledgeBase",
    "LiveKnowledgeBase",
    "Problem",
    "RedFlag",
    "Review",
    "Source",
    "Term",
    "Topic",
    "live_knowledge_base",
    "read",
]

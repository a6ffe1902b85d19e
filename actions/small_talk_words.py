"""What the assistant says about itself and to a kind or unkind word."""

from __future__ import annotations

from bot.knowledge_base import KnowledgeBase

WORDS = {
    "greet": "Hello! I am the education assistant of {clinic}. I can explain {topics}. I answer from texts that name "
             "their sources. I am a program, not a doctor, and I can't give advice on your own case. What would you like to know?",
    "goodbye": "Goodbye, and take good care of yourself. You can come back any time.",
    "thanks": "You are welcome. Is there anything else you would like to know?",
    "affirm": "Good. What would you like to know? You can ask in your own words.",
    "deny": "All right. I am here if you want to ask something else.",
    "are_you_human": "I am a program, not a person. I don't feel, guess or make things up: I look up answers that people have "
                     "written from named sources.",
    "who_made_you": "My answers are written by people from three published sources: an interview with Dr. Hossein Ansari, an "
                    "interview with Dr. Sait Ashina (Migraine World Summit), and Teri Robert's article on Dr. Elliott "
                    "Schulman's review. Each answer names the exact place. {signed_off}",
    "help": "Just ask in your own words, as you would ask a nurse. For example:\n"
            "- How common is neck pain with migraine?\n- What is occipital neuralgia?\n- Does treating lupus help migraine?\n"
            "I know about {topics}. You can also type “tell me more”, “simpler please”, “sources”, “topics” or “delete my data”.",
    "feedback_good": "I am glad that helped. Is there anything else you would like to know?",
    "frustrated": "I am sorry. Living with this kind of pain wears anyone out, and it is hard when answers don't come. "
                  "Tell me in a few words what you need, and I will look again, or a person at the clinic can help.",
    "abuse": "I understand that you are upset. I will stay polite, and I am still here to help with your question.",
}


def words_for(intent: str, knowledge: KnowledgeBase) -> str:
    """The words for an intent of small talk; for an unknown one, those for a greeting."""
    titles = [topic.title.lower() for topic in knowledge.topics.values()]
    return WORDS.get(intent, WORDS["greet"]).format(
        clinic=knowledge.clinic.name, topics=", ".join(titles[:-1]) + " and " + titles[-1], signed_off=signed_off(knowledge),
    )


def signed_off(knowledge: KnowledgeBase) -> str:
    """How many answers a clinician has signed off, truthfully."""
    reviewed = sum(answer.review_state == "reviewed" for answer in knowledge.answers.values())
    total = len(knowledge.answers)
    if not reviewed:
        return "No clinician of the clinic has signed them off yet; each says so."
    return f"A clinician has signed off {reviewed} of {total} answers so far; each says whether it is signed off."

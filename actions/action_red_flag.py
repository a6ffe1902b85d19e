"""Danger first: call now or be seen today; the ordinary question, if there was one, is answered below."""

from __future__ import annotations

from actions.base import ReplyAction
from actions.reply import Reply
from actions.showing import not_covered, remember
from actions.turn import Turn
from bot.knowledge_base import Answer, RedFlag

OVERDOSE = "overdose"
#: From this score on, the message also asked a question that the knowledge base answers.
ORDINARY_QUESTION_FROM = 0.6


class ActionRedFlag(ReplyAction):
    action_name = "action_red_flag"

    def reply(self, turn: Turn) -> Reply:
        seen = turn.red_flag or {}
        flag = turn.knowledge.red_flags.get(seen.get("sign", ""))
        if flag is None:
            return not_covered(turn)
        level = seen["level"]
        text = crisis_text(turn, flag) if flag.crisis else alarm_text(turn, flag, level)
        clinic = turn.knowledge.clinic
        emergency = clinic.number("emergency", turn.country)
        consult = f"Anyone unsure should call {emergency} or a doctor. The clinic's number is {clinic.phone}."
        extra = {"sign": flag.id, "sign_title": flag.title, "words": seen["words"], "by": seen["by"],
                 "calls": whom_to_call(turn, flag, level)}
        if flag.crisis:
            return Reply(level, text, consult=consult, extra=extra)
        answer = asked_as_well(turn)
        if answer is None:
            return Reply(level, text, consult=consult, extra=extra)
        text += f"\n\nYou also asked something I can answer. When you are safe, here it is.\n\n**{answer.title}**\n\n{answer.body}"
        return Reply(level, text, consult=consult, answer=answer, extra=extra, slots=remember(turn, answer))


def whom_to_call(turn: Turn, flag: RedFlag, level: str) -> list[dict[str, str]]:
    """The numbers to call, the first one first: a sign to be seen for today goes to the clinic, all else to help at once."""
    clinic = turn.knowledge.clinic
    calls = [{"name": "Emergency", "number": clinic.number("emergency", turn.country)}]
    if flag.crisis:
        calls.insert(0, {"name": clinic.number("crisis_name", turn.country), "number": clinic.number("crisis", turn.country)})
    elif level == "urgent":
        calls.insert(0, {"name": clinic.name, "number": clinic.phone})
    if flag.id == OVERDOSE:
        calls.append({"name": "Poison help line", "number": clinic.number("poison", turn.country)})
    return calls


def alarm_text(turn: Turn, flag: RedFlag, level: str) -> str:
    """Worded as education: what anyone with the sign should do, why, and what to say."""
    clinic = turn.knowledge.clinic
    emergency = clinic.number("emergency", turn.country)
    if level == "emergency":
        first = f"**Anyone with {flag.signs} should call {emergency} now.**"
        if flag.id == OVERDOSE:
            first += f" The poison help line is {clinic.number('poison', turn.country)}."
    else:
        first = (f"**Anyone with {flag.signs} should be seen by a doctor today.** Call {clinic.name} now: {clinic.phone}. "
                 f"If it is closed, go to an emergency department or urgent care. If it gets worse, call {emergency}.")
    return f"{first}\n\n{flag.body}\n\n**What to say:** {flag.say}\n\n{flag.do_not}"


def crisis_text(turn: Turn, flag: RedFlag) -> str:
    """Warm words first, then people to talk to, then an offer to go on."""
    clinic = turn.knowledge.clinic
    crisis, name = clinic.number("crisis", turn.country), clinic.number("crisis_name", turn.country)
    emergency = clinic.number("emergency", turn.country)
    return (
        f"{flag.body}\n\n**Please talk to someone now:** {name}: **{crisis}**, day or night. "
        f"If you are in danger or have already hurt yourself, call **{emergency}** now. "
        f"You can also call us: {clinic.name}, {clinic.phone}.\n\n**What you could say:** {flag.say}\n\n{flag.do_not}\n\n"
        "I am a program, not a person, but I am still here. When you are safe, we can go on talking about what helps with pain."
    )


def asked_as_well(turn: Turn) -> Answer | None:
    """The answer to the ordinary question in the message, when there clearly was one."""
    if "?" not in turn.text and turn.ranking["decision"] != "answer":
        return None
    ranked = turn.ranked()
    return ranked[0] if ranked and turn.best_score >= ORDINARY_QUESTION_FROM else None

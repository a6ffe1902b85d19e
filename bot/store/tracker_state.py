"""What of a Rasa tracker is kept between turns (no patient's words), and what its last turn was."""

from __future__ import annotations

import json
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.store.keys import conversation_key
from bot.store.turn_record import RECEIVED_AT, Turn, country_of, milliseconds_since

#: User turns kept as events; what goes further back is in the slots.
TURNS_KEPT = 2
#: Rasa puts whatever a client sent along into this slot.
_LEFT_OUT = {"session_started_metadata"}


def state_of(tracker: DialogueStateTracker) -> str:
    """A tracker as one short JSON text, whatever the length of its conversation."""
    events = list(tracker.events)
    starts = [number for number, event in enumerate(events) if isinstance(event, UserUttered)]
    kept = events[starts[-TURNS_KEPT] if len(starts) >= TURNS_KEPT else starts[0] :] if starts else []
    return json.dumps(
        {
            "slots": {
                name: slot.value
                for name, slot in tracker.slots.items()
                if slot.value is not None and name not in _LEFT_OUT
            },
            "events": [_wordless(event) for event in kept if not isinstance(event, (SlotSet, BotUttered))],
        }
    )


def _wordless(event: Event) -> dict[str, Any]:
    """An event as stored. Policies look at intents, entities and actions, never at words."""
    if isinstance(event, UserUttered):
        return {
            "event": "user",
            "timestamp": event.timestamp,
            "text": None,
            "parse_data": {
                "intent": {"name": event.intent_name},
                "entities": [
                    {"entity": e["entity"], "value": e["value"]} for e in event.entities if e.get("extractor")
                ],
            },
        }
    return event.as_dict()


def restore(state: str, tracker: DialogueStateTracker, domain: Domain | None) -> DialogueStateTracker | None:
    """A new tracker brought to a stored state; None where the state is of another version and can't be read."""
    try:
        stored = json.loads(state)
        # Last, so that nothing replayed can undo them; before the closing listen, so that no policy waits for them.
        slots: list[Event] = [SlotSet(name, value) for name, value in stored["slots"].items() if name in tracker.slots]
        events: list[Event] = [
            ActionExecuted(ACTION_SESSION_START_NAME),
            SessionStarted(),
            ActionExecuted(ACTION_LISTEN_NAME),
        ]
        events += [event for event in (Event.from_parameters(one) for one in stored["events"]) if event]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    for event in [*events[:-1], *slots, *events[-1:]]:
        tracker.update(event, domain)
    return tracker


def last_turn(tracker: DialogueStateTracker) -> Turn | None:
    """The turn just over; None where nobody spoke or no reply object came."""
    reply: dict[str, Any] | None = None
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and reply is None:
            reply = (event.data.get("custom") or {}).get("reply")
        if isinstance(event, UserUttered):
            break
    else:
        return None
    if reply is None:
        return None
    ranked = (event.parse_data.get("ranking") or {}).get("answers") or [{}]  # type: ignore[typeddict-item]
    metadata = event.metadata or {}
    return Turn(
        key=conversation_key(tracker.sender_id),
        channel=event.input_channel or "unknown",
        reply=reply,
        said=event.text or "",
        intent=event.intent_name,
        nearest=ranked[0],
        country=country_of(metadata),
        latency_ms=milliseconds_since(metadata.get(RECEIVED_AT)),
        judged_answer=tracker.get_slot("last_answer") if "last_answer" in tracker.slots else None,
    )

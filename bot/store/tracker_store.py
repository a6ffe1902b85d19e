"""Rasa's tracker store: a conversation is one short row, whatever its length.

Rasa's own store loads and replays every event of a session at every turn (docs/decisions/store.md).
Here the slots and the last turns are kept, without words, under a keyed hash of the sender;
what the patient saw is appended to the transcript by the writer and never replayed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import rasa_mends
from bot.store.database import DatabaseDown
from bot.store.keeper import shared_keeper
from bot.store.keys import conversation_key
from bot.store.models import Conversation
from bot.store.redaction import redact
from bot.store.tracker_state import last_turn, restore, state_of
from bot.store.turn_record import leaves_nothing

# This module is loaded by every command that holds conversations (endpoints.yml).
rasa_mends.apply()


class ConversationStore(TrackerStore):
    """Keeps conversations in the database and, should that fail, goes on in memory. It never raises:
    Rasa would fall back to a store of its own, in memory and with every word."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(domain, event_broker, **kwargs)
        self._keeper = shared_keeper(url)
        with suppress(DatabaseDown):  # it has said so; the writer tries again
            self._keeper.database.transact(lambda connection: connection.execute(sa.text("SELECT 1")))
        self._keeper.start()

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        if leaves_nothing(sender_id):
            return None
        state = await self._keeper.conversations.read(conversation_key(sender_id))
        return restore(state, self.init_tracker(sender_id), self.domain) if state else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        if self.event_broker:
            self._publish(tracker)
        if leaves_nothing(tracker.sender_id):
            return
        if not any(isinstance(event, UserUttered) for event in tracker.events):
            # Rasa saves a new conversation before its first turn; nothing is worth a row until that is over.
            return
        key, turn = conversation_key(tracker.sender_id), last_turn(tracker)
        if turn and turn.forgotten:
            # Deleted by the action already, perhaps in another process: here are its memory and its queue.
            await self._forget(key)
            return
        await self._keeper.conversations.keep(key, state_of(tracker))
        if turn:
            self._keeper.writer.put(turn)

    async def keys(self) -> Iterable[str]:
        """Rasa asks for sender ids; only their hashes are known."""
        try:
            return await self._keeper.database.in_a_turn(
                lambda connection: list(connection.execute(sa.select(Conversation.key)).scalars())
            )
        except DatabaseDown:
            return []

    async def _forget(self, key: str) -> None:
        with suppress(DatabaseDown):  # it waits until the database is back
            await asyncio.get_running_loop().run_in_executor(None, self._keeper.forget, key)

    def _publish(self, tracker: DialogueStateTracker) -> None:
        """Hand the events of the last turn to an event broker, should an operator have set one."""
        events = list(tracker.events)
        last = max((n for n, event in enumerate(events) if isinstance(event, UserUttered)), default=None)
        for event in events[last:] if last is not None else []:
            self.event_broker.publish({"sender_id": conversation_key(tracker.sender_id), **_redacted(event)})  # type: ignore[union-attr]


def _redacted(event: Event) -> dict[str, Any]:
    """An event without what could tell who somebody is."""
    if not isinstance(event, UserUttered):
        return event.as_dict()
    said = redact(event.text or "")
    return {
        "event": "user",
        "timestamp": event.timestamp,
        "text": said,
        "input_channel": event.input_channel,
        "parse_data": {
            "intent": event.intent,
            "entities": [{"entity": e["entity"]} for e in event.entities],
            "text": said,
        },
    }

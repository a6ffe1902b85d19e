"""Where Rasa 3.6.21 itself is at fault, mended in this one folder, each with its reason.

Applied when `endpoints.yml` loads our tracker store. Every mend can go when Rasa mends it.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from rasa.core.lock_store import LOCK_LIFETIME, LockStore

from bot import private_logging
from bot.rasa_mends import actions, prediction, understanding

#: A turn is cut short before its ticket runs out (bot.channels.conversation.PATIENCE), so two never run at once.
TICKET_LIVES = float(LOCK_LIFETIME) if os.environ.get("TICKET_LOCK_LIFETIME") else 5.0
LOOKS_EVERY = 0.05


@lru_cache(maxsize=1)
def apply() -> None:
    """Apply all mends once to this process."""
    understanding.understand_beside_the_event_loop()
    actions.run_actions_in_process()
    actions.check_the_schema_once()
    _let_no_turn_block_the_next()
    prediction.run_the_graph_without_a_scheduler()
    actions.make_default_actions_once()
    prediction.look_up_kinds_of_events_once()
    prediction.look_for_rules_once()
    prediction.copy_nothing_for_logs()
    _keep_patients_words_out_of_logs()
    _send_nothing_home()


def _let_no_turn_block_the_next() -> None:
    """A process killed within a turn blocks its sender for 60 s (with a shared lock store), and a second message
    looks only once a second whether the first is done."""
    original = LockStore.lock

    def lock(self: LockStore, conversation_id: str, lock_lifetime: float = TICKET_LIVES,
             wait_time_in_seconds: float = LOOKS_EVERY) -> Any:
        return original(self, conversation_id, lock_lifetime, wait_time_in_seconds)

    LockStore.lock = lock  # type: ignore[method-assign, assignment]


def _keep_patients_words_out_of_logs() -> None:
    """Rasa logs messages and slots at debug level, and errors with their text (bot.private_logging)."""
    private_logging.install()


def _send_nothing_home() -> None:
    """Rasa reports usage to its makers unless told not to."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"

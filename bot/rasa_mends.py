"""Where Rasa 3.6.21 itself is at fault, mended in this one place, each with its reason.

Applied when `endpoints.yml` loads our tracker store. Every mend can go when Rasa mends it.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

logger = logging.getLogger(__name__)
ACTIONS_PACKAGE = "actions"


@lru_cache(maxsize=1)
def apply() -> None:
    """Apply all mends once to this process."""
    _run_actions_in_process()
    _check_the_schema_once()
    _keep_patients_words_out_of_logs()


def _run_actions_in_process() -> None:
    """Rasa 3.6 can reach custom actions over HTTP only: 1 to 3 ms a turn, a second process, and silence
    when that process is down. With `in_process: true` in endpoints.yml they run here, through the
    action server's own executor; without it nothing changes."""
    over_http = RemoteAction.run

    async def run(self: RemoteAction, output_channel: Any, nlg: Any, tracker: DialogueStateTracker,
                  domain: Any) -> list[Event]:
        if not (self.action_endpoint and self.action_endpoint.kwargs.get("in_process")):
            return await over_http(self, output_channel, nlg, tracker, domain)
        call = {"next_action": self.name(), "sender_id": tracker.sender_id, "domain": {},
                "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": []}}
        result = await _executor().run(call)
        messages = await self._utter_responses(result["responses"], output_channel, nlg, tracker)
        return [*messages, *deserialise_events(result["events"])]

    RemoteAction.run = run  # type: ignore[method-assign]


@lru_cache(maxsize=1)
def _executor() -> Any:
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package(ACTIONS_PACKAGE)
    return executor


def _check_the_schema_once() -> None:
    """`validate(result, schema)` re-checks the schema itself at each action result: 48 % of a turn's time
    with a separate action server (DESIGN, speed). The schema never changes: it is checked once."""
    from jsonschema import Draft202012Validator

    schema = RemoteAction.action_response_format_spec()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = _validate_action_result  # type: ignore[method-assign]


def _keep_patients_words_out_of_logs() -> None:
    """Rasa logs messages and slots at debug level (`processor.message.parse` and others)."""
    for name in ("rasa.core.processor", "rasa.core.actions.action", "rasa.core.tracker_store", "rasa.core.lock_store",
                 "rasa.core.policies.rule_policy", "rasa.core.policies.memoization", "rasa_sdk.executor",
                 "rasa.core.policies.ensemble"):
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger(name).level))

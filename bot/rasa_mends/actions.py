"""Custom actions within the Rasa process, and what costs time around actions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache
from typing import Any

from rasa.core.actions import action as rasa_actions
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

ACTIONS_PACKAGE = "actions"
#: Actions that may run at the same time. One that hangs costs its thread, not everybody's answers.
ACTION_THREADS = 16


def run_actions_in_process() -> None:
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
    threads = ThreadPoolExecutor(ACTION_THREADS, thread_name_prefix="action")
    executor.actions = {name: _in_a_thread(action, threads) for name, action in executor.actions.items()}
    return executor


def _in_a_thread(action: Callable[..., Any], threads: ThreadPoolExecutor) -> Callable[..., Any]:
    """An action run beside the event loop, so that one that hangs does not silence the whole assistant."""
    if asyncio.iscoroutinefunction(action):
        return action

    async def run(*arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(threads, copy_context().run, action, *arguments)

    return run


def check_the_schema_once() -> None:
    """`validate(result, schema)` re-checks the schema itself at each action result: half of a turn's time
    with a separate action server. The schema never changes: it is checked once."""
    from jsonschema import Draft202012Validator

    schema = RemoteAction.action_response_format_spec()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = _validate_action_result  # type: ignore[method-assign]


def make_default_actions_once() -> None:
    """Rasa makes all its thirteen default actions anew to look one action up, four times a turn. They keep nothing."""
    make = rasa_actions.default_actions
    made: dict[int, list[rasa_actions.Action]] = {}

    def default_actions(action_endpoint: EndpointConfig | None = None) -> list[rasa_actions.Action]:
        # A process has one endpoint, which lives as long as it does.
        return made.get(id(action_endpoint)) or made.setdefault(id(action_endpoint), make(action_endpoint))

    rasa_actions.default_actions = default_actions

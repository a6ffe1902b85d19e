"""Where Rasa 3.6.21 itself is at fault, mended in this one place, each with its reason.

Applied when `endpoints.yml` loads our tracker store. Every mend can go when Rasa mends it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from rasa.core.actions import action as rasa_actions
from rasa.core.actions.action import RemoteAction
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

from bot import private_logging

logger = logging.getLogger(__name__)
ACTIONS_PACKAGE = "actions"
#: Actions that may run at the same time. One that hangs costs its thread, not everybody's answers.
ACTION_THREADS = 16
#: Messages understood at the same time. More would only fight over the interpreter: with eight, sixteen patients got a fifth
#: fewer answers a second.
UNDERSTOOD_AT_ONCE = 2
#: One that takes so many seconds hangs, and lets the next one in; so many may hang before all wait.
HANGS_AFTER, UNDERSTANDING_THREADS = 1.0, 8
#: A turn is cut short before its ticket runs out (bot.channels.conversation.PATIENCE), so two never run at once.
TICKET_LIVES = float(LOCK_LIFETIME) if os.environ.get("TICKET_LOCK_LIFETIME") else 5.0
LOOKS_EVERY = 0.05


@lru_cache(maxsize=1)
def apply() -> None:
    """Apply all mends once to this process."""
    _understand_beside_the_event_loop()
    _run_actions_in_process()
    _check_the_schema_once()
    _let_no_turn_block_the_next()
    _run_the_graph_without_a_scheduler()
    _make_default_actions_once()
    _look_up_kinds_of_events_once()
    _keep_patients_words_out_of_logs()
    _send_nothing_home()


def _understand_beside_the_event_loop() -> None:
    """Rasa understands a message on the event loop: whoever else writes waits for it, and an encoder that hangs
    would silence everybody, even the channel's own words of apology."""
    on_the_loop = MessageProcessor.parse_message
    threads = ThreadPoolExecutor(UNDERSTANDING_THREADS, thread_name_prefix="understanding")
    turnstiles: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    async def parse_message(self: MessageProcessor, *arguments: Any, **more: Any) -> dict[str, Any]:
        if self.http_interpreter:
            return await on_the_loop(self, *arguments, **more)
        loop = asyncio.get_running_loop()
        turnstile = turnstiles.setdefault(loop, asyncio.Semaphore(UNDERSTOOD_AT_ONCE))
        await turnstile.acquire()
        running = loop.run_in_executor(threads, copy_context().run, _run_to_its_end, on_the_loop(self, *arguments, **more))
        _let_the_next_in(turnstile, running, loop)
        return await running

    MessageProcessor.parse_message = parse_message  # type: ignore[method-assign]


def _let_the_next_in(turnstile: asyncio.Semaphore, running: asyncio.Future[Any], loop: asyncio.AbstractEventLoop) -> None:
    """Release the turnstile once: when the work is done, or when it hangs."""
    left = False

    def leave(*_: Any) -> None:
        nonlocal left
        hanging.cancel()
        if not left:
            left = True
            turnstile.release()

    hanging = loop.call_later(HANGS_AFTER, leave)
    running.add_done_callback(leave)


def _run_to_its_end(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("understanding a message was not expected to wait for anything")


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


def _let_no_turn_block_the_next() -> None:
    """A process killed within a turn blocks its sender for 60 s (with a shared lock store), and a second message
    looks only once a second whether the first is done."""
    original = LockStore.lock

    def lock(self: LockStore, conversation_id: str, lock_lifetime: float = TICKET_LIVES,
             wait_time_in_seconds: float = LOOKS_EVERY) -> Any:
        return original(self, conversation_id, lock_lifetime, wait_time_in_seconds)

    LockStore.lock = lock  # type: ignore[method-assign, assignment]


def _run_the_graph_without_a_scheduler() -> None:
    """Rasa hands each message, and each prediction, to dask, which plans the same few nodes anew, each time for
    longer than some of them run. What dask would do is known once for each target: run one node after another."""
    def run(self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        plans = self.__dict__.setdefault("_plans", {})
        plan = plans.get(wanted) or plans.setdefault(wanted, _planned(self._graph_schema, wanted))
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in plan:
            done[name] = self._instantiated_nodes[name](*(done.get(needed, needed) for needed in needs))
        return dict(done[name] for name in wanted)

    DaskGraphRunner.run = run  # type: ignore[method-assign]


def _planned(schema: GraphSchema, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The nodes that the targets need, with what each needs, in an order in which they can run."""
    plan: dict[str, tuple[str, ...]] = {}

    def add(name: str) -> None:
        if name in schema.nodes and name not in plan:
            needs = tuple(schema.nodes[name].needs.values())
            for needed in needs:
                add(needed)
            plan[name] = needs

    for target in targets:
        add(target)
    return list(plan.items())


def _make_default_actions_once() -> None:
    """Rasa makes all its thirteen default actions anew to look one action up, four times a turn. They keep nothing."""
    make = rasa_actions.default_actions
    made: dict[int, list[rasa_actions.Action]] = {}

    def default_actions(action_endpoint: EndpointConfig | None = None) -> list[rasa_actions.Action]:
        # A process has one endpoint, which lives as long as it does.
        return made.get(id(action_endpoint)) or made.setdefault(id(action_endpoint), make(action_endpoint))

    rasa_actions.default_actions = default_actions


def _look_up_kinds_of_events_once() -> None:
    """Rasa walks over all kinds of events, and asks each whether it is abstract, for every event it reads."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=128)(Event.resolve_by_type))  # type: ignore[method-assign]


def _keep_patients_words_out_of_logs() -> None:
    """Rasa logs messages and slots at debug level, and errors with their text (bot.private_logging)."""
    private_logging.install()


def _send_nothing_home() -> None:
    """Rasa reports usage to its makers unless told not to."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"

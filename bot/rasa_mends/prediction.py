"""What costs time in every turn around understanding and acting: planning the graph, looking twice, copying for logs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core import processor as rasa_processor
from rasa.core.policies import memoization, rule_policy
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker


def run_the_graph_without_a_scheduler() -> None:
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


def look_up_kinds_of_events_once() -> None:
    """Rasa walks over all kinds of events, and asks each whether it is abstract, for every event it reads."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=128)(Event.resolve_by_type))  # type: ignore[method-assign]


def look_for_rules_once() -> None:
    """Rasa looks first for a rule about the very words of a message, then for one about its intent: each time it builds the
    states of the whole session. Where no rule holds words, the first finds nothing."""
    find = RulePolicy._find_action_from_rules

    def _find_action_from_rules(self: RulePolicy, tracker: DialogueStateTracker, domain: Any,
                                use_text_for_last_user_input: bool) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not _holds_words(self):
            return None, None, False
        return find(self, tracker, domain, use_text_for_last_user_input)

    RulePolicy._find_action_from_rules = _find_action_from_rules  # type: ignore[method-assign]


def _holds_words(policy: RulePolicy) -> bool:
    """Whether any rule, or any way out of a form, is about the words of a message."""
    known = policy.__dict__.get("_holds_words")
    if known is None:
        # A rule's key is its states, as JSON.
        known = policy.__dict__["_holds_words"] = any(
            '"text"' in key for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup.get(kind, ()))
    return bool(known)


def copy_nothing_for_logs() -> None:
    """Rasa copies states and events, deep down, for lines of the debug log that nobody asked for. These modules copy for
    nothing else."""
    for module in (rasa_processor, rule_policy, memoization):
        module.copy = _NoCopy  # type: ignore[attr-defined]


class _NoCopy:
    """Stands in for the module `copy`."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value

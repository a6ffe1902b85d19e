"""What the measurements share: the plan, the knowledge base, the trained models and the two running servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks.plan import Plan
from benchmarks.servers import Server
from benchmarks.training import Trained, train_default, train_ours
from bot.knowledge_base import KnowledgeBase

OURS, THEIRS = "this assistant", "Rasa's default assistant"


@dataclass
class Bench:
    """One run. Models are trained and servers started when a measurement first asks for them; use it with `with`.

    ``ports`` (two numbers, or 0 for free ones) are those of the servers; ``say`` tells the operator what goes on.
    """

    plan: Plan
    knowledge: KnowledgeBase
    knowledge_folder: Path
    folder: Path
    ours_only: bool
    say: Callable[[str], None]
    ports: tuple[int, int] = (0, 0)
    #: Seconds that each server took from start to first answer, by name.
    starts: dict[str, list[float]] = field(default_factory=lambda: {OURS: [], THEIRS: []})
    #: What could not be done, and why.
    failures: dict[str, str] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Bench:
        self._stack.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    @cached_property
    def ours(self) -> Trained:
        """This assistant's model, trained in this run.

        Raises:
            RuntimeError: when training fails; also, without trying again, each time that it is asked for after that.
        """
        if OURS in self.failures:
            raise RuntimeError("there is no model")
        self.say("training this assistant")
        try:
            return train_ours(self.folder)
        except RuntimeError as error:
            self.failures[OURS] = str(error)
            raise

    @cached_property
    def theirs(self) -> Trained | None:
        """Rasa's default assistant's model; None with `--ours-only`."""
        if self.ours_only:
            return None
        self.say("training Rasa's default assistant (kept for the next run)")
        try:
            return train_default(self.folder, self.knowledge, self.plan)
        except RuntimeError as error:
            # Not again for each measurement: what can be measured of this assistant alone still is.
            self.failures[THEIRS] = str(error)
            self.ours_only = True
            return None

    @property
    def names(self) -> list[str]:
        """The assistants that are measured."""
        return [OURS, THEIRS] if self.theirs else [OURS]

    @contextmanager
    def server(self, name: str, **more: str) -> Iterator[Server]:
        """A newly started server of one assistant, with further settings; its start is noted when it has none."""
        theirs = name == THEIRS
        trained = self.theirs if theirs else self.ours
        assert trained is not None
        with Server(trained, theirs, self.ports[theirs], more) as server:
            if not more:
                self.starts[name].append(server.seconds_to_answer)
            yield server

    @cached_property
    def pair(self) -> dict[str, Server]:
        """The servers that are measured, by name, running until :meth:`stop_pair`."""
        self.say("starting the servers")
        return {name: self._stack.enter_context(self.server(name)) for name in self.names}

    def stop_pair(self) -> None:
        """Stop the servers, so that they take no time from what is measured next."""
        self._stack.close()
        self.__dict__.pop("pair", None)

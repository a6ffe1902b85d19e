"""`rasa …` without TensorFlow, for a pipeline that has no use for it.

    python -m bot.rasa_without_tensorflow run --model …

Rasa 3.6.21 imports TensorFlow at every start, for components that may stand in no pipeline: 360 MB
of memory and some seconds in each process. Where no component of `config.yml` is Rasa's own learnt
one, the import is answered by a module that is empty; otherwise this is `rasa …` itself, unchanged.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from bot.settings import PROJECT

#: What only Rasa's learnt components use.
LEFT_OUT = frozenset({"tensorflow", "keras", "tensorflow_addons", "tensorflow_hub", "tensorflow_text"})
OURS = "bot."
#: Rasa's own components that learn nothing.
WITHOUT = frozenset({"RulePolicy", "MemoizationPolicy", "AugmentedMemoizationPolicy"})


def is_needed(config: Path = PROJECT / "config.yml") -> bool:
    """Whether a component of a configuration may need TensorFlow."""
    chosen = yaml.safe_load(config.read_text("utf-8"))
    parts = [chosen.get("pipeline"), chosen.get("policies")]
    if not all(parts):
        # Where either is left out, Rasa puts its own learnt components in.
        return True
    return any(not part["name"].startswith(OURS) and part["name"] not in WITHOUT for of_kind in parts for part in of_kind)


def leave_out() -> None:
    """Answer every later import of TensorFlow with nothing."""
    sys.meta_path.insert(0, _Finder())


class _Nothings(type):
    """Whatever is asked of nothing is nothing, so that classes can be derived from it and types named after it."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class Nothing(metaclass=_Nothings):
    """Stands for every class, function and constant of what is left out."""

    def __init__(self, *arguments: Any, **more: Any):
        pass

    def __call__(self, *arguments: Any, **more: Any) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{name} of TensorFlow is asked for, which is left out: see {__name__}")

    def __class_getitem__(cls, item: Any) -> Any:
        return cls

    def __init_subclass__(cls, **more: Any) -> None:
        pass


class _Empty(ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in LEFT_OUT else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Empty(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def _config_of(arguments: list[str]) -> Path:
    """The configuration that a command line names, else the project's."""
    for option, value in pairwise(arguments):
        if option in ("-c", "--config"):
            return Path(value)
    return PROJECT / "config.yml"


def main() -> None:
    if not is_needed(_config_of(sys.argv)):
        leave_out()
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()

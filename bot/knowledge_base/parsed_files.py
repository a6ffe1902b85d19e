"""The files of a knowledge base: each is parsed again only when it has changed, and not while it is being written."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

from bot.knowledge_base.parsing import Parsed, parse_records
from bot.knowledge_base.problems import Problem


class ParsedFiles:
    """The files below a folder, and every problem of the reading that goes on.

    ``settle``: seconds for which a file that was just written is taken as it was before, since its
    writer may not be done; :attr:`unsettled` then says that another reading is needed.
    """

    def __init__(self, root: Path, settle: float = 0.0):
        self.root = root
        self.unsettled = False
        self.problems: list[Problem] = []
        self._settle = settle
        self._readings = 0
        self._parsed: dict[Path, tuple[bytes, Parsed[Any]]] = {}

    def begin(self) -> None:
        """Start another reading of the folder."""
        self.problems = []
        self.unsettled = False
        self._readings += 1

    def parse(self, path: Path, parse: Any, schema: Any) -> Parsed[Any]:
        """The fields of a file, parsed with one of the functions of `parsing`; its problems are noted."""
        file = self.name(path)
        try:
            content = path.read_bytes()
            text = content.decode("utf-8")
        except FileNotFoundError:
            return self._unreadable(file, "the file is missing", "put it back")
        except UnicodeDecodeError:
            return self._unreadable(file, "the file is not UTF-8 text", "save it as UTF-8")
        digest = hashlib.sha256(content).digest()
        known = self._parsed.get(path)
        # What is there at the first reading is taken as it is: there is nothing older to fall back on.
        if self._settle and self._readings > 1 and (known is None or known[0] != digest) and self._is_being_written(path):
            self.unsettled = True
            if known is None:
                return _nothing()
        elif known is None or known[0] != digest:
            self._parsed[path] = known = (digest, parse(text, schema, file))
        self.problems += known[1].problems
        return known[1]

    def records(self, file: str, schema: Any) -> dict[str, Any]:
        """The readable records of a YAML file that maps ids to records of one kind."""
        parsed = self.parse(self.root / file, parse_records, schema)
        return {key: value for key, value in (parsed.fields or {}).items() if value is not None}

    def add(self, file: str, line: int, field: str, what: str, do: str) -> None:
        """Note a problem that keeps what is read from going live."""
        self.problems.append(Problem(file, line, field, what, do))

    def name(self, path: Path) -> str:
        """A path as staff know it: relative to the folder."""
        return str(path.relative_to(self.root))

    def line(self, file: str, *path: str | int) -> int:
        """The line on which a field of a file (relative to the root) stands."""
        entry = self._parsed.get(self.root / file)
        return entry[1].line(*path) if entry else 0

    def version(self) -> str:
        """Changes with any file that was parsed."""
        seen = hashlib.sha256()
        for path, (digest, _) in sorted(self._parsed.items()):
            if path.exists():
                seen.update(self.name(path).encode() + digest)
        return seen.hexdigest()[:16]

    def _unreadable(self, file: str, what: str, do: str) -> Parsed[Any]:
        self.add(file, 0, "", what, do)
        return _nothing()

    def _is_being_written(self, path: Path) -> bool:
        try:
            age = time.time() - path.stat().st_mtime
        except FileNotFoundError:
            return False
        # A time in the future is another machine's clock, not a writer at work.
        return 0 <= age < self._settle


def _nothing() -> Parsed[Any]:
    return Parsed(None, "", {}, [])

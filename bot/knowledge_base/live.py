"""Keeps the last good version of `knowledge/` and takes up edits within a second or two."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from watchfiles import watch

from bot.knowledge_base.problems import BrokenKnowledge, Problem
from bot.knowledge_base.reading import Reader
from bot.knowledge_base.records import KnowledgeBase

logger = logging.getLogger(__name__)
#: How often the folder is looked at where the file system sends no events.
POLL_MILLISECONDS = 2000
Listener = Callable[[KnowledgeBase], None]
#: Seconds without a write after which a file counts as saved. Editors and network folders write a file in
#: pieces, and the first pieces may well read as a whole answer.
SETTLE = 0.1
#: Seconds after which the settled files go live although another is still being written.
SETTLE_AT_MOST = 0.4


class LiveKnowledgeBase:
    """The knowledge base as patients get it now.

    A broken edit is refused whole: :attr:`current` stays the last good version and
    :attr:`problems` says what to mend. Listeners prepare themselves for a new version
    (the answer ranker encodes its new questions) before it becomes current.
    """

    def __init__(self, root: Path):
        self.root = root
        self._reader = Reader(root, settle=SETTLE)
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._watcher: threading.Thread | None = None
        self._stop = threading.Event()
        self.problems: list[Problem] = []
        self.refused_edits = 0
        self.taken_edits = 0
        self._current = self._reader.read()

    @property
    def current(self) -> KnowledgeBase:
        return self._current

    def subscribe(self, listener: Listener) -> None:
        """Call ``listener`` with each new version before it becomes current."""
        with self._lock:
            self._listeners.append(listener)

    def unsubscribe(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)

    def reload(self) -> bool:
        """Read the files again; whether a new version became current."""
        with self._lock:
            try:
                fresh = self._settled()
                if fresh.version == self._current.version:
                    self.problems = []
                    return False
                for listener in self._listeners:
                    listener(fresh)
            except BrokenKnowledge as broken:
                if broken.problems != self.problems:
                    logger.error("An edit of the knowledge base is refused, the last good version stays: %s", broken)
                    self.refused_edits += 1
                self.problems = broken.problems
                return False
            except Exception:
                # The watcher must outlive anything an edit can cause.
                logger.exception("An edit of the knowledge base could not be taken up; the last good version stays")
                self.refused_edits += 1
                return False
            self._current, self.problems = fresh, []
            self.taken_edits += 1
            logger.info("Knowledge base %s is live: %d answers", fresh.version, len(fresh.answers))
            return True

    def _settled(self) -> KnowledgeBase:
        """The files as they are once nobody is writing them; one that is written on and on stays as it was."""
        give_up = time.monotonic() + SETTLE_AT_MOST
        while True:
            try:
                fresh = self._reader.read()
            except BrokenKnowledge:
                if not self._reader.unsettled or time.monotonic() > give_up:
                    raise
            else:
                if not self._reader.unsettled or time.monotonic() > give_up:
                    return fresh
            time.sleep(SETTLE / 4)

    def watch(self) -> None:
        """Follow the folder in a background thread. Calling it again changes nothing."""
        with self._lock:
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._follow, name="knowledge-watcher", daemon=True)
                self._watcher.start()

    def close(self) -> None:
        self._stop.set()

    def _follow(self) -> None:
        # An edit between the first reading and watching is seen by this reload; one made while it reads, by the signature before it.
        seen = self._signature()
        self.reload()
        for _ in watch(self.root, stop_event=self._stop, debounce=200, step=50, rust_timeout=POLL_MILLISECONDS,
                       yield_on_timeout=True, raise_interrupt=False):
            # The timeout is a slow poll, for file systems that send no events; a look at sizes and times costs little.
            now = self._signature()
            if now != seen or self.problems:
                seen = now
                self.reload()

    def _signature(self) -> frozenset[tuple[str, int, int]]:
        """Path, time and size of every file: changes when any of them is edited, added or removed."""
        found = set()
        for path in self.root.rglob("*"):
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            found.add((str(path), stat.st_mtime_ns, stat.st_size))
        return frozenset(found)


@lru_cache(maxsize=4)
def live_knowledge_base(root: str | Path) -> LiveKnowledgeBase:
    """The one live knowledge base of this process for a folder, watched from the first call on."""
    live = LiveKnowledgeBase(Path(root))
    live.watch()
    return live

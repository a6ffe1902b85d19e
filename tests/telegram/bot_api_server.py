"""Plays Telegram's Bot API on this machine, as strictly: it refuses what Telegram would refuse.

The rules are those of the public Bot API documentation and of the published source of Telegram's own Bot API
server and its library (how HTML is parsed, what its errors say). It runs in a thread of its own, so that a test
can look at what arrived while the assistant works.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.telegram import bot_api_rules as rules
from tests.telegram.bot_api_methods import BotApiMethods, Sent
from tests.telegram.bot_api_rules import BadRequest

TOKEN = "7000000001:AAHtest-token_that-no-log-may-hold_xyz12"


@dataclass
class Fault:
    """What goes wrong with one call: an answer with a status instead of the work, a pause, or a line cut.

    ``after_the_work``: the work is done all the same, only its answer is lost.
    """

    status: int = 0
    retry_after: int = 0
    seconds: float = 0.0
    cut: bool = False
    after_the_work: bool = False


@dataclass
class BotApiServer(BotApiMethods):
    """The stand-in. ``address`` goes into TELEGRAM_API."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    deliveries: list[tuple[int, int]] = field(default_factory=list)  # (update id, status the webhook gave)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    latency: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._update_ids, self._query_ids = itertools.count(500_000_000), itertools.count(1)
        self.all_updates: list[dict[str, Any]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = self._run(self._start())
        self.address = f"http://127.0.0.1:{self.port}"

    # What a test does.

    def say(self, chat_id: int, text: str, **more: Any) -> int:
        """A patient types; the update's id."""
        entities = rules.command_entities(text)
        marked = {"entities": entities} if entities else {}
        return self.push({"message": self.message(chat_id, text=text, **marked, **more)})

    def tap(self, chat_id: int, data: str) -> int:
        """A patient taps a button; the update's id."""
        query = str(next(self._query_ids))
        self.offer_query(query)
        return self.push({"callback_query": {
            "id": query, "from": self.person(chat_id), "chat_instance": "-58", "data": data,
            "message": {**self.message(chat_id, text="…"), "from": self.me()},
        }})

    def offer_query(self, query: str) -> None:
        """Expect `answerCallbackQuery` for a tap."""
        self.queries[query] = False

    def push(self, update: dict[str, Any], update_id: int | None = None) -> int:
        """An update of any kind; repeated when it has an id that was used before."""
        update_id = next(self._update_ids) if update_id is None else update_id
        self.all_updates.append({"update_id": update_id, **update})
        self._loop.call_soon_threadsafe(self._pending.append, self.all_updates[-1])
        return update_id

    def in_chat(self, chat_id: int) -> list[Sent]:
        return [sent for sent in list(self.sent) if sent.chat_id == chat_id]

    def wait_for(self, chat_id: int, count: int = 1, within: float = 60.0) -> list[Sent]:
        """The messages in a chat, once there are so many."""
        return self.until(lambda: len(self.in_chat(chat_id)) >= count, within, f"{count} messages in a chat") \
            and self.in_chat(chat_id)

    def until(self, condition: Callable[[], Any], within: float, what: str) -> Any:
        end = time.monotonic() + within
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.02)
        raise AssertionError(f"no {what} within {within} s; refused: {self.refusals[-3:]}")

    def named(self, method: str) -> list[dict[str, Any]]:
        return [parameters for name, parameters in list(self.calls) if name == method]

    def go_down(self) -> None:
        """Nobody listens any more; open lines are cut."""
        self._run(self._runner.cleanup())

    def come_up(self) -> None:
        self._run(self._listen())

    def close(self) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    # What the server does.

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self) -> int:
        self.port = 0
        await self._listen()
        self._deliverer = self._loop.create_task(self._deliver())  # kept, or it could be collected
        return self.port

    async def _stop(self) -> None:
        await self._runner.cleanup()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _listen(self) -> None:
        app = web.Application(client_max_size=2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._called)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return self._refuse(method, 401, "Unauthorized")
        parameters = await request.json() if request.can_read_body else dict(request.query)
        self.calls.append((method, parameters))
        fault = self.faults[method].popleft() if self.faults[method] else Fault()
        works = fault.after_the_work or not (fault.status or fault.cut)
        done = await self._do(method, parameters) if works else None
        await asyncio.sleep(fault.seconds or self.latency)
        if fault.cut:
            assert request.transport
            request.transport.abort()
            return web.Response()
        if fault.status == 429:
            return self._refuse(method, 429, f"Too Many Requests: retry after {fault.retry_after}",
                                {"retry_after": fault.retry_after})
        if fault.status:
            return web.Response(status=fault.status, text="<html><h1>Bad Gateway</h1></html>", content_type="text/html")
        assert done is not None
        return done

    async def _do(self, method: str, parameters: dict[str, Any]) -> web.Response:
        work = getattr(self, f"_{method}", None)
        if method not in rules.METHODS or work is None:
            return self._refuse(method, 404, "Not Found")
        try:
            result = work(parameters)
            result = await result if asyncio.iscoroutine(result) else result
        except BadRequest as bad:
            return self._refuse(method, bad.code, str(bad))
        return web.json_response({"ok": True, "result": result})

    def _refuse(self, method: str, code: int, why: str, parameters: dict[str, Any] | None = None) -> web.Response:
        looked = method == "editMessageText" and ("not found" in why or "not modified" in why)
        if code not in (403, 429) and not looked:
            self.refusals.append((method, why))
        more = {"parameters": parameters} if parameters else {}
        return web.json_response({"ok": False, "error_code": code, "description": why, **more}, status=code)

    async def _deliver(self) -> None:
        """Brings updates to the webhook: a chat's one after another, chats side by side, until a 2xx comes back."""
        lines: dict[Any, asyncio.Queue[dict[str, Any]]] = {}
        tasks: list[asyncio.Task[None]] = []
        async with ClientSession(timeout=ClientTimeout(total=30)) as session:
            room = asyncio.Semaphore(40)

            async def line(queue: asyncio.Queue[dict[str, Any]]) -> None:
                while True:
                    update, pause = await queue.get(), 0.2
                    while not await self._delivered(session, room, update):
                        await asyncio.sleep(pause)
                        pause *= 2

            while True:
                while self.webhook and self._pending:
                    update = self._pending.popleft()
                    key = json.dumps(next((c.get("chat") or (c.get("message") or {}).get("chat")
                                           for c in update.values() if isinstance(c, dict)), None))
                    if key not in lines:
                        lines[key] = asyncio.Queue()
                        tasks.append(self._loop.create_task(line(lines[key])))
                    lines[key].put_nowait(update)
                await asyncio.sleep(0.01)

    async def _delivered(self, session: ClientSession, room: asyncio.Semaphore, update: dict[str, Any]) -> bool:
        assert self.webhook
        async with room:
            try:
                headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
                async with session.post(self.webhook["url"], json=update, headers=headers) as answer:
                    self.deliveries.append((update["update_id"], answer.status))
                    return answer.status < 300
            except (ClientError, asyncio.TimeoutError):
                return False


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status that a request gets."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)



"""What an operator relies on around the server's life: limits, metrics, logs, and a stop that finishes what runs.

Attached to the `/healthz` channel, which every installation has (bot/channels/health.py).
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from wsgiref.simple_server import WSGIServer

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import http_limits, logs, metrics

logger = logging.getLogger(__name__)
#: Seconds that running turns get when the server is told to stop; each has its words after 5 (PATIENCE of a turn).
FINISH_WITHIN = 15.0

#: Seconds in which a message that has arrived is surely being worked on.
READ_WITHIN = 0.5


def attach(blueprint: Blueprint) -> None:
    """Have the server that takes this blueprint set up, and stopped, as an operator needs it."""
    logs.configure()
    state: dict[str, WSGIServer | None] = {"metrics": None}

    @blueprint.listener("before_server_start")
    async def begin(app: Sanic, _loop: Any) -> None:
        http_limits.settle(app)
        app.config.GRACEFUL_SHUTDOWN_TIMEOUT = FINISH_WITHIN
        app.ctx.stopping = False
        app.response_middleware.append(on_the_way_out)  # type: ignore[arg-type]
        state["metrics"] = metrics.serve()

    @blueprint.listener("after_server_start")
    async def serve(_app: Sanic, _loop: Any) -> None:
        logs.serving()

    @blueprint.listener("before_server_stop")
    async def stop(app: Sanic, _loop: Any) -> None:
        app.ctx.stopping = True
        logger.info("Stopping; what runs is finished first")
        # What has arrived, but not been read, would be dropped with its connection.
        await asyncio.sleep(READ_WITHIN)

    @blueprint.listener("after_server_stop")
    async def end(_app: Sanic, _loop: Any) -> None:
        if server := state["metrics"]:
            server.shutdown()
            server.server_close()
        logs.serving(False)
        logger.info("Stopped")


async def on_the_way_out(request: Request, answer: HTTPResponse) -> None:
    """Counts each response; once the server stops, also tells the client to go to another one."""
    metrics.RESPONSES.labels(str(answer.status)).inc()
    if request.app.ctx.stopping and request.stream is not None:
        # Else Sanic keeps the connection open, and waits for it, until its time is over.
        request.stream.keep_alive = False

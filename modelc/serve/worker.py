"""A process that computes: the application, asked over a socket by the process that listens.

It ends when that process closes the socket or is gone, after it has answered all that it took. Signals are for that
process, which starts this one with them blocked.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.types import Message

from modelc.serve.app import create_computing_app
from modelc.serve.options import ServeOptions
from modelc.serve.say import tell
from modelc.serve.wire import Answer, Body, EndedError, Handed, Wire

try:
    from uvloop import new_event_loop
except ModuleNotFoundError:  # on Windows
    from asyncio import new_event_loop


def work(end: socket.socket, paths: Mapping[str, str], options: ServeOptions) -> None:
    """Answer what comes over the socket until it is closed. The first frame back says which models are missing."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_work(end, paths, options))


async def _work(end: socket.socket, paths: Mapping[str, str], options: ServeOptions) -> None:
    wire = await Wire.over(end)

    def missing(names: Sequence[str]) -> None:
        with suppress(EndedError):
            wire.send({"missing": names})

    app = create_computing_app(paths, options, tell, CollectorRegistry(), missing)
    async with app.router.lifespan_context(app):
        open_requests = set[asyncio.Task[None]]()
        with suppress(EndedError):
            while True:
                head, body = await wire.receive()
                task = asyncio.create_task(_answer(app, wire, head, body))
                open_requests.add(task)
                task.add_done_callback(open_requests.discard)
        await asyncio.gather(*open_requests, return_exceptions=True)
    wire.close()


async def _answer(app: Starlette, wire: Wire, head: dict[str, Any], body: Body) -> None:
    number = head.pop("number")
    answer = await _asked(app, Handed(**head, body=body))
    with suppress(EndedError):  # nobody is there who would read it
        wire.send({"number": number, "status": answer.status, "headers": answer.headers}, answer.body)


async def _asked(app: Any, asked: Handed) -> Answer:
    """What an ASGI application answers to a request whose body is there as a whole."""
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "scheme": "http",
        "method": asked.method, "path": asked.path, "raw_path": None, "root_path": "",
        "query_string": asked.query.encode("latin-1"), "client": None, "server": None,
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in asked.headers],
    }  # fmt: skip
    body: list[Body] = [asked.body]
    status, headers, parts = 500, list[list[str]](), list[bytes]()

    async def receive() -> Message:
        if body:
            return {"type": "http.request", "body": body.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            headers.extend([name.decode("latin-1"), value.decode("latin-1")] for name, value in message["headers"])
        else:
            parts.append(message.get("body", b""))

    try:
        await app(scope, receive, send)
    except Exception:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")  # Starlette has answered with 500
    return Answer(status, headers, b"".join(parts))

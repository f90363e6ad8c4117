"""The application of the process that listens where others compute: it takes requests whole and hands on answers.

So a client's connection does not end with a process that computes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from modelc.serve.answers import CLIENT_CLOSED, HANDLERS, json_answer, too_late
from modelc.serve.bodies import read_raw
from modelc.serve.counting import CountRequests
from modelc.serve.crew import Crew
from modelc.serve.metrics import CONTENT_TYPE, RequestMetrics, WorkerMetrics, text_of_both
from modelc.serve.options import ServeOptions
from modelc.serve.wire import Handed

_LIVE, _READY = "/v2/health/live", "/v2/health/ready"


def create_front(
    workers: int, paths: Mapping[str, str], options: ServeOptions, tell: Callable[[str], None]
) -> Starlette:
    """The application (ASGI) that has so many processes compute; they start and end with its lifespan."""
    registry = CollectorRegistry()
    crew = Crew(workers, paths, options, tell, WorkerMetrics(registry))

    async def counted(request: Request) -> Response:
        return Response(text_of_both(registry), media_type=CONTENT_TYPE)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        crew.start()
        try:
            yield
        finally:
            await crew.close()

    routes = [Route("/metrics", counted), Route("/{path:path}", _Front(crew, options))]
    counting = Middleware(CountRequests, names=frozenset(paths), metrics=RequestMetrics(registry))
    return Starlette(routes=routes, middleware=[counting], lifespan=lifespan, exception_handlers=HANDLERS)


class _Front:
    """Answers whether the server lives, and hands on all else."""

    def __init__(self, crew: Crew, options: ServeOptions) -> None:
        self._crew, self._options = crew, options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method in ("GET", "HEAD") and scope["path"] in (_LIVE, _READY):
            response = self._health(scope["path"])
        else:
            response = await self._handed_on(request)
        await response(scope, receive, send)

    def _health(self, path: str) -> Response:
        if path == _LIVE:
            return json_answer({"live": True})
        return json_answer({"ready": self._crew.is_ready}, 200 if self._crew.is_ready else 503)

    async def _handed_on(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(self._options.timeout):
                body = await read_raw(request, self._options.max_body)
                headers = [(name, value) for name, value in request.headers.items()]
                query = request.scope["query_string"].decode("latin-1")
                asked = Handed(request.method, request.scope["path"], query, headers, body)
                answer = await self._crew.ask(asked)
        except TimeoutError:
            raise too_late(self._options.timeout) from None
        except ClientDisconnect:
            return Response(status_code=CLIENT_CLOSED)
        response = Response(memoryview(answer.body), answer.status)
        response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        return response

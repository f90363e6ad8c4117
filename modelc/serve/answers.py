"""Answers that are not of a model: JSON, and what is said of a mistake."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from modelc.serve.mistakes import RequestError, refused

CLIENT_CLOSED = 499
"""What is counted for a client that went away; it gets no answer."""


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A value as JSON."""
    return Response(orjson.dumps(value), status, headers, "application/json")


def too_late(seconds: float) -> RequestError:
    """The error of a request that took longer than it may."""
    message = f"the request took more than {seconds:g} seconds"
    return refused(504, "E803", message, "send fewer samples at once, or try again later")


async def _mistaken(request: Request, error: RequestError) -> Response:
    return json_answer(error.as_body(), error.status, error.headers)


async def _other(request: Request, error: HTTPException) -> Response:
    """An address that there is not, or another method than it takes."""
    message = f"{request.method} {request.url.path[:200]}: {error.detail}"
    found = refused(error.status_code, "E804", message, "GET /docs lists what there is")
    return json_answer(found.as_body(), error.status_code, error.headers)


HANDLERS: dict[Any, Callable[..., Awaitable[Response]]] = {HTTPException: _other, RequestError: _mistaken}
"""What Starlette answers to errors with."""

"""`CountRequests`: counts the requests for inference that come to an application."""

from __future__ import annotations

import re
import time
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modelc.serve.metrics import RequestMetrics

_INFER = re.compile(r"/v2/models/([^/]+)(?:/versions/[^/]+)?/infer")


class CountRequests:
    """An application (ASGI) around another one, which counts requests for the models with these names, and how they
    were answered. It sees all answers, also those that are given before a model is asked."""

    def __init__(self, app: ASGIApp, names: Collection[str], metrics: RequestMetrics) -> None:
        self._app, self._names, self._metrics = app, names, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the other one does."""
        model = self._model(scope)
        if model is None:
            await self._app(scope, receive, send)
            return
        begin = time.perf_counter()
        self._metrics.begin(model)
        is_open = True

        def end(status: int) -> None:
            nonlocal is_open
            if is_open:
                self._metrics.end(model, status, time.perf_counter() - begin)
                is_open = False

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                end(message["status"])  # before it is sent, so that who has the answer finds it counted
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            end(500)

    def _model(self, scope: Scope) -> str | None:
        if scope["type"] != "http" or scope["method"] != "POST":
            return None
        found = _INFER.fullmatch(scope["path"])
        return found[1] if found and found[1] in self._names else None

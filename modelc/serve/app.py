"""The application: routes of the protocol over the models that are served."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from modelc import __version__
from modelc.errors import ModelcError, ResourceError
from modelc.serve.answers import CLIENT_CLOSED, HANDLERS, json_answer, too_late
from modelc.serve.bodies import read_body
from modelc.serve.counting import CountRequests
from modelc.serve.docs_page import page
from modelc.serve.metrics import CONTENT_TYPE, SHARED_FOLDER, ModelMetrics, RequestMetrics, text_of
from modelc.serve.mistakes import RequestError, refused
from modelc.serve.openapi import EXTENSIONS, document, metadata
from modelc.serve.options import ServeOptions
from modelc.serve.request import read_request
from modelc.serve.response import HEADER_LENGTH, response
from modelc.serve.served import LoadedModel, ServedModel, Tell
from modelc.text.unknown import unknown

OnMissing = Callable[[Sequence[str]], None]
"""What is told the names of the models whose files could not be loaded."""
_NOT_LOADED = "its file cannot be loaded"


def create_app(
    paths: Mapping[str, str], options: ServeOptions | None = None, tell: Tell = lambda text: None
) -> Starlette:
    """The application of Starlette (ASGI) that serves the models in these files, by name.

    `tell` says what happens to the files while they are served. Raises as `modelc.load` does, and `InputError` for a
    model that cannot be served.
    """
    registry = CollectorRegistry()
    app = create_computing_app(paths, options or ServeOptions(), tell, registry)

    async def counted(request: Request) -> Response:
        return Response(text_of(registry), media_type=CONTENT_TYPE)

    app.add_route("/metrics", counted)
    app.add_middleware(CountRequests, names=frozenset(paths), metrics=RequestMetrics(registry))
    return app


def create_computing_app(
    paths: Mapping[str, str],
    options: ServeOptions,
    tell: Tell,
    registry: CollectorRegistry,
    on_missing: OnMissing | None = None,
) -> Starlette:
    """The application without what is counted of requests, for a process that another one hands them to.

    Where `on_missing` is given, a model whose file cannot be loaded is missing until another file takes its path, and
    does not raise: it gets the names of those that are, now and when one has come.
    """
    service = Service(paths, options, tell, ModelMetrics(registry), on_missing)
    one, versioned = "/v2/models/{name}", "/v2/models/{name}/versions/{version}"
    routes = [
        Route("/v2", service.server),
        Route("/v2/health/live", service.live),
        Route("/v2/health/ready", service.ready),
        Route("/v2/repository/index", service.index, methods=["POST"]),
        *(Route(path, service.about) for path in (one, versioned)),
        *(Route(f"{path}/ready", service.model_ready) for path in (one, versioned)),
        *(Route(f"{path}/infer", service.infer, methods=["POST"]) for path in (one, versioned)),
        Route("/openapi.json", service.openapi),
        Route("/docs", service.docs),
    ]
    return Starlette(routes=routes, lifespan=service.lifespan, exception_handlers=HANDLERS)


class Service:
    """The models that are served, and what is answered about them."""

    def __init__(
        self,
        paths: Mapping[str, str],
        options: ServeOptions,
        tell: Tell,
        metrics: ModelMetrics,
        on_missing: OnMissing | None = None,
    ) -> None:
        self._options = options
        folder = os.environ.get(SHARED_FOLDER)

        def taken() -> None:
            if on_missing is not None:
                on_missing(self._missing)

        on_taken = None if on_missing is None else taken
        self._models = {
            name: ServedModel(name, path, options, metrics, tell, folder, on_taken) for name, path in paths.items()
        }
        taken()
        self._is_ready = False

    @property
    def _missing(self) -> list[str]:
        """The names of the models whose files could not be loaded."""
        return [name for name, model in self._models.items() if model.current is None]

    @property
    def _there(self) -> dict[str, LoadedModel]:
        return {name: model.current for name, model in self._models.items() if model.current is not None}

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncGenerator[None]:
        """While the server runs: files are watched. At the end all requests that were taken are answered."""
        watching = [asyncio.create_task(model.watch()) for model in self._models.values()]
        self._is_ready = True
        try:
            yield
        finally:
            self._is_ready = False
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
            await asyncio.gather(*(model.close() for model in self._models.values()))

    # --- about the server

    async def server(self, request: Request) -> Response:
        """The name and the version of the server."""
        return json_answer({"name": "modelc", "version": __version__, "extensions": EXTENSIONS})

    async def live(self, request: Request) -> Response:
        """Whether the server runs."""
        return json_answer({"live": True})

    async def ready(self, request: Request) -> Response:
        """Whether all models can be asked."""
        is_ready = self._is_ready and not self._missing
        return json_answer({"ready": is_ready}, 200 if is_ready else 503)

    async def openapi(self, request: Request) -> Response:
        """The OpenAPI document."""
        return json_answer(document({name: model.face for name, model in self._there.items()}))

    async def docs(self, request: Request) -> Response:
        """The document as a page."""
        models = self._there
        abouts = [metadata(name, model.version, model.face) for name, model in models.items()]
        policy = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return HTMLResponse(page(document({name: m.face for name, m in models.items()}), abouts), headers=policy)

    # --- about models

    async def index(self, request: Request) -> Response:
        """All models."""
        state = "READY" if self._is_ready else "UNAVAILABLE"
        return json_answer([
            {"name": name, "version": there.version, "state": state, "reason": ""} if there is not None else
            {"name": name, "version": "", "state": "UNAVAILABLE", "reason": _NOT_LOADED}
            for name, there in ((name, model.current) for name, model in self._models.items())
        ])  # fmt: skip

    async def about(self, request: Request) -> Response:
        """The inputs and the outputs of a model."""
        served, loaded = self._asked(request)
        return json_answer(metadata(served.name, loaded.version, loaded.face))

    async def model_ready(self, request: Request) -> Response:
        """Whether a model can be asked."""
        served = self._named(request)
        if served.current is not None:
            self._asked(request)
        is_ready = self._is_ready and served.current is not None
        return json_answer({"name": served.name, "ready": is_ready}, 200 if is_ready else 503)

    async def infer(self, request: Request) -> Response:
        """The outputs of a model for the samples in the request."""
        served, loaded = self._asked(request)
        try:
            async with asyncio.timeout(self._options.timeout):
                body = await read_body(request, self._options.max_body)
                asked = read_request(body, request.headers.get(HEADER_LENGTH), loaded.face)
                results = await loaded.batcher.submit(asked.inputs)
        except TimeoutError:
            raise too_late(self._options.timeout) from None
        except ClientDisconnect:
            return Response(status_code=CLIENT_CLOSED)
        except RequestError:
            raise
        except ResourceError as error:
            raise RequestError(503, error.diagnostics, {"retry-after": "1"}) from None
        except ModelcError as error:
            raise RequestError(400, error.diagnostics) from None
        named = dict(zip(loaded.face.output_labels, results, strict=True))
        labels = loaded.labels if any(wanted.classes for wanted in asked.outputs) else {}
        text, headers = response(asked, named, labels, served.name, loaded.version)
        return Response(text, headers=headers)

    def _named(self, request: Request) -> ServedModel:
        """The model that the address names. Raises `RequestError` 404 where there is none."""
        name = request.path_params["name"]
        if name not in self._models:
            raise refused(404, "E804", *unknown("model", name, self._models))
        return self._models[name]

    def _asked(self, request: Request) -> tuple[ServedModel, LoadedModel]:
        """The model that the address names, as it is loaded. Raises `RequestError` 404 where there is none, or not of
        that version, 503 where its file cannot be loaded."""
        served = self._named(request)
        name, loaded = served.name, served.current
        if loaded is None:
            help = "the server's log says why; another file is taken up when it has its path"
            raise refused(503, "E806", f"the model `{name}` is not there: {_NOT_LOADED}", help, retry_after="1")
        version = request.path_params.get("version", loaded.version)
        if version != loaded.version:
            message = f"the model `{name}` has no version {version[:40]}, but {loaded.version}"
            raise refused(404, "E804", message)
        return served, loaded

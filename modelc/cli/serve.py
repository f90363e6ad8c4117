"""`modelc serve`."""

from __future__ import annotations

import click

from modelc.cli.examples import ExampleCommand
from modelc.cli.options import BYTES


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc serve model.modelc": "serve a model at http://127.0.0.1:8080",
        "modelc serve digits=model.modelc table.modelc --port 9000 --workers 2": "two models, in two processes",
    },
)
@click.argument("models", metavar="[NAME=]ARTIFACT...", nargs=-1, required=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for all networks.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Port to listen at; 0 for a free one.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1, max=256),
    default=1,
    show_default=True,
    help="Number of processes that compute. Each of several has the models itself, and is replaced if it ends, "
    "without a request being lost.",
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    help="Number of threads that compute, in each worker. Default: the CPUs, shared out among the workers.",
)
@click.option(
    "--max-batch",
    type=click.IntRange(min=1, max=65536),
    default=32,
    show_default=True,
    help="The most samples of several requests that are computed together.",
)
@click.option(
    "--max-wait-ms",
    type=click.FloatRange(min=0, max=60_000),
    default=0.0,
    show_default=True,
    help="How long a request waits for others to be computed with; 0: only while the model is busy.",
)
@click.option(
    "--max-queue",
    type=click.IntRange(min=1),
    default=256,
    show_default=True,
    help="The most requests of a model that wait; further ones are answered with 429 and Retry-After.",
)
@click.option(
    "--max-body",
    type=BYTES,
    default="64MB",
    show_default=True,
    help="The largest body of a request, also uncompressed; larger ones are answered with 413.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86_400),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a request may take until it is answered with 504.",
)
@click.option(
    "--reload-seconds",
    "reload",
    type=click.FloatRange(min=0, max=86_400),
    default=1.0,
    show_default=True,
    help="How often it is looked whether another file has taken the path of a model; 0: never.",
)
def command(
    models: tuple[str, ...],
    host: str,
    port: int,
    workers: int,
    threads: int | None,
    max_batch: int,
    max_wait_ms: float,
    max_queue: int,
    max_body: int,
    timeout: float,
    reload: float,
) -> None:
    """Serve models over HTTP, by the Open Inference Protocol, version 2 (requires the extra `serve`).

    Each ARTIFACT is a .modelc file, or a Keras file with a whole model. Its name in addresses is that of the file, or
    NAME. A new file at the path of a model is taken up without a request being lost; one that cannot be loaded changes
    nothing, and is told once. On SIGTERM and Ctrl-C what was taken is answered first.

    POST /v2/models/NAME/infer takes tensors as JSON or as bytes. GET /docs shows all addresses, /metrics counters for
    Prometheus. Requests that wait are computed together. The mistakes of a request are told with their places.
    """
    try:
        from modelc.serve.server import Listening, ServeOptions, named_paths, serve
    except ModuleNotFoundError as error:
        raise click.ClickException(f"modelc serve needs {error.name}: pip install 'modelc[serve]'") from None
    options = ServeOptions(max_batch, max_wait_ms / 1000, max_queue, max_body, timeout, reload)
    serve(named_paths(models), options, Listening(host, port, workers, threads))

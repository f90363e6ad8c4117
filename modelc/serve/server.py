"""Run the application under uvicorn, computing in this process or in several others."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from multiprocessing import active_children
from typing import Any

import uvicorn

from modelc.errors import InputError
from modelc.native.engine.cpus import threads_of_each
from modelc.serve.app import create_app
from modelc.serve.front import create_front
from modelc.serve.metrics import SHARED_FOLDER
from modelc.serve.options import ServeOptions
from modelc.serve.say import tell
from modelc.serve.served import named_paths

__all__ = ["Listening", "ServeOptions", "named_paths", "serve"]

_STOP_SECONDS = 30
"""What requests that were taken have left to be answered in, when the server stops, beside their own limit."""
_BACKLOG = 2048
_NOT_STARTED = 3
"""The exit code of a server that could not start, as uvicorn's own."""


@dataclass(frozen=True)
class Listening:
    """Where a server listens, and with how many processes."""

    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    threads: int | None = None
    """The threads of each; None for its share of the CPUs."""


def serve(paths: Mapping[str, str], options: ServeOptions, listening: Listening) -> None:
    """Serve models until SIGINT or SIGTERM; then answer what was taken, and return.

    Of several workers each has the models itself, and is replaced if it ends; what it had not answered goes to another,
    since this process keeps the connections. Raises as `create_app` does.
    """
    port = require_port(listening.host, listening.port)
    # Said before a model is loaded: its plan is made for so many.
    os.environ["MODELC_NUM_THREADS"] = str(listening.threads or threads_of_each(listening.workers))
    told = f"serving {', '.join(paths)} at http://{_in_address(listening.host)}:{port}, which /docs describes"
    settings: dict[str, Any] = {
        "host": listening.host, "port": port, "backlog": _BACKLOG, "log_level": "warning",
        "access_log": False, "server_header": False, "lifespan": "on",
        "timeout_graceful_shutdown": int(options.timeout) + _STOP_SECONDS,
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="modelc-") as folder:
        try:
            if listening.workers == 1:
                app = create_app(paths, options, tell)
            else:
                for path in paths.values():
                    create_app({"model": path}, replace(options, reload=0))  # tells mistakes once, and fills the cache
                os.environ[SHARED_FOLDER] = folder
                app = create_front(listening.workers, paths, options, tell)
            server = uvicorn.Server(uvicorn.Config(app, **settings))
            # From here on a signal asks the server to stop, which has handlers of its own only when its loop runs: an
            # exception until then could leave a thread that the loop waits for. It sends itself the signal once more
            # when it has stopped, and that is not to end this process.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, server.handle_exit)
            tell(told)
            server.run()
        finally:
            for worker in active_children():  # where a second Ctrl-C does not wait for them
                worker.kill()
    if not server.started and not server.should_exit:
        raise SystemExit(_NOT_STARTED)


def require_port(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises `InputError` where it cannot be listened at."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as found:
            return found.getsockname()[1]
    except OSError as error:
        message = f"cannot listen at {_in_address(host)}:{port}: {error.strerror or error}"
        raise InputError(message, "choose another --port or --host") from None


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host

"""A web server on this machine that misbehaves as told: for tests of downloads."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Server:
    """What it serves and how; `asked` are the requests so far, as pairs of path and headers."""

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    etag: str | None = '"v1"'
    ranges: bool = True
    """Whether it knows ranges; else it always sends all."""
    cut_after: list[int] = field(default_factory=list[int])
    """For each of the next answers, after how many bytes the connection ends."""
    statuses: list[int] = field(default_factory=list[int])
    """For each of the next answers another status, without content."""
    redirect: str | None = None
    """Where it sends who asks for `/old/...`."""
    lengths: bool = True
    """Whether it says how long an answer is."""
    claimed: int | None = None
    """What it says instead of the true length."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    url: str = ""
    gate: threading.Event | None = None
    """What answers wait for."""


@contextmanager
def serving(**options: Any) -> Generator[Server]:
    """A running server."""
    server = Server(**options)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            server.asked.append((self.path, dict(self.headers)))
            if server.gate is not None:
                server.gate.wait(100)
            if server.statuses:
                self._only(server.statuses.pop(0))
                return
            path = self.path
            if path.startswith("http://"):  # as a proxy is asked
                path = "/" + path.split("/", 3)[3]
            if path.startswith("/old/") and server.redirect is not None:
                self.send_response(302)
                self.send_header("Location", server.redirect + path.removeprefix("/old"))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            data = server.files.get(path.rsplit("/", 1)[-1])
            if data is None:
                self._only(404)
                return
            self._send(data)

        def _only(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, data: bytes) -> None:
            start = 0
            wanted = self.headers.get("Range")
            same = self.headers.get("If-Range") in (None, server.etag)
            if wanted and server.ranges and same:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                if start >= len(data):
                    self._only(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            if server.etag:
                self.send_header("ETag", server.etag)
            rest = data[start:]
            if server.lengths:
                self.send_header("Content-Length", str(len(rest) if server.claimed is None else server.claimed))
            self.end_headers()
            self.wfile.write(rest[: server.cut_after.pop(0)] if server.cut_after else rest)
            self.close_connection = True

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()

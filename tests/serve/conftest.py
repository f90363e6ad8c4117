"""A server as users start it: `modelc serve` in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import load_spec

httpx: Any = None
if find_spec("httpx") and find_spec("uvicorn"):
    import httpx
else:  # the extra `test` is not installed
    collect_ignore_glob = ["test_*.py"]

FLOWERS = """
modelc: 1
input: {shape: [4], name: x}
labels: [iris, rose, tulip]
layers: [{type: Dense, units: 3, activation: softmax, name: kind}]
"""
SEQUENCES = """
modelc: 1
inputs: {words: {shape: [null], dtype: int32}, scale: {shape: [1]}}
layers:
  - {type: Embedding, input_dim: 9, output_dim: 2, inputs: words}
  - {type: GlobalAveragePooling1D, name: mean}
  - {type: Multiply, name: scaled, inputs: [mean, scale]}
outputs: [scaled, mean]
"""
X = np.random.default_rng(0).standard_normal((5, 4)).astype(np.float32)


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)

    def wait_until_ready(self) -> None:
        for _ in range(600):
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.client.get("/v2/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many workers compute, of those that were ever started."""
        for _ in range(600):
            if self.log.read_text().count("has loaded its models") >= count:
                return
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def stop(self) -> int:
        """End it as a system does; its exit code."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


Start = Callable[..., Server]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Generator[Start]:
    """Starts servers, which end with the tests of a file."""
    running: list[Server] = []

    def start(*arguments: object) -> Server:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        log = tmp_path_factory.mktemp("log") / "stderr"
        command = [sys.executable, "-m", "modelc", "serve", *map(str, arguments), "--port", str(port)]
        with log.open("wb") as file:
            process = subprocess.Popen(command, stderr=file, env={**os.environ, "MODELC_NUM_THREADS": "1"})
        server = Server(process, port, log)
        running.append(server)
        server.wait_until_ready()
        return server

    yield start
    for server in running:
        server.stop()


def saved(path: Path, text: str = FLOWERS, seed: int = 0) -> Path:
    """The artifact of a spec."""
    load_spec(text).build(seed=seed).save(path)
    return path


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two artifacts."""
    folder = tmp_path_factory.mktemp("models")
    saved(folder / "flowers.modelc")
    saved(folder / "sequences.modelc", SEQUENCES)
    return folder


@pytest.fixture(scope="module")
def server(start: Start, models: Path) -> Server:
    """A server of both."""
    return start(models / "flowers.modelc", f"words={models / 'sequences.modelc'}", "--max-body", "1MB")


def workers_of(server: Server) -> set[int]:
    """The processes that the server has started to answer requests."""
    found: set[int] = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == server.process.pid and b"spawn_main" in (path / "cmdline").read_bytes():
                found.add(int(path.name))
        except OSError:
            continue
    return found

"""`PeerProcess`: a runtime that runs in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from numpy.typing import NDArray

from modelc.bench.latency import Latency
from modelc.bench.peers.wire import receive, send
from modelc.errors import InputError

Array = NDArray[Any]

_MAIN = "import sys; from modelc.bench.peers.side import main; main(sys.argv[1], sys.argv[2], int(sys.argv[3]))"


class PeerProcess:
    """A runtime with its file, from `with` until the end of the block. What it cannot do is an `InputError`."""

    def __init__(self, name: str, file: str | os.PathLike[str], threads: int) -> None:
        self.name = name
        self.file = os.fspath(file)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        command = [sys.executable, "-P", "-c", _MAIN, name, os.path.abspath(file), str(threads)]
        self._process = subprocess.Popen(
            command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors
        )

    def __enter__(self) -> Self:
        try:
            about, _ = self._receive("load")
        except BaseException:
            self.__exit__()
            raise
        self.version = str(about["version"])
        self.inputs: list[dict[str, Any]] = about["inputs"]
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def outputs(self, inputs: Sequence[Array]) -> list[Array]:
        """The outputs for these inputs, which are those of later calls, too."""
        self._send({}, inputs)
        return self._receive("run")[1]

    def timed(self, seconds: float) -> Latency:
        """Call it for so many seconds on the last inputs."""
        self._send({"seconds": seconds})
        return Latency(**self._receive("run")[0])

    def peak_memory(self) -> int | None:
        """The most memory that it has had."""
        self._send({"memory": True})
        return self._receive("run")[0]["memory"]

    def _send(self, message: dict[str, Any], arrays: Sequence[Array] = ()) -> None:
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, message, arrays)
        except BrokenPipeError:
            raise self._ended("run") from None

    def _receive(self, doing: str) -> tuple[dict[str, Any], list[Array]]:
        assert self._process.stdout is not None
        received = receive(self._process.stdout)
        if received is None:
            raise self._ended(doing)
        if "error" in received[0]:
            raise InputError(f"{self.name} cannot {doing} {self.file}: {received[0]['error']}")
        return received

    def _ended(self, doing: str) -> InputError:
        """The error for a process that is gone."""
        code = self._process.wait()
        self._errors.seek(0)
        last = self._errors.read().decode(errors="replace").strip().rpartition("\n")[2]
        return InputError(f"{self.name} cannot {doing} {self.file}: its process ended with {code}: {last}")


def _environment() -> dict[str, str]:
    paths = [str(Path(__file__).parents[3]), *(path for path in sys.path if path)]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}

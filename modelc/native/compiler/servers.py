"""Compile servers: processes that compile families for this one, and the pipes to them.

A server imports numba, which takes as long as a family of middle size. Where processes can fork, one does it for all.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from modelc.system.process_groups import FORKS, NEW_GROUP, kill_group

_PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.modules["scipy"] = sys.modules["cffi"] = None
from modelc.native.compiler.{} import main
main()
"""
"""What a server runs. Ctrl-C in a terminal is for the process that started it, which ends it. numba imports SciPy and
cffi where it finds them, which no kernel needs."""


class Server:
    """One compile server, as seen from the process that it works for."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests, self._answers = requests, answers
        self.asked: str | None = None
        """The family that it compiles, or has compiled, and whose object was not taken yet."""
        self.asked_at = 0.0
        """When it was asked, by `time.perf_counter`."""

    def ask(self, family: str) -> None:
        """Have a family compiled. Raises OSError where the server has ended."""
        self.asked, self.asked_at = family, time.perf_counter()
        self._requests.write(f"{family}\n".encode())
        self._requests.flush()

    def take(self) -> tuple[bytes, str]:
        """The object that was asked for, and the target that it is for. Raises ValueError where the server ended."""
        size, _, made_for = self._answers.readline().decode().strip().partition(" ")
        code = self._answers.read(int(size))
        if len(code) != int(size):
            raise ValueError(f"{len(code)} bytes of {size}")
        self.asked = None
        return code, made_for

    def close(self) -> None:
        """Close the pipes."""
        for pipe in (self._requests, self._answers):
            try:
                pipe.close()
            except OSError:  # what was not read by a server that has ended
                continue


class Servers:
    """Compile servers that start and end together."""

    def __init__(self, module: str, arguments: Sequence[str], count: int) -> None:
        """Start `count` servers that run `main` of a module of this package. Raises OSError where that cannot be."""
        self.each: list[Server] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        command = (sys.executable, "-P", "-c", _PROGRAM.format(module))
        try:
            if FORKS:
                self._start_forking(command, arguments, count)
            else:
                for _ in range(count):
                    self._start((*command, "", *arguments), ())
        except BaseException:
            self.end()
            raise

    def _start_forking(self, command: Sequence[str], arguments: Sequence[str], count: int) -> None:
        """Start a process that forks all servers but the first one, which it is itself, each with pipes of its own."""
        theirs: list[int] = []
        try:
            for _ in range(1, count):
                requests, to_requests = os.pipe()
                theirs.append(requests)
                from_answers, answers = os.pipe()
                theirs.append(answers)
                self.each.append(Server(os.fdopen(to_requests, "wb"), os.fdopen(from_answers, "rb")))
            self._start((*command, ",".join(map(str, theirs)), *arguments), theirs)
        finally:
            for descriptor in theirs:
                os.close(descriptor)

    def _start(self, command: Sequence[str], descriptors: Sequence[int]) -> None:
        """Start a process in a group of its own, as what it forks is to be ended with it."""
        process = subprocess.Popen(
            command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            pass_fds=descriptors, process_group=NEW_GROUP if FORKS else None,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        self._processes.append(process)
        self.each.append(Server(process.stdin, process.stdout))

    def kill(self) -> None:
        """End all of them, in the middle of what they do."""
        for process in self._processes:
            if FORKS:
                kill_group(process)
            else:
                process.kill()

    def end(self) -> None:
        """End all of them, at once where one is busy, and wait until they have ended."""
        if any(server.asked is not None for server in self.each):
            self.kill()
        for server in self.each:
            server.close()
        for process in self._processes:
            process.wait()


def _environment() -> dict[str, str]:
    """What servers see. No thread of NumPy's is to be there when they fork."""
    paths = [str(Path(__file__).parents[3]), *(path for path in sys.path if path)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}

"""Variants are trained in processes of their own, several at once: one that dies takes only its variant with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import Any

from modelc.sweeps.training import Task
from modelc.sweeps.worker import INTERRUPTED
from modelc.system.interrupts import interrupts_told, taken

Outcome = tuple[Task, dict[str, Any]]
_LAST_BYTES = 2000
_GRACE_SECONDS = 60
"""What processes have left to save their state in, when they are interrupted."""


def in_processes(tasks: Iterable[Task], jobs: int, threads: int) -> Generator[Outcome]:
    """The outcomes of tasks as they come, from `jobs` processes of `threads` threads each.

    An interrupt is handed on to all processes, which save the state of their variant, and raised when they have. Until
    this is closed it comes as an outcome does, so that nothing is left half done: neither here nor by the caller. A
    second one ends the processes at once.
    """
    waiting = _Shared(iter(tasks))
    outcomes = SimpleQueue[Outcome | BaseException | None]()
    servers = [_Server(waiting, outcomes, threads) for _ in range(jobs)]
    asked = False

    def interrupt() -> None:
        nonlocal asked
        if asked:
            for server in servers:
                server.kill()
        asked = True
        outcomes.put(KeyboardInterrupt())

    with interrupts_told(interrupt), _ended(servers):
        for server in servers:
            server.start()
        left = len(servers)
        while left:
            outcome = taken(outcomes)
            if outcome is None:
                left -= 1
            elif isinstance(outcome, BaseException):
                raise outcome
            else:
                yield outcome


@contextmanager
def _ended(servers: list[_Server]) -> Generator[None]:
    """Whatever ends the block, no process is left; where it is an interrupt, each saves its state first."""
    try:
        yield
    except BaseException:
        for server in servers:
            server.interrupt()
        for server in servers:
            server.wait(_GRACE_SECONDS)
        raise
    finally:
        for server in servers:
            server.kill()
        for server in servers:
            server.wait()


class _Shared:
    """An iterator that several threads take from."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        self._tasks = tasks
        self._lock = threading.Lock()

    def take(self) -> Task | None:
        """The next task; None where there is none."""
        with self._lock:
            return next(self._tasks, None)


class _Server(threading.Thread):
    """A thread that hands tasks to a process, one after the other; where that dies, to a new one."""

    def __init__(self, waiting: _Shared, outcomes: SimpleQueue[Any], threads: int) -> None:
        super().__init__(daemon=True)
        self._waiting, self._outcomes, self._threads = waiting, outcomes, threads
        self._process: _Process | None = None
        self._stopped = False
        # Held while a process is started: one that is not known yet would miss an interrupt. A thread may take it
        # again, as that which has it may be interrupted.
        self._starting = threading.RLock()

    def run(self) -> None:
        """Serve until there is no task left."""
        try:
            while not self._stopped and (task := self._waiting.take()) is not None:
                process = self._begun()
                if process is None:
                    break
                result = process.result_of(task)
                if result is None:
                    result, self._process = {"status": "failed", "error": process.ended()}, None
                if result["status"] == INTERRUPTED or self._stopped:
                    break
                self._outcomes.put((task, result))
        except BaseException as error:
            self._outcomes.put(error)
        finally:
            if self._process is not None:
                self._process.close()
            self._outcomes.put(None)

    def _begun(self) -> _Process | None:
        """The process that there is, or a new one; None where there is to be none any more."""
        with self._starting:
            if self._stopped:
                return None
            if self._process is None:
                self._process = _Process(self._threads)
            return self._process

    def interrupt(self) -> None:
        """Have the process save its state and end."""
        self._send(signal.SIGINT)

    def kill(self) -> None:
        """End the process."""
        self._send(None)

    def _send(self, number: int | None) -> None:
        with self._starting:
            self._stopped = True
            if self._process is not None:
                self._process.send(number)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has stopped, at most so long."""
        if self.ident is not None:
            self.join(seconds)


class _Process:
    """A process that trains variants."""

    def __init__(self, threads: int) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 closed by `close`
        # In a group of its own: Ctrl-C at a terminal reaches this process only, which hands it on once.
        self._child = subprocess.Popen(
            [sys.executable, "-m", "modelc.sweeps.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._log, env=os.environ | {"MODELC_NUM_THREADS": str(threads)}, start_new_session=True,
        )  # fmt: skip

    def result_of(self, task: Task) -> dict[str, Any] | None:
        """The result of a task; None where the process has ended."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with suppress(OSError):
            self._child.stdin.write(json.dumps(task.plain(), default=str).encode() + b"\n")
            self._child.stdin.flush()
        line = self._child.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def ended(self) -> str:
        """How the process has ended, in words."""
        code = self._child.wait()
        self._log.seek(max(0, os.fstat(self._log.fileno()).st_size - _LAST_BYTES))
        said = self._log.read().decode(errors="replace").strip().rpartition("\n")[2]
        self.close()
        if code >= 0:
            return f"its process ended with the exit code {code}{said and f': {said}'}"
        name = signal.Signals(-code).name
        why = "; perhaps the machine had too little memory: try fewer --jobs" if name == "SIGKILL" else ""
        return f"its process was ended by {name}{why}"

    def send(self, number: int | None) -> None:
        """Send a signal to the process; None ends it."""
        with suppress(OSError):
            if number is None:
                self._child.kill()
            else:
                self._child.send_signal(number)

    def close(self) -> None:
        """Let the process end, which it does when its input does."""
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._child.wait()
        self._log.close()

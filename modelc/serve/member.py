"""`Member`: one process that computes, as the process that listens sees it."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from modelc.serve.options import ServeOptions
from modelc.serve.wire import Answer, EndedError, Handed, Wire
from modelc.serve.worker import work
from modelc.system.signals import ends_blocked

_CONTEXT = get_context("spawn")
"""A process begins anew: threads that run here would not run in a fork."""
_STOP_SECONDS = 30
"""How long a process may take to end once all of its requests are answered."""


class LostError(Exception):
    """The process ended before it had answered."""


class Member:
    """A process and the requests that it has taken."""

    def __init__(self, process: BaseProcess, wire: Wire) -> None:
        self._process, self._wire = process, wire
        self._numbers = itertools.count()
        self._open: dict[int, asyncio.Future[Answer]] = {}
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._has_ended = False
        self.missing = frozenset[str]()
        """The models that it cannot be asked for, because their files could not be loaded."""

    @classmethod
    async def start(cls, paths: Mapping[str, str], options: ServeOptions) -> Member:
        """A process with its models loaded, but for those that are missing. Raises `LostError` where it ends before."""
        here, there = socket.socketpair()
        with there:
            process = _CONTEXT.Process(target=work, args=(there, dict(paths), options))
            await asyncio.to_thread(_start, process)
        member = cls(process, await Wire.over(here))
        try:
            said, _ = await member._wire.receive()
        except EndedError:
            await member.join()
            message = f"it ended before it had loaded its models (exit code {process.exitcode})"
            raise LostError(message) from None
        member.missing = frozenset(said["missing"])
        return member

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid or 0

    @property
    def exit_code(self) -> int | None:
        """The exit code, or minus the signal, that the process ended with."""
        return self._process.exitcode

    @property
    def open_requests(self) -> int:
        """Those that it has not answered, also where nobody waits for the answer any more."""
        return len(self._open)

    async def idle(self) -> None:
        """Wait until it has answered all, or has ended."""
        await self._is_idle.wait()

    async def ask(self, asked: Handed) -> Answer:
        """Its answer. Raises `LostError`."""
        if self._has_ended:
            raise LostError
        number = next(self._numbers)
        head = {"number": number, "method": asked.method, "path": asked.path, "query": asked.query}
        try:
            self._wire.send({**head, "headers": asked.headers}, asked.body)
        except EndedError:
            raise LostError from None
        answer = self._open[number] = asyncio.get_running_loop().create_future()
        self._is_idle.clear()
        return await answer

    async def listen(self) -> None:
        """Hand out answers until the process ends; then those who wait get `LostError`."""
        try:
            while True:
                head, body = await self._wire.receive()
                if "missing" in head:
                    self.missing = frozenset(head["missing"])
                    continue
                waiting = self._open.pop(head["number"])
                if not self._open:
                    self._is_idle.set()
                if not waiting.done():
                    waiting.set_result(Answer(head["status"], head["headers"], body))
        except EndedError:
            self._has_ended = True
            for waiting in self._open.values():
                if not waiting.done():
                    waiting.set_exception(LostError())
            self._open.clear()
            self._is_idle.set()

    async def join(self) -> None:
        """Wait for the process to be gone; one that does not go is killed."""
        self._wire.close()
        await asyncio.to_thread(self._process.join, _STOP_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            await asyncio.to_thread(self._process.join)

    def close(self) -> None:
        """Take nothing more: the process answers what it has, and ends, with which `listen` returns."""
        self._wire.end()


def _start(process: BaseProcess) -> None:
    """Start it with the signals blocked that end this one: Ctrl-C in a terminal is sent to both."""
    with ends_blocked():
        process.start()

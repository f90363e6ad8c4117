"""`Crew`: the processes that compute. One that ends is replaced, and what it had not answered goes to another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from prometheus_client.multiprocess import (
    mark_process_dead,  # pyright: ignore[reportUnknownVariableType] its second argument, which is not given
)

from modelc.errors import Diagnostic
from modelc.serve.member import LostError, Member
from modelc.serve.metrics import WorkerMetrics
from modelc.serve.mistakes import BODY, RequestError
from modelc.serve.options import ServeOptions
from modelc.serve.wire import Answer, Handed

_MOST_LOSSES = 3
"""A request whose process ended so often is not tried again: all but the first computed nothing else, so it is why."""
_MODELS = "/v2/models/"
_QUICK_SECONDS = 5.0
"""A process that ends within this time is replaced later each time, up to so many seconds."""


class Crew:
    """So many processes with the same models."""

    def __init__(
        self,
        size: int,
        paths: Mapping[str, str],
        options: ServeOptions,
        tell: Callable[[str], None],
        metrics: WorkerMetrics,
    ) -> None:
        self._size, self._paths, self._options, self._tell, self._metrics = size, paths, options, tell, metrics
        self._members: list[Member] = []
        self._changed = asyncio.Condition()
        self._reserved: Member | None = None
        """The one that gets no other requests than the one that it is reserved for."""
        self._reserving = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether each model can be asked for."""
        everywhere = [member.missing for member in self._members]
        return bool(everywhere) and not everywhere[0].intersection(*everywhere)

    def start(self) -> None:
        """Start all processes; requests wait for the first one."""
        self._tasks = [asyncio.create_task(self._keep()) for _ in range(self._size)]

    async def ask(self, asked: Handed) -> Answer:
        """The answer of the process that has the fewest requests open, of those that have the model.

        Requests change nothing, so that one whose process ended is tried again. It may be why the process ended, so
        that it then has a process to itself, while there is another one for the others. Raises `RequestError` 500 where
        that has not helped.
        """
        try:
            return await (await self._least_busy(_model(asked.path))).ask(asked)
        except LostError:
            pass
        for _ in range(_MOST_LOSSES - 1):
            with suppress(LostError):
                async with self._alone(_model(asked.path)) as member:
                    return await member.ask(asked)
        message = f"the process that computed this request ended, {_MOST_LOSSES} times in a row"
        self._tell(f"a request to {asked.path} is not tried again: {message}")
        help = "the server's log says how it ended; where memory was short, send fewer samples at once"
        raise RequestError(500, Diagnostic("E805", message, help, file=BODY, line=1, column=1))

    async def close(self) -> None:
        """Return when all have answered what they took, and have ended."""
        self._closing.set()
        for member in self._members:
            member.close()
        await asyncio.gather(*self._tasks)

    async def _least_busy(self, model: str | None) -> Member:
        async with self._changed:
            await self._changed.wait_for(lambda: self._fit(model))
        return min(self._fit(model), key=lambda member: member.open_requests)

    def _fit(self, model: str | None) -> list[Member]:
        """Those that a request for a model, or about all, may go to now; all that may be had where none has it."""
        having = [member for member in self._members if not _lacks(member, model)]
        return [member for member in having or self._members if member is not self._reserved]

    @asynccontextmanager
    async def _alone(self, model: str | None) -> AsyncGenerator[Member]:
        """A process that has no other request, while there is another one for those."""
        async with self._reserving:
            try:
                while True:
                    async with self._changed:
                        await self._changed.wait_for(lambda: len(self._members) > 1)
                    member = self._reserved = min(
                        self._members, key=lambda member: (_lacks(member, model), member.open_requests)
                    )
                    await member.idle()
                    if member in self._members:
                        break
                yield member
            finally:
                self._reserved = None
                async with self._changed:
                    self._changed.notify_all()

    async def _keep(self) -> None:
        """Have one process there, and another one when it ends, until the crew is closed."""
        pause = 0.0
        while not await self._closes_within(pause):
            begin = time.monotonic()
            try:
                member = await Member.start(self._paths, self._options)
            except LostError as error:
                self._tell(f"a worker could not start, which is tried again: {error}")
                pause = _QUICK_SECONDS
                continue
            await self._use(member)
            if not self._closing.is_set():
                self._tell(f"worker {member.pid} ended ({_way(member.exit_code)}): another one takes its place")
            lasted = time.monotonic() - begin
            pause = 0.0 if lasted > _QUICK_SECONDS else min(_QUICK_SECONDS, 2 * pause + 0.1)

    async def _use(self, member: Member) -> None:
        """Hand requests to a process until it ends."""
        async with self._changed:
            self._members.append(member)
            self._changed.notify_all()
        self._metrics.begin()
        missing = f" but for {', '.join(sorted(member.missing))}" if member.missing else ""
        self._tell(f"worker {member.pid} has loaded its models{missing}")
        if self._closing.is_set():
            member.close()
        await member.listen()
        self._members.remove(member)
        self._metrics.end(is_lost=not self._closing.is_set())
        await member.join()
        mark_process_dead(member.pid)

    async def _closes_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
        return self._closing.is_set()


def _model(path: str) -> str | None:
    """The name of the model that an address is of; None for one of the server."""
    return path.removeprefix(_MODELS).partition("/")[0] if path.startswith(_MODELS) else None


def _lacks(member: Member, model: str | None) -> bool:
    """Whether the model is missing there; for what is about all models, whether any is."""
    return bool(member.missing) if model is None else model in member.missing


def _way(exit_code: int | None) -> str:
    return f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else f"exit code {exit_code}"

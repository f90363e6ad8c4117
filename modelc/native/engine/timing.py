"""`TimedPlan`: a plan whose calls tell when each of their steps ran, and on which threads.

It is a plan as any other, walked as any other: only the kernel of each row is one that calls the row's own kernel and
writes down when it began and ended. So loops go round, and steps are shared between threads, as in every call.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError, ModelcError
from modelc.graph.program import OnCompile
from modelc.native.code.layout import CTX_BUFFERS
from modelc.native.compiler.load import load
from modelc.native.engine.buffers import Block
from modelc.native.engine.executor import Executor, StepPlaces
from modelc.native.engine.plan import Plan
from modelc.native.engine.schedule import JOB, ROW
from modelc.native.families.measure.params import CLOCK, EVENT, LOG, TIMED

Array = NDArray[Any]

_WORD = 8
_FIRST_ROOM = 1 << 12
MOST_EVENTS = 1 << 22
"""The chunks of steps of one call that are written down at the most: 128 MB of them."""

_STEP, _THREAD, _BEGIN, _END = (EVENT.start(name) for name in ("step", "thread", "begin", "end"))
_Kernel = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 4)


class TickClock:
    """The clock that kernels read, in ticks of a unit of its own, which is found by the system's clock."""

    def __init__(self, on_compile: OnCompile | None = None) -> None:
        """Raises `ModelcError` on a CPU without one."""
        self._read = _Kernel(load("measure", on_compile)["read_clock"])
        self._words = (ctypes.c_int64 * (1 + CTX_BUFFERS + 1))()
        self._words[CTX_BUFFERS] = ctypes.addressof(self._words) + _WORD * (CTX_BUFFERS + 1)
        self._params = (ctypes.c_int64 * CLOCK.size)()  # an operand: buffer 0, at its beginning
        self._start = self._both()
        time.sleep(1e-4)
        if self.now() == self._start[1]:
            raise ModelcError(
                "kernels cannot read a clock on this CPU, so that steps cannot be timed",
                "measure whole calls: leave out the profile and the trace",
            )

    def now(self) -> int:
        """The ticks now."""
        self._read(ctypes.addressof(self._words), ctypes.addressof(self._params), 0, 1)
        return self._words[CTX_BUFFERS + 1]

    def seconds_per_tick(self) -> float:
        """The unit, as it follows from all the time since the clock was made."""
        while True:
            seconds, ticks = (after - before for after, before in zip(self._both(), self._start, strict=True))
            if seconds > 2e-2:
                return seconds / ticks
            time.sleep(2e-2 - seconds)

    def _both(self) -> tuple[float, int]:
        return time.perf_counter(), self.now()


@dataclass(frozen=True)
class TimedCall:
    """When the steps of one call ran, in ticks."""

    begin: int
    end: int
    """Around the call, with all that Python does in it."""
    events: NDArray[np.int64]
    """A row for each chunk of a step, in order: the step, the thread, the begin and the end."""

    @property
    def steps(self) -> NDArray[np.int64]:
        """The step of each chunk."""
        return self.events[:, _STEP]

    @property
    def threads(self) -> NDArray[np.uint64]:
        """The thread of each chunk, as `threading.get_ident` has it."""
        return self.events[:, _THREAD].astype(np.uint64)

    @property
    def begins(self) -> NDArray[np.int64]:
        """When each chunk began."""
        return self.events[:, _BEGIN]

    @property
    def ends(self) -> NDArray[np.int64]:
        """When each chunk ended."""
        return self.events[:, _END]

    def turns(self) -> NDArray[np.int64]:
        """Where in the events each run of a step begins: its chunks follow one another."""
        if not len(self.events):
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.diff(self.steps, prepend=-1))


class TimedPlan:
    """Runs a plan, and tells when its steps ran. One call at a time."""

    def __init__(self, plan: Plan, clock: TickClock) -> None:
        self._clock = clock
        self._executor = _TimedExecutor(plan._executor, [len(step.params) for step in plan.lowered.steps])
        self._plan = plan.walked_by(self._executor)

    def run(self, inputs: Sequence[Array]) -> tuple[list[Array], TimedCall]:
        """The graph's results for one batch, and when its steps ran.

        Raises `InputError` where a call has more steps than can be written down.
        """
        while True:
            self._executor.forget()
            begin = self._clock.now()
            results = self._plan.run(inputs)
            end = self._clock.now()
            count = self._executor.count
            if count > MOST_EVENTS:
                raise InputError(
                    f"a call takes {count:,} steps, and {MOST_EVENTS:,} can be timed one by one",
                    "make the batch smaller, or the number of steps that the model's loops go over",
                )
            if count <= self._executor.room:
                return results, TimedCall(begin, end, self._executor.events())
            self._executor.make_room(2 * count)


class _TimedExecutor(Executor):
    """The rows of another executor, each with the kernel that times it. All threads are at one step at a time."""

    takes_slices = False

    def __init__(self, timed: Executor, sizes: Sequence[int]) -> None:
        """`sizes` are the numbers of words of the parameters of the steps."""
        base, old = timed._memory.address, timed._memory.words
        table = (timed._job[JOB.start("table")] - base) // _WORD
        rows = old[table : table + ROW.size * len(sizes)].reshape(len(sizes), ROW.size).copy()
        kernels, firsts = rows[:, ROW.start("kernel")].copy(), (rows[:, ROW.start("params")] - base) // _WORD
        rows[:, ROW.start("kernel")] = load("measure")["timed"]
        words: list[int] = []
        starts: list[int] = []
        for step, (kernel, first, size) in enumerate(zip(kernels, firsts, sizes, strict=True)):
            words += TIMED.pack(log=0, kernel=int(kernel), step=step)
            starts.append(len(words))
            words += old[first : first + size].tolist()
        count, end = len(sizes), len(words)
        memory = Block.of(_WORD * (end + rows.size))
        memory.words[:end], memory.words[end:] = words, rows.reshape(-1)
        params = range(end + ROW.start("params"), end + rows.size, ROW.size)
        places = StepPlaces(end, count, [(word, _WORD * start) for word, start in zip(params, starts, strict=True)])
        places.write_addresses(memory)
        self._logs = np.array(starts, np.int64) - TIMED.size + TIMED.start("log")
        super().__init__(memory, places)
        self.make_room(_FIRST_ROOM)

    def make_room(self, room: int) -> None:
        """Have a log of so many events."""
        self._log = Block.of(LOG.bytes + room * EVENT.bytes)
        self._log.words[: LOG.size] = LOG.pack(count=0, room=room)
        self._memory.words[self._logs] = self._log.address
        self.room = room

    def forget(self) -> None:
        """Begin the log anew."""
        self._log.words[LOG.start("count")] = 0

    @property
    def count(self) -> int:
        """The number of events, of those as well that there was no room for."""
        return int(self._log.words[LOG.start("count")])

    def events(self) -> NDArray[np.int64]:
        """A copy of the log's rows."""
        return self._log.words[LOG.size : LOG.size + self.count * EVENT.size].reshape(-1, EVENT.size).copy()


def thread_names() -> dict[int, str]:
    """The names of the threads of this process, by what events tell."""
    return {thread.ident: thread.name for thread in threading.enumerate() if thread.ident is not None}

"""The process's team of worker threads, which help the calling thread to walk a plan.

Workers spin for a moment after a call, since the next one often follows at once, and then sleep. A call that finds
the team busy with another thread's call runs alone. A forked child has no threads, so it makes a team of its own.

To wake a worker takes longer than the work of a small call. Such a call does it only where it follows another one so
closely that there will be more: it runs alone otherwise, unless the workers are awake.

Where another process keeps a core busy, a worker may be off its core for milliseconds while the caller waits for
it, or the caller itself. After a call to which that happened more than once, or two such calls, the next ones run alone
for a while, which doubles up to a limit for as long as it happens. Once is an accident: the next calls would lose more
by running alone. So would those that take less than such calls even so (`alone_times.py`).
"""

from __future__ import annotations

import ctypes
import threading
import time
from array import array
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager

from modelc.native.compiler.load import load
from modelc.native.engine.alone_times import AloneTimes
from modelc.native.engine.cpus import thread_count
from modelc.native.engine.preemptions import Preemptions
from modelc.native.engine.schedule import JOB, OFFER, OFTEN, SLOT, SLOT_LIVE, SLOT_OFFER
from modelc.native.target import CACHE_LINE
from modelc.system.forks import after_fork_in_child

SPINS = 3000
"""Turns of the spin loop before a worker sleeps: 50 to 150 µs, by the CPU's `pause`."""
_CLOSELY = 50e-6
"""Seconds after a call in which another one is of the same burst."""
_LONG = 1e-3
"""Seconds from which on a call is asked whether its thread lost its core: to ask takes a microsecond or two."""
_SHORTEST, _LONGEST = 0.005, 1.28
"""Seconds that calls run alone after one was held up: at first, and at the most."""

_JOB_SLOT, _JOB_THREADS = JOB.start("slot"), JOB.start("threads")

_Walk = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_Work = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)


class Team:
    """`size` threads, the caller included. The others start at once and live as long as the process."""

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"a team has at least one thread, found {size}")
        kernels = load("walker")
        self.size = size
        self._walk = _Walk(kernels["walk"])
        self._work = _Work(kernels["work"])
        words = (ctypes.c_int64 * (SLOT + CACHE_LINE // 8))()
        skip = -ctypes.addressof(words) % CACHE_LINE // 8
        self._words = words
        self._live = skip + SLOT_LIVE
        self._held_up = skip + SLOT_OFFER + OFFER.start("held_up")
        self._preemptions = Preemptions()
        self._alone_times = AloneTimes()
        self._pause = _SHORTEST
        self._alone_until = 0.0
        self._was_held_up = False
        self._ended = 0.0
        self._slot = ctypes.addressof(words) + 8 * skip
        self._busy = threading.Lock()
        self._asleep: deque[threading.Lock] = deque()
        for index in range(1, size):
            try:
                threading.Thread(target=self._serve, name=f"modelc-{index}", daemon=True).start()
            except RuntimeError:  # the system allows no more: those that there are do the work
                self.size = index
                break

    def walk(self, job: array[int], parallel: bool, waking: bool = True) -> None:
        """Do the job, whose slot and threads are set meanwhile; with the workers if they are free.

        Where it is not `waking`, workers that sleep are left out, unless the call is one of many.
        """
        pauses = parallel and self._is_pausing()
        alone = pauses or not parallel or self.size == 1 or self._is_resting(waking)
        if alone or not self._busy.acquire(blocking=False):
            begun = time.monotonic() if pauses else 0.0
            self._walk(job.buffer_info()[0])
            self._ended = time.monotonic()
            if pauses:
                self._alone_times.note(job, self._ended - begun)
            return
        begun = time.monotonic()
        try:
            if self._alone_until != 0.0:
                self._preemptions.start()
            self._words[self._held_up] = 0
            job[_JOB_SLOT], job[_JOB_THREADS] = self._slot, self.size
            self._words[self._live] = 1
            while self._asleep:
                self._asleep.pop().release()
            self._walk(job.buffer_info()[0])
        finally:
            self._words[self._live] = 0
            job[_JOB_SLOT], job[_JOB_THREADS] = 0, 1
            self._ended = time.monotonic()
            seconds = self._ended - begun
            lost = seconds > _LONG and self._preemptions.are_frequent()
            times = self._words[self._held_up] + (OFTEN if lost else 0)
            self._judge(0 if times > 0 and self._alone_times.is_gain(job, seconds) else times)
            self._busy.release()

    def resume(self) -> None:
        """Let the workers help in the next call even if another process has held one of them up."""
        self._alone_until, self._pause, self._was_held_up = 0.0, _SHORTEST, False

    def _is_resting(self, waking: bool) -> bool:
        return not waking and bool(self._asleep) and time.monotonic() - self._ended > _CLOSELY

    def _is_pausing(self) -> bool:
        return self._alone_until != 0.0 and time.monotonic() < self._alone_until

    def _judge(self, times: int) -> None:
        """Set how long the workers are left out, by how often the last call with them was held up."""
        before, self._was_held_up = self._was_held_up, times > 0
        if times >= OFTEN or (times > 0 and (before or self._alone_until != 0.0)):
            self._alone_until = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, _LONGEST)
        elif times == 0 and self._alone_until != 0.0:  # a short call may have had luck
            self._alone_until, self._pause = 0.0, max(_SHORTEST, self._pause / 2)

    def _serve(self) -> None:
        wake = threading.Lock()
        wake.acquire()
        while True:
            self._work(self._slot, SPINS)
            self._asleep.append(wake)
            if self._words[self._live]:
                self._rise(wake)
            wake.acquire()

    def _rise(self, wake: threading.Lock) -> None:
        """Undo going to sleep, as a call began meanwhile; whoever takes the lock from the queue releases it."""
        try:
            self._asleep.remove(wake)
        except ValueError:
            return
        wake.release()


_team: Team | None = None
_making = threading.Lock()


def team() -> Team:
    """The process's team, made at the first call."""
    global _team
    if _team is None:
        with _making:
            if _team is None:
                _team = Team(thread_count())
    return _team


@contextmanager
def team_of(size: int) -> Generator[Team]:
    """Have a team of so many threads instead of the process's, for all calls meanwhile."""
    global _team
    with _making:
        before = _team
        if before is not None and before.size == size:
            made = before
        else:
            made = _sized.get(size) or _sized.setdefault(size, Team(size))
        _team = made
    try:
        yield made
    finally:
        with _making:
            _team = before


_sized: dict[int, Team] = {}
"""Teams that were asked for by their size: threads live as long as the process."""


def _forget() -> None:
    global _team, _making
    _team, _making = None, threading.Lock()
    _sized.clear()


after_fork_in_child(_forget)

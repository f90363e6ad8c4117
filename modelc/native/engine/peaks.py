"""What the threads of this process can do at most: multiply-adds in registers, and reading from memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from modelc.native.code.layout import Operand
from modelc.native.engine.buffers import Block
from modelc.native.engine.executor import Executor
from modelc.native.engine.schedule import Step
from modelc.native.engine.threads import Team, team
from modelc.native.families.measure.params import FMA_LOOP, FMA_SUMS, READ_BYTES, READ_LOOP
from modelc.native.target import CACHE_LINE, host
from modelc.system.memory_limits import memory_limit

_SECONDS = 0.1
"""How long each is tried; the best time counts, as the machine may be busy with something else."""
_FMA_UNITS, _FMA_TURNS = 64, 4000
_READ_PARTS = 16
"""Calls that read all bytes together: so short that other processes leave some of them alone."""
_READ_SIZE = 1 << 27
"""Bytes that are read in turn, more than what caches hold; less where there is little memory."""


class FmaLoop:
    """A loop of nothing but multiply-adds of float32."""

    def __init__(self, workers: Team) -> None:
        self._sums = Block.of(_FMA_UNITS * CACHE_LINE)
        self._sums.words.view(np.float32)[:] = 1e-3
        params = FMA_LOOP.pack(sums=Operand(0, 0, 0), turns=_FMA_TURNS)
        self._executor = Executor.of([Step("fma_loop", params, _FMA_UNITS)], workers=workers)
        self.operations = 2 * FMA_SUMS * host().lanes * _FMA_TURNS * _FMA_UNITS
        """Floating-point operations of a run: two for each multiply-add."""

    def run(self) -> None:
        """Do it once, on all threads."""
        self._executor.run(1, [self._sums.address])


def fma_peak() -> float:
    """Floating-point operations a second of all threads: two for each multiply-add of float32."""
    workers = team()
    loop = FmaLoop(workers)
    return loop.operations / _least([loop.run], workers)


def read_rate() -> float:
    """Bytes a second that all threads together read from memory."""
    limit = memory_limit()
    size = _READ_SIZE if limit is None else min(_READ_SIZE, limit.bytes // 8)
    units = max(1, size // _READ_PARTS // READ_BYTES)
    part = units * READ_BYTES
    data, sums = Block.of(_READ_PARTS * part), Block.of(units * CACHE_LINE)
    data.words[:] = 0  # pages that were never written are all the same one
    step = Step("read_loop", READ_LOOP.pack(x=Operand(0, 0, 0), sums=Operand(1, 0, 0)), units)
    workers = team()
    executor = Executor.of([step], workers=workers)

    def read(first: int) -> Callable[[], Any]:
        return lambda: executor.run(1, [data.address + first, sums.address])

    return part / _least([read(part * i) for i in range(_READ_PARTS)], workers)


def _least(calls: Sequence[Callable[[], Any]], workers: Team) -> float:
    """The least time that one of these calls takes with all workers, in seconds; they are made in turn."""
    least, end = float("inf"), time.perf_counter() + _SECONDS
    while True:
        for call in calls:
            workers.resume()
            begin = time.perf_counter()
            call()
            least = min(least, time.perf_counter() - begin)
        if time.perf_counter() >= end:
            return least

"""What the threads of this process can do at most: multiply-adds in registers, and reading from memory."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from modelc.native.code.layout import Operand
from modelc.native.engine.buffers import Block
from modelc.native.engine.executor import Executor
from modelc.native.engine.schedule import Step
from modelc.native.engine.threads import team
from modelc.native.families.measure.params import FMA_LOOP, FMA_SUMS, READ_BYTES, READ_LOOP
from modelc.native.target import CACHE_LINE, host

_SECONDS = 0.1
"""How long each is tried; the best time counts, as the machine may be busy with something else."""
_FMA_UNITS, _FMA_TURNS = 64, 4000
_READ_SIZE = 1 << 27
"""Bytes that are read in turn: more than what caches hold."""
_READ_PARTS = 16
"""Calls that read them: so short that other processes leave some of them alone."""


def fma_peak() -> float:
    """Floating-point operations a second of all threads: two for each multiply-add of float32."""
    sums = Block.of(_FMA_UNITS * CACHE_LINE)
    sums.words.view(np.float32)[:] = 1e-3
    step = Step("fma_loop", FMA_LOOP.pack(sums=Operand(0, 0, 0), turns=_FMA_TURNS), _FMA_UNITS)
    operations = 2 * FMA_SUMS * host().lanes * _FMA_TURNS * _FMA_UNITS
    return operations / _least(step, [[sums.address]])


def read_rate() -> float:
    """Bytes a second that all threads together read from memory."""
    size = _READ_SIZE // _READ_PARTS
    units = size // READ_BYTES
    data, sums = Block.of(_READ_SIZE), Block.of(units * CACHE_LINE)
    data.words[:] = 0  # pages that were never written are all the same one
    step = Step("read_loop", READ_LOOP.pack(x=Operand(0, 0, 0), sums=Operand(1, 0, 0)), units)
    return size / _least(step, [[data.address + part * size, sums.address] for part in range(_READ_PARTS)])


def _least(step: Step, operands: Sequence[Sequence[int]]) -> float:
    """The least time that a step takes, in seconds, on each of some operands in turn."""
    executor = Executor([step], workers=team())
    least, end = float("inf"), time.perf_counter() + _SECONDS
    while True:
        for addresses in operands:
            begin = time.perf_counter()
            executor.run(1, addresses)
            least = min(least, time.perf_counter() - begin)
        if time.perf_counter() >= end:
            return least

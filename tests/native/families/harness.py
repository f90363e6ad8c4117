"""Calls one kernel by itself; NumPy arrays are its buffers."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numba
import numpy as np
from numba import types

from modelc.native.code.layout import ABSENT, CTX_BATCH, CTX_BUFFERS, CTX_ERROR, Operand
from modelc.native.code.record import Record
from modelc.native.compiler.catalog import family_of
from modelc.native.compiler.load import load

Kernel = Callable[..., None]


@cache
def _alone(kernel: Kernel) -> Any:
    """A kernel that a test made up, as a numba C function."""
    return numba.cfunc(types.void(*[types.int64] * 4), error_model="numpy")(kernel)


def address(kernel: Kernel) -> int:
    """Where the compiled kernel lies; those of the library are compiled as it compiles them, and in its cache."""
    if kernel in getattr(sys.modules[kernel.__module__], "KERNELS", ()):
        return load(family_of(kernel.__name__))[kernel.__name__]
    return _alone(kernel).address


class Caller:
    """Runs kernels over buffers that stay at one place: `operand(array)` registers an array, `run` calls."""

    def __init__(self, batch: int = 1) -> None:
        self.batch = batch
        self.buffers: list[np.ndarray] = []
        self.error = 0

    def operand(self, array: np.ndarray | None, offset: int = 0) -> Operand:
        """The operand for an array, from `offset` bytes on; absent for None."""
        if array is None:
            return ABSENT
        self.buffers.append(array)
        return Operand(len(self.buffers) - 1, offset, 0)

    def run(self, kernel: Kernel, record: Record, units: int, pieces: int = 1, **values: Any) -> None:
        """Do `units` units, split into several calls of neighbouring ranges."""
        params = np.array(record.pack(**values), np.int64)
        ctx = np.zeros(CTX_BUFFERS + len(self.buffers), np.int64)
        ctx[CTX_BATCH] = self.batch
        ctx[CTX_BUFFERS:] = [b.ctypes.data for b in self.buffers]
        function = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 4)(address(kernel))
        cuts = [units * i // pieces for i in range(pieces + 1)]
        for begin, end in pairwise(cuts):
            function(ctx.ctypes.data, params.ctypes.data, begin, end)
        self.error = int(ctx[CTX_ERROR])


def guarded(shape: Sequence[int], margin: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """An output array of NaN, and the larger array around it whose margins must stay NaN."""
    size = int(np.prod(shape))
    whole = np.full(size + 2 * margin, np.nan, np.float32)
    return whole[margin : margin + size].reshape(shape), whole


def margins_untouched(whole: np.ndarray, margin: int = 64) -> bool:
    """Whether nothing was written around the output."""
    return bool(np.isnan(whole[:margin]).all() and np.isnan(whole[len(whole) - margin :]).all())


def floats(*p: float) -> tuple[float, ...]:
    """The three parameters of an activation, the rest 0."""
    return (*p, 0.0, 0.0, 0.0)[:3]


def normal(shape: Sequence[int], seed: int = 0) -> np.ndarray:
    """Standard normal float32."""
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)

"""The peak multiply-add rate of a core: a loop of nothing but multiply-adds."""

from __future__ import annotations

import ctypes
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.compiler.catalog import Family
from modelc.native.compiler.compile import compile_family
from modelc.native.compiler.link import link
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.target import host

_SUMS = 12
_TURNS = 200_000


@intrinsic
def _multiply_adds(typingctx, out, turns):
    def codegen(context, builder, signature, args):
        sums = [simd.new_cell(builder, simd.VECTOR) for _ in range(_SUMS)]
        factor = simd.load(builder, args[0], simd.VECTOR)
        for cell in sums:
            builder.store(factor, cell)
        with simd.counted_loop(builder, simd.const(0), args[1]):
            for cell in sums:
                builder.store(simd.multiply_add(builder, builder.load(cell), factor, factor), cell)
        total = ir.Constant(simd.VECTOR, None)
        for cell in sums:
            total = builder.fadd(total, builder.load(cell))
        simd.store(builder, total, args[0])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


def fma_loop(out, turns):
    _multiply_adds(out, turns)


KERNELS = (fma_loop,)


class Peak:
    """A loop of nothing but multiply-adds."""

    def __init__(self) -> None:
        code = compile_family(Family("bench", __name__, ("fma_loop",)), host())
        address = link(code, ("fma_loop",), host())["fma_loop"]
        self._loop = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)(address)
        self._out = np.full(host().lanes, 1e-3, np.float32)
        self.flops = _SUMS * host().lanes * 2 * _TURNS
        """The operations of one run, two for each multiply-add."""

    def run(self) -> None:
        self._loop(self._out.ctypes.data, _TURNS)

    def measure(self) -> float:
        """FLOP/s of one core."""
        return self.flops / best_seconds(self.run)


def best_seconds(call: Callable[[], Any], within: float = 0.15, clock: Callable[[], float] = time.thread_time) -> float:
    """The least time of a call, of as many as `within` seconds take."""
    best, end = math.inf, time.perf_counter() + within
    while time.perf_counter() < end:
        start = clock()
        call()
        best = min(best, clock() - start)
    return best

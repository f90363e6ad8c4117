"""The kernels that measure: a step that tells when it ran, the clock, and what a core and its memory can do at most."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.atomics import call_kernel, fetch_add, this_thread, ticks
from modelc.native.code.view import view
from modelc.native.families.conv import kernel_simd as simd
from modelc.native.families.measure.params import (
    CLOCK,
    EVENT,
    FMA_LOOP,
    FMA_SUMS,
    LOG,
    LOG_COUNT,
    MOMENT,
    READ_BYTES,
    READ_LOOP,
    TIMED,
)
from modelc.native.target import CACHE_LINE

_TIMED_BYTES, _LOG_BYTES, _EVENT_BYTES = TIMED.bytes, LOG.bytes, EVENT.bytes
_READ_VECTORS = READ_BYTES // (4 * simd.LANES)
_READ_SUMS = 8


def timed(ctx, params, begin, end):
    """Do these units of a step by its own kernel, and tell the log, see `TIMED`.

    The place in the log is taken first: so the order there is that in which steps follow each other, even where
    the clocks of two cores differ.
    """
    step = view(TIMED, 0, params - _TIMED_BYTES)
    log = view(LOG, 0, step.log)
    place = fetch_add(step.log, LOG_COUNT, 1)
    started = ticks()
    call_kernel(step.kernel, ctx, params, begin, end)
    ended = ticks()
    if place < log.room:
        event = view(EVENT, 0, step.log + _LOG_BYTES + place * _EVENT_BYTES)
        event.step = step.step
        event.thread = this_thread()
        event.begin = started
        event.end = ended


def read_clock(ctx, params, begin, end):
    """The clock that `timed` tells, see `CLOCK`."""
    moment = view(MOMENT, 0, view(CLOCK, ctx, params).now)
    moment.ticks = ticks()


@intrinsic
def _multiply_adds(typingctx, sums, turns):
    """Multiply and add in registers; what comes of it is stored, so that it is not left out."""

    def codegen(context, builder, signature, args):
        cells = [simd.new_cell(builder, simd.VECTOR) for _ in range(FMA_SUMS)]
        factor = simd.load(builder, args[0], simd.VECTOR)
        for cell in cells:
            builder.store(factor, cell)
        with simd.counted_loop(builder, simd.const(0), args[1]):
            for cell in cells:
                builder.store(simd.multiply_add(builder, builder.load(cell), factor, factor), cell)
        simd.store(builder, _total(builder, cells), args[0])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


@intrinsic
def _read(typingctx, x, total):
    """Store the sum of all vectors of a unit from `x` on at `total`."""

    def codegen(context, builder, signature, args):
        cells = [simd.new_cell(builder, simd.VECTOR) for _ in range(_READ_SUMS)]
        for cell in cells:
            builder.store(ir.Constant(simd.VECTOR, None), cell)
        with simd.counted_loop(builder, simd.const(0), simd.const(_READ_VECTORS), _READ_SUMS) as place:
            first = builder.add(args[0], builder.mul(place, simd.const(4 * simd.LANES)))
            for i, cell in enumerate(cells):
                builder.store(builder.fadd(builder.load(cell), simd.load(builder, first, simd.VECTOR, i)), cell)
        simd.store(builder, _total(builder, cells), args[1])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


def _total(builder: ir.IRBuilder, cells: list[ir.Value]) -> ir.Value:
    total = builder.load(cells[0])
    for cell in cells[1:]:
        total = builder.fadd(total, builder.load(cell))
    return total


def fma_loop(ctx, params, begin, end):
    """Nothing but multiply-adds, see `FMA_LOOP`."""
    args = view(FMA_LOOP, ctx, params)
    sums, turns = args.sums, args.turns
    for unit in range(begin, end):
        _multiply_adds(sums + unit * CACHE_LINE, turns)


def read_loop(ctx, params, begin, end):
    """Nothing but reading, see `READ_LOOP`."""
    args = view(READ_LOOP, ctx, params)
    x, sums = args.x, args.sums
    for unit in range(begin, end):
        _read(x + unit * READ_BYTES, sums + unit * CACHE_LINE)


KERNELS = (timed, read_clock, fma_loop, read_loop)

"""Run a plan: `walk` on the calling thread, `work` on each worker. The protocol is in `schedule.py`."""

from __future__ import annotations

import numba

from modelc.native.code.atomics import call_kernel, fetch_add, load_acquire, pause, store_release, ticks, yield_core
from modelc.native.code.layout import CTX_BUFFERS
from modelc.native.code.memory import batch, load_i64, store_i64
from modelc.native.code.view import view
from modelc.native.engine.schedule import (
    CHUNKS_PER_THREAD,
    JOB,
    OFFER,
    PATIENCE,
    ROW,
    SLOT_DONE,
    SLOT_LIVE,
    SLOT_OFFER,
    SLOT_TICKET,
)
from modelc.native.families.loop.kernel import has_another_turn

_JOB_BYTES, _ROW_BYTES, _OFFER_PLACE = JOB.bytes, ROW.bytes, 8 * SLOT_OFFER


@numba.njit(inline="always", error_model="numpy")
def _claim(slot):
    """Take one chunk of the offered step and do it, if there is one; say whether there was."""
    if load_acquire(slot, SLOT_TICKET) >= 0:
        return False
    ticket = fetch_add(slot, SLOT_TICKET, 1)
    if ticket >= 0:
        return False
    offer = view(OFFER, 0, slot + _OFFER_PLACE)
    begin = (offer.chunks + ticket) * offer.chunk
    end = min(begin + offer.chunk, offer.units)
    call_kernel(offer.kernel, offer.ctx, offer.params, begin, end)
    fetch_add(slot, SLOT_DONE, 1)
    return True


@numba.njit(inline="always", error_model="numpy")
def _wait(slot, chunks, own):
    """Wait for the chunks of other threads; say whether that took much longer than the `own` ticks of this thread's."""
    start = ticks()
    turns = 0
    while load_acquire(slot, SLOT_DONE) != chunks:
        pause()
        turns += 1
        if turns > PATIENCE:
            yield_core()
    return turns > PATIENCE and ticks() - start > 2 * own


def walk(job):
    """Do the rows of a job's table in order, sharing the long ones through its slot."""
    call = view(JOB, 0, job)
    table, slot, threads = call.table, call.slot, call.threads
    ctx = job + _JOB_BYTES
    for buffer in range(call.first, call.first + call.arrays):
        store_i64(ctx, CTX_BUFFERS + buffer, load_i64(load_i64(ctx, CTX_BUFFERS + buffer) + call.data, 0))
    index = 0
    while index < call.steps:
        step = view(ROW, ctx, table + index * _ROW_BYTES)
        kernel, params, tile = step.kernel, step.params, step.tile
        units = (step.extent + tile - 1) // tile * step.times
        grain = step.grain
        if grain < 0:
            grain = max(1, -grain // batch(ctx))
        index += 1
        if slot == 0 or units <= grain:
            call_kernel(kernel, ctx, params, 0, units)
            if step.back != 0 and has_another_turn(ctx, params):
                index -= step.back + 1
            continue
        parts = threads * CHUNKS_PER_THREAD
        chunk = max(grain, (units + parts - 1) // parts)
        chunks = (units + chunk - 1) // chunk
        offer = view(OFFER, 0, slot + _OFFER_PLACE)
        offer.kernel = kernel
        offer.ctx = ctx
        offer.params = params
        offer.chunk = chunk
        offer.chunks = chunks
        offer.units = units
        store_release(slot, SLOT_DONE, 0)
        store_release(slot, SLOT_TICKET, -chunks)
        start = ticks()
        while _claim(slot):
            pass
        if _wait(slot, chunks, ticks() - start):
            offer.held_up = 1
            slot = 0


def work(slot, spins):
    """Do chunks that the slot offers; return when no call has been live for `spins` turns of the spin loop."""
    idle = 0
    while idle < spins:
        if _claim(slot):
            idle = 0
            continue
        pause()
        idle = 0 if load_acquire(slot, SLOT_LIVE) != 0 else idle + 1


KERNELS = (walk, work)

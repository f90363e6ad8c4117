"""Run a plan: `walk` on the calling thread, `work` on each worker. The protocol is in `schedule.py`."""

from __future__ import annotations

import numba

from modelc.native.code.atomics import call_kernel, fetch_add, load_acquire, pause, store_release, ticks, yield_core
from modelc.native.code.layout import CTX_BATCH
from modelc.native.code.memory import dim, load_i64, store_i64
from modelc.native.engine.schedule import (
    CHUNKS_PER_THREAD,
    JOB,
    JOB_SLOT,
    JOB_STEPS,
    JOB_TABLE,
    JOB_THREADS,
    PATIENCE,
    SLOT_CHUNK,
    SLOT_CHUNKS,
    SLOT_CTX,
    SLOT_DONE,
    SLOT_HELD_UP,
    SLOT_KERNEL,
    SLOT_LIVE,
    SLOT_PARAMS,
    SLOT_TICKET,
    SLOT_UNITS,
    STEP,
    STEP_EXTENT,
    STEP_GRAIN,
    STEP_KERNEL,
    STEP_PARAMS,
    STEP_TILE,
    STEP_TIMES,
)


@numba.njit(inline="always", error_model="numpy")
def _claim(slot):
    """Take one chunk of the offered step and do it, if there is one; say whether there was."""
    if load_acquire(slot, SLOT_TICKET) >= 0:
        return False
    ticket = fetch_add(slot, SLOT_TICKET, 1)
    if ticket >= 0:
        return False
    begin = (load_i64(slot, SLOT_CHUNKS) + ticket) * load_i64(slot, SLOT_CHUNK)
    end = min(begin + load_i64(slot, SLOT_CHUNK), load_i64(slot, SLOT_UNITS))
    call_kernel(load_i64(slot, SLOT_KERNEL), load_i64(slot, SLOT_CTX), load_i64(slot, SLOT_PARAMS), begin, end)
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
    table = load_i64(job, JOB_TABLE)
    slot = load_i64(job, JOB_SLOT)
    threads = load_i64(job, JOB_THREADS)
    ctx = job + 8 * JOB
    for index in range(load_i64(job, JOB_STEPS)):
        step = table + index * (8 * STEP)
        kernel = load_i64(step, STEP_KERNEL)
        params = load_i64(step, STEP_PARAMS)
        tile = load_i64(step, STEP_TILE)
        units = (dim(ctx, step, STEP_EXTENT) + tile - 1) // tile * load_i64(step, STEP_TIMES)
        grain = load_i64(step, STEP_GRAIN)
        if grain < 0:
            grain = max(1, -grain // load_i64(ctx, CTX_BATCH))
        if slot == 0 or units <= grain:
            call_kernel(kernel, ctx, params, 0, units)
            continue
        parts = threads * CHUNKS_PER_THREAD
        chunk = max(grain, (units + parts - 1) // parts)
        chunks = (units + chunk - 1) // chunk
        store_i64(slot, SLOT_KERNEL, kernel)
        store_i64(slot, SLOT_CTX, ctx)
        store_i64(slot, SLOT_PARAMS, params)
        store_i64(slot, SLOT_CHUNK, chunk)
        store_i64(slot, SLOT_CHUNKS, chunks)
        store_i64(slot, SLOT_UNITS, units)
        store_i64(slot, SLOT_DONE, 0)
        store_release(slot, SLOT_TICKET, -chunks)
        start = ticks()
        while _claim(slot):
            pass
        if _wait(slot, chunks, ticks() - start):
            store_i64(slot, SLOT_HELD_UP, 1)
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

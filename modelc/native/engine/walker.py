"""Run a plan: `walk` on the calling thread, `work` on each worker. The protocol is in `schedule.py`."""

from __future__ import annotations

import numba

from modelc.native.code.atomics import call_kernel, fetch_add, load_acquire, pause, store_release, ticks, yield_core
from modelc.native.code.layout import CTX_BATCH, CTX_BUFFERS, CTX_ERROR
from modelc.native.code.memory import batch, load_i64, store_i64
from modelc.native.code.vector import quotient
from modelc.native.code.view import view
from modelc.native.engine.schedule import (
    CHUNKS_PER_THREAD,
    CLAIM_FIRST,
    CLAIM_LAST,
    JOB,
    OFFER,
    OFTEN,
    PATIENCE,
    ROW,
    SLOT_DONE,
    SLOT_LIVE,
    SLOT_OFFER,
    SLOT_TICKET,
    TICKETS,
)
from modelc.native.families.loop.kernel import has_another_turn

_JOB_BYTES, _ROW_BYTES, _OFFER_PLACE = JOB.bytes, ROW.bytes, 8 * SLOT_OFFER
_ARE_LEFT = TICKETS >> 1
"""The bit of a ticket that is set as long as chunks are left."""
_FEW = 2
"""Slices for each thread from which on threads take whole slices: with fewer, one would often wait for another."""


@numba.njit(inline="always", error_model="numpy")
def _claim(slot, claim):
    """Take one chunk of the offered step and do it, if there is one; say whether there was.

    claim: `CLAIM_FIRST` or `CLAIM_LAST`.
    """
    if load_acquire(slot, SLOT_TICKET) & _ARE_LEFT == 0:
        return False
    ticket = fetch_add(slot, SLOT_TICKET, claim)
    if ticket & _ARE_LEFT == 0:
        return False
    offer = view(OFFER, 0, slot + _OFFER_PLACE)
    units, chunks = offer.units, offer.chunks
    of_the_last = ticket >> 32
    if claim == CLAIM_LAST:
        index = chunks - 1 - of_the_last
    else:
        index = chunks - (TICKETS - (ticket & (TICKETS - 1))) - of_the_last
    begin, end = quotient(units * index, chunks), quotient(units * (index + 1), chunks)
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


@numba.njit(inline="always", error_model="numpy")
def _share(slot, kernel, ctx, params, units, chunks):
    """Do a step together with the workers, in so many chunks; say whether they are to be asked again."""
    offer = view(OFFER, 0, slot + _OFFER_PLACE)
    offer.kernel = kernel
    offer.ctx = ctx
    offer.params = params
    offer.chunks = chunks
    offer.units = units
    store_release(slot, SLOT_DONE, 0)
    store_release(slot, SLOT_TICKET, TICKETS - chunks)
    start = ticks()
    while _claim(slot, CLAIM_FIRST):
        pass
    if _wait(slot, chunks, ticks() - start):
        offer.held_up += 1
        return offer.held_up < OFTEN
    return True


@numba.njit(inline="always", error_model="numpy")
def _chunks(units, grain, threads):
    """How many chunks a step is cut into: as many for each thread, if there are enough."""
    chunks = min(threads * CHUNKS_PER_THREAD, (units + grain - 1) // grain)
    return chunks - chunks % threads if chunks > threads else chunks


@numba.njit(inline="always", error_model="numpy")
def _walk_rows(ctx, table, steps, slot, threads):
    """Do the rows of a table in order, sharing the long ones through the slot; the slot to go on with."""
    index = 0
    while index < steps:
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
        if not _share(slot, kernel, ctx, params, units, _chunks(units, grain, threads)):
            slot = 0
    return slot


@numba.njit(inline="always", error_model="numpy")
def _lease(leases, areas):
    """The number of an area that no other thread has, and from now on this one."""
    area = 0
    while True:
        if load_acquire(leases, area) == 0:
            if fetch_add(leases, area, 1) == 0:
                return area
            fetch_add(leases, area, -1)
        pause()
        area = area + 1 if area + 1 < areas else 0


@numba.njit(inline="always", error_model="numpy")
def _first_of(slice, samples, slices):
    """The first sample of a slice, of so many that are as even as can be."""
    return quotient(samples * slice, slices)


def walk_slices(ctx, job, begin, end):
    """Do all rows of a job for some of its slices, on the calling thread alone, in an area of the arena."""
    call = view(JOB, 0, job)
    arrays, samples = call.arrays, batch(ctx)
    slices = (samples + call.slice - 1) // call.slice
    first = CTX_BUFFERS + call.first
    words = first + arrays
    leases = ctx + 8 * (words + arrays)
    area = _lease(leases, call.areas)
    own = leases + 8 * (call.areas + area * words)
    for slice in range(begin, end):
        start = _first_of(slice, samples, slices)
        for place in range(words):
            store_i64(own, place, load_i64(ctx, place))
        store_i64(own, CTX_BATCH, _first_of(slice + 1, samples, slices) - start)
        store_i64(own, CTX_BUFFERS, load_i64(ctx, CTX_BUFFERS) + area * call.area)
        for place in range(first, words):
            store_i64(own, place, load_i64(ctx, place) + start * load_i64(ctx, place + arrays))
        _walk_rows(own, call.table, call.steps, 0, 1)
        error = load_i64(own, CTX_ERROR)
        if error != 0:
            store_i64(ctx, CTX_ERROR, error)
    fetch_add(leases, area, -1)


def walk(job):
    """Do the rows of a job's table for all samples, slice by slice."""
    call = view(JOB, 0, job)
    slot, first, arrays = call.slot, CTX_BUFFERS + call.first, call.arrays
    ctx = job + _JOB_BYTES
    for place in range(first, first + arrays):
        store_i64(ctx, place, load_i64(load_i64(ctx, place) + call.data, 0))
    samples = batch(ctx)
    slices = 1 if call.slice == 0 else (samples + call.slice - 1) // call.slice
    if slot != 0 and call.areas > 1 and samples >= _FEW * call.threads * call.slice:
        _share(slot, call.kernel, ctx, job, slices, slices)
        return
    for slice in range(slices):
        start = _first_of(slice, samples, slices)
        length = _first_of(slice + 1, samples, slices) - start
        store_i64(ctx, CTX_BATCH, length)
        slot = _walk_rows(ctx, call.table, call.steps, slot, call.threads)
        if slice + 1 < slices:  # else there may be no strides
            for place in range(first, first + arrays):
                store_i64(ctx, place, load_i64(ctx, place) + length * load_i64(ctx, place + arrays))


def work(slot, spins):
    """Do chunks that the slot offers; return when no call has been live for `spins` turns of the spin loop."""
    idle = 0
    while idle < spins:
        if _claim(slot, CLAIM_LAST):
            idle = 0
            continue
        pause()
        idle = 0 if load_acquire(slot, SLOT_LIVE) != 0 else idle + 1


KERNELS = (walk, work, walk_slices)

"""The words that the plan walker, the worker threads and the executor share: jobs, steps' rows and teams' slots.

A job is one call: a `JOB`, which says which plan to walk and with whose help, then the context that its kernels are
given. The plan is a table with a `ROW` for each step.

A slot is how the main thread offers a step's chunks to the workers of its team. The main thread writes the
description, then sets the lower half of the ticket to minus the number of chunks; to claim a chunk is to add one to it,
and the claim is good where it was still negative. So a worker that comes late or wakes in another step finds zero or
more and does nothing, and nobody waits for a worker that has claimed nothing.

The main thread claims the first of the chunks that are left, and the workers the last one, so that a thread mostly
finds in its own cache what it wrote in the step before. The upper half of the ticket counts the claims of the last.

A worker may lose its core to another process in the middle of a chunk. The offer's `held_up` counts how often in a job
the main thread waited for a chunk for much longer than its own chunks took; from `OFTEN` on it does the rest alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from modelc.native.code.record import DIM, I64, Record


class Step(NamedTuple):
    """One step of a plan: a kernel, its parameters, and how its work may be shared out.

    The step has `ceil(dim(extent) / tile) * times` units, where `extent` is a Dim of `layout.py`. A step of no more
    units than `grain` runs on the calling thread; a thread is given about as many of others at the least. A grain that
    is negative is minus that of one sample: each unit goes over the whole batch, so that fewer are worth as much.

    A step with `back` ends a loop: its parameters are a `TURN`, and until so many turns are done, so many of the steps
    before it are done again.
    """

    kernel: str
    params: Sequence[int]
    extent: int
    tile: int = 1
    times: int = 1
    grain: int = 1
    back: int = 0


ROW = Record.of(kernel=I64, params=I64, extent=DIM, tile=I64, times=I64, grain=I64, back=I64)
"""A step in the table of a plan: the addresses of its kernel and parameters, then the numbers of `Step`."""

JOB = Record.of(
    table=I64, steps=I64, slot=I64, threads=I64, first=I64, arrays=I64, data=I64, slice=I64, areas=I64, area=I64,
    kernel=I64,
)  # fmt: skip
"""What a call does, before its context: the address of a table, its number of rows, the address of a slot (0 for a call
that runs alone), and the number of threads.

All rows are done for at most so many samples (`slice`), then for the next ones, in slices that are as even as can be;
0 for the whole batch at once. Where there are many slices, threads take them one by one in place of sharing steps,
each in one of the `areas` of the arena, which are of so many bytes (`area`): `kernel` is that of `walk_slices`.
Behind the context of a call in slices is a word for each array, the bytes from one sample to the next; then a word
for each area, its lease, and a context for each.

From the buffer `first` on, so many of the context's buffers are array objects of Python when the walk begins, which
puts the addresses of their data in place of them: these lie in an object behind so many bytes (`data`). To ask each
array for it in Python takes longer than a small step."""

# The contended words lie on cache lines of their own.
SLOT_TICKET = 0
SLOT_DONE = 16
SLOT_LIVE = 32
SLOT_OFFER = 48
"""The word of a slot at which its `OFFER` begins."""
SLOT = 64

TICKETS = 1 << 32
"""The values of the lower half of a ticket."""
CLAIM_FIRST, CLAIM_LAST = 1, TICKETS + 1
"""What is added to a ticket to claim the first of the chunks that are left, and the last one."""

OFFER = Record.of(kernel=I64, ctx=I64, params=I64, chunks=I64, units=I64, held_up=I64)
"""The step that a slot offers: what its kernel is called with, the number of chunks, which are as even as can be, that
of all units; and how often in the job the main thread was held up."""

OFTEN = 2
"""Times that a job is held up that are no accident: a virtual machine's cores are given away now and then."""

CHUNKS_PER_THREAD = 4
"""Chunks per thread that a long step is cut into, so that a thread that is held up leaves work to the others."""

PATIENCE = 2000
"""Turns of the spin loop, some 50 µs, that are never too long to wait for a chunk."""

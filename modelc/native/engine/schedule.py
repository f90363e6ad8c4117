"""The words that the plan walker, the worker threads and the executor share: jobs, steps' rows and teams' slots.

A job is one call: `JOB` words that say which plan to walk and with whose help, then the context that its kernels
are given. A step's row is `STEP` words: the kernel's address, the parameters' address, and the number of its units,
`ceil(dim(extent) / tile) * times`, then the grain: the fewest units that are worth handing to a thread, or minus that
for one sample, where each unit is of the whole batch.

A slot is how the main thread offers a step's chunks to the workers of its team. The main thread writes the
description, then sets the ticket to minus the number of chunks; to claim a chunk is to add one to the ticket,
and the claim is good where the ticket was still negative. So a worker that comes late or wakes in another step
finds a ticket of zero or more and does nothing, and nobody waits for a worker that has claimed nothing.

A worker may lose its core to another process in the middle of a chunk. Where the main thread waits for a chunk for
much longer than its own chunks took, it does the rest of the job alone and says so in the slot's `HELD_UP`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Step(NamedTuple):
    """One step of a plan: a kernel, its parameters, and how its work may be shared out.

    The step has `ceil(dim(extent) / tile) * times` units, where `extent` is a Dim of `layout.py`. A thread is given
    `grain` of them at the least; a step of no more units than that runs on the calling thread. A grain that is negative
    is minus that of one sample: each unit goes over the whole batch, so that fewer are worth as much.
    """

    kernel: str
    params: Sequence[int]
    extent: int
    tile: int = 1
    times: int = 1
    grain: int = 1


STEP_KERNEL, STEP_PARAMS, STEP_EXTENT, STEP_TILE, STEP_TIMES, STEP_GRAIN = range(6)
STEP = 6

JOB_TABLE, JOB_STEPS, JOB_SLOT, JOB_THREADS = range(4)
JOB = 4
"""Words before the context. The slot is 0 for a call that runs alone."""

# The contended words lie on cache lines of their own.
SLOT_TICKET = 0
SLOT_DONE = 16
SLOT_LIVE = 32
SLOT_KERNEL, SLOT_CTX, SLOT_PARAMS, SLOT_CHUNK, SLOT_CHUNKS, SLOT_UNITS, SLOT_HELD_UP = range(48, 55)
SLOT = 64

CHUNKS_PER_THREAD = 4
"""Chunks per thread that a long step is cut into, so that a thread that is held up leaves work to the others."""

PATIENCE = 2000
"""Turns of the spin loop, some 50 µs, that are never too long to wait for a chunk."""

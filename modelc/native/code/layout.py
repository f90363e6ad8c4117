"""What a kernel is given: the call's context and its step's parameters, both arrays of int64.

This file is numba-free: lowering writes these arrays without loading the compiler. Kernels are compiled to
`void kernel(int64 ctx, int64 params, int64 begin, int64 end)`; `ctx` and `params` are addresses, and the
half-open range `begin:end` says which of the step's units (rows, tiles, images...) this call is to do, so
that a step can be shared between threads.

Context
    ctx[0]      the batch size B of this call
    ctx[1]      set to non-zero by a kernel that met an error in the data (`ERROR_*`)
    ctx[8 + i]  the address of buffer i (0 the arena, 1 the packed weights and constants, then inputs, outputs)

The parameters of a kernel are a record of its family's `params.py` (see `record.py`). Two encodings are used in them:

Operand, three integers: buffer, fixed offset in bytes, offset in bytes per sample of the batch. The operand
    lies at `ctx[8 + buffer] + fixed + per_sample * B`. A buffer of -1 means that there is no such operand.
Dim, one integer: n >= 0 is n; n < 0 stands for -n * B, an extent that grows with the batch.

Floats are stored as the bits of a float64.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

CTX_BATCH = 0
CTX_ERROR = 1
CTX_BUFFERS = 8

ERROR_INDEX = 1
"""A gather met an index outside the table."""


class Operand(NamedTuple):
    """Where a tensor lies: `base(buffer) + fixed + per_sample * batch`, in bytes."""

    buffer: int
    fixed: int
    per_sample: int


ABSENT = Operand(-1, 0, 0)


def float_bits(value: float) -> int:
    """The bits of `value` as float64, as a signed integer, for a parameter array."""
    return int(struct.unpack("<q", struct.pack("<d", value))[0])

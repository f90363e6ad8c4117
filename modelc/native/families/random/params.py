"""Parameters of random numbers. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.record import DIM, I64, OPERAND, Record

RANDOM = Record.of(
    y=OPERAND, step=OPERAND, number=OPERAND, step_is_float=I64, number_is_float=I64, key=I64 * 2, kind=I64, size=DIM
)
"""`y[e]` for e < size is the random number of element e, see `ops.random`: `key` its two words of 32 bits, `step`
and `number`, that of the step of a loop, which may be absent, scalars of float32 or int32, `kind` a `Draw`. Units: runs
of `DRAWN` elements."""

DRAWN = 1024
"""Elements of one unit of `RANDOM`."""


class Draw(IntEnum):
    """The distributions of `RANDOM`."""

    UNIFORM = 0
    NORMAL = 1

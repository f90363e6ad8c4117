"""Parameters of random numbers. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout

RANDOM = Layout.of(y=3, step=3, step_is_float=1, key=2, kind=1, size=1)
"""`y[e]` for e < size (Dim) is the random number of element e, see `ops.random`: `key` its two words of 32 bits, `step`
a scalar of float32 or int32, `kind` a `Draw`. Units: runs of `DRAWN` elements."""

DRAWN = 1024
"""Elements of one unit of `RANDOM`."""


class Draw(IntEnum):
    """The distributions of `RANDOM`."""

    UNIFORM = 0
    NORMAL = 1

"""Parameters of softmax and its relatives. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.record import I64, OPERAND, Record


class Softmax(IntEnum):
    """The functions that turn scores into a distribution."""

    SOFTMAX = 0
    LOG_SOFTMAX = 1
    SPARSEMAX = 2


SOFTMAX = Record.of(y=OPERAND, x=OPERAND, n=I64, inner=I64, kind=I64)
"""Over the middle axis of x[outer, n, inner]; `kind` a `Softmax`. y may be x.
Units: `outer` where inner is 1, else `outer * blocks(inner, 1)`."""

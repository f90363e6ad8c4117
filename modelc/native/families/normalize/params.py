"""Parameters of normalizations. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.record import DIM, F64, I64, OPERAND, Record


class Normalization(IntEnum):
    """What the values are divided by."""

    MEAN_VARIANCE = 0
    """(x - mean) / sqrt(variance + eps)"""
    RMS = 1
    """x / sqrt(mean(x²) + eps)"""
    L2 = 2
    """x / sqrt(max(sum(x²), eps))"""


NORMALIZE = Record.of(y=OPERAND, x=OPERAND, scale=OPERAND, shift=OPERAND, r1=DIM, k=I64, r2=I64, kind=I64, epsilon=F64)
"""`y = normalized(x) · scale[k, r2] + shift[k, r2]` over r1 and r2 of x[a, r1, k, r2]; scale or shift may be
absent; y may be x. `kind` a `Normalization`. Units: `a * blocks(k, r2)`."""

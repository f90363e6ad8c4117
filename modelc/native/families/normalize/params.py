"""Parameters of normalizations. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout


class Normalization(IntEnum):
    """What the values are divided by."""

    MEAN_VARIANCE = 0
    """(x - mean) / sqrt(variance + eps)"""
    RMS = 1
    """x / sqrt(mean(x²) + eps)"""
    L2 = 2
    """x / sqrt(max(sum(x²), eps))"""


NORMALIZE = Layout.of(y=3, x=3, scale=3, shift=3, r1=1, k=1, r2=1, kind=1, epsilon=1)
"""`y = normalized(x) · scale[k, r2] + shift[k, r2]` over r1 and r2 of x[a, r1, k, r2]; r1 (Dim); scale or shift may
be absent; y may be x. `kind` a `Normalization`. Units: `a * blocks(k, r2)`."""

"""Parameters of softmax and its relatives. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout


class Softmax(IntEnum):
    """The functions that turn scores into a distribution."""

    SOFTMAX = 0
    LOG_SOFTMAX = 1
    SPARSEMAX = 2


SOFTMAX = Layout.of(y=3, x=3, n=1, inner=1, kind=1)
"""Over the middle axis of x[outer, n, inner]; `kind` a `Softmax`. y may be x.
Units: `outer` where inner is 1, else `outer * blocks(inner, 1)`."""

"""Parameters of reductions. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.graph.sizes import is_free
from modelc.native.code.record import DIM, I64, OPERAND, Record
from modelc.native.target import CHANNELS, LANES


class Reduction(IntEnum):
    """What the reduced axes become."""

    SUM = 0
    MEAN = 1
    MAX = 2
    MIN = 3
    SUM_SQUARES = 4


def blocks(k: int, r2: int, channels: int = CHANNELS) -> int:
    """The units for each leading index of `reduce`, `normalize` and `softmax`, whose view of x ends in (k, r2).

    Where `r2` is 1, the k values lie side by side and a unit takes `channels` of them; else a unit takes one.
    """
    return k if r2 != 1 else -(-k // channels)


def reduced_at_once(k: int) -> int:
    """The channels that a unit of `reduce` takes of k: a vector of few, which are no more than one unit otherwise."""
    return CHANNELS if is_free(k) or k >= CHANNELS else LANES


REDUCE = Record.of(y=OPERAND, x=OPERAND, r1=DIM, k=I64, r2=I64, kind=I64, channels=I64)
"""`y[a, k] = reduction over r1 and r2 of x[a, r1, k, r2]`; `kind` a `Reduction`; `channels`: those of a unit where r2
is 1. Units: `a * blocks(k, r2, channels)`."""

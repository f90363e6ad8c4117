"""Categories as vectors: what CategoryEncoding and Discretization share."""

from __future__ import annotations

from typing import Literal

from modelc.errors import ShapeError
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.ops.constant import Range

Encoding = Literal["one_hot", "multi_hot", "count"]

MAX_CATEGORIES = 1 << 24
"""The integers that float32 tells apart."""


def encode(x: Tensor, mode: Encoding, depth: int, weights: Tensor | None = None) -> Tensor:
    """Integers 0 ≤ x < depth as vectors of `depth` numbers; others become zeros.

    `one_hot`: (N, ...) → (N, ..., depth), an axis of 1 at the end of x left out. `multi_hot` is the maximum of these
    vectors along the first axis of a sample, and `count` their sum, each times its weight: (N, k, ...) →
    (N, ..., depth). Where x is nothing but a batch, that is the one sample: (N,) → (depth,).
    """
    x = x.as_float()
    if mode == "one_hot":
        if x.rank > 1 and x.shape[-1] == 1:
            x = x.reshape(x.shape[:-1])
        return one_hot(x, depth)
    vectors = one_hot(x, depth)
    if weights is not None:
        if weights.shape != x.shape:
            shapes = f"{format_shape(weights.shape)} and {format_shape(x.shape)}"
            raise ShapeError(f"`count_weights` and the input have one shape, found {shapes}")
        column = weights.as_float().reshape((*weights.shape, 1))
        vectors = vectors * column
    return vectors.reduce("max" if mode == "multi_hot" else "sum", (1 if x.rank > 1 else 0,))


def one_hot(x: Tensor, depth: int) -> Tensor:
    """``y[..., t] = [x[...] = t]`` for 0 ≤ t < depth: x (N, ...), float32, → (N, ..., depth)."""
    column = x.reshape((*x.shape, 1))
    return column.equal(column.g.emit(Range(depth)))

"""Categories as vectors: what CategoryEncoding and Discretization share."""

from __future__ import annotations

from typing import Literal

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.graph.types import format_shape
from modelc.layers.emit import as_float, binary
from modelc.ops.constant import Range
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Reshape

Encoding = Literal["one_hot", "multi_hot", "count"]

MAX_CATEGORIES = 1 << 24
"""The integers that float32 tells apart."""


def encode(g: Builder, x: Value, mode: Encoding, depth: int, weights: Value | None = None) -> Value:
    """Integers 0 ≤ x < depth as vectors of `depth` numbers; others become zeros.

    `one_hot`: (N, ...) → (N, ..., depth), an axis of 1 at the end of x left out. `multi_hot` is the maximum of these
    vectors along the first axis of a sample, and `count` their sum, each times its weight: (N, k, ...) →
    (N, ..., depth). Where x is nothing but a batch, that is the one sample: (N,) → (depth,).
    """
    x = as_float(g, x)
    if mode == "one_hot":
        if x.type.rank > 1 and x.type.shape[-1] == 1:
            x = g.emit(Reshape(x.type.shape[:-1]), x)
        return one_hot(g, x, depth)
    vectors = one_hot(g, x, depth)
    if weights is not None:
        if weights.type.shape != x.type.shape:
            shapes = f"{format_shape(weights.type.shape)} and {format_shape(x.type.shape)}"
            raise ShapeError(f"`count_weights` and the input have one shape, found {shapes}")
        column = g.emit(Reshape((*weights.type.shape, 1)), as_float(g, weights))
        vectors = binary(g, "multiply", vectors, column)
    return g.emit(Reduce("max" if mode == "multi_hot" else "sum", (1 if x.type.rank > 1 else 0,)), vectors)


def one_hot(g: Builder, x: Value, depth: int) -> Value:
    """``y[..., t] = [x[...] = t]`` for 0 ≤ t < depth: x (N, ...), float32, → (N, ..., depth)."""
    column = g.emit(Reshape((*x.type.shape, 1)), x)
    return binary(g, "equal", column, g.emit(Range(depth)))

"""Random draws of layers, in training."""

from __future__ import annotations

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.graph.types import Shape
from modelc.layers.emit import binary, constant, unary
from modelc.ops.random import Random, RandomKind


def draw(g: Builder, kind: RandomKind, shape: Shape, like: Value, seed: int | None) -> Value:
    """New numbers in every step, for every draw of a layer and every seed; the batch is that of `like`.

    `seed` is the layer's own; without one it is the model's.
    """
    batch = (like,) if None in shape else ()
    return g.emit(Random(kind, shape, g.random_key(seed)), g.step, *batch)


def keep_mask(g: Builder, x: Value, rate: float, shape: Shape, seed: int | None) -> Value:
    """0 with the probability `rate`, else 1."""
    return binary(g, "greater_equal", draw(g, "uniform", shape, x, seed), constant(g, rate))


def dropout(g: Builder, x: Value, rate: float, shape: Shape, seed: int | None) -> Value:
    """``x·m / (1 - rate)`` with a mask m of `shape`, which broadcasts to x: 0 with the probability `rate`, else 1."""
    if rate == 0:
        return x
    if rate == 1:
        return unary(g, "scale", x, 0.0)
    kept = unary(g, "scale", x, 1 / (1 - rate))
    return binary(g, "gate", kept, keep_mask(g, x, rate, shape, seed))


def scaled_mask(g: Builder, like: Value, rate: float, shape: Shape, seed: int | None) -> Value:
    """What `dropout` multiplies by: 0 with the probability `rate`, else ``1 / (1 - rate)``."""
    return unary(g, "scale", keep_mask(g, like, rate, shape, seed), 1 / (1 - rate))

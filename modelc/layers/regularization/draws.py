"""Random draws of layers, in training."""

from __future__ import annotations

from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import Shape
from modelc.ops.random import Random, RandomKind


def draw(g: Builder, kind: RandomKind, shape: Shape, like: Tensor, seed: int | None) -> Tensor:
    """New numbers in every step, for every draw of a layer and every seed; the batch is that of `like`.

    In a loop over the steps of a sequence each step draws anew. `seed` is the layer's own; without one it is the
    model's.
    """
    number = () if (step := g.step_in_loops) is None else (step,)
    batch = (like,) if None in shape else ()
    return g.step.emit(Random(kind, shape, g.random_key(seed), in_loop=bool(number)), *number, *batch)


def keep_mask(g: Builder, x: Tensor, rate: float, shape: Shape, seed: int | None) -> Tensor:
    """0 with the probability `rate`, else 1."""
    return draw(g, "uniform", shape, x, seed).greater_equal(rate)


def dropout(g: Builder, x: Tensor, rate: float, shape: Shape, seed: int | None) -> Tensor:
    """``x·m / (1 - rate)`` with a mask m of `shape`, which broadcasts to x: 0 with the probability `rate`, else 1."""
    if rate == 0:
        return x
    if rate == 1:
        return x * 0.0
    kept = x * (1 / (1 - rate))
    return kept.gate(keep_mask(g, x, rate, shape, seed))


def scaled_mask(g: Builder, like: Tensor, rate: float, shape: Shape, seed: int | None) -> Tensor:
    """What `dropout` multiplies by: 0 with the probability `rate`, else ``1 / (1 - rate)``."""
    return keep_mask(g, like, rate, shape, seed) * (1 / (1 - rate))

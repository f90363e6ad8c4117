"""Ops that move elements without changing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op


@dataclass(frozen=True)
class Transpose(Op):
    """``y[i[perm[0]], i[perm[1]], ...] = x[i[0], i[1], ...]``; the batch, where there is one, stays first."""

    takes_integers: ClassVar[bool] = True

    perm: tuple[int, ...]

    def infer(self, *operands: TensorType) -> TensorType:
        """Dimension k of the output is dimension perm[k] of x."""
        (x,) = operands
        return x.with_shape(tuple(x.shape[axis] for axis in self.perm))

    def compute(self, *operands: Array) -> Array:
        """`np.transpose`."""
        return np.transpose(operands[0], self.perm)


@dataclass(frozen=True)
class Reshape(Op):
    """The same elements in the same order under another shape; `None` keeps the batch."""

    takes_integers: ClassVar[bool] = True

    shape: tuple[int | None, ...]

    def infer(self, *operands: TensorType) -> TensorType:
        """The shape asked for, which has as many elements (checked by the layer)."""
        return operands[0].with_shape(self.shape)

    def compute(self, *operands: Array) -> Array:
        """`np.reshape`."""
        (x,) = operands
        return x.reshape(tuple(x.shape[0] if d is None else d for d in self.shape))


@dataclass(frozen=True)
class Pad(Op):
    """x surrounded by `value`: `pads` holds how many before and after, for every axis; none along the batch."""

    takes_integers: ClassVar[bool] = True

    pads: tuple[tuple[int, int], ...]
    value: float = 0.0

    def infer(self, *operands: TensorType) -> TensorType:
        """Every dimension grows by its pads."""
        (x,) = operands
        return x.with_shape(
            tuple(None if d is None else d + sum(pads) for d, pads in zip(x.shape, self.pads, strict=True))
        )

    def compute(self, *operands: Array) -> Array:
        """`np.pad`."""
        return np.pad(operands[0], self.pads, constant_values=self.value)


@dataclass(frozen=True)
class Slice(Op):
    """``y[i] = x[starts + i·steps]``, as long as that is below `stops`; all of the batch: 0, None, 1.

    Bounds count from the front and lie inside of x, steps are positive.
    """

    takes_integers: ClassVar[bool] = True

    starts: tuple[int, ...]
    stops: tuple[int | None, ...]
    steps: tuple[int, ...]

    def infer(self, *operands: TensorType) -> TensorType:
        """Every dimension becomes ceil((stop - start) / step)."""
        (x,) = operands
        ranges = (
            None if d is None else range(start, d if stop is None else stop, step)
            for d, start, stop, step in zip(x.shape, self.starts, self.stops, self.steps, strict=True)
        )
        return x.with_shape(tuple(None if r is None else len(r) for r in ranges))

    def compute(self, *operands: Array) -> Array:
        """Basic indexing."""
        return operands[0][tuple(map(slice, self.starts, self.stops, self.steps))]


@dataclass(frozen=True)
class Repeat(Op):
    """Every element `times` times in a row along `axis`: ``y[..., i, ...] = x[..., i // times, ...]``."""

    takes_integers: ClassVar[bool] = True

    axis: int
    times: int

    def infer(self, *operands: TensorType) -> TensorType:
        """x's shape, `times` as long along the axis."""
        (x,) = operands
        shape = list(x.shape)
        size = shape[self.axis]
        assert size is not None
        shape[self.axis] = size * self.times
        return x.with_shape(tuple(shape))

    def compute(self, *operands: Array) -> Array:
        """`np.repeat`."""
        return np.repeat(operands[0], self.times, self.axis)

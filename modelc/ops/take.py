"""Picking positions along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField
from modelc.graph.sizes import surely_equal
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op
from modelc.ops.places import Places, Stepped, count_of, listed

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

_MOST = 1 << 22


def require_few(count: int) -> None:
    """Raise `ShapeError` where a `Take` would list more positions than are meant: ask before making the list."""
    if count > _MOST:
        raise ShapeError(f"it would list {count:,} positions, at most {_MOST:,} are supported", code="E403")


@dataclass(frozen=True)
class Take(Op):
    """``y[..., i, ...] = x[..., indices[i], ...]`` along `axis`, not the batch; indices count from 0."""

    takes_integers: ClassVar[bool] = True

    axis: int
    indices: Places

    def infer(self, *operands: TensorType) -> TensorType:
        """x's shape with as many as there are indices along the axis."""
        (x,) = operands
        return x.with_shape((*x.shape[: self.axis], count_of(self.indices), *x.shape[self.axis + 1 :]))

    def compute(self, *operands: Array) -> Array:
        """`np.take`."""
        return np.take(operands[0], listed(self.indices), self.axis)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """What was taken from each position, added up."""
        extent = inputs[0].shape[self.axis]
        assert extent is not None
        if isinstance(self.indices, Stepped) and self.indices.step == -1 and surely_equal(self.indices.amount, extent):
            return (dy.emit(self),)  # a flip
        return (dy.emit(AddAt(self.axis, self.indices, extent)),)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """Places in another order."""
        return field.shuffled(self.axis % types[0].rank)


@dataclass(frozen=True)
class AddAt(Op):
    """``y[..., indices[i], ...] += x[..., i, ...]`` along `axis`, of `size` zeros at first: the gradient of `Take`."""

    axis: int
    indices: Places
    size: int

    def infer(self, *operands: TensorType) -> TensorType:
        """x's shape with `size` along the axis."""
        (x,) = operands
        return x.with_shape((*x.shape[: self.axis], self.size, *x.shape[self.axis + 1 :]))

    def compute(self, *operands: Array) -> Array:
        """`np.add.at`."""
        x = np.moveaxis(operands[0], self.axis, 0)
        y = np.zeros((self.size, *x.shape[1:]), x.dtype)
        np.add.at(y, listed(self.indices), x)
        return np.moveaxis(y, 0, self.axis)

    def table(self, in_size: int) -> tuple[Array, Array]:
        """Like that of `Resample`: for each output, the elements of x that contribute to it, with weight 1."""
        indices = listed(self.indices)
        order = np.argsort(indices, kind="stable")
        counts = np.bincount(indices, minlength=self.size)
        places = np.arange(in_size) - np.repeat(np.cumsum(counts) - counts, counts)
        table = np.zeros((self.size, max(1, int(counts.max(initial=0)))), np.int32)
        weights = np.zeros(table.shape, np.float32)
        table[indices[order], places] = order
        weights[indices[order], places] = 1
        return table, weights

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """It is linear: `Take`."""
        return (dy.emit(Take(self.axis, self.indices)),)

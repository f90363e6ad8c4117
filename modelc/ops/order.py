"""Sorting: the indices that sort an axis, and elements at computed indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from modelc.errors import InputError, ShapeError
from modelc.graph.field import ReceptiveField, Seen, side_by_side
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class Order(Op):
    """The places along `axis` of x's elements from the smallest on, int32; of equal ones in their order, NaN last."""

    axis: int

    def infer(self, *operands: TensorType) -> TensorType:
        """x's shape, int32."""
        return TensorType(operands[0].shape, "int32")

    def compute(self, *operands: Array) -> Array:
        """A stable `np.argsort`."""
        return np.argsort(operands[0], self.axis, kind="stable").astype(np.int32)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """None: places are integers."""
        return (None,)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """All along the axis."""
        return field.over(self.axis % types[0].rank)


@dataclass(frozen=True)
class TakeAlong(Op):
    """``y[..., j, ...] = x[..., indices[..., j, ...], ...]`` along `axis`, not the batch.

    The operands have one shape, but for this axis; an index below 0 counts from the end. An index outside of
    -size ≤ i < size is an error at run time: `InputError`.
    """

    takes_integers: ClassVar[bool] = True

    axis: int

    def infer(self, *operands: TensorType) -> TensorType:
        """x, int32 indices → x's dtype in the shape of the indices."""
        x, indices = operands
        around = [shape[: self.axis] + shape[self.axis + 1 :] for shape in (x.shape, indices.shape)]
        if x.rank != indices.rank or around[0] != around[1] or indices.dtype != "int32":
            raise ShapeError(f"{indices} does not hold places along axis {self.axis} of {x}")
        return x.with_shape(indices.shape)

    def compute(self, *operands: Array) -> Array:
        """`np.take_along_axis`."""
        x, indices = operands
        size = x.shape[self.axis]
        wrong = indices[(indices < -size) | (indices >= size)]
        if wrong.size:
            raise InputError(f"the index {wrong[0]} is outside of an axis of {size} elements")
        return np.take_along_axis(x, indices.astype(np.int64), self.axis)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """What was taken from each place, added up; none for the indices."""
        x, indices = inputs
        extent = x.shape[self.axis]
        assert extent is not None
        return dy.emit(AddAlong(self.axis, extent), indices), None

    def receptive_field(self, operands: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
        """Any place along the axis."""
        over = [Seen(o.type, None if o.field is None else o.field.over(self.axis)) for o in operands]
        return side_by_side(over, output, self.axis)


@dataclass(frozen=True)
class AddAlong(Op):
    """``y[..., indices[..., j, ...], ...] += dy[..., j, ...]`` along `axis`, of `size` zeros at first: the gradient of
    `TakeAlong`, whose indices these are.
    """

    takes_integers: ClassVar[bool] = True

    axis: int
    size: int

    def infer(self, *operands: TensorType) -> TensorType:
        """dy's shape with `size` along the axis."""
        dy, _ = operands
        return dy.with_shape((*dy.shape[: self.axis], self.size, *dy.shape[self.axis + 1 :]))

    def compute(self, *operands: Array) -> Array:
        """`np.add.at`."""
        dy, indices = operands
        y = np.zeros((*dy.shape[: self.axis], self.size, *dy.shape[self.axis + 1 :]), dy.dtype)
        around = np.indices(dy.shape, np.int64)
        around[self.axis] = indices
        np.add.at(y, tuple(around), dy)
        return y

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """It is linear: `TakeAlong`."""
        return dy.emit(TakeAlong(self.axis), inputs[1]), None

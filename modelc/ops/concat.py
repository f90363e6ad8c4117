"""Joining tensors along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField, Seen, side_by_side
from modelc.graph.types import TensorType, format_shape
from modelc.ops.base import Array, Emitter, Gradients, Op

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class Concat(Op):
    """``y = [x_1, x_2, …]`` along `axis`, which counts from 1: the batch is never the axis. All of one dtype."""

    takes_integers: ClassVar[bool] = True

    axis: int

    def infer(self, *operands: TensorType) -> TensorType:
        """Shapes that agree but for the axis, along which they add up."""
        first = operands[0]
        for other in operands[1:]:
            if self._others(other) != self._others(first):
                shapes = " and ".join(format_shape(x.shape) for x in (first, other))
                raise ShapeError(f"the shapes {shapes} must be equal except along axis {self.axis}", axis=self.axis)
        extents = [x.shape[self.axis] for x in operands]
        total = sum(extent for extent in extents if extent is not None)
        return first.with_shape((*first.shape[: self.axis], total, *first.shape[self.axis + 1 :]))

    def compute(self, *operands: Array) -> Array:
        """`np.concatenate`."""
        return np.concatenate(operands, self.axis)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The part of dy that each operand is."""
        parts: list[Tensor] = []
        start = 0
        for x in inputs:
            stop = start + (x.shape[self.axis] or 0)
            parts.append(dy.part(self.axis, start, stop))
            start = stop
        return parts

    def _others(self, x: TensorType) -> tuple[object, ...]:
        return (*x.shape[: self.axis], *x.shape[self.axis + 1 :], x.rank, x.dtype)

    def receptive_field(self, operands: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
        """Side by side along the axis."""
        return side_by_side(operands, output, self.axis)

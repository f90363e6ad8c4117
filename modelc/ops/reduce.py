"""Reductions over axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from modelc.graph.field import ReceptiveField, Seen
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op, as_float, normalize_axes

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

ReduceKind = Literal["mean", "sum", "max", "min"]

_REDUCE: dict[ReduceKind, Callable[..., Array]] = {"mean": np.mean, "sum": np.sum, "max": np.max, "min": np.min}


@dataclass(frozen=True)
class Reduce(Op):
    """``y = mean, sum, max or min of x over axes``; `keepdims` leaves an extent of 1 where an axis was.

    Axes may be negative and may hold 0, the batch (the statistics of batch normalization in training): then the
    output has no batch. NaN goes through, in `max` and `min` too.
    """

    kind: ReduceKind
    axes: tuple[int, ...]
    keepdims: bool = False

    @property
    def name(self) -> str:
        """`reduce_mean`, ..."""
        return f"reduce_{self.kind}"

    def infer(self, *operands: TensorType) -> TensorType:
        """x's shape without the axes, or with 1 in their place; a mean is float32."""
        (x,) = operands
        axes = normalize_axes(self.axes, x.rank)
        if self.keepdims:
            shape = tuple(1 if axis in axes else d for axis, d in enumerate(x.shape))
        else:
            shape = tuple(d for axis, d in enumerate(x.shape) if axis not in axes)
        return TensorType(shape, "float32" if self.kind == "mean" else x.dtype)

    def compute(self, *operands: Array) -> Array:
        """`np.mean`, `np.sum`, `np.max`, `np.min`, in the dtype of x."""
        x = as_float(operands[0]) if self.kind == "mean" else operands[0]
        y = _REDUCE[self.kind](x, axis=normalize_axes(self.axes, x.ndim), keepdims=self.keepdims)
        return np.asarray(y, x.dtype)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """dy to every element of a sum, over their number to those of a mean, in equal parts to the largest."""
        (x,) = inputs
        axes = normalize_axes(self.axes, x.rank)
        kept = tuple(1 if axis in axes else d for axis, d in enumerate(x.shape))
        dy = dy.under(kept)
        if self.kind in ("max", "min"):
            ties = x.equal(output.under(kept))
            count = ties.sum(axes, keepdims=True)
            return (ties * (dy / count),)
        if self.kind == "mean":
            dy = dy / x.type.extent(axes)
            if x.batched and 0 in axes:
                dy = dy / x.emit(BatchSize())
        return (dy.broadcast_like(x),)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """All along the axes."""
        axes = normalize_axes(self.axes, types[0].rank)
        kept = [axis for i, axis in enumerate(field.axes) if i not in axes]
        field = field.over_axes(self.axes)
        return field if self.keepdims else field.with_axes(kept)


@dataclass(frozen=True)
class BatchSize(Op):
    """``y = N``: the number of samples of x, a scalar."""

    takes_integers: ClassVar[bool] = True

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, ...) → (), float32."""
        return TensorType(())

    def compute(self, *operands: Array) -> Array:
        """The first extent, in the dtype of x."""
        (x,) = operands
        return np.array(len(x), as_float(x[:0]).dtype)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """None: it does not depend on the elements."""
        return (None,)

    def receptive_field(self, operands: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
        """Nothing: only the shape is read."""
        return None

"""Pooling: the largest value or the mean of a sliding window, channels last, rank 1 to 3."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op, as_float
from modelc.ops.conv import Pads

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

PoolKind = Literal["max", "average"]


@dataclass(frozen=True)
class Pool(Op):
    """``y[n, o, c] = max or mean over k in size of x[n, o·strides + k - pad, c]``, o and k spatial positions.

    Padding never counts: a mean divides by the number of elements of x in the window. Every window holds at
    least one element of x. NaN goes through.
    """

    kind: PoolKind
    size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: Pads

    @property
    def name(self) -> str:
        """`max_pool` or `average_pool`."""
        return f"{self.kind}_pool"

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, *spatial, C) → (N, *output, C), output = (in + pads - size) // stride + 1; a mean is float32."""
        (x,) = operands
        shape = (x.shape[0], *self._outputs(x.dims[-1 - len(self.size) : -1]), x.shape[-1])
        return TensorType(shape, x.dtype if self.kind == "max" else "float32")

    def compute(self, *operands: Array) -> Array:
        """A running maximum or sum over the positions of the window."""
        (x,) = operands
        if self.kind == "max":
            lowest = -np.inf if np.issubdtype(x.dtype, np.floating) else np.iinfo(x.dtype).min
            return self._slide(x, lowest, np.maximum)
        x = as_float(x)
        counts = self._slide(np.ones((1, *x.shape[1:-1], 1), x.dtype), 0, np.add)
        return self._slide(x, 0, np.add) / counts

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """See `MaxPoolGradient` and `AveragePoolGradient`."""
        (x,) = inputs
        if self.kind == "max":
            return (x.emit(MaxPoolGradient(self), output, dy),)
        return (dy.emit(AveragePoolGradient(self, x.dims[-1 - len(self.size) : -1])),)

    def _slide(self, x: Array, pad: float, combine: Callable[[Array, Array], Array]) -> Array:
        x = np.pad(x, ((0, 0), *self.padding, (0, 0)), constant_values=pad)
        y = None
        for reach in self.taps(x.shape[1:-1]):
            y = x[reach] if y is None else combine(y, x[reach])
        assert y is not None
        return y

    def taps(self, padded: tuple[int, ...]) -> Iterator[tuple[slice, ...]]:
        """What each position of the window covers of an x with its padding, in C order."""
        outputs = [(size - w) // s + 1 for size, w, s in zip(padded, self.size, self.strides, strict=True)]
        for position in itertools.product(*map(range, self.size)):
            reach = (slice(p, p + (o - 1) * s + 1, s) for p, o, s in zip(position, outputs, self.strides, strict=True))
            yield (slice(None), *reach)

    def unpadded(self, x: Array) -> Array:
        """An x with its padding, without it."""
        inner = (slice(low, d - high) for d, (low, high) in zip(x.shape[1:-1], self.padding, strict=True))
        return x[(slice(None), *inner)]

    def _outputs(self, spatial: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(
            (size + low + high - w) // s + 1
            for size, (low, high), w, s in zip(spatial, self.padding, self.size, self.strides, strict=True)
        )

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """A window along each spatial axis."""
        for i, (window, stride, (low, _)) in enumerate(zip(self.size, self.strides, self.padding, strict=True)):
            field = field.window(1 + i, window, stride, low)
        return field

    def window_extents(self, types: Sequence[TensorType]) -> tuple[int, ...]:
        """Those of the window."""
        return self.size


@dataclass(frozen=True)
class MaxPoolGradient(Op):
    """The gradient of a maximum pooling for its operand, from x, its output y and the gradient dy of that:
    each dy goes to the first element of its window, in C order, that is y.
    """

    pool: Pool

    @property
    def name(self) -> str:
        """`max_pool_gradient`."""
        return "max_pool_gradient"

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, *spatial, C), (N, *output, C), (N, *output, C) → (N, *spatial, C)."""
        return operands[0]

    def compute(self, *operands: Array) -> Array:
        """Position by position of the window; a window with a NaN gives its dy to the first one."""
        x, y, dy = operands
        around = ((0, 0), *self.pool.padding, (0, 0))
        x = np.pad(x, around, constant_values=-np.inf)
        inside = np.pad(np.ones((1, *operands[0].shape[1:-1], 1), bool), around)
        dx = np.zeros_like(x)
        given = np.zeros(y.shape, bool)
        for reach in self.pool.taps(x.shape[1:-1]):
            tap = x[reach]
            chosen = ((tap == y) | (np.isnan(tap) & np.isnan(y))) & inside[reach] & ~given
            given |= chosen
            dx[reach] += np.where(chosen, dy, 0)
        return np.ascontiguousarray(self.pool.unpadded(dx))


@dataclass(frozen=True)
class AveragePoolGradient(Op):
    """The gradient of an average pooling for its operand, whose extents are `spatial`, from that of its output:
    each dy goes to the elements of its window in equal parts.
    """

    pool: Pool
    spatial: tuple[int, ...]

    @property
    def name(self) -> str:
        """`average_pool_gradient`."""
        return "average_pool_gradient"

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, *output, C) → (N, *spatial, C)."""
        (dy,) = operands
        return dy.with_shape((dy.shape[0], *self.spatial, dy.shape[-1]))

    def compute(self, *operands: Array) -> Array:
        """Position by position of the window."""
        (dy,) = operands
        inside = np.pad(np.ones((1, *self.spatial, 1), dy.dtype), ((0, 0), *self.pool.padding, (0, 0)))
        taps = list(self.pool.taps(inside.shape[1:-1]))
        share = dy / np.sum([inside[reach] for reach in taps], axis=0)
        dx = np.zeros((len(dy), *inside.shape[1:-1], dy.shape[-1]), dy.dtype)
        for reach in taps:
            dx[reach] += share
        return np.ascontiguousarray(self.pool.unpadded(dx))

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """It is linear: the pooling itself."""
        return (dy.emit(self.pool),)

"""Pooling over windows, and over all positions."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.base import Layer
from modelc.layers.emit import as_float, binary, constant, unary
from modelc.layers.fields import DataFormat, Padding, Sizes1, Sizes2, Sizes3
from modelc.layers.geometry import channels_last, require_spatial, restore_format, window_padding
from modelc.ops.pool import Pool, PoolKind
from modelc.ops.reduce import Reduce, ReduceKind
from modelc.ops.shape import Reshape

S = TypeVar("S", bound=tuple[int, ...])

_TINY = 1.1754943508222875e-38
"""The smallest normal float32: ``|m| / max(|m|, tiny)`` is 1 where m is not 0."""


class _Pooling(Layer, Generic[S]):
    """``y[n, o, c] = max or mean over k of x[n, o·strides + k - pad, c]``; padding never counts.

    x: (N, *spatial, C) → (N, *output, C).
    """

    rank: ClassVar[int]
    kind: ClassVar[PoolKind]

    pool_size: S
    """The extent of the window."""
    strides: S | None = None
    """How far the window moves; null is `pool_size`."""
    padding: Padding = "valid"
    """`valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride) positions."""
    data_format: DataFormat | None = None
    """Where the channels are: `channels_last` (the default) or `channels_first`."""

    def call(self, g: Builder, x: Value) -> Value:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        x = channels_last(g, self.data_format, x)
        strides = self.pool_size if self.strides is None else self.strides
        padding = window_padding(self.padding, x.type.dims[:-1], self.pool_size, strides, (1,) * self.rank)
        return restore_format(g, self.data_format, g.emit(Pool(self.kind, self.pool_size, strides, padding), x))


class _MaxPooling(_Pooling[S], Generic[S]):
    """``y[n, o, c] = max over k of x[n, o·strides + k - pad, c]``: (N, *spatial, C) → (N, *output, C)."""

    kind = "max"

    pool_size: S = 2  # type: ignore[assignment]
    """The extent of the window."""


class _AveragePooling(_Pooling[S], Generic[S]):
    """``y[n, o, c] = mean over k of x[n, o·strides + k - pad, c]``: (N, *spatial, C) → (N, *output, C).

    At the edges the mean is over the elements of x in the window.
    """

    kind = "average"


class MaxPooling1D(_MaxPooling[Sizes1]):
    """The largest value in a window of steps: (N, steps, C) → (N, steps, C)."""

    rank = 1


class MaxPooling2D(_MaxPooling[Sizes2]):
    """The largest value in a window of an image: (N, height, width, C) → (N, height, width, C)."""

    rank = 2


class MaxPooling3D(_MaxPooling[Sizes3]):
    """The largest value in a window of a volume: (N, depth, height, width, C) → (N, depth, height, width, C)."""

    rank = 3


class AveragePooling1D(_AveragePooling[Sizes1]):
    """The mean of a window of steps: (N, steps, C) → (N, steps, C)."""

    rank = 1


class AveragePooling2D(_AveragePooling[Sizes2]):
    """The mean of a window of an image: (N, height, width, C) → (N, height, width, C)."""

    rank = 2


class AveragePooling3D(_AveragePooling[Sizes3]):
    """The mean of a window of a volume: (N, depth, height, width, C) → (N, depth, height, width, C)."""

    rank = 3


class _GlobalPooling(Layer):
    """``y[n, c] = max or mean over all positions of x[n, :, c]``: (N, *spatial, C) → (N, C), or (N, *1, C)."""

    rank: ClassVar[int]
    kind: ClassVar[ReduceKind]

    data_format: DataFormat | None = None
    """Where the channels are: `channels_last` (the default) or `channels_first`."""
    keepdims: bool = False
    """Whether the spatial axes stay, with an extent of 1."""

    def call(self, g: Builder, x: Value) -> Value:
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        first = 2 if self.data_format == "channels_first" else 1
        return g.emit(Reduce(self.kind, tuple(range(first, first + self.rank)), self.keepdims), x)


class _GlobalMaxPooling(_GlobalPooling):
    kind = "max"


class _GlobalAveragePooling(_GlobalPooling):
    kind = "mean"


class GlobalMaxPooling1D(_GlobalMaxPooling):
    """The largest value of all steps: (N, steps, C) → (N, C)."""

    rank = 1


class GlobalMaxPooling2D(_GlobalMaxPooling):
    """The largest value of an image: (N, height, width, C) → (N, C)."""

    rank = 2


class GlobalMaxPooling3D(_GlobalMaxPooling):
    """The largest value of a volume: (N, depth, height, width, C) → (N, C)."""

    rank = 3


class GlobalAveragePooling1D(_GlobalAveragePooling):
    """The mean of all steps: (N, steps, C) → (N, C). A mask (N, steps) leaves out the steps where it is 0."""

    rank = 1

    def call(self, g: Builder, x: Value, mask: Value | None = None) -> Value:
        if mask is None:
            return super().call(g, x)
        require_spatial(x, self.rank, type(self).__name__, self.data_format)
        steps = 2 if self.data_format == "channels_first" else 1
        if mask.type.shape != (None, x.type.shape[steps]):
            raise ShapeError(f"the mask {mask.type} does not have a value for each step of the input {x.type}")
        size = unary(g, "abs", as_float(g, mask))
        kept = binary(g, "divide", size, binary(g, "maximum", size, constant(g, _TINY)))
        kept = g.emit(Reshape((None, 1, *mask.type.dims) if steps == 2 else (None, *mask.type.dims, 1)), kept)
        total = g.emit(Reduce("sum", (steps,), self.keepdims), binary(g, "multiply", as_float(g, x), kept))
        return binary(g, "divide", total, g.emit(Reduce("sum", (steps,), self.keepdims), kept))


class GlobalAveragePooling2D(_GlobalAveragePooling):
    """The mean of an image: (N, height, width, C) → (N, C)."""

    rank = 2


class GlobalAveragePooling3D(_GlobalAveragePooling):
    """The mean of a volume: (N, depth, height, width, C) → (N, C)."""

    rank = 3

"""Pooling: the largest value or the mean of a sliding window, channels last, rank 1 to 3."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from modelc.graph.types import TensorType
from modelc.ops.base import Array, Op, as_float
from modelc.ops.conv import Pads

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

    def _slide(self, x: Array, pad: float, combine: Callable[[Array, Array], Array]) -> Array:
        outputs = self._outputs(x.shape[1:-1])
        x = np.pad(x, ((0, 0), *self.padding, (0, 0)), constant_values=pad)
        y = None
        for position in itertools.product(*map(range, self.size)):
            reach = (slice(p, p + (o - 1) * s + 1, s) for p, o, s in zip(position, outputs, self.strides, strict=True))
            tap = x[(slice(None), *reach)]
            y = tap if y is None else combine(y, tap)
        assert y is not None
        return y

    def _outputs(self, spatial: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(
            (size + low + high - w) // s + 1
            for size, (low, high), w, s in zip(spatial, self.padding, self.size, self.strides, strict=True)
        )

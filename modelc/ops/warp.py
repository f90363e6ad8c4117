"""Sampling of images at coordinates: rotations, shifts, zooms, perspectives and other displacements."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType, format_shape
from modelc.ops.base import Array, Emitter, Gradients, Op
from modelc.ops.elementwise import broadcast

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

Interpolation = Literal["nearest", "bilinear"]
FillMode = Literal["constant", "nearest", "wrap", "mirror", "reflect"]
Axis = Literal["rows", "columns"]

LIMIT = 2.0**22
"""Coordinates are cut to ±LIMIT, so that they are exact as integers; NaN counts as -LIMIT."""


def _mirror(index: Array, size: int) -> Array:
    """``3 2 1 | 0 1 2 3 | 2 1 0``, for a size of 4."""
    if size == 1:
        return np.zeros_like(index)
    index = index % (2 * size - 2)
    return np.where(index < size, index, 2 * size - 2 - index)


def _reflect(index: Array, size: int) -> Array:
    """``1 0 | 0 1 2 3 | 3 2``, for a size of 4."""
    index = index % (2 * size)
    return np.where(index < size, index, 2 * size - 1 - index)


_FOLD: dict[FillMode, Callable[[Array, int], Array]] = {
    "constant": lambda index, size: np.clip(index, 0, size - 1),
    "nearest": lambda index, size: np.clip(index, 0, size - 1),
    "wrap": lambda index, size: index % size,
    "mirror": _mirror,
    "reflect": _reflect,
}
"""The pixel that stands for one beyond the edges."""


class _Tap(NamedTuple):
    """The pixels along one axis that are read, with what weight, and whether they are filled."""

    pixel: Array
    weight: Array
    outside: Array


@dataclass(frozen=True)
class Warp(Op):
    """``y[n, i, j, c] = x[n, rows[n, i, j], columns[n, i, j], c]``, interpolated between the four pixels around.

    x: (N, H, W, C); rows and columns: three axes that broadcast to (N, height, width) of the output. Pixel (i, j) is at
    the coordinates (i, j). `bilinear` weighs the pixels around by their distances along each axis; `nearest` takes the
    nearest, of two the one farther from 0. A pixel beyond the edges is `fill_value` (`constant`), the nearest one
    (`nearest`), that of the image repeated (`wrap`), mirrored at the outermost pixels (`mirror`) or at the edges
    (`reflect`). The semantics of `jax.scipy.ndimage.map_coordinates`.

    With `slope`, the derivative by these coordinates: of the weights along that axis, -1 and 1.
    """

    interpolation: Interpolation
    fill_mode: FillMode
    fill_value: float = 0.0
    slope: Axis | None = None

    def infer(self, *operands: TensorType) -> TensorType:
        """(N, H, W, C), and rows and columns that broadcast to (N, height, width) → (N, height, width, C)."""
        x, rows, columns = operands
        shape = broadcast(rows.shape, columns.shape)
        ranks = x.rank, rows.rank, columns.rank
        if ranks != (4, 3, 3) or shape[0] not in (1, x.shape[0]) or 0 in x.dims:
            raise ShapeError(f"{format_shape(x.shape)} cannot be read at coordinates of {format_shape(shape)}")
        return TensorType((x.shape[0], *shape[1:], x.shape[3]))

    def compute(self, *operands: Array) -> Array:
        """A weighted sum of fancy indexing, one per tap."""
        x, rows, columns = operands
        samples = np.arange(len(x))[:, None, None]
        shape = np.broadcast_shapes(samples.shape, rows.shape, columns.shape)
        y = np.zeros((*shape, x.shape[3]), x.dtype)
        for row, column in self._taps(rows, columns, x.shape[1:3]):
            outside = (row.outside | column.outside)[..., None]
            tap = np.where(outside, x.dtype.type(self.fill_value), x[samples, row.pixel, column.pixel])
            y += (row.weight * column.weight)[..., None] * tap
        return y

    def spread(self, dy: Array, rows: Array, columns: Array, size: tuple[int, int]) -> Array:
        """The transposed sum: every element of dy to the pixels of images of this size that it was read from."""
        samples = np.arange(len(dy))[:, None, None]
        dx = np.zeros((len(dy), *size, dy.shape[3]), dy.dtype)
        for row, column in self._taps(rows, columns, size):
            weight = np.where(row.outside | column.outside, 0, row.weight * column.weight)[..., None]
            np.add.at(dx, (samples, *np.broadcast_arrays(row.pixel, column.pixel)), weight * dy)
        return dx

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """It is linear in x: the transposed sum. For coordinates, what dy and the slopes have in common."""
        if self.slope:
            raise NotImplementedError("the slope of a Warp has no gradient")
        x, rows, columns = inputs
        _, height, width, _ = x.shape
        assert height is not None and width is not None
        dx = dy.emit(WarpGradient(self, (height, width)), rows, columns)
        if self.interpolation == "nearest":
            return dx, None, None
        return dx, self._slope(g, "rows", inputs, dy), self._slope(g, "columns", inputs, dy)

    def _slope(self, g: Emitter, axis: Axis, inputs: Sequence[Tensor], dy: Tensor) -> Tensor:
        product = dy * g.emit(replace(self, slope=axis), *inputs)
        total = product.sum((3,)).under(product.shape[:3])
        return total.sum_to(inputs[1 if axis == "rows" else 2].type)

    def _taps(self, rows: Array, columns: Array, size: tuple[int, ...]) -> list[tuple[_Tap, _Tap]]:
        along = self._along(rows, size[0], "rows"), self._along(columns, size[1], "columns")
        return list(itertools.product(*along))

    def _along(self, coordinates: Array, size: int, axis: Axis) -> list[_Tap]:
        limit = coordinates.dtype.type(LIMIT)
        coordinates = np.where(coordinates > -limit, np.minimum(coordinates, limit), -limit)
        if self.interpolation == "nearest":
            whole = np.trunc(coordinates)
            whole += np.copysign(np.abs(coordinates - whole) >= 0.5, coordinates)
            return [self._tap(whole, np.ones_like(whole), size)]
        low = np.floor(coordinates)
        share = coordinates - low
        weights = (-np.ones_like(share), np.ones_like(share)) if self.slope == axis else (1 - share, share)
        return [self._tap(low + i, weight, size) for i, weight in enumerate(weights)]

    def _tap(self, at: Array, weight: Array, size: int) -> _Tap:
        index = at.astype(np.int64)
        outside = ((index < 0) | (index >= size)) & (self.fill_mode == "constant")
        return _Tap(_FOLD[self.fill_mode](index, size), weight, outside)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """Any pixel."""
        return field.over_axes((1, 2))


@dataclass(frozen=True)
class WarpGradient(Op):
    """The gradient of `Warp` for images of `size`: dy (N, height, width, C), rows, columns → (N, *size, C)."""

    warp: Warp
    size: tuple[int, int]

    def infer(self, *operands: TensorType) -> TensorType:
        """dy's shape, of `size` along the height and the width."""
        dy = operands[0]
        return dy.with_shape((dy.shape[0], *self.size, dy.shape[3]))

    def compute(self, *operands: Array) -> Array:
        """`np.add.at`, tap by tap."""
        dy, rows, columns = operands
        return self.warp.spread(dy, rows, columns, self.size)

"""Interpolation along one axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, cast

import numpy as np

from modelc.graph.field import ReceptiveField
from modelc.graph.types import TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op, as_float

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

ResampleMethod = Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian", "mitchellcubic"]


def _triangle(x: Array) -> Array:
    return np.maximum(0, 1 - x)


def _keys_cubic(x: Array) -> Array:
    # Keys (1981) with a = -1/2.
    near = ((1.5 * x - 2.5) * x) * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _lanczos(radius: int) -> Callable[[Array], Array]:
    return lambda x: np.where(x < radius, np.sinc(x) * np.sinc(x / radius), 0)


def _gaussian(x: Array) -> Array:
    # TensorFlow's: a standard deviation of 1/2, cut at three of them.
    return np.where(x < 1.5, np.exp(-2 * x**2), 0)


def _mitchell_cubic(x: Array) -> Array:
    # Mitchell and Netravali (1988) with B = C = 1/3.
    near = ((7 / 6 * x - 2) * x) * x + 8 / 9
    far = ((-7 / 18 * x + 2) * x - 10 / 3) * x + 16 / 9
    return np.where(x < 1, near, np.where(x < 2, far, 0))


_KERNELS: dict[ResampleMethod, tuple[int, Callable[[Array], Array]]] = {
    "bilinear": (1, _triangle),
    "bicubic": (2, _keys_cubic),
    "gaussian": (2, _gaussian),
    "mitchellcubic": (2, _mitchell_cubic),
    "lanczos3": (3, _lanczos(3)),
    "lanczos5": (5, _lanczos(5)),
}
"""Radius, and the kernel as a function of the distance."""


@dataclass(frozen=True)
class Resample(Op):
    """``y[..., o, ...] = Σ_t weights[o, t]·x[..., indices[o, t], ...]`` along `axis`, resized to `size`.

    Pixels are areas: output o sits at ``(o + 1/2)·in/size - 1/2``. The weights are the method's kernel there,
    cut at the edges and scaled to a sum of 1; with `antialias` the kernel is as much wider as the size shrinks.
    `nearest` takes the pixel that the output's centre lies in, `area` the mean over all that the output covers. The
    semantics of `jax.image.resize` and, of what that does not have, `tf.image.resize`.
    """

    axis: int
    size: int
    method: ResampleMethod
    antialias: bool = False
    steps: int | None = None
    """Where it is given, an output is moved to the nearest of so many places between two pixels, as by TensorFlow,
    which looks the weights of `bicubic` up in a table. It computes the places in float32."""

    def infer(self, *operands: TensorType) -> TensorType:
        """x's shape with `size` along the axis, float32."""
        (x,) = operands
        return TensorType((*x.shape[: self.axis], self.size, *x.shape[self.axis + 1 :]))

    def compute(self, *operands: Array) -> Array:
        """A weighted sum of gathers, one per tap."""
        x = as_float(operands[0])
        indices, weights = self._taps(x.shape[self.axis])
        if self.method == "nearest":
            return np.take(x, indices[:, 0], self.axis)
        column = (self.size,) + (1,) * (x.ndim - 1 - self.axis)
        y = np.zeros((*x.shape[: self.axis], self.size, *x.shape[self.axis + 1 :]), x.dtype)
        for tap in range(indices.shape[1]):
            y += np.take(x, indices[:, tap], self.axis) * weights[:, tap].reshape(column).astype(x.dtype)
        return y

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """It is linear: the transposed sum."""
        extent = inputs[0].shape[self.axis]
        assert extent is not None
        return (dy.emit(LinearGradient(self, extent)),)

    def matrix(self, in_size: int) -> Array:
        """The weights as a matrix (size, in_size)."""
        indices, weights = self._taps(in_size)
        matrix = np.zeros((self.size, in_size))
        np.add.at(matrix, (np.arange(self.size)[:, None], indices), weights)
        return matrix

    def table(self, in_size: int) -> tuple[Array, Array]:
        """`indices` (size, taps) int32 and `weights` (size, taps) float32; a tap beyond the edge has weight 0."""
        indices, weights = self._taps(in_size)
        return indices.astype(np.int32), weights.astype(np.float32)

    def _taps(self, in_size: int) -> tuple[Array, Array]:
        if self.method == "nearest":
            centers = (2 * np.arange(self.size) + 1) * in_size // (2 * self.size)
            return centers[:, None], np.ones((self.size, 1))
        if self.method == "area":
            return self._covered(in_size)
        radius, kernel = _KERNELS[self.method]
        width = max(in_size / self.size, 1.0) if self.antialias else 1.0
        reach = math.ceil(radius * width)
        center = self._centers(in_size)
        positions = np.floor(center).astype(np.int64)[:, None] + np.arange(1 - reach, reach + 1)
        inside = (positions >= 0) & (positions < in_size)
        weights = np.where(inside, kernel(np.abs(center[:, None] - positions) / width), 0)
        return np.clip(positions, 0, in_size - 1), weights / weights.sum(axis=1, keepdims=True)

    def _centers(self, in_size: int) -> Array:
        """Where each output sits among the elements."""
        places = np.arange(self.size) + 0.5
        if self.steps is None:
            return places * (in_size / self.size) - 0.5
        half = np.float32(0.5)
        center = places.astype(np.float32) * (np.float32(in_size) / np.float32(self.size)) - half
        low = np.floor(center)
        return low.astype(np.float64) + np.rint((center - low) * np.float32(self.steps)) / self.steps

    def _covered(self, in_size: int) -> tuple[Array, Array]:
        """The elements that each output covers, with the share of each in it."""
        ratio = in_size / self.size
        starts = np.arange(self.size) * ratio
        positions = np.floor(starts).astype(np.int64)[:, None] + np.arange(math.ceil(ratio) + 1)
        ends = np.minimum(positions + 1, (starts + ratio)[:, None])
        weights = np.clip(ends - np.maximum(positions, starts[:, None]), 0, None)
        weights = np.where(positions < in_size, weights, 0)
        return np.clip(positions, 0, in_size - 1), weights / weights.sum(axis=1, keepdims=True)

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """The taps of an element."""
        return resampled_field(field, types[0], self.axis, self.size, self.table)


class Linear(Protocol):
    """An op of one operand that is a matrix along one axis."""

    @property
    def axis(self) -> int:
        """The axis."""
        ...

    def matrix(self, in_size: int) -> Array:
        """The matrix, (outputs, inputs)."""
        ...


@dataclass(frozen=True)
class LinearGradient(Op):
    """The gradient of an op that is a matrix M along one axis: ``y[..., i, ...] = Σ_o M[o, i]·dy[..., o, ...]``.

    `size` is the extent of the op's operand.
    """

    forward: Linear
    size: int

    @property
    def name(self) -> str:
        """`Resample_gradient`, ..."""
        return f"{cast(Op, self.forward).name}_gradient"

    @property
    def axis(self) -> int:
        """The axis of the op."""
        return self.forward.axis

    def infer(self, *operands: TensorType) -> TensorType:
        """dy's shape with `size` along the axis."""
        (dy,) = operands
        return dy.with_shape((*dy.shape[: self.axis], self.size, *dy.shape[self.axis + 1 :]))

    def compute(self, *operands: Array) -> Array:
        """One matrix product."""
        (dy,) = operands
        matrix = self.forward.matrix(self.size).astype(dy.dtype)
        return np.moveaxis(np.tensordot(dy, matrix, (self.axis, 0)), -1, self.axis)

    def table(self, in_size: int) -> tuple[Array, Array]:
        """Like that of `Resample`: for each input, the outputs that read it, and their weights."""
        matrix = self.forward.matrix(self.size).T
        taps = max(1, int((matrix != 0).sum(axis=1).max()))
        # The columns that are not 0 come first, in order.
        order = np.argsort(matrix == 0, axis=1, kind="stable")[:, :taps]
        return order.astype(np.int32), np.take_along_axis(matrix, order, 1).astype(np.float32)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """It is linear: the op itself."""
        return (dy.emit(cast(Op, self.forward)),)


def resampled_field(
    field: ReceptiveField, type: TensorType, axis: int, size: int, table: Callable[[int], tuple[Array, Array]]
) -> ReceptiveField:
    """What an element sees of the taps that a table, made for the size of the axis before, has for it."""
    before = type.shape[axis]
    assert before is not None
    taps = min(table(before)[0].shape[1], before)
    return field.window(axis % type.rank, taps, before / size, (taps - before / size) / 2)

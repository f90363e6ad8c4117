"""Layers that give a sample another shape."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BeforeValidator, PositiveInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.config.options import is_int
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.base import Layer, require_rank
from modelc.layers.convolution.geometry import channels_last
from modelc.layers.options.fields import DataFormat
from modelc.ops import shape as ops

_MAX_RANK = 8
"""The most dimensions of a sample that a layer may make."""


def _integers(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not all(is_int(item) for item in value):  # pyright: ignore[reportUnknownVariableType]
        raise PydanticCustomError("value_type", "expected a list of integers", {"form": "int_type"})
    if len(value) > _MAX_RANK:  # pyright: ignore[reportUnknownArgumentType]
        raise PydanticCustomError("value", "expected at most {most} dimensions", {"most": _MAX_RANK})
    return tuple(value)  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]


def _target_shape(value: Any) -> tuple[int, ...]:
    shape = _integers(value)
    if shape.count(-1) > 1 or any(size < -1 for size in shape):
        raise PydanticCustomError(
            "value", "expected sizes of at least 0, of which one may be -1, found {found}", {"found": list(shape)}
        )
    return shape


def _permutation(value: Any) -> tuple[int, ...]:
    dims = _integers(value)
    if not dims or sorted(dims) != list(range(1, len(dims) + 1)):
        help = "list every axis of a sample once, from 1: [2, 1] swaps two"
        raise PydanticCustomError("value", "expected a permutation, found {found}", {"found": list(dims), "help": help})
    return dims


def _list_schema(minimum: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "array", "items": {"type": "integer", "minimum": minimum}, "maxItems": _MAX_RANK})


class Flatten(Layer):
    """Flattens each sample to a vector.

    (N, ...) → (N, F), in `channels_last` order.
    """

    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = channels_last(self.data_format, x)
        return x.emit(ops.Reshape((x.shape[0], x.type.size)))


class Reshape(Layer):
    """Reshapes each sample.

    (N, ...) → (N, *target_shape), with the elements in the same order.
    """

    target_shape: Annotated[tuple[int, ...], BeforeValidator(_target_shape), _list_schema(-1)]
    """The new shape without the batch axis; one size may be -1 and is then computed from the others."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        known = math.prod(size for size in self.target_shape if size != -1)
        inferred = x.type.size // known if known else 0
        shape = tuple(inferred if size == -1 else size for size in self.target_shape)
        if math.prod(shape) != x.type.size:
            raise ShapeError(self._misfit(x, known))
        return x.emit(ops.Reshape((x.shape[0], *shape)))

    def _misfit(self, x: Tensor, known: int) -> str:
        target, sample = list(self.target_shape), format_shape(x.shape)
        if -1 in self.target_shape:
            return f"`target_shape` {target} needs a multiple of {known} elements, {sample} has {x.type.size}"
        return f"`target_shape` {target} has {known} elements, {sample} has {x.type.size}"


class Permute(Layer):
    """Permutes the axes of each sample.

    ``y[n, i[dims[0]], i[dims[1]], ...] = x[n, i[1], i[2], ...]``: axis k of the output is axis dims[k] of x.
    """

    dims: Annotated[tuple[int, ...], BeforeValidator(_permutation), _list_schema(1)]
    """The input axes in output order, counted from 1 without the batch axis: `[2, 1]` swaps two axes."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        if x.rank != len(self.dims) + 1:
            dims = list(self.dims)
            raise ShapeError(f"`dims` {dims} permutes {len(dims)} axes, a sample here has {x.rank - 1}")
        return x.emit(ops.Transpose((0, *self.dims)))


class RepeatVector(Layer):
    """Repeats a vector n times, as the steps of a sequence.

    (N, F) → (N, n, F): ``y[i, k, :] = x[i, :]``.
    """

    n: PositiveInt
    """The number of repetitions."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        require_rank(x, 2, "(batch, features)", "RepeatVector")
        features = x.dims[0]
        return x.emit(ops.Reshape((x.shape[0], 1, features))).emit(ops.Repeat(1, self.n))

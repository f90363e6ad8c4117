"""Layers that bring raw data into the range that a model expects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Self

import numpy as np
from pydantic import BeforeValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import AxisOrAxes
from modelc.errors import ShapeError
from modelc.graph.axes import dims_of, sample_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import along
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.initializers.classes import Ones, Zeros
from modelc.layers.base import Layer
from modelc.ops.constant import Constant

_MAX_NUMBERS = 1 << 20
"""The most numbers that an option may list: one per element of an image of 591×591×3."""

_SMALLEST_STDDEV = 1e-7
"""`keras.config.epsilon()`."""

Numbers = float | tuple["Numbers", ...]
"""A number, or numbers nested as an array is."""


def _numbers(value: Any, *, finite: bool = True) -> Numbers:
    try:
        array = np.array(value)
    except ValueError:
        raise PydanticCustomError("value", "expected rows of the same length") from None
    if array.dtype.kind not in "iuf" or not 0 < array.size <= _MAX_NUMBERS:
        raise PydanticCustomError("value_type", "expected a number or a list of numbers")
    if np.any(np.isnan(array)) or (finite and not np.all(np.isfinite(array))):
        raise PydanticCustomError("value", "expected finite numbers" if finite else "expected numbers other than NaN")
    return _frozen(array.tolist())


def _optional_numbers(value: Any) -> Numbers | None:
    return None if value is None else _numbers(value)


def operand_of(value: Any) -> Numbers | None:
    """Numbers, which may be infinite; None for an input."""
    return None if value is None else _numbers(value, finite=False)


def _frozen(value: Any) -> Numbers:
    return tuple(map(_frozen, value)) if isinstance(value, list) else float(value)  # pyright: ignore[reportUnknownArgumentType]


_NUMBERS_SCHEMA: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "array"}]}

NumbersOption = Annotated[Any, BeforeValidator(_numbers), WithJsonSchema(_NUMBERS_SCHEMA)]
OptionalNumbers = Annotated[
    Any, BeforeValidator(_optional_numbers), WithJsonSchema({"anyOf": [*_NUMBERS_SCHEMA["anyOf"], {"type": "null"}]})
]


def _shape(numbers: Numbers) -> tuple[int, ...]:
    return np.array(numbers, dtype=np.float64).shape


def _broadcasts(shape: Sequence[int], to: Sequence[int | None]) -> bool:
    return len(shape) <= len(to) and all(n in (1, d) for n, d in zip(shape[::-1], to[::-1], strict=False))


def emit_numbers(g: Builder, numbers: Numbers, shape: Sequence[int] | None = None) -> Tensor:
    """The numbers as a constant, in their own shape unless said."""
    array = np.array(numbers, dtype=np.float64)
    dims = array.shape if shape is None else tuple(shape)
    return g.emit(Constant(tuple(map(float, array.ravel())), dims))


class Rescaling(Layer):
    """Multiplies its input by a factor and adds an offset.

    ``y = x·scale + offset``, each a number or an array that broadcasts to a sample, such as one number per channel.
    """

    supports_masking = True
    masking_since_keras_3 = True

    scale: NumbersOption
    """The factor, such as 1/255 for pixels: one number, or one per channel."""
    offset: NumbersOption = 0.0
    """The offset added after scaling: one number, or one per channel."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        if isinstance(self.scale, float) and isinstance(self.offset, float):
            return x * self.scale + self.offset
        y = x * self._factor(g, x, "scale", self.scale)
        return y + self._factor(g, x, "offset", self.offset)

    def _factor(self, g: Builder, x: Tensor, option: str, numbers: Numbers) -> Tensor:
        shape, sample = _shape(numbers), x.shape[1:]
        if not _broadcasts(shape, sample):
            raise ShapeError(
                f"`{option}` of the shape {format_shape(shape)} does not broadcast to samples of {format_shape(sample)}"
            )
        return emit_numbers(g, numbers)


def _no_axes_is_none(value: Any) -> Any:
    return None if value in ([], ()) else value


class Normalization(Layer):
    """Subtracts a fixed mean and divides by a fixed standard deviation.

    ``y = (x - mean) / max(sqrt(variance), 1e-7)``; with `invert`, ``y = x·max(sqrt(variance), 1e-7) + mean``.

    Without the options `mean` and `variance` they are weights of x's sizes along `axis`: mean, variance, and count (),
    the number of batches from which they were computed.
    """

    supports_masking = True
    masking_since_keras_3 = True

    axis: Annotated[AxisOrAxes | None, BeforeValidator(_no_axes_is_none)] = -1
    """The axis or axes, each position of which has its own mean and variance; null for one mean and variance of all
    values."""
    mean: OptionalNumbers = None
    """The mean: one number, or one per position of `axis`. Null makes it a weight."""
    variance: OptionalNumbers = None
    """The variance, in the same form as `mean`."""
    invert: bool = False
    """Whether to apply the inverse: multiply by the standard deviation and add the mean."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.mean is None) != (self.variance is None):
            given, absent = ("variance", "mean") if self.mean is None else ("mean", "variance")
            raise PydanticCustomError("conflict", f"`{given}` is given without `{absent}`", {"help": f"add `{absent}`"})
        if self.mean is not None and _shape(self.mean) != _shape(self.variance):
            shapes = {"mean": format_shape(_shape(self.mean)), "variance": format_shape(_shape(self.variance))}
            raise PydanticCustomError("conflict", "`mean` {mean} and `variance` {variance} differ in shape", shapes)
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        axes = () if self.axis is None else sample_axes(self.axis, x.rank)
        shape = dims_of(x, axes)
        if self.mean is None:
            mean = g.weight("mean", shape, Zeros(), trainable=False)
            variance = g.weight("variance", shape, Ones(), trainable=False)
            g.weight("count", (), Zeros(), trainable=False)
        else:
            mean, variance = (self._statistic(g, shape, numbers) for numbers in (self.mean, self.variance))
        stddev = variance.sqrt().maximum(_SMALLEST_STDDEV)
        if mean.rank:
            mean, stddev = (along(statistic, axes, x.rank) for statistic in (mean, stddev))
        if self.invert:
            return x * stddev + mean
        return (x - mean) / stddev

    def _statistic(self, g: Builder, shape: tuple[int, ...], numbers: Numbers) -> Tensor:
        """The given numbers in the shape of the kept axes; fewer dimensions belong to the last of them."""
        given = _shape(numbers)
        if math.prod(given) == 1:
            return emit_numbers(g, numbers, ())
        if not _broadcasts(given, shape):
            raise ShapeError(
                f"`mean` and `variance` of the shape {format_shape(given)} "
                f"do not fit {format_shape(shape)}, the input's extents along `axis`"
            )
        return emit_numbers(g, numbers, (*(1,) * (len(shape) - len(given)), *given))

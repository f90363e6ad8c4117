"""Layers that disturb training only: at inference all of them are the identity."""

from __future__ import annotations

from abc import ABC
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.base import Layer
from modelc.layers.fields import DataFormat
from modelc.layers.geometry import require_spatial
from modelc.options import MAX_AXES, NonNegativeInt, Rate, is_int


def _noise_shape(value: Any) -> Any:
    if value is None:
        return None
    sizes = (value,) if is_int(value) else value
    if not isinstance(sizes, list | tuple) or not all(size is None or is_int(size) for size in sizes):  # pyright: ignore[reportUnknownVariableType]
        raise PydanticCustomError("value_type", "expected a list of integers and nulls")
    if len(sizes) > MAX_AXES or any(size is not None and size < 1 for size in sizes):  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
        raise PydanticCustomError("value", "expected at most {most} sizes of at least 1", {"most": MAX_AXES})
    return tuple(sizes)  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]


NoiseShape = Annotated[
    tuple[int | None, ...] | None,
    BeforeValidator(_noise_shape),
    WithJsonSchema(
        {"type": ["array", "null"], "items": {"type": ["integer", "null"], "minimum": 1}, "maxItems": MAX_AXES}
    ),
]


class _Noise(Layer, ABC):
    """Random in training; ``y = x`` at inference."""

    supports_masking = True

    def call(self, g: Builder, x: Value) -> Value:
        self._check(x)
        if g.training:
            raise NotImplementedError(f"{type(self).__name__} has no training computation yet")
        return x

    def _check(self, x: Value) -> None:
        """Raise `ShapeError` where x does not fit the options."""


class _ShapedDropout(_Noise, ABC):
    rate: Rate
    """The probability of an element to be dropped."""
    noise_shape: NoiseShape = None
    """The shape of the mask, the batch first: 1 along an axis drops all along it or nothing, null is x's size."""
    seed: NonNegativeInt | None = None
    """Fixes the random draws whatever the model's seed is."""

    def _check(self, x: Value) -> None:
        shape = x.type.shape
        if self.noise_shape is None:
            return
        if len(self.noise_shape) != len(shape) or any(
            size not in (1, None, d) for size, d in zip(self.noise_shape, shape, strict=True) if d is not None
        ):
            raise ShapeError(
                f"`noise_shape` {list(self.noise_shape)} does not broadcast to the input {list(shape)}",
                "give one size per axis, the batch included: that of the input, 1 or null",
            )


class Dropout(_ShapedDropout):
    """In training, ``y = x·m / (1 - rate)`` with m 0 at random, else 1 (Srivastava et al., 2014); else ``y = x``."""


class AlphaDropout(_ShapedDropout):
    """In training, drops to the negative saturation of `selu`, and keeps mean and variance (Klambauer et al., 2017);
    else ``y = x``.
    """


class _SpatialDropout(_Noise, ABC):
    rank: ClassVar[int]

    rate: Rate
    """The probability of a channel to be dropped."""

    def _check(self, x: Value) -> None:
        require_spatial(x, self.rank, type(self).__name__, getattr(self, "data_format", None))


class SpatialDropout1D(_SpatialDropout):
    """Dropout of whole channels of (N, steps, C) in training; ``y = x`` at inference."""

    rank = 1

    seed: NonNegativeInt | None = None
    """Fixes the random draws whatever the model's seed is."""


class _SpatialDropoutOfFormat(_SpatialDropout, ABC):
    data_format: DataFormat | None = None
    """Where the channels are: `channels_last` (the default) or `channels_first`."""
    seed: NonNegativeInt | None = None
    """Fixes the random draws whatever the model's seed is."""


class SpatialDropout2D(_SpatialDropoutOfFormat):
    """Dropout of whole channels of (N, height, width, C) in training; ``y = x`` at inference."""

    rank = 2


class SpatialDropout3D(_SpatialDropoutOfFormat):
    """Dropout of whole channels of (N, depth, height, width, C) in training; ``y = x`` at inference."""

    rank = 3


class GaussianNoise(_Noise):
    """In training, ``y = x + N(0, stddev²)``; else ``y = x``."""

    stddev: Rate
    """The standard deviation of the noise, 0 to 1."""
    seed: NonNegativeInt | None = None
    """Fixes the random draws whatever the model's seed is."""


class GaussianDropout(_Noise):
    """In training, ``y = x·N(1, rate / (1 - rate))`` (Srivastava et al., 2014); else ``y = x``."""

    rate: Rate
    """The drop probability of the Dropout whose variance the noise has."""
    seed: NonNegativeInt | None = None
    """Fixes the random draws whatever the model's seed is."""

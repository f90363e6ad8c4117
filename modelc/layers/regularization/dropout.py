"""Layers that change their input in training only: at inference all of them are the identity."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar, cast

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.config.options import MAX_AXES, NonNegativeInt, Rate, is_int
from modelc.errors import ShapeError
from modelc.functions.constants import SELU_ALPHA, SELU_SCALE
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, where
from modelc.graph.types import Shape
from modelc.layers.base import Layer
from modelc.layers.convolution.geometry import require_spatial
from modelc.layers.options.fields import DataFormat
from modelc.layers.regularization.draws import draw, dropout, keep_mask


def _noise_shape(value: Any) -> Any:
    if value is None:
        return None
    sizes = (value,) if is_int(value) else value
    if not isinstance(sizes, list | tuple) or not all(size is None or is_int(size) for size in sizes):  # pyright: ignore[reportUnknownVariableType]
        raise PydanticCustomError("value_type", "expected a list of integers and nulls", {"form": "int_type"})
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

    differs_in_training = True

    supports_masking = True

    def call(self, g: Builder, x: Tensor) -> Tensor:
        self._check(x)
        return self._disturb(g, x.as_float()) if g.training else x

    def _check(self, x: Tensor) -> None:
        """Raise `ShapeError` where x does not fit the options."""

    @abstractmethod
    def _disturb(self, g: Builder, x: Tensor) -> Tensor:
        """The computation in training."""


class _ShapedDropout(_Noise, ABC):
    rate: Rate
    """The fraction of elements set to 0 in training, between 0 and 1."""
    noise_shape: NoiseShape = None
    """The shape of the dropout mask, with the batch axis: 1 for an axis along which the mask is shared, null for the
    input's size. By default each element has its own mask."""
    seed: NonNegativeInt | None = None
    """The seed of this layer's random numbers; by default they follow from the model's seed."""

    def _check(self, x: Tensor) -> None:
        shape = x.shape
        if self.noise_shape is None:
            return
        if len(self.noise_shape) != len(shape) or any(
            size not in (1, None, d) for size, d in zip(self.noise_shape, shape, strict=True) if d is not None
        ):
            raise ShapeError(
                f"`noise_shape` {list(self.noise_shape)} does not broadcast to the input {list(shape)}",
                "give one size per axis, the batch included: that of the input, 1 or null",
            )

    def _mask_shape(self, x: Tensor) -> Shape:
        """The shape of the mask; a batch size that is written out is that of every call."""
        if self.noise_shape is None:
            return x.shape
        pairs = zip(self.noise_shape, x.shape, strict=True)
        return tuple(1 if size == 1 and d != 1 else d for size, d in pairs)


class Dropout(_ShapedDropout):
    """Randomly sets elements of its input to 0 in training.

    In training, ``y = x·m / (1 - rate)`` with m = 0 with probability `rate`, else 1 (Srivastava et al., 2014); else ``y
    = x``.
    """

    def _disturb(self, g: Builder, x: Tensor) -> Tensor:
        return dropout(g, x, self.rate, self._mask_shape(x), self.seed)


class AlphaDropout(_ShapedDropout):
    """Dropout that preserves the mean and variance of self-normalizing networks (`selu`).

    In training, dropped elements are set to the negative saturation value of `selu`, and the result is rescaled to the
    original mean and variance (Klambauer et al., 2017); else ``y = x``.

    ``y = a·(x if kept, else s) + b`` with ``s = -scale·alpha`` of selu, ``a = ((1 - rate)·(1 + rate·s²))^(-1/2)`` and
    ``b = -a·rate·s``.
    """

    def _disturb(self, g: Builder, x: Tensor) -> Tensor:
        if self.rate == 0:
            return x
        if self.rate == 1:  # all is saturated: a is infinite, and Keras's result no number
            raise ShapeError("`rate` (=1.0) of AlphaDropout leaves nothing to train on", "give a rate below 1")
        saturation = -SELU_ALPHA * SELU_SCALE
        a = 1 / math.sqrt((1 - self.rate) * (1 + self.rate * saturation**2))
        kept = keep_mask(g, x, self.rate, self._mask_shape(x), self.seed)
        mixed = where(kept, x, saturation)
        return mixed * a + -a * self.rate * saturation


class _SpatialDropout(_Noise, ABC):
    rank: ClassVar[int]

    rate: Rate
    """The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them."""

    def _check(self, x: Tensor) -> None:
        require_spatial(x, self.rank, type(self).__name__, getattr(self, "data_format", None))

    def _disturb(self, g: Builder, x: Tensor) -> Tensor:
        channels = 1 if getattr(self, "data_format", None) == "channels_first" else x.rank - 1
        shape = tuple(d if axis in (0, channels) else 1 for axis, d in enumerate(x.shape))
        return dropout(g, x, self.rate, shape, cast("Any", self).seed)


class SpatialDropout1D(_SpatialDropout):
    """Drops whole channels of sequences (N, steps, C) in training; ``y = x`` at inference."""

    rank = 1

    seed: NonNegativeInt | None = None
    """The seed of this layer's random numbers; by default they follow from the model's seed."""


class _SpatialDropoutOfFormat(_SpatialDropout, ABC):
    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""
    seed: NonNegativeInt | None = None
    """The seed of this layer's random numbers; by default they follow from the model's seed."""


class SpatialDropout2D(_SpatialDropoutOfFormat):
    """Drops whole channels of images (N, height, width, C) in training; ``y = x`` at inference."""

    rank = 2


class SpatialDropout3D(_SpatialDropoutOfFormat):
    """Drops whole channels of volumes (N, depth, height, width, C) in training; ``y = x`` at inference."""

    rank = 3


class GaussianNoise(_Noise):
    """Adds Gaussian noise to its input in training.

    In training, ``y = x + N(0, stddev²)``; else ``y = x``.
    """

    stddev: Rate
    """The standard deviation of the noise, between 0 and 1."""
    seed: NonNegativeInt | None = None
    """The seed of this layer's random numbers; by default they follow from the model's seed."""

    def _disturb(self, g: Builder, x: Tensor) -> Tensor:
        noise = draw(g, "normal", x.shape, x, self.seed)
        return x + noise * self.stddev


class GaussianDropout(_Noise):
    """Multiplies its input by Gaussian noise of mean 1 in training.

    In training, ``y = x·N(1, rate / (1 - rate))`` (Srivastava et al., 2014); else ``y = x``.
    """

    rate: Rate
    """The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them."""
    seed: NonNegativeInt | None = None
    """The seed of this layer's random numbers; by default they follow from the model's seed."""

    def _disturb(self, g: Builder, x: Tensor) -> Tensor:
        if self.rate == 1:
            raise ShapeError("`rate` (=1.0) of GaussianDropout has no finite variance", "give a rate below 1")
        noise = draw(g, "normal", x.shape, x, self.seed)
        return x * (noise * math.sqrt(self.rate / (1 - self.rate)) + 1.0)

"""What random changes of images have in common: their options, and that they are the identity at inference."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.config.options import FiniteFloat, NonNegativeInt
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.convolution.geometry import channels_last, require_spatial, restore_format
from modelc.layers.options.fields import DataFormat
from modelc.ops.warp import FillMode, Interpolation

Limits = tuple[float, float]
"""The least and the most that a draw can be."""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _amount(value: Any, low: float, high: float) -> Any:
    if _is_number(value):
        numbers = (float(value),)
    else:
        numbers = tuple(cast("list[Any]", value)) if isinstance(value, list | tuple) else ()
        if len(numbers) != 2 or not all(map(_is_number, numbers)):
            raise PydanticCustomError("value_type", "expected a number, or a list of two: the lowest and the highest")
        numbers = tuple(map(float, numbers))
    if not all(low <= number <= high for number in numbers):
        bounds = {"low": f"{low:g}", "high": f"{high:g}"}
        raise PydanticCustomError("value", "expected numbers from {low} to {high}", bounds)
    return numbers if len(numbers) == 2 else numbers[0]


def _range(value: Any) -> Any:
    pair = _amount(value, float("-inf"), float("inf"))
    if isinstance(pair, float) or pair[0] >= pair[1]:
        raise PydanticCustomError("value", "expected a list of two different numbers, the lower first")
    return pair


def _forms(one: dict[str, Any]) -> list[dict[str, Any]]:
    return [one, {"type": "array", "items": one, "minItems": 2, "maxItems": 2}]


def _validator(low: float, high: float) -> BeforeValidator:
    return BeforeValidator(lambda value: _amount(value, low, high))


def _optional(low: float, high: float) -> BeforeValidator:
    return BeforeValidator(lambda value: None if value is None else _amount(value, low, high))


_SHARES, _SIGNED, _BITS = (
    _forms({"type": "number", "minimum": low, "maximum": high}) for low, high in ((0, 1), (-1, 1), (1, 8))
)
_NULL = {"type": "null"}

Share = Annotated[Any, _validator(0, 1), WithJsonSchema({"anyOf": _SHARES})]
"""How much at most, or the least and the most, each from 0 to 1."""
Signed = Annotated[Any, _validator(-1, 1), WithJsonSchema({"anyOf": _SIGNED})]
"""The same from -1 to 1; one number is as much in both directions."""
Bits = Annotated[Any, _validator(1, 8), WithJsonSchema({"anyOf": _BITS})]
OptionalShare = Annotated[Any, _optional(0, 1), WithJsonSchema({"anyOf": [*_SHARES, _NULL]})]
OptionalSigned = Annotated[Any, _optional(-1, 1), WithJsonSchema({"anyOf": [*_SIGNED, _NULL]})]
ValueRange = Annotated[tuple[float, float], BeforeValidator(_range), WithJsonSchema(_forms({"type": "number"})[1])]
"""The smallest and the largest value of a pixel."""


def limits(amount: float | Limits, least: float = float("-inf")) -> Limits:
    """The limits of a draw: of a pair its own, of a number ±number, but no less than `least`."""
    if isinstance(amount, tuple):
        low, high = sorted(amount)
        return low, high
    return max(-abs(amount), least), abs(amount)


class Augmentation(Layer, ABC):
    """Random in training; ``y = x`` at inference."""

    differs_in_training = True

    def call(self, g: Builder, x: Tensor) -> Tensor:
        if not g.training:
            return x
        data_format = getattr(self, "data_format", None)
        require_spatial(x, 2, type(self).__name__, data_format)
        y = self.augment(g, channels_last(data_format, x.as_float()))
        return restore_format(data_format, y)

    @abstractmethod
    def augment(self, g: Builder, x: Tensor) -> Tensor:
        """The computation in training, on images (N, height, width, C)."""

    @property
    def own_seed(self) -> int | None:
        """The layer's seed, where it has one."""
        return getattr(self, "seed", None)

    def require_colours(self, x: Tensor, *counts: int) -> None:
        """Raise `ShapeError` unless images have this many channels."""
        if x.shape[3] not in counts:
            expected = " or ".join(map(str, counts))
            raise ShapeError(
                f"{type(self).__name__} takes images of {expected} channels in training, found {x.shape[3]}",
                "leave it out, or set `data_format` where the channels are not the last axis",
            )


# The options of several layers, one by one: Keras has them in a different order in nearly every class, and pydantic
# collects the fields of bases from the last to the first.


class WithSignedFactor(Augmentation, ABC):
    """With a `factor` in both directions."""

    factor: Signed
    """The range of the random factor, `[low, high]` within -1 to 1; a single number f stands for `[-f, f]`."""


class WithFactor(Augmentation, ABC):
    """An augmentation of a random strength, `factor`."""

    factor: Share
    """The range of the random factor, `[low, high]`; a single number f stands for `[0, f]`."""


class WithChance(Augmentation, ABC):
    """With a probability."""

    factor: Share = 1.0
    """The probability that an image is changed. The probability is random itself: it is drawn from the range `[low,
    high]`; a single number f stands for `[0, f]`."""


class WithValueRange(Augmentation, ABC):
    """With a `value_range`."""

    value_range: ValueRange = (0.0, 255.0)
    """The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`."""


class WithSeed(Augmentation, ABC):
    """An augmentation whose draws can be given a seed of their own."""

    seed: NonNegativeInt | None = None
    """The seed of this layer's random numbers; by default they follow from the model's seed."""


class WithFormat(Augmentation, ABC):
    """With a `data_format`."""

    data_format: DataFormat | None = None
    """The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or `channels_first` (batch,
    channels, *spatial)."""


class WithInterpolation(Augmentation, ABC):
    """With an `interpolation`."""

    interpolation: Interpolation = "bilinear"
    """The interpolation between pixels: `nearest` takes the nearest pixel, `bilinear` the weighted mean of the four
    around."""


class WithFillMode(Augmentation, ABC):
    """With a `fill_mode`."""

    fill_mode: FillMode = "reflect"
    """How points outside the image are filled: by reflection (`reflect`), periodically (`wrap`), with the nearest edge
    pixel (`nearest`), or with `fill_value` (`constant`)."""


class WithFillValue(Augmentation, ABC):
    """With a `fill_value`."""

    fill_value: FiniteFloat = 0.0
    """The value outside the image if `fill_mode` is `constant`."""

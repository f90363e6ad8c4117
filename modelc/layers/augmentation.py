"""Random changes of images in training: at inference all of these layers are the identity."""

from __future__ import annotations

from abc import ABC
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, PositiveInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.base import Layer
from modelc.layers.fields import DataFormat, Sizes2
from modelc.options import FiniteFloat, NonNegativeFloat, NonNegativeInt


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _amount(value: Any) -> Any:
    if _is_number(value):
        return float(value)
    pair = tuple(cast("list[Any]", value)) if isinstance(value, list | tuple) else ()
    if len(pair) != 2 or not all(map(_is_number, pair)):
        raise PydanticCustomError("value_type", "expected a number, or a list of two: the lowest and the highest")
    return tuple(map(float, pair))


def _range(value: Any) -> Any:
    pair = _amount(value)
    if isinstance(pair, float) or pair[0] >= pair[1]:
        raise PydanticCustomError("value", "expected a list of two different numbers, the lower first")
    return pair


def _optional(value: Any) -> Any:
    return None if value is None else _amount(value)


_PAIR: dict[str, Any] = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_AMOUNT: list[dict[str, Any]] = [{"type": "number"}, _PAIR]

Amount = Annotated[Any, BeforeValidator(_amount), WithJsonSchema({"anyOf": _AMOUNT})]
"""How much at most, or the least and the most."""
OptionalAmount = Annotated[Any, BeforeValidator(_optional), WithJsonSchema({"anyOf": [*_AMOUNT, {"type": "null"}]})]
ValueRange = Annotated[tuple[float, float], BeforeValidator(_range), WithJsonSchema(_PAIR)]
"""The smallest and the largest value of a pixel."""


class _Augmentation(Layer, ABC):
    """Random in training; ``y = x`` at inference."""

    def call(self, g: Builder, x: Value) -> Value:
        if g.training:
            raise NotImplementedError(f"{type(self).__name__} has no training computation yet")
        return x


# The options of several layers, one by one: Keras has them in a different order in nearly every class, and pydantic
# collects the fields of bases from the last to the first.


class _Factor(_Augmentation, ABC):
    factor: Amount
    """How strong the change is."""


class _ValueRange(_Augmentation, ABC):
    value_range: ValueRange = (0.0, 255.0)
    """The smallest and the largest value of a pixel."""


class _Seed(_Augmentation, ABC):
    seed: NonNegativeInt | None = None
    """Fixes the random draws whatever the model's seed is."""


class _Format(_Augmentation, ABC):
    data_format: DataFormat | None = None
    """Where the channels are: `channels_last` (the default) or `channels_first`."""


class _Interpolation(_Augmentation, ABC):
    interpolation: Literal["nearest", "bilinear"] = "bilinear"
    """How values between pixels are found."""


class _FillMode(_Augmentation, ABC):
    fill_mode: Literal["constant", "nearest", "wrap", "mirror", "reflect"] = "reflect"
    """What lies beyond the edges."""


class _FillValue(_Augmentation, ABC):
    fill_value: FiniteFloat = 0.0
    """The value beyond the edges where `fill_mode` is `constant`."""


class _Chains(_Augmentation, ABC):
    num_chains: PositiveInt = 3
    """The number of chains of changes that are mixed."""
    chain_depth: PositiveInt = 3
    """The most changes in a chain."""
    factor: Amount = 0.3
    """How strong the changes are."""
    alpha: NonNegativeFloat = 1.0
    """The parameter of the distributions that the mixture is drawn from."""
    all_ops: bool = True
    """Whether all kinds of changes are used."""


class AugMix(_Format, _Seed, _Interpolation, _Chains, _ValueRange):
    """In training, a mixture of chains of changes (Hendrycks et al., 2020); else ``y = x``."""


class CutMix(_Format, _Seed, _Factor):
    """In training, a rectangle of every image comes from another one (Yun et al., 2019); else ``y = x``."""

    factor: Amount = 1.0
    """The parameters of the distribution of the rectangle's share."""


class _Bins(_ValueRange, ABC):
    bins: PositiveInt = 256
    """The bins of the histogram."""


class Equalization(_Format, _Bins):
    """In training, the histogram of every channel is made even; else ``y = x``, as in Keras."""


class _Alpha(_Augmentation, ABC):
    alpha: NonNegativeFloat = 0.2
    """The parameter of the distribution of the mixture."""


class MixUp(_Seed, _Format, _Alpha):
    """In training, pairs of images are averaged (Zhang et al., 2018); else ``y = x``."""


class _Ops(_Augmentation, ABC):
    num_ops: PositiveInt = 2
    """The number of changes to an image."""
    factor: Amount = 0.5
    """How strong the changes are."""


class RandAugment(_Format, _Seed, _Interpolation, _Ops, _ValueRange):
    """In training, some changes drawn from a fixed set (Cubuk et al., 2020); else ``y = x``."""


class RandomBrightness(_Format, _Seed, _ValueRange, _Factor):
    """In training, a number is added to an image; else ``y = x``."""


class RandomColorDegeneration(_Seed, _Format, _ValueRange, _Factor):
    """In training, an image is mixed with its grey version; else ``y = x``."""


class _Jitter(_ValueRange, ABC):
    brightness_factor: OptionalAmount = None
    """How much the brightness changes; not at all where null."""
    contrast_factor: OptionalAmount = None
    """How much the contrast changes; not at all where null."""
    saturation_factor: OptionalAmount = None
    """How much the saturation changes; not at all where null."""
    hue_factor: OptionalAmount = None
    """How much the hue changes; not at all where null."""


class RandomColorJitter(_Format, _Seed, _Jitter):
    """In training, brightness, contrast, saturation and hue change; else ``y = x``."""


class RandomContrast(_Format, _Seed, _ValueRange, _Factor):
    """In training, the deviations from an image's mean are scaled; else ``y = x``."""


class _Size(_Augmentation, ABC):
    height: PositiveInt
    """The height of what is cut out."""
    width: PositiveInt
    """The width of what is cut out."""


class RandomCrop(_Format, _Seed, _Size):
    """In training, a part of an image at a random place; else ``y = x``, as Keras computes it.

    Keras's own summary shows the size of the part nevertheless.
    """


class _Scale(_Factor, ABC):
    factor: Amount = 1.0
    """The probability of a change."""
    scale: Amount = 1.0
    """How strong the change is."""


class RandomElasticTransform(_Format, _Seed, _ValueRange, _FillValue, _FillMode, _Interpolation, _Scale):
    """In training, smooth random displacements; else ``y = x``."""


class _Erased(_Augmentation, ABC):
    fill_value: OptionalAmount = None
    """The value of what is erased; noise where null."""


class RandomErasing(_Format, _Seed, _ValueRange, _Erased, _Scale):
    """In training, a rectangle of an image is erased (Zhong et al., 2020); else ``y = x``."""

    scale: Amount = (0.02, 0.33)
    """The share of the image that is erased."""


class _Mode(_Augmentation, ABC):
    mode: Literal["horizontal", "vertical", "horizontal_and_vertical"] = "horizontal_and_vertical"
    """Along which axes."""


class RandomFlip(_Format, _Seed, _Mode):
    """In training, images are mirrored; else ``y = x``."""


class _Blur(_Factor, ABC):
    factor: Amount = 1.0
    """The probability of a change."""
    kernel_size: Sizes2 = (3, 3)
    """The extent of the window."""
    sigma: Amount = 1.0
    """The standard deviation of the blur."""


class RandomGaussianBlur(_Seed, _Format, _ValueRange, _Blur):
    """In training, images are blurred; else ``y = x``."""


class RandomGrayscale(_Seed, _Format, _Factor):
    """In training, images lose their colour; else ``y = x``."""

    factor: Amount = 0.5
    """The probability of a change."""


class RandomHue(_Seed, _Format, _ValueRange, _Factor):
    """In training, the hue is shifted; else ``y = x``."""


class RandomInvert(_Format, _Seed, _ValueRange, _Factor):
    """In training, values are mirrored within their range; else ``y = x``."""

    factor: Amount = 1.0
    """The probability of a change."""


class RandomPerspective(_Format, _Seed, _FillValue, _Interpolation, _Scale):
    """In training, the corners of images are displaced; else ``y = x``."""


class RandomPosterization(_Seed, _Format, _ValueRange, _Factor):
    """In training, values keep some bits only; else ``y = x``."""


class RandomRotation(_Format, _FillValue, _Seed, _Interpolation, _FillMode, _Factor):
    """In training, images are turned; else ``y = x``."""


class RandomSaturation(_Seed, _Format, _ValueRange, _Factor):
    """In training, the saturation is scaled; else ``y = x``."""


class RandomSharpness(_Seed, _Format, _ValueRange, _Factor):
    """In training, images are blurred or sharpened; else ``y = x``."""


class _Shear(_Augmentation, ABC):
    x_factor: Amount = 0.0
    """How much along the width."""
    y_factor: Amount = 0.0
    """How much along the height."""


class RandomShear(_Seed, _Format, _FillValue, _FillMode, _Interpolation, _Shear):
    """In training, images are sheared; else ``y = x``."""


class _Factors(_Augmentation, ABC):
    height_factor: Amount
    """How much along the height."""
    width_factor: Amount
    """How much along the width."""


class RandomTranslation(_Format, _FillValue, _Seed, _Interpolation, _FillMode, _Factors):
    """In training, images are shifted; else ``y = x``."""


class RandomZoom(_Format, _FillValue, _Seed, _Interpolation, _FillMode, _Factors):
    """In training, images are enlarged or reduced; else ``y = x``."""

    width_factor: OptionalAmount = None
    """How much along the width; as along the height where null."""


class _Solar(_Augmentation, ABC):
    addition_factor: Amount = 0.0
    """What is added, as a share of the range."""
    threshold_factor: Amount = 0.0
    """From which share of the range on values are mirrored."""


class Solarization(_Format, _Seed, _ValueRange, _Solar):
    """In training, values from a threshold on are mirrored within their range; else ``y = x``."""

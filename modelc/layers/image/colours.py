"""Colours of images as formulas over their channels."""

from __future__ import annotations

from typing import NamedTuple

from modelc.graph.tensor import Tensor, concatenate, constant

GREY_WEIGHTS = (0.2989, 0.587, 0.114)
"""How bright red, green and blue look: ITU-R BT.601, rounded as Keras has them."""
_EPSILON = 2.0**-23


class Planes(NamedTuple):
    """Red, green and blue, or hue, saturation and value: (N, height, width, 1) each."""

    first: Tensor
    second: Tensor
    third: Tensor


def planes(x: Tensor) -> Planes:
    """The three channels."""
    return Planes(*(x.part(3, channel, channel + 1) for channel in range(3)))


def joined(parts: Planes) -> Tensor:
    """The image of three channels."""
    return concatenate(parts, 3)


def grey(x: Tensor) -> Tensor:
    """The weighted sum of red, green and blue, (N, height, width, 1); an image of one channel itself."""
    if x.shape[3] == 1:
        return x
    red, green, blue = (plane * weight for plane, weight in zip(planes(x), GREY_WEIGHTS, strict=True))
    return red + green + blue


def to_hsv(x: Tensor) -> Planes:
    """Hue (0 to 1), saturation (0 to 1) and value (Smith, 1978) of red, green and blue; colourless hues are 0."""
    one = constant(x.g, 1.0)
    red, green, blue = planes(x.where(abs(x).greater_equal(_EPSILON), 0.0))
    value = red.maximum(green).maximum(blue)
    extent = value - red.minimum(green).minimum(blue)
    saturation = (extent / value.where(value.greater(0.0), one)).gate(value)
    width = extent.where(extent, one) * 6
    from_green = ((blue - red) / width + 2 / 6).where(value.equal(green), (red - green) / width + 4 / 6)
    hue = ((green - blue) / width).where(value.equal(red), from_green)
    return Planes(hue.gate(extent) + hue.less(0.0), saturation, value)


def to_rgb(hue: Tensor, saturation: Tensor, value: Tensor) -> Tensor:
    """The inverse of `to_hsv`; hues repeat after 1."""
    sixth = (hue - hue.floor()) * 6
    red = abs(sixth - 3) - 1
    green, blue = 2 - abs(sixth - 2), 2 - abs(sixth - 4)
    rest = 1 - saturation
    return joined(Planes(*(value * (rest + saturation * shade.clip(0.0, 1.0)) for shade in (red, green, blue))))

"""Colours of images as formulas over their channels."""

from __future__ import annotations

from typing import NamedTuple

from modelc.ops.concat import Concat
from modelc.ops.emit import constant, part
from modelc.ops.term import Term

GREY_WEIGHTS = (0.2989, 0.587, 0.114)
"""How bright red, green and blue look: ITU-R BT.601, rounded as Keras has them."""
_EPSILON = 2.0**-23


class Planes(NamedTuple):
    """Red, green and blue, or hue, saturation and value: (N, height, width, 1) each."""

    first: Term
    second: Term
    third: Term


def planes(x: Term) -> Planes:
    """The three channels."""
    return Planes(*(Term(x.g, part(x.g, x.value, 3, channel, channel + 1)) for channel in range(3)))


def joined(parts: Planes) -> Term:
    """The image of three channels."""
    g = parts.first.g
    return Term(g, g.emit(Concat(3), *(each.value for each in parts)))


def grey(x: Term) -> Term:
    """The weighted sum of red, green and blue, (N, height, width, 1); an image of one channel itself."""
    if x.value.type.shape[3] == 1:
        return x
    red, green, blue = (plane * weight for plane, weight in zip(planes(x), GREY_WEIGHTS, strict=True))
    return red + green + blue


def to_hsv(x: Term) -> Planes:
    """Hue (0 to 1), saturation (0 to 1) and value (Smith, 1978) of red, green and blue; colourless hues are 0."""
    one = Term(x.g, constant(x.g, 1.0))
    red, green, blue = planes(x.masked(x.f("abs").is_("greater_equal", _EPSILON), 0.0))
    value = red.max(green).max(blue)
    extent = value - red.min(green).min(blue)
    saturation = (extent / value.where(value, one)).where(value)
    width = extent.where(extent, one) * 6
    from_green = ((blue - red) / width + 2 / 6).masked(value.is_("equal", green), (red - green) / width + 4 / 6)
    hue = ((green - blue) / width).masked(value.is_("equal", red), from_green)
    return Planes(hue.where(extent) + hue.is_("less", 0.0), saturation, value)


def to_rgb(hue: Term, saturation: Term, value: Term) -> Term:
    """The inverse of `to_hsv`; hues repeat after 1."""
    sixth = (hue - hue.f("floor")) * 6
    red = (sixth - 3).f("abs") - 1
    green, blue = 2 - (sixth - 2).f("abs"), 2 - (sixth - 4).f("abs")
    rest = 1 - saturation
    return joined(Planes(*(value * (rest + saturation * shade.f("clip", 0.0, 1.0)) for shade in (red, green, blue))))

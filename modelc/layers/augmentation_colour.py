"""Layers that change the colours of images in training, pixel by pixel."""

from __future__ import annotations

from abc import ABC

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.augmentation import (
    Augmentation,
    Bits,
    OptionalShare,
    OptionalSigned,
    Share,
    WithChance,
    WithFactor,
    WithFormat,
    WithSeed,
    WithSignedFactor,
    WithValueRange,
    limits,
)
from modelc.layers.augmentation_draws import Draws
from modelc.layers.colours import grey, to_hsv, to_rgb
from modelc.ops.reduce import Reduce
from modelc.ops.term import Term
from modelc.options import Rate

Range = tuple[float, float]
BYTES: Range = (0.0, 255.0)
_EPSILON = 1e-7


def rescaled(x: Term, source: Range, target: Range) -> Term:
    """x with the values of one range mapped to those of another."""
    if source == target:
        return x
    factor = (target[1] - target[0]) / (source[1] - source[0])
    return x * factor + (target[0] - source[0] * factor)


class RandomBrightness(WithFormat, WithSeed, WithValueRange, WithSignedFactor):
    """Makes pictures brighter or darker at random in training.

    In training, a share `factor` of the range is added to an image, and the sum cut to the range; else ``y = x``.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        low, high = self.value_range
        shift = Draws.of(self, g, x).uniform(limits(self.factor)) * (high - low)
        return (Term(g, x) + shift).f("clip", low, high).value


class RandomContrast(WithFormat, WithSeed, WithValueRange, WithFactor):
    """Makes the contrast of pictures stronger or weaker at random in training.

    In training, ``y = (x - mean)·f + mean``, cut to the range, by the means of each channel of each image; else
    ``y = x``.

    f is drawn from ``1 - low`` to ``1 + high`` with a `factor` of [low, high]; one number is [0, high], as in Keras.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        low, high = limits(self.factor, 0.0)
        factor = Draws.of(self, g, x).uniform((1 - low, 1 + high))
        mean = Term(g, g.emit(Reduce("mean", (1, 2), keepdims=True), x))
        return ((Term(g, x) - mean) * factor + mean).f("clip", *self.value_range).value


class RandomInvert(WithFormat, WithSeed, WithValueRange, WithChance):
    """Turns some pictures into negatives at random in training.

    In training, ``y = high - x`` of the value range for some images; else ``y = x``.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        chosen = Draws.of(self, g, x).chance(limits(self.factor, 0.0))
        image = Term(g, x)
        return (self.value_range[1] - image).masked(chosen, image).value


class _Solar(Augmentation, ABC):
    addition_factor: Share = 0.0
    """The number that is added to pixels, as a share of their range."""
    threshold_factor: Share = 0.0
    """The share of the range from which on values are turned around, so that light becomes dark."""


class Solarization(WithFormat, WithSeed, WithValueRange, _Solar):
    """Turns the light parts of pictures dark at random in training.

    In training, something is added, and values from a threshold on are mirrored within their range; else ``y = x``.

    With the range as 0 to 255, both are drawn from a lower factor itself to 255 times the upper one, as in Keras.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        draws = Draws.of(self, g, x)
        added, threshold = (
            draws.uniform((low, high * 255))
            for low, high in (limits(factor, 0.0) for factor in (self.addition_factor, self.threshold_factor))
        )
        bytes_ = (rescaled(Term(g, x), self.value_range, BYTES) + added).f("clip", *BYTES)
        mirrored = bytes_.masked(bytes_.is_("less", threshold), 255 - bytes_)
        return rescaled(mirrored, BYTES, self.value_range).value


class _Posterized(Augmentation, ABC):
    factor: Bits
    """The number of bits that are kept of the 8 of a value: drawn from 1 to this number, or from one to another, which
    is not drawn itself."""


class RandomPosterization(WithSeed, WithFormat, WithValueRange, _Posterized):
    """Reduces the number of shades of pictures at random in training.

    In training, of values as 8 bits only the upper `factor` ones are kept; else ``y = x``.

    What lies outside of the value range is cut to it.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        low, high = (int(bits) for bits in limits(self.factor, 1.0))
        steps = tuple(2.0 ** (8 - bits) for bits in range(low, max(high, low + 1)))
        draws = Draws.of(self, g, x)
        step = draws.lookup(steps, draws.integer(len(steps)))
        bytes_ = rescaled(Term(g, x), self.value_range, BYTES).f("clip", *BYTES)
        return rescaled((bytes_ / step).f("floor") * step, BYTES, self.value_range).value


class _Greyed(Augmentation, ABC):
    factor: Rate = 0.5
    """The probability that a picture loses its colour."""


class RandomGrayscale(WithSeed, WithFormat, _Greyed):
    """Takes the colour out of some pictures at random in training.

    In training, some images lose their colour: all channels are ``0.2989·R + 0.587·G + 0.114·B``; else ``y = x``.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        self.require_colours(x, 1, 3)
        image = Term(g, x)
        chosen = Draws.of(self, g, x).uniform().is_("less", self.factor)
        return grey(image).masked(chosen, image).value


class RandomColorDegeneration(WithSeed, WithFormat, WithValueRange, WithSignedFactor):
    """Makes colours weaker at random in training.

    In training, ``y = x + f·(grey - x)``, cut to the range, with the f of each image; else ``y = x``.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        self.require_colours(x, 1, 3)
        image = Term(g, x)
        factor = Draws.of(self, g, x).uniform(limits(self.factor))
        return (image + (grey(image) - image) * factor).f("clip", *self.value_range).value


class RandomSaturation(WithSeed, WithFormat, WithValueRange, WithSignedFactor):
    """Makes colours stronger or weaker at random in training.

    In training, the saturation is multiplied by ``f / (1 - f)``; else ``y = x``.

    f is drawn from `factor` for each image: 0.5 changes nothing, 0 leaves grey. The new saturation is cut to the value
    range, as in Keras.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        self.require_colours(x, 3)
        factor = Draws.of(self, g, x).uniform(limits(self.factor))
        factor = factor / (1 + _EPSILON - factor)
        hue, saturation, value = to_hsv(Term(g, x))
        return to_rgb(hue, (saturation * factor).f("clip", *self.value_range), value).value


class RandomHue(WithSeed, WithFormat, WithValueRange, WithFactor):
    """Shifts the colours of pictures around the colour circle at random in training.

    In training, the hue is turned by up to half of `factor` of the circle, either way; else ``y = x``.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        self.require_colours(x, 3)
        draws = Draws.of(self, g, x)
        shift = draws.sign() * draws.uniform(limits(self.factor, 0.0)) * 0.5
        hue, saturation, value = to_hsv(rescaled(Term(g, x), self.value_range, (0.0, 1.0)))
        turned = to_rgb(hue + shift, saturation, value).f("clip", 0.0, 1.0)
        return rescaled(turned, (0.0, 1.0), self.value_range).value


class _Jitter(WithValueRange, ABC):
    brightness_factor: OptionalSigned = None
    """The strength of the random change of brightness, as in RandomBrightness; null for none."""
    contrast_factor: OptionalShare = None
    """The strength of the random change of contrast, as in RandomContrast; null for none."""
    saturation_factor: OptionalSigned = None
    """The strength of the random change of saturation, as in RandomSaturation; null for none."""
    hue_factor: OptionalShare = None
    """The strength of the random change of hue, as in RandomHue; null for none."""


class RandomColorJitter(WithFormat, WithSeed, _Jitter):
    """Changes brightness, contrast, saturation and hue at random in training.

    In training, RandomBrightness, RandomContrast, RandomSaturation and RandomHue in this order; else ``y = x``.
    """

    def augment(self, g: Builder, x: Value) -> Value:
        for layer, factor in (
            (RandomBrightness, self.brightness_factor),
            (RandomContrast, self.contrast_factor),
            (RandomSaturation, self.saturation_factor),
            (RandomHue, self.hue_factor),
        ):
            if factor is not None:
                x = layer(factor=factor, value_range=self.value_range, seed=self.seed).augment(g, x)
        return x

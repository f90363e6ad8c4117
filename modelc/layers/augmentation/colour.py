"""Layers that change the colours of images in training, pixel by pixel."""

from __future__ import annotations

from abc import ABC

from modelc.config.options import Rate
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.augmentation.base import (
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
from modelc.layers.augmentation.draws import Draws
from modelc.layers.image.colours import grey, to_hsv, to_rgb

Range = tuple[float, float]
BYTES: Range = (0.0, 255.0)
_EPSILON = 1e-7


def rescaled(x: Tensor, source: Range, target: Range) -> Tensor:
    """x with the values of one range mapped to those of another."""
    if source == target:
        return x
    factor = (target[1] - target[0]) / (source[1] - source[0])
    return x * factor + (target[0] - source[0] * factor)


class RandomBrightness(WithFormat, WithSeed, WithValueRange, WithSignedFactor):
    """Randomly shifts the brightness of images in training.

    In training, ``y = clip(x + f·(high - low))`` with the value range [low, high] and f drawn from `factor` per image;
    else ``y = x``.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        low, high = self.value_range
        shift = Draws.of(self, g, x).uniform(limits(self.factor)) * (high - low)
        return (x + shift).clip(low, high)


class RandomContrast(WithFormat, WithSeed, WithValueRange, WithFactor):
    """Randomly scales the contrast of images in training.

    In training, ``y = clip((x - mean)·f + mean)``, with the mean of each channel of each image; else ``y = x``.

    f is drawn from ``1 - low`` to ``1 + high`` for a `factor` of [low, high]; a single number stands for [0, number],
    as in Keras.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        low, high = limits(self.factor, 0.0)
        factor = Draws.of(self, g, x).uniform((1 - low, 1 + high))
        mean = x.mean((1, 2), keepdims=True)
        return ((x - mean) * factor + mean).clip(*self.value_range)


class RandomInvert(WithFormat, WithSeed, WithValueRange, WithChance):
    """Randomly inverts images in training.

    In training, ``y = high - x`` for randomly chosen images, high the upper end of the value range; else ``y = x``.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        chosen = Draws.of(self, g, x).chance(limits(self.factor, 0.0))
        image = x
        return (self.value_range[1] - image).where(chosen, image)


class _Solar(Augmentation, ABC):
    addition_factor: Share = 0.0
    """The range of the number added to all pixels before the inversion, as a fraction of the value range."""
    threshold_factor: Share = 0.0
    """The range of the threshold, as a fraction of the value range: pixels at or above it are inverted."""


class Solarization(WithFormat, WithSeed, WithValueRange, _Solar):
    """Randomly solarizes images in training: inverts all pixels above a threshold.

    In training, a random number is added to the pixels, and values at or above a random threshold are inverted within
    the value range; else ``y = x``.

    On the scale 0 to 255, both numbers are drawn from the lower factor (not multiplied by 255) to 255 times the upper
    one, as in Keras.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        draws = Draws.of(self, g, x)
        added, threshold = (
            draws.uniform((low, high * 255))
            for low, high in (limits(factor, 0.0) for factor in (self.addition_factor, self.threshold_factor))
        )
        bytes_ = (rescaled(x, self.value_range, BYTES) + added).clip(*BYTES)
        mirrored = bytes_.where(bytes_.less(threshold), 255 - bytes_)
        return rescaled(mirrored, BYTES, self.value_range)


class _Posterized(Augmentation, ABC):
    factor: Bits
    """The number of bits kept of each 8-bit value: drawn from 1 to this number, or from the first of two numbers to
    below the second."""


class RandomPosterization(WithSeed, WithFormat, WithValueRange, _Posterized):
    """Randomly reduces the number of bits per colour channel in training.

    In training, only the upper `factor` bits of values scaled to 8 bits are kept; else ``y = x``.

    Values outside the value range are clipped.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        low, high = (int(bits) for bits in limits(self.factor, 1.0))
        steps = tuple(2.0 ** (8 - bits) for bits in range(low, max(high, low + 1)))
        draws = Draws.of(self, g, x)
        step = draws.lookup(steps, draws.integer(len(steps)))
        bytes_ = rescaled(x, self.value_range, BYTES).clip(*BYTES)
        return rescaled((bytes_ / step).floor() * step, BYTES, self.value_range)


class _Greyed(Augmentation, ABC):
    factor: Rate = 0.5
    """The probability that an image is converted to greyscale."""


class RandomGrayscale(WithSeed, WithFormat, _Greyed):
    """Randomly converts images to greyscale in training.

    In training, all channels of randomly chosen images become ``0.2989·R + 0.587·G + 0.114·B``; else ``y = x``.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        self.require_colours(x, 1, 3)
        image = x
        chosen = Draws.of(self, g, x).uniform().less(self.factor)
        return grey(image).where(chosen, image)


class RandomColorDegeneration(WithSeed, WithFormat, WithValueRange, WithSignedFactor):
    """Randomly blends images with their greyscale version in training.

    In training, ``y = clip(x + f·(grey - x))`` with f drawn from `factor` per image; else ``y = x``.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        self.require_colours(x, 1, 3)
        image = x
        factor = Draws.of(self, g, x).uniform(limits(self.factor))
        return (image + (grey(image) - image) * factor).clip(*self.value_range)


class RandomSaturation(WithSeed, WithFormat, WithValueRange, WithSignedFactor):
    """Randomly adjusts the saturation of images in training.

    In training, the saturation is multiplied by ``f / (1 - f)``; else ``y = x``.

    f is drawn from `factor` per image: 0.5 changes nothing, 0 gives grey. The new saturation is clipped to the value
    range, as in Keras.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        self.require_colours(x, 3)
        factor = Draws.of(self, g, x).uniform(limits(self.factor))
        factor = factor / (1 + _EPSILON - factor)
        hue, saturation, value = to_hsv(x)
        return to_rgb(hue, (saturation * factor).clip(*self.value_range), value)


class RandomHue(WithSeed, WithFormat, WithValueRange, WithFactor):
    """Randomly shifts the hue of images in training.

    In training, the hue is shifted in either direction by up to half of `factor`, as a fraction of the colour circle;
    else ``y = x``.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        self.require_colours(x, 3)
        draws = Draws.of(self, g, x)
        shift = draws.sign() * draws.uniform(limits(self.factor, 0.0)) * 0.5
        hue, saturation, value = to_hsv(rescaled(x, self.value_range, (0.0, 1.0)))
        turned = to_rgb(hue + shift, saturation, value).clip(0.0, 1.0)
        return rescaled(turned, (0.0, 1.0), self.value_range)


class _Jitter(WithValueRange, ABC):
    brightness_factor: OptionalSigned = None
    """The factor of RandomBrightness; null leaves the brightness unchanged."""
    contrast_factor: OptionalShare = None
    """The factor of RandomContrast; null leaves the contrast unchanged."""
    saturation_factor: OptionalSigned = None
    """The factor of RandomSaturation; null leaves the saturation unchanged."""
    hue_factor: OptionalShare = None
    """The factor of RandomHue; null leaves the hue unchanged."""


class RandomColorJitter(WithFormat, WithSeed, _Jitter):
    """Randomly adjusts brightness, contrast, saturation and hue of images in training.

    In training, RandomBrightness, RandomContrast, RandomSaturation and RandomHue are applied in this order; else ``y =
    x``.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        for layer, factor in (
            (RandomBrightness, self.brightness_factor),
            (RandomContrast, self.contrast_factor),
            (RandomSaturation, self.saturation_factor),
            (RandomHue, self.hue_factor),
        ):
            if factor is not None:
                x = layer(factor=factor, value_range=self.value_range, seed=self.seed).augment(g, x)
        return x

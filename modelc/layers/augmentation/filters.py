"""Layers that blur, sharpen, erase and equalize images in training."""

from __future__ import annotations

from abc import ABC
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, PositiveInt, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.formulas import truncate
from modelc.graph.tensor import Tensor, constant
from modelc.layers.augmentation.base import Share, WithChance, WithFactor, WithFormat, WithSeed, WithValueRange, limits
from modelc.layers.augmentation.colour import BYTES, rescaled
from modelc.layers.augmentation.draws import PER_BATCH, Draws, Grid, extents, rectangle
from modelc.layers.image.blur import blur, gaussian, window
from modelc.layers.options.fields import Sizes2
from modelc.ops.constant import Constant, Range
from modelc.ops.gather import AddRows, Gather
from modelc.ops.shape import Broadcast

_SMOOTHED = tuple(weight / 13 for weight in (1.0, 1.0, 1.0, 1.0, 5.0, 1.0, 1.0, 1.0, 1.0))
_MOST_BINS = 4096


class RandomSharpness(WithSeed, WithFormat, WithValueRange, WithFactor):
    """Randomly sharpens or blurs images in training.

    In training, ``y = clip(x + (1 - 2·f)·(smoothed - x))`` with f drawn from `factor` per image; else ``y = x``.

    ``smoothed`` is a weighted mean of 3×3 pixels whose centre has weight 5: f = 0.5 changes nothing, 0 blurs, 1
    sharpens.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        factor = Draws.of(self, g, x).uniform(limits(self.factor, 0.0)) * 2
        image, weights = x, g.emit(Constant(_SMOOTHED, (9,)))
        smoothed = window(image, weights, (3, 3))
        return (image + (smoothed - image) * (1 - factor)).clip(*self.value_range)


class _Blur(WithChance, ABC):
    kernel_size: Sizes2 = (3, 3)
    """The width and height of the Gaussian kernel in pixels, both odd."""
    sigma: Share = 1.0
    """The standard deviation of the Gaussian in pixels: drawn from 0 to this number, or from a range `[low, high]`."""

    @field_validator("kernel_size")
    @classmethod
    def _odd(cls, value: tuple[int, int]) -> tuple[int, int]:
        if any(size % 2 == 0 for size in value):
            raise PydanticCustomError("value", "expected odd numbers, found {found}", {"found": list(value)})
        return value


class RandomGaussianBlur(WithSeed, WithFormat, WithValueRange, _Blur):
    """Randomly blurs images in training.

    In training, randomly chosen images are convolved with a Gaussian kernel and clipped to the value range; else ``y =
    x``.

    The standard deviations along width and height are drawn from `sigma`, once per batch.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        draws, image = Draws.of(self, g, x), x
        chosen = draws.chance(limits(self.factor, 0.0))
        width, height = (
            gaussian(g, size // 2, draws.uniform(limits(self.sigma, 0.0), PER_BATCH) + 1e-6)
            for size in self.kernel_size
        )
        return blur(image, height, width).where(chosen, image).clip(*self.value_range)


def _colour(value: Any) -> Any:
    numbers = tuple(cast("list[Any]", value)) if isinstance(value, list | tuple) else (value,)
    wrong = [n for n in numbers if isinstance(n, bool) or not isinstance(n, int | float) or abs(n) == float("inf")]
    if value is not None and (wrong or len(numbers) not in (1, 3)):
        raise PydanticCustomError("value_type", "expected a number, a list of three, or null")
    return None if value is None else tuple(map(float, numbers)) if len(numbers) == 3 else float(numbers[0])


Colour = Annotated[
    Any,
    BeforeValidator(_colour),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number"},
                {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3},
                {"type": "null"},
            ]
        }
    ),
]


class _Erased(WithChance, ABC):
    scale: Share = (0.02, 0.33)
    """The range of the erased area, as a fraction of the image area."""
    fill_value: Colour = None
    """The value of erased pixels: one number, or one per channel of three; null fills with noise."""


class RandomErasing(WithFormat, WithSeed, WithValueRange, _Erased):
    """Randomly erases a rectangle of images in training.

    In training, a rectangle of randomly chosen images is erased (Zhong et al., 2020); else ``y = x``.

    The height and the width of the rectangle, as fractions of the image's, are square roots of numbers drawn from
    `scale`. The noise is normal, multiplied by the upper end of the value range; filled values are clipped to the
    range.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        draws, image = Draws.of(self, g, x), x
        height, width, channels = extents(x)
        across, down = (draws.uniform(limits(self.scale, 0.0)).sqrt() for _ in range(2))
        mask = rectangle(draws, Grid.of(g, height, width, after=1), down, across)
        chosen = draws.chance(limits(self.factor, 0.0))
        if self.fill_value is None:
            filling = draws.normal((None, height, width, channels)) * self.value_range[1]
        else:
            given = cast("tuple[float, ...] | float", self.fill_value)
            values = given if isinstance(given, tuple) else (given,)
            if len(values) == 3:
                self.require_colours(x, 3)
            filling = g.emit(Constant(values, (len(values),)))
        return filling.clip(*self.value_range).where(mask * chosen, image)


class _Bins(WithValueRange, ABC):
    bins: PositiveInt = 256
    """The number of histogram bins."""


class Equalization(WithFormat, _Bins):
    """Equalizes the histogram of each channel in training.

    In training, the histogram of each channel, taken over all images of the batch, is equalized; else ``y = x``.

    On the scale 0 to 255, with C(b) the number of values in the bins up to b, the values of bin b become
    ``round(255·(C(b) - C(first)) / (C(last) - C(first)))``, first and last being the first and last non-empty bin. A
    channel with one non-empty bin is unchanged.
    """

    def augment(self, g: Builder, x: Tensor) -> Tensor:
        channels = x.dims[2]
        if self.bins > _MOST_BINS:
            raise ShapeError(f"`bins` (={self.bins}) of Equalization must be at most {_MOST_BINS} in training")
        image = rescaled(x, self.value_range, BYTES)
        top, whole = float(self.bins - 1), constant(g, 255.0)
        # Keras counts with one of these indices and looks up with the other, which may be rounded down below it.
        counted = self._bin(g, image * top / whole)
        ones = constant(g, 1.0).emit(Broadcast((*counted.shape, 1)), x)
        histogram = counted.emit(AddRows(channels * self.bins), ones).under((channels, self.bins))
        up_to = g.emit(Range(self.bins)).under((self.bins, 1)).less_equal(g.emit(Range(self.bins)))
        sums = histogram @ up_to
        last = sums.part(1, self.bins - 1, self.bins)
        filled = sums.where(sums.greater(0.0), last)
        first = filled.min((1,), keepdims=True)
        spread = last - first
        one_bin = spread.equal(0.0)
        table = ((sums - first) * 255 / constant(g, 1.0).where(one_bin, spread)).round().clip(*BYTES)
        rows = table.under((channels * self.bins, 1))
        looked_up = self._bin(g, image / whole * top).emit(Gather(), rows)
        even = looked_up.under(x.shape)
        stays = one_bin.under((channels,))
        return rescaled(image.where(stays, even), BYTES, self.value_range)

    def _bin(self, g: Builder, scaled: Tensor) -> Tensor:
        """The numbers of bins, those of all channels one after the other."""
        channels = scaled.dims[2]
        cut = truncate(scaled).clip(0.0, float(self.bins - 1))
        firsts = g.emit(Constant(tuple(float(c * self.bins) for c in range(channels)), (channels,)))
        return (cut + firsts).cast("int32")

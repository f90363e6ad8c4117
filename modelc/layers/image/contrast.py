"""AutoContrast."""

from __future__ import annotations

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, where
from modelc.layers.augmentation.base import ValueRange
from modelc.layers.base import Layer
from modelc.layers.options.fields import DataFormat


class AutoContrast(Layer):
    """Stretches the values of each channel to the full value range, in training and at inference.

    ``y = clip((x - low) / (high - low), 0, 1)``, scaled to the value range, with low and high the extremes of x along
    axes 1 and 2.

    A channel with a single value is unchanged. The axes are fixed as in Keras: height and width of `channels_last`
    images.
    """

    value_range: ValueRange = (0.0, 255.0)
    """The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`."""
    data_format: DataFormat | None = None
    """No effect; accepted as in Keras."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        if x.rank != 4:
            message = f"AutoContrast takes 4-D input (batch, height, width, channels), found {x.rank}-D"
            raise ShapeError(message, takes=4)
        x = x.as_float()
        low = x.min((1, 2), keepdims=True)
        extent = x.max((1, 2), keepdims=True) - low
        share = (x - low) / extent
        start, end = self.value_range
        stretched = share.clip(0.0, 1.0) * (end - start) + start
        return where(extent, stretched, x)

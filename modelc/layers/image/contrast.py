"""AutoContrast."""

from __future__ import annotations

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.augmentation.base import ValueRange
from modelc.layers.base import Layer
from modelc.layers.emit import as_float, binary, unary
from modelc.layers.fields import DataFormat
from modelc.ops.reduce import Reduce
from modelc.ops.select import Select


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

    def call(self, g: Builder, x: Value) -> Value:
        if x.type.rank != 4:
            raise ShapeError(f"AutoContrast takes 4-D input (batch, height, width, channels), found {x.type.rank}-D")
        x = as_float(g, x)
        low = g.emit(Reduce("min", (1, 2), keepdims=True), x)
        extent = binary(g, "subtract", g.emit(Reduce("max", (1, 2), keepdims=True), x), low)
        share = binary(g, "divide", binary(g, "subtract", x, low), extent)
        start, end = self.value_range
        stretched = unary(g, "scale", unary(g, "clip", share, 0.0, 1.0), end - start, start)
        return g.emit(Select(), extent, stretched, x)

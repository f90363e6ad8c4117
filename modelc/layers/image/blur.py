"""Blurring images by windows whose weights are computed."""

from __future__ import annotations

from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.ops.constant import Constant
from modelc.ops.conv import Conv
from modelc.ops.shape import Broadcast
from modelc.ops.take import require_few


def gaussian(g: Builder, radius: int, sigma: Tensor, cut: float | None = None) -> Tensor:
    """``exp(-t²/(2·sigma²))`` for t from -radius to radius, over their sum; 0 beyond `cut`·sigma. sigma: a scalar."""
    require_few(2 * radius + 1)
    places = g.emit(Constant(tuple(float(t) for t in range(-radius, radius + 1)), (2 * radius + 1,)))
    weights = ((places / sigma).square() * -0.5).exp()
    if cut is not None:
        weights = weights * abs(places).less_equal(sigma * cut)
    return weights / weights.sum((0,), keepdims=True)


def blur(x: Tensor, along_height: Tensor, along_width: Tensor) -> Tensor:
    """Images (N, height, width, C) by these weights (K,), K odd; beyond the edges all is 0."""
    high, wide = along_height.type.size, along_width.type.size
    return window(window(x, along_height, (high, 1)), along_width, (1, wide))


def window(x: Tensor, weights: Tensor, size: tuple[int, int]) -> Tensor:
    """The sum of a window of this odd size around each pixel, by these weights, channel by channel."""
    channels = x.dims[-1]
    if size == (1, 1):
        return x * weights
    kernel = weights.under((*size, 1, 1)).emit(Broadcast((*size, 1, channels)))
    pads = tuple((extent // 2, extent // 2) for extent in size)
    return x.emit(Conv((1, 1), pads, (1, 1), channels), kernel)

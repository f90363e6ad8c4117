"""Blurring images by windows whose weights are computed."""

from __future__ import annotations

from modelc.graph.builder import Builder
from modelc.ops.constant import Constant
from modelc.ops.conv import Conv
from modelc.ops.emit import reshape
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Broadcast
from modelc.ops.take import require_few
from modelc.ops.term import Term


def gaussian(g: Builder, radius: int, sigma: Term, cut: float | None = None) -> Term:
    """``exp(-t²/(2·sigma²))`` for t from -radius to radius, over their sum; 0 beyond `cut`·sigma. sigma: a scalar."""
    require_few(2 * radius + 1)
    places = Term(g, g.emit(Constant(tuple(float(t) for t in range(-radius, radius + 1)), (2 * radius + 1,))))
    weights = ((places / sigma).f("square") * -0.5).f("exponential")
    if cut is not None:
        weights = weights * places.f("abs").is_("less_equal", sigma * cut)
    return weights / Term(g, g.emit(Reduce("sum", (0,), keepdims=True), weights.value))


def blur(x: Term, along_height: Term, along_width: Term) -> Term:
    """Images (N, height, width, C) by these weights (K,), K odd; beyond the edges all is 0."""
    high, wide = along_height.value.type.size, along_width.value.type.size
    return window(window(x, along_height, (high, 1)), along_width, (1, wide))


def window(x: Term, weights: Term, size: tuple[int, int]) -> Term:
    """The sum of a window of this odd size around each pixel, by these weights, channel by channel."""
    g, channels = x.g, x.value.type.dims[-1]
    if size == (1, 1):
        return x * weights
    kernel = g.emit(Broadcast((*size, 1, channels)), reshape(g, weights.value, (*size, 1, 1)))
    pads = tuple((extent // 2, extent // 2) for extent in size)
    return Term(g, g.emit(Conv((1, 1), pads, (1, 1), channels), x.value, kernel))

"""Compute outputs that lie side by side as one, where a convolution has too few filters to fill a vector.

conv(x, K) + b          →  reshape(conv(x, wide K; strides·P) + wide b)
conv_transpose(x, K)    →  the same with K flipped, where its strides are 1
kernel_gradient(x, dy)  →  Σ_p a slice of kernel_gradient(x, reshape(dy); strides·P)

P outputs along the last axis are P·Q columns of one product, whose window reaches over all of theirs: for output p it
holds the kernel from p·stride on, and zeros elsewhere. That is more to multiply, but vectors that are not mostly empty
win more than that. What is not finite in x reaches all of the P outputs.
"""

from __future__ import annotations

import math
from dataclasses import replace

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely, surely_equal
from modelc.native.ops.fused import Fused
from modelc.native.target import LANES, WIDEST_TILE
from modelc.ops.concat import Concat
from modelc.ops.conv import Conv, ConvKernelGradient, ConvTranspose, extent
from modelc.ops.elementwise import Binary
from modelc.ops.places import Stepped
from modelc.ops.shape import Broadcast, Pad, Reshape, Slice, Transpose
from modelc.ops.take import Take
from modelc.passes.rewrite import Rewriter, rewrite

_MOST_TAPS = 1 << 12
_GAIN = 0.8
"""The share of the time before that makes the steps around it worth their while."""
LEAST_WORK = 1 << 15
"""Multiply-adds of a sample from which on it matters at all."""


def widen_convolutions(graph: Graph) -> Graph:
    """The graph in which convolutions with few filters compute several outputs as one."""
    return rewrite(graph, lambda rewriter, node: _convolution(rewriter, node) or _gradient(rewriter, node))


def _cost(outputs: int, window: int, stride: int, filters: int) -> float:
    """Vectors times taps for one output, of so many as are computed as one."""
    return -(-outputs * filters // LANES) * (window + (outputs - 1) * stride) / outputs


def _together(window: int, stride: int, width: int, filters: int) -> int:
    """How many outputs of a row of `width` are best computed as one."""
    fitting = [p for p in range(1, WIDEST_TILE // filters + 1) if surely_equal(width % p, 0)]
    best = min(fitting, key=lambda p: _cost(p, window, stride, filters), default=1)
    gains = _cost(best, window, stride, filters) <= _GAIN * _cost(1, window, stride, filters)
    return best if gains else 1


def cost_of_outputs(window: int, stride: int, width: int, filters: int) -> float:
    """Vectors times taps for one output, as this pass leaves it."""
    return _cost(_together(window, stride, width, filters), window, stride, filters)


def _convolution(rewriter: Rewriter, node: Node) -> Value | None:
    """A convolution or a transposed one, with what is fused to it."""
    fused = node.op if isinstance(node.op, Fused) else Fused(node.op)
    conv, layer = fused.base, node.layer
    if not isinstance(conv, Conv | ConvTranspose) or node.output in rewriter.constants:
        return None
    x, kernel, *bias = rewriter.operands(node)
    y = node.output.type
    # The kernel is walked tap by tap: it takes memory for each of them.
    if math.prod(kernel.type.dims[:-2]) > _MOST_TAPS:
        return None
    if not x.type.batched or conv.groups > 1 or conv.dilation[-1] > 1 or _work(node) < LEAST_WORK:
        return None
    together = _together(kernel.type.dims[-3], conv.strides[-1], y.dims[-2], y.dims[-1])
    if together == 1:
        return None
    if isinstance(conv, ConvTranspose):
        straight = direct(conv, kernel)
        if straight is None:
            return None
        conv, kernel = straight, flipped(rewriter, kernel, layer)
    stride = conv.strides[-1]
    kernel = _wide(rewriter, kernel, together, stride, layer)
    bias = [_repeated(rewriter, value, together, layer) for value in bias]
    base = replace(conv, strides=(*conv.strides[:-1], stride * together))
    made = replace(fused, base=base) if fused is node.op else base
    return rewriter.emit(Reshape(y.shape), rewriter.emit(made, x, kernel, *bias, layer=layer), layer=layer)


def _work(node: Node) -> int:
    return likely(node.macs)


def direct(conv: ConvTranspose, kernel: Value) -> Conv | None:
    """The convolution that a transposed one is, but for the order of its kernel."""
    padding = tuple(
        (extent(window, dilation) - 1 - low, extent(window, dilation) - 1 - high)
        for window, dilation, (low, high) in zip(kernel.type.dims, conv.dilation, conv.crop, strict=False)
    )
    if any(s > 1 for s in conv.strides) or any(low < 0 or high < 0 for low, high in padding):
        return None
    return Conv(conv.strides, padding, conv.dilation)


def flipped(rewriter: Rewriter, kernel: Value, layer: str) -> Value:
    """(*window, Q, C) → (*window, C, Q), the window from its end to its beginning."""
    *window, filters, channels = kernel.type.dims
    taps = math.prod(window)
    flat = rewriter.emit(Reshape((taps, filters, channels)), kernel, layer=layer)
    turned = rewriter.emit(Take(0, Stepped.reversed(taps)), flat, layer=layer)
    moved = rewriter.emit(Transpose((0, 2, 1)), turned, layer=layer)
    return rewriter.emit(Reshape((*window, channels, filters)), moved, layer=layer)


def _wide(rewriter: Rewriter, kernel: Value, together: int, stride: int, layer: str) -> Value:
    """(*window, C, Q) → (*window longer by (P - 1)·stride, C, P·Q)."""
    rank = kernel.type.rank
    parts: list[Value] = []
    for p in range(together):
        longer = (p * stride, (together - 1 - p) * stride)
        pads = tuple(longer if axis == rank - 3 else (0, 0) for axis in range(rank))
        parts.append(rewriter.emit(Pad(pads), kernel, layer=layer))
    return rewriter.emit(Concat(rank - 1), *parts, layer=layer)


def _repeated(rewriter: Rewriter, bias: Value, together: int, layer: str) -> Value:
    (filters,) = bias.type.dims
    rows = rewriter.emit(Broadcast((together, filters)), bias, layer=layer)
    return rewriter.emit(Reshape((together * filters,)), rows, layer=layer)


def _gradient(rewriter: Rewriter, node: Node) -> Value | None:
    """The gradient of a convolution by its kernel."""
    op, layer = node.op, node.layer
    if not isinstance(op, ConvKernelGradient) or op.groups > 1 or op.dilation[-1] > 1 or _work(node) < LEAST_WORK:
        return None
    x, dy = rewriter.operands(node)
    *outer, width, filters = dy.type.shape
    assert width is not None and filters is not None
    window, stride = op.window[-1], op.strides[-1]
    together = _together(window, stride, width, filters)
    if together == 1:
        return None
    rows = rewriter.emit(Reshape((*outer, width // together, together * filters)), dy, layer=layer)
    longer = (*op.window[:-1], window + (together - 1) * stride)
    made = replace(op, window=longer, strides=(*op.strides[:-1], stride * together))
    wide = rewriter.emit(made, x, rows, layer=layer)
    *_, channels, _ = wide.type.dims
    y: Value | None = None
    for p in range(together):
        starts = (*(0 for _ in longer[:-1]), p * stride, 0, p * filters)
        stops = (*longer[:-1], p * stride + window, channels, (p + 1) * filters)
        part = rewriter.emit(Slice(starts, stops, (1,) * len(starts)), wide, layer=layer)
        y = part if y is None else rewriter.emit(Binary("add"), y, part, layer=layer)
    return y

"""Compute convolutions of 3×3 with fewer multiplications, by Winograd's minimal filtering, where that takes less time.

conv(x, K; padding=p)  →  winograd(x, K, work area; padding=p)

It needs 4 multiplications rather than 9 for an output with tiles of 2 by 2 outputs, 2.25 with those of 4 by 4, but it
transforms inputs and outputs, reads 16 or 36 weights in place of 9, and does whole tiles. What is not finite in x
reaches all outputs of the tiles that read it.

Rounding errors are larger than those of a plain sum, as each output is a difference of larger numbers: for tiles of 2
by 2 about twice, for those of 4 by 4 about ten times as large. `tests/native/families/test_winograd.py` holds them to
1e-6 and 5e-6 of a layer's largest output.
"""

from __future__ import annotations

from dataclasses import replace

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely
from modelc.native.engine.cpus import thread_count
from modelc.native.families.winograd.params import WorkingMemory
from modelc.native.families.winograd.transforms import PAIRS, TAPS, points_of
from modelc.native.ops.fused import Fused
from modelc.native.ops.winograd import Winograd, WorkArea
from modelc.native.passes.widen_convolutions import cost_of_outputs
from modelc.native.target import LANES
from modelc.ops.conv import Conv
from modelc.passes.rewrite import Rewriter, rewrite

_TRANSFORM, _READ = 16, 12
"""What it takes to transform a value, and to read a weight, in multiply-adds: fitted to `bench_winograd.py`."""
_GAIN = 0.85
"""The share of the time before that makes it worth its memory and its rounding errors."""


def fewer_products(graph: Graph) -> Graph:
    """The graph in which such convolutions are `Winograd` ops, unless it is to be computed exactly."""
    return graph if graph.exact else rewrite(graph, _rule)


def cost_direct(size: tuple[int, int], channels: int, filters: int) -> float:
    """The multiply-adds of a convolution of 3×3 with an output of this size, on the vectors of its filters, and what it
    takes to read its weights."""
    height, width = size
    products = height * width * TAPS * cost_of_outputs(TAPS, 1, width, filters) * LANES * channels
    return products + _READ * TAPS * TAPS * channels * _columns(filters)


def cost(outputs: int, size: tuple[int, int], channels: int, filters: int) -> float:
    """The same for tiles of `outputs` by `outputs`, with their transforms."""
    height, width = size
    tiles = -(-height // outputs) * -(-width // outputs)
    products = channels * _columns(filters)
    return points_of(outputs) ** 2 * ((tiles + _READ) * products + tiles * _TRANSFORM * (channels + filters))


def _columns(filters: int) -> int:
    """Filters rounded up to whole vectors."""
    return -(-filters // LANES) * LANES


def _rule(rewriter: Rewriter, node: Node) -> Value | None:
    fused = node.op if isinstance(node.op, Fused) else Fused(node.op)
    conv, layer = fused.base, node.layer
    if not isinstance(conv, Conv):
        return None
    x, kernel, *bias = rewriter.operands(node)
    if kernel not in rewriter.constants or node.output in rewriter.constants or not x.type.batched:
        return None
    outputs = tile_of(conv, kernel.type.dims, node.output.type.dims)
    if outputs is None:
        return None
    *_, channels, filters = kernel.type.dims
    memory = WorkingMemory.of(outputs, channels, filters, thread_count())
    area = rewriter.emit(WorkArea(memory), x, layer=layer)
    made = Winograd(conv, memory)
    op = replace(fused, base=made) if fused is node.op else made
    return rewriter.emit(op, x, kernel, area, *bias, layer=layer)


def tile_of(conv: Conv, kernel: tuple[int, ...], output: tuple[int, ...]) -> int | None:
    """The outputs along an axis of the tiles that take the least time; None where none are worth it."""
    *window, channels, filters = kernel
    if window != [TAPS, TAPS] or conv.groups > 1 or max(*conv.strides, *conv.dilation) > 1:
        return None
    if min(channels, filters) < LANES:
        return None
    height, width = likely(output[0]), likely(output[1])
    best = min(PAIRS, key=lambda outputs: cost(outputs, (height, width), channels, filters))
    gains = cost(best, (height, width), channels, filters) <= _GAIN * cost_direct((height, width), channels, filters)
    return best if gains else None

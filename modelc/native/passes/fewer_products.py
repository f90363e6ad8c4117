"""Compute convolutions with fewer multiplications, by Winograd's minimal filtering, where that takes less time.

conv(x, K; padding=p)          →  winograd(x, K, work area; padding=p)
conv(x, K; padding=p)          →  winograd(x, K, work area, pack(matmul(G, K)); padding=p)  where K is no constant
conv_transpose(x, K; crop=c)   →  winograd(x, K flipped, ...; padding=2 - c)                where its strides are 1

With windows of 3×3 it needs 4 multiplications rather than 9 for an output with tiles of 2 by 2 outputs, 2.25 with those
of 4 by 4; but it transforms inputs and outputs, reads 16 or 36 weights in place of 9, and does whole tiles. The other
forms are those of `families/winograd/transforms.py`. What is not finite in x reaches all outputs of the tiles that read
it.

Rounding errors are larger than those of a plain sum, as each output is a difference of larger numbers: for tiles of 2
by 2 about twice, for other forms about ten times as large. `tests/native/families/test_winograd.py` bounds them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely
from modelc.native.engine.cpus import thread_count
from modelc.native.families.winograd.params import WorkingMemory
from modelc.native.families.winograd.transforms import FORMS, Form, kernel_transform
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed import PackBias, PackKernel
from modelc.native.ops.winograd import Winograd
from modelc.native.ops.work_area import WorkArea
from modelc.native.passes.widen_convolutions import cost_of_outputs, direct, flipped
from modelc.native.target import LANES, padded_columns
from modelc.ops.constant import Constant
from modelc.ops.conv import Conv, ConvTranspose
from modelc.ops.matmul import MatMul
from modelc.ops.shape import Reshape
from modelc.passes.rewrite import Rewriter, rewrite

_TRANSFORM, _READ = 16, 12
"""What it takes to transform a value, and to read a weight, in multiply-adds: fitted to `bench_winograd.py`."""
_GAIN = 0.85
"""The share of the time before that makes it worth its memory and its rounding errors."""


def fewer_products(graph: Graph) -> Graph:
    """The graph in which such convolutions are `Winograd` ops, unless it is to be computed exactly."""
    return graph if graph.exact else rewrite(graph, _rule)


def cost_direct(window: tuple[int, int], size: tuple[int, int], channels: int, filters: int) -> float:
    """The multiply-adds of a convolution with an output of this size, on the vectors of its filters, and what it takes
    to read its weights."""
    height, width = size
    products = height * width * window[0] * cost_of_outputs(window[1], 1, width, filters) * LANES * channels
    return products + _READ * math.prod(window) * channels * padded_columns(filters)


def cost(form: Form, size: tuple[int, int], channels: int, filters: int, in_call: bool = False) -> float:
    """The same by a form, with its transforms; that of the kernel too where it is done `in_call`."""
    tiles, products = form.tiles(*size), channels * padded_columns(filters)
    weights = (_READ + _TRANSFORM if in_call else _READ) * products
    return form.points * (tiles * products + weights + tiles * _TRANSFORM * (channels + filters))


def _rule(rewriter: Rewriter, node: Node) -> Value | None:
    fused = node.op if isinstance(node.op, Fused) else Fused(node.op)
    conv, layer = fused.base, node.layer
    if not isinstance(conv, Conv | ConvTranspose) or conv.groups > 1 or node.output in rewriter.constants:
        return None
    x, kernel, *bias = rewriter.operands(node)
    in_call = kernel not in rewriter.constants
    straight = direct(conv, kernel) if isinstance(conv, ConvTranspose) else conv
    if straight is None or not x.type.batched:
        return None
    *window, channels, filters = kernel.type.dims
    if straight is not conv:
        channels, filters = filters, channels
    chosen = form_of(straight, (*window, channels, filters), node.output.type.dims, in_call=in_call)
    if chosen is None:
        return None
    form, turned = chosen
    if straight is not conv:
        kernel = flipped(rewriter, kernel, layer)
    memory = WorkingMemory.of(form, channels, filters, thread_count())
    operands = [x, kernel, rewriter.emit(WorkArea(memory), x, layer=layer)]
    if in_call:
        operands.append(_points(rewriter, kernel, form, layer))
        operands += [rewriter.emit(PackBias(), value, layer=layer) for value in bias]
        made = Winograd(straight, memory, turned, packed=True, bias=bool(bias))
        fused = Fused(made, activation=fused.activation)
    else:
        operands += bias
        fused = replace(fused, base=Winograd(straight, memory, turned))
    op = fused if fused.bias or fused.activation is not None else fused.base
    return rewriter.emit(op, *operands, layer=layer)


def _points(rewriter: Rewriter, kernel: Value, form: Form, layer: str) -> Value:
    """The points of a kernel that is known in the call only, packed as those of a window with as many taps."""
    *window, channels, filters = kernel.type.dims
    taps = rewriter.emit(Reshape((math.prod(window), channels * filters)), kernel, layer=layer)
    transform = kernel_transform(form)
    matrix = rewriter.emit(Constant(tuple(transform.ravel().tolist()), transform.shape), layer=layer)
    points = rewriter.emit(MatMul(), matrix, taps, layer=layer)
    points = rewriter.emit(Reshape((form.points, channels, filters)), points, layer=layer)
    return rewriter.emit(PackKernel(Conv((1,), ((0, 0),), (1,))), points, layer=layer)


def form_of(
    conv: Conv, kernel: Sequence[int], output: Sequence[int], *, in_call: bool = False
) -> tuple[Form, bool] | None:
    """The form that takes the least time, and whether its rows are the columns of the image; None where none gains.

    kernel, output: the shapes of the kernel and of a sample's output. in_call: whether the kernel is known in the call
    only, which has to transform it.
    """
    *taps, channels, filters = kernel
    if len(taps) > 2 or conv.groups > 1 or max(*conv.strides, *conv.dilation) > 1 or min(channels, filters) < LANES:
        return None
    size = (1, likely(output[0])) if len(taps) == 1 else (likely(output[0]), likely(output[1]))
    window = (1, taps[0]) if len(taps) == 1 else (taps[0], taps[1])
    sizes = {(window[1], window[0]): (size[1], size[0]), window: size}
    found = [form for form in FORMS.values() if form.window in sizes]
    best = min(found, key=lambda form: cost(form, sizes[form.window], channels, filters, in_call), default=None)
    if best is None:
        return None
    gains = cost(best, sizes[best.window], channels, filters, in_call) <= _GAIN * cost_direct(
        window, size, channels, filters
    )
    return (best, best.window != window) if gains else None

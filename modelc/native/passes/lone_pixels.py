"""A transposed convolution of a lone pixel is a matrix product: no two of its outputs meet.

conv_transpose(x, K) + b  →  reshape(matmul(reshape(x), reshape(K)ᵀ) + repeated b)

It is the gradient of a convolution whose window is as large as its image. As one convolution for each phase it would
multiply zeros for every output but where the pixel lies.
"""

from __future__ import annotations

import math
from dataclasses import replace

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import no_pads, surely_equal
from modelc.native.ops.fused import Fused
from modelc.ops.conv import ConvTranspose
from modelc.ops.matmul import MatMul
from modelc.ops.shape import Broadcast, Reshape, Transpose
from modelc.passes.rewrite import Rewriter, rewrite


def lone_pixels(graph: Graph) -> Graph:
    """The graph without transposed convolutions of images of a single pixel."""
    return rewrite(graph, _product)


def _product(rewriter: Rewriter, node: Node) -> Value | None:
    fused = node.op if isinstance(node.op, Fused) else Fused(node.op)
    conv, layer = fused.base, node.layer
    if not isinstance(conv, ConvTranspose) or node.output in rewriter.constants:
        return None
    x, kernel, *bias = rewriter.operands(node)
    *spatial, channels = x.type.dims
    *window, filters, _ = kernel.type.dims
    spread = any(d > 1 and w > 1 for d, w in zip(conv.dilation, window, strict=True))
    if not x.type.batched or not all(surely_equal(n, 1) for n in spatial) or spread or conv.groups > 1:
        return None
    if not no_pads(conv.crop):
        return None
    taps = math.prod(window)
    flat = rewriter.emit(Reshape((None, channels)), x, layer=layer)
    rows = rewriter.emit(Reshape((taps * filters, channels)), kernel, layer=layer)
    columns = rewriter.emit(Transpose((1, 0)), rows, layer=layer)
    for i, value in enumerate(bias):
        repeated = rewriter.emit(Broadcast((taps, filters)), value, layer=layer)
        bias[i] = rewriter.emit(Reshape((taps * filters,)), repeated, layer=layer)
    made = replace(fused, base=MatMul()) if fused is node.op else MatMul()
    y = rewriter.emit(made, flat, columns, *bias, layer=layer)
    return rewriter.emit(Reshape(node.output.type.shape), y, layer=layer)

"""Merge the narrow groups of a convolution, so that together they fill a vector.

conv(x, K; groups)             →  conv(x, wide K; groups/m)             and so for transposed ones
kernel_gradient(x, dy; groups) →  Σ_m of what kernel_gradient(x, dy; groups/m) has on its diagonal

Of m groups that become one, the wide kernel holds the kernels on its diagonal and zeros elsewhere. A tile multiplies as
many vectors as before, since those of a narrow group are mostly empty, but it goes through the image once for all m
groups. What is not finite in a channel reaches all groups that it is merged with.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from modelc.graph.graph import Graph, Node, Value
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed import is_depthwise
from modelc.native.target import LANES
from modelc.ops.constant import Constant
from modelc.ops.conv import Conv, ConvKernelGradient, ConvTranspose
from modelc.ops.elementwise import Binary
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Reshape
from modelc.passes.rewrite import Rewriter, rewrite


def merge_groups(graph: Graph) -> Graph:
    """The graph whose groups are as wide as a vector, or as many as they can be."""
    return rewrite(graph, _merge)


def _merge(rewriter: Rewriter, node: Node) -> Value | None:
    constant = node.output in rewriter.constants
    return None if constant else _convolution(rewriter, node) or _gradient(rewriter, node)


def _merged(groups: int, columns: int) -> int:
    """How many groups of so many columns are best merged."""
    return max((m for m in range(1, groups + 1) if groups % m == 0 and m * columns <= LANES), default=1)


def _convolution(rewriter: Rewriter, node: Node) -> Value | None:
    fused = node.op if isinstance(node.op, Fused) else Fused(node.op)
    conv, layer = fused.base, node.layer
    if not isinstance(conv, Conv | ConvTranspose) or conv.groups == 1:
        return None
    x, kernel, *bias = rewriter.operands(node)
    merged = _merged(conv.groups, node.output.type.dims[-1] // conv.groups)
    if merged == 1 or not x.type.batched or is_depthwise(conv, kernel.type.dims):
        return None
    *window, channels, filters = kernel.type.dims
    apart = rewriter.emit(Reshape((math.prod(window), 1, channels, filters)), kernel, layer=layer)
    wide = rewriter.emit(Binary("gate"), apart, _diagonal(rewriter, merged, conv.groups, filters, layer), layer=layer)
    kernel = rewriter.emit(Reshape((*window, merged * channels, filters)), wide, layer=layer)
    base = replace(conv, groups=conv.groups // merged)
    return rewriter.emit(replace(fused, base=base) if fused is node.op else base, x, kernel, *bias, layer=layer)


def _gradient(rewriter: Rewriter, node: Node) -> Value | None:
    op, layer = node.op, node.layer
    if not isinstance(op, ConvKernelGradient) or op.groups == 1:
        return None
    x, dy = rewriter.operands(node)
    *window, channels, filters = node.output.type.dims
    merged = _merged(op.groups, filters // op.groups)
    if merged == 1 or (channels, filters) == (1, op.groups):
        return None
    wide = rewriter.emit(replace(op, groups=op.groups // merged), x, dy, layer=layer)
    apart = rewriter.emit(Reshape((math.prod(window), merged, channels, filters)), wide, layer=layer)
    kept = rewriter.emit(Binary("gate"), apart, _diagonal(rewriter, merged, op.groups, filters, layer), layer=layer)
    y = rewriter.emit(Reduce("sum", (1,)), kept, layer=layer)
    return rewriter.emit(Reshape(node.output.type.shape), y, layer=layer)


def _diagonal(rewriter: Rewriter, merged: int, groups: int, filters: int, layer: str) -> Value:
    """(merged, 1, filters): 1 where a filter is of that one of the groups that are merged, else 0."""
    group = np.arange(filters) // (filters // groups)
    found = np.arange(merged)[:, None] == group % merged
    return rewriter.emit(Constant(tuple(found.reshape(-1).astype(float).tolist()), (merged, 1, filters)), layer=layer)

"""Split sums over the batch that few threads could share: the order of each stays the same however many there are.

reduce(x; axes=(0, 1, 2))  →  reduce(reduce(x; axes=(1, 2)); axes=(0,))    each sample by itself first
kernel_gradient(x, dy)     →  reduce_sum(partial_kernel_gradient(x, dy))   where the kernel is small
"""

from __future__ import annotations

from dataclasses import replace

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely, same_shape
from modelc.native.ops.partial import PartialKernelGradient
from modelc.ops.base import normalize_axes
from modelc.ops.conv import ConvKernelGradient
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Reshape
from modelc.passes.rewrite import Rewriter

_LONG = 256
"""Elements of a sample that are reduced to one, or pixels of a sample, from which on a sum is worth splitting."""
_MOST_PARTS = 16
_MOST_ELEMENTS = 1 << 19
"""Elements of all parts together: what is written and read once more."""


def split_reductions(graph: Graph) -> Graph:
    """The graph in which long reductions of a batch go sample by sample first."""
    if not any(map(_is_long_reduction, graph.nodes)):
        return graph
    rewriter = Rewriter(graph)
    for node in graph.nodes:
        if _is_long_reduction(node):
            rewriter.replace(node.output, _by_sample(rewriter, node))
        else:
            rewriter.keep(node)
    return rewriter.graph_out()


def split_gradients(graph: Graph) -> Graph:
    """The graph in which gradients by small kernels are sums of parts. Their padding is an op of its own already."""
    if not any(_parts_of(node) > 1 for node in graph.nodes):
        return graph
    rewriter = Rewriter(graph)
    for node in graph.nodes:
        parts = _parts_of(node)
        if parts == 1:
            rewriter.keep(node)
            continue
        assert isinstance(node.op, ConvKernelGradient)
        made = rewriter.emit(PartialKernelGradient(node.op, parts), *rewriter.operands(node), layer=node.layer)
        rewriter.replace(node.output, rewriter.emit(Reduce("sum", (0,)), made, layer=node.layer))
    return rewriter.graph_out()


def _is_long_reduction(node: Node) -> bool:
    """Whether the batch and much of each sample are reduced."""
    if not isinstance(node.op, Reduce) or not node.inputs[0].type.batched:
        return False
    type = node.inputs[0].type
    axes = normalize_axes(node.op.axes, type.rank)
    return 0 in axes and type.dtype == "float32" and likely(type.extent(axes)) >= _LONG


def _by_sample(rewriter: Rewriter, node: Node) -> Value:
    op = node.op
    assert isinstance(op, Reduce)
    (x,) = rewriter.operands(node)
    axes = normalize_axes(op.axes, x.type.rank)
    samples = rewriter.emit(replace(op, axes=axes[1:], keepdims=False), x, layer=node.layer)
    y = rewriter.emit(replace(op, axes=(0,), keepdims=False), samples, layer=node.layer)
    wanted = node.output.type.shape
    return y if same_shape(y.type.shape, wanted) else rewriter.emit(Reshape(wanted), y, layer=node.layer)


def _parts_of(node: Node) -> int:
    """The parts that a gradient by a kernel is worth; 1 where its tiles are enough to share."""
    if not isinstance(node.op, ConvKernelGradient):
        return 1
    pixels = node.inputs[1].type.size // node.inputs[1].type.dims[-1]
    parts = min(_MOST_PARTS, _MOST_ELEMENTS // node.output.type.size)
    return parts if likely(pixels) >= _LONG and parts > 1 else 1

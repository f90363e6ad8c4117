"""Add runs of outputs to each other where a transposed convolution has too few filters to fill a vector.

conv_transpose(x, K)  →  packed_overlap(pad(x), PackKernel(reshape(K)))

All that one input adds to a line of outputs lies side by side: the window's last axis times the filters. As columns of
one product they fill vectors, and along this axis no zeros around x are multiplied. It is the gradient of the first
layers of an image by their input.
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely, no_pads
from modelc.graph.types import TensorType
from modelc.native.ops.packed import PackKernel
from modelc.native.ops.packed_overlap import PackedOverlap
from modelc.native.passes.materialize_padding import explicit_transpose
from modelc.native.passes.widen_convolutions import LEAST_WORK, cost_of_outputs
from modelc.native.target import LANES, WIDEST_TILE
from modelc.ops.conv import ConvTranspose
from modelc.ops.shape import Pad, Reshape
from modelc.passes.rewrite import Rewriter, rewrite

_GAIN = 0.7
"""The share of the vectors that are multiplied without it which makes it worth reading what it adds to."""
_LEAST_DEPTH = 32
"""What is summed for a run, at the least, for the same reason."""


def overlap_rows(graph: Graph) -> Graph:
    """The graph in which such transposed convolutions are written as runs of outputs."""
    return rewrite(graph, _overlapped)


def _overlapped(rewriter: Rewriter, node: Node) -> Value | None:
    conv, layer = node.op, node.layer
    if not isinstance(conv, ConvTranspose):
        return None
    x, kernel = rewriter.operands(node)
    if kernel in rewriter.constants or not x.type.batched or not _gains(conv, x.type, kernel.type, node.output.type):
        return None
    made = PackedOverlap(conv, kernel.type.dims)
    runs = TensorType(made.rows_kernel)
    rows, pads = explicit_transpose(made.rows, x.type, runs, made.rows.infer(x.type, runs))
    if not no_pads(pads):
        x = rewriter.emit(Pad(((0, 0), *pads, (0, 0))), x, layer=layer)
    crop = (*rows.crop[:-1], conv.crop[-1])
    made = PackedOverlap(ConvTranspose(conv.strides, crop, conv.dilation), kernel.type.dims)
    flat = rewriter.emit(Reshape(made.rows_kernel), kernel, layer=layer)
    packed = rewriter.emit(PackKernel(made.rows), flat, layer=layer)
    return rewriter.emit(made, x, packed, layer=layer)


def _gains(conv: ConvTranspose, x: TensorType, kernel: TensorType, y: TensorType) -> bool:
    *window, across, filters, channels = kernel.dims
    stride, depth = conv.strides[-1], channels
    for taps in window:
        depth *= taps
    if conv.crop[-1] != (0, 0) or conv.dilation[-1] > 1 or conv.groups > 1 or across * filters > WIDEST_TILE:
        return False
    if depth < _LEAST_DEPTH or likely(conv.macs(y, x, kernel)) < LEAST_WORK:
        return False
    width = likely(y.dims[-2])
    runs = likely(x.dims[-2]) * -(-across * filters // LANES)
    if stride > 1:
        return runs <= _GAIN * width * -(-filters // LANES) * across / stride
    return runs <= _GAIN * width * cost_of_outputs(across, 1, y.dims[-2], filters)

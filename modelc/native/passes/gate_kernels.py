"""Multiply a kernel, and not the image that it reads, by the numbers that gate each sample's channels.

conv(x · gate, K)  →  contract(x, Pack(gate · K))

Squeeze-and-excite does that before a convolution of single pixels, whose kernel is small beside a large image.
"""

from __future__ import annotations

import math
from dataclasses import replace
from string import ascii_lowercase

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely, no_pads, same_shape
from modelc.graph.types import TensorType
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed_contract import Pack, PackedContract
from modelc.native.ops.residual_sum import ResidualSum
from modelc.ops.contract import Contract
from modelc.ops.conv import Conv
from modelc.ops.elementwise import Binary
from modelc.ops.shape import Reshape
from modelc.passes.rewrite import Rewriter, rewrite

_LARGE = 4
"""Pixels for each filter from which on it pays: a kernel is multiplied, and then packed."""


def gate_kernels(graph: Graph) -> Graph:
    """The graph in which no large image is gated for a convolution of single pixels alone."""
    return rewrite(graph, _gated)


def _gated(rewriter: Rewriter, node: Node) -> Value | None:
    stage = node.op if isinstance(node.op, Fused | ResidualSum) else Fused(node.op)
    fused = stage.fused if isinstance(stage, ResidualSum) else stage
    if not isinstance(fused.base, Conv) or node.output in rewriter.constants or not rewriter.sole_use(node.inputs[0]):
        return None
    x, kernel, *others = rewriter.operands(node)
    weights = (kernel, *others[: int(fused.bias)])
    if not _is_of_pixels(fused.base, kernel.type) or not all(value in rewriter.constants for value in weights):
        return None
    if x in others:  # it is also what is added
        return None
    *spatial, channels = x.type.dims
    filters = kernel.type.dims[-1]
    product = rewriter.producer(x)
    found = product and _image_and_gate(product)
    if product is None or found is None or likely(math.prod(spatial) - _LARGE * filters) < 0:
        return None
    image, gate = found
    rows = rewriter.emit(Reshape((None, channels, 1)), gate, layer=product.layer)
    matrix = rewriter.emit(Reshape((channels, filters)), kernel, layer=node.layer)
    gated = rewriter.emit(Binary("multiply"), rows, matrix, layer=product.layer)
    pixels = ascii_lowercase[3 : 3 + len(spatial)]
    op = Contract(f"a{pixels}b", "abc", f"a{pixels}c")
    packed = rewriter.emit(Pack(op), gated, layer=node.layer)
    made = replace(fused, base=PackedContract(op, (filters,)))
    made = ResidualSum(made) if isinstance(stage, ResidualSum) else made
    return rewriter.emit(made, image, packed, *others, layer=node.layer)


def _is_of_pixels(conv: Conv, kernel: TensorType) -> bool:
    """Whether it is a convolution that multiplies each pixel by one matrix."""
    *window, _, _ = kernel.dims
    return set(window) == {1} and conv.groups == 1 and set(conv.strides) == {1} and no_pads(conv.padding)


def _image_and_gate(product: Node) -> tuple[Value, Value] | None:
    """The operands of a product of an image and of one number for each channel of a sample."""
    type = product.output.type
    if product.op != Binary("multiply") or not type.batched:
        return None
    one_each = (None, *(1 for _ in type.dims[:-1]), type.dims[-1])
    first, second = product.inputs
    for image, gate in ((first, second), (second, first)):
        if same_shape(image.type.shape, type.shape) and same_shape(gate.type.shape, one_each):
            return image, gate
    return None

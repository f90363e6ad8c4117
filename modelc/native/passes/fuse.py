"""Merge an op with the bias and the activation that follow it, and a scale with its shift.

relu(conv(x, K) + b)  →  Conv+bias+relu(x, K, b)
x·s + t               →  Affine(x, s, t)
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import same_shape
from modelc.native.ops.base import takes_activation
from modelc.native.ops.fused import Affine, Fused
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.shape import Reshape
from modelc.passes.rewrite import Rewriter, rewrite


def fuse(graph: Graph) -> Graph:
    """The graph with fewer, larger ops."""
    return rewrite(graph, _fused)


def _fused(rewriter: Rewriter, node: Node) -> Value | None:
    if node.output in rewriter.constants:
        return None
    return _bias(rewriter, node) or _affine(rewriter, node) or _activation(rewriter, node)


def _bias(rewriter: Rewriter, node: Node) -> Value | None:
    """`contraction + constant per channel`; where the kernel is no constant, the bias need not be one."""
    found = _with_constant(rewriter, node, "add") or _with_runtime_bias(rewriter, node)
    if found is None:
        return None
    before, constant = found
    if before.op.kernel_channel_axis is None or constant.type.size not in (1, before.output.type.dims[-1]):
        return None
    if constant.type.size == 1:
        return None
    bias = _flat(rewriter, constant, node.layer)
    return bias and rewriter.emit(Fused(before.op, bias=True), *before.inputs, bias, layer=node.layer)


def _affine(rewriter: Rewriter, node: Node) -> Value | None:
    """`x · scale + shift`, both one per channel: constants, or values without a batch."""
    found = _with_constant(rewriter, node, "add") or _with_runtime_shift(rewriter, node)
    if found is None:
        return None
    before, shift = found
    if not (isinstance(before.op, Binary) and before.op.kind == "multiply"):
        return None
    x, scale = before.inputs
    if x in rewriter.constants or not x.type.batched:
        x, scale = scale, x
    if not x.type.batched or not x.type.dims:
        return None
    channels = node.output.type.dims[-1]
    same = same_shape(before.output.type.shape, x.type.shape, node.output.type.shape)
    if scale.type.batched or not same or x.type.dtype != "float32":
        return None
    if scale.type.size != channels or shift.type.size != channels:
        return None
    flat_scale, flat_shift = _flat(rewriter, scale, node.layer), _flat(rewriter, shift, node.layer)
    if flat_scale is None or flat_shift is None:
        return None
    return rewriter.emit(Affine(), x, flat_scale, flat_shift, layer=node.layer)


def _activation(rewriter: Rewriter, node: Node) -> Value | None:
    """An elementwise function of what an op that can apply it has made."""
    if not isinstance(node.op, Unary) or not rewriter.sole_use(node.inputs[0]):
        return None
    before = rewriter.producer(rewriter.new(node.inputs[0]))
    if before is None or before.output.type.dtype != "float32":
        return None
    base = before.op if isinstance(before.op, Fused) else Fused(before.op)
    if base.activation is not None or not takes_activation(base.base):
        return None
    return rewriter.emit(Fused(base.base, base.bias, node.op), *before.inputs, layer=node.layer)


def _with_constant(rewriter: Rewriter, node: Node, kind: str) -> tuple[Node, Value] | None:
    """For `value + constant`: the node that makes the value, which nothing else reads, and the constant."""
    if not isinstance(node.op, Binary) or node.op.kind != kind:
        return None
    a, b = rewriter.operands(node)
    old = node.inputs[0]
    if a in rewriter.constants:
        a, b, old = b, a, node.inputs[1]
    before = rewriter.producer(a)
    if b not in rewriter.constants or before is None or not rewriter.sole_use(old):
        return None
    return before, b


def _with_runtime_bias(rewriter: Rewriter, node: Node) -> tuple[Node, Value] | None:
    """For `contraction + value without a batch`: the contraction, which nothing else reads, and the value."""
    if not isinstance(node.op, Binary) or node.op.kind != "add":
        return None
    for old, new, bias in zip(node.inputs, rewriter.operands(node), reversed(rewriter.operands(node)), strict=True):
        before = rewriter.producer(new)
        if before is None or before.op.kernel_channel_axis is None or before.inputs[1] in rewriter.constants:
            continue
        same = same_shape(before.output.type.shape, node.output.type.shape) and bias.type.dtype == "float32"
        if same and not bias.type.batched and rewriter.sole_use(old):
            return before, bias
    return None


def _with_runtime_shift(rewriter: Rewriter, node: Node) -> tuple[Node, Value] | None:
    """For `product + value without a batch`: the product, which nothing else reads, and the value."""
    if not isinstance(node.op, Binary) or node.op.kind != "add":
        return None
    operands = rewriter.operands(node)
    for old, new, shift in zip(node.inputs, operands, reversed(operands), strict=True):
        before = rewriter.producer(new)
        if before is not None and new.type.batched and not shift.type.batched and rewriter.sole_use(old):
            return before, shift
    return None


def _flat(rewriter: Rewriter, constant: Value, layer: str) -> Value | None:
    """A constant that varies along its last axis only, as one dimension."""
    dims = constant.type.dims
    if not dims or constant.type.size != dims[-1]:
        return None
    return constant if len(dims) == 1 else rewriter.emit(Reshape((dims[-1],)), constant, layer=layer)

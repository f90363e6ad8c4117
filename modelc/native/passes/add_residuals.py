"""Add what a sum has besides a convolution or a matrix product while that is written.

relu(add(Conv+bias(x, K, b), r))  →  Conv+bias+add+relu(x, K, b, r)
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import same_shape
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed import is_depthwise
from modelc.native.ops.residual_sum import ResidualSum
from modelc.ops.contract import Contract
from modelc.ops.conv import Conv
from modelc.ops.elementwise import Binary
from modelc.ops.matmul import MatMul
from modelc.ops.shape import Reshape
from modelc.passes.rewrite import Rewriter, rewrite


def add_residuals(graph: Graph) -> Graph:
    """The graph with sums as parts of the convolutions and products before them."""
    return rewrite(graph, _added)


def _added(rewriter: Rewriter, node: Node) -> Value | None:
    """The sum of a product that nothing else reads, and any other value; of two products, the later one's."""
    whole = node.op if isinstance(node.op, Fused) else Fused(node.op)
    if not isinstance(whole.base, Binary) or whole.base.kind != "add" or node.output in rewriter.constants:
        return None
    operands = rewriter.operands(node)
    types = [value.type for value in (*operands, node.output)]
    if not same_shape(*(type.shape for type in types)) or any(type.dtype != "float32" for type in types):
        return None
    products = [
        (made, other)
        for old, other in zip(node.inputs, reversed(operands), strict=True)
        if (made := _product(rewriter, old)) is not None
    ]
    if not products:
        return None
    made, residual = products[-1]
    before = made.op if isinstance(made.op, Fused) else Fused(made.op)
    shapes = made.output.type.shape, node.output.type.shape
    apart = not same_shape(*shapes)
    if apart:
        residual = rewriter.emit(Reshape(shapes[0]), residual, layer=node.layer)
    op = ResidualSum(Fused(before.base, before.bias, whole.activation))
    y = rewriter.emit(op, *made.inputs, residual, layer=node.layer)
    return rewriter.emit(Reshape(shapes[1]), y, layer=node.layer) if apart else y


def _product(rewriter: Rewriter, old: Value) -> Node | None:
    """The new node whose product an old value is, in any shape, where nothing else reads it and it can be added to."""
    while rewriter.sole_use(old):
        before = rewriter.graph.producers.get(old)
        if before is None or not isinstance(before.op, Reshape):
            made = rewriter.producer(rewriter.new(old))
            return made if made is not None and _can_add(made) else None
        (old,) = before.inputs
    return None


def _can_add(node: Node) -> bool:
    """Whether a node's kernel can add to its sums, before any activation."""
    fused = node.op if isinstance(node.op, Fused) else Fused(node.op)
    base = fused.base
    if fused.activation is not None or not node.output.type.batched:
        return False
    if isinstance(base, Conv):
        return not is_depthwise(base, node.inputs[1].type.dims)
    return isinstance(base, MatMul | Contract)

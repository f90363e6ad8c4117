"""Add up less: multiply a sum rather than what is summed, and do not add up what is known to be zero.

Σ factor·x       →  factor·Σ x      for a number, or a tensor that is repeated along all that is summed
Σ (x - mean(x))  →  0·mean(x)       which is not a number where the mean is none
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import same_shape, surely_equal
from modelc.ops.base import normalize_axes
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Reshape
from modelc.passes.rewrite import Rewriter, rewrite


def hoist_scales(graph: Graph) -> Graph:
    """The graph whose sums and means are of no products that can be formed later, and of no centered values.

    A product with a number that is read elsewhere too stays, since it is there anyway.
    """
    return rewrite(graph, _sum)


def _sum(rewriter: Rewriter, node: Node) -> Value | None:
    if not isinstance(node.op, Reduce) or node.op.kind not in ("sum", "mean"):
        return None
    return _hoisted(rewriter, node, node.inputs[0], rewriter.new(node.inputs[0]))


def _hoisted(rewriter: Rewriter, node: Node, old: Value | None, x: Value) -> Value | None:
    """The sum of a value, if it can be had for less. `old` is the value in the old graph."""
    made = rewriter.producer(x)
    if made is None:
        return None
    if _is_centered(rewriter, node, made):
        zero = rewriter.emit(Unary("scale", (0.0,)), made.inputs[1], layer=node.layer)
        return _shaped(rewriter, node, zero)
    factor = _factor(node, made)
    if factor is not None:
        rest, repeated = factor
        total = _sum_of(rewriter, node, rest)
        return rewriter.emit(Binary("multiply"), total, _shaped(rewriter, node, repeated), layer=node.layer)
    if isinstance(made.op, Unary) and made.op.kind == "scale" and _shift(made.op) == 0:
        if old is not None and not rewriter.sole_use(old):
            return None
        return rewriter.emit(made.op, _sum_of(rewriter, node, made.inputs[0]), layer=node.layer)
    return None


def _sum_of(rewriter: Rewriter, node: Node, x: Value) -> Value:
    return _hoisted(rewriter, node, None, x) or rewriter.emit(node.op, x, layer=node.layer)


def _is_centered(rewriter: Rewriter, node: Node, made: Node) -> bool:
    """Whether a node subtracts from a value its mean along the same axes."""
    if not (isinstance(made.op, Binary) and made.op.kind == "subtract" and isinstance(node.op, Reduce)):
        return False
    x, mean = made.inputs
    of = rewriter.producer(mean)
    if of is None or not isinstance(of.op, Reduce) or of.inputs != (x,) or not of.op.keepdims:
        return False
    rank = x.type.rank
    return of.op.kind == "mean" and normalize_axes(of.op.axes, rank) == normalize_axes(node.op.axes, rank)


def _factor(node: Node, made: Node) -> tuple[Value, Value] | None:
    """For a product of a tensor with one that is repeated along all that is summed: both."""
    if not (isinstance(made.op, Binary) and made.op.kind == "multiply" and isinstance(node.op, Reduce)):
        return None
    shape = made.output.type.shape
    axes = normalize_axes(node.op.axes, len(shape))
    for x, repeated in (made.inputs, made.inputs[::-1]):
        dims = (1,) * (len(shape) - repeated.type.rank) + repeated.type.shape
        if (
            same_shape(x.type.shape, shape)
            and all(surely_equal(dims[a], 1) for a in axes)
            and not same_shape(dims, shape)
        ):
            return x, repeated
    return None


def _shaped(rewriter: Rewriter, node: Node, x: Value) -> Value:
    """What is repeated along the summed axes, under the shape of their sum, or one that broadcasts to it."""
    assert isinstance(node.op, Reduce)
    rank = node.inputs[0].type.rank
    dims = (1,) * (rank - x.type.rank) + x.type.shape
    if not node.op.keepdims:
        axes = normalize_axes(node.op.axes, rank)
        dims = tuple(d for axis, d in enumerate(dims) if axis not in axes)
    return x if same_shape(x.type.shape, dims) else rewriter.emit(Reshape(dims), x, layer=node.layer)


def _shift(op: Unary) -> float:
    return op.parameters[1] if len(op.parameters) > 1 else 0.0

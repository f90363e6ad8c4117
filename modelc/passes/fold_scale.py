"""Fold scales and shifts of channels into the preceding convolution or matrix product.

    (conv(x, K) + b)·s + t  →  conv(x, K·s) + (b·s + t)

At inference a BatchNormalization is such a scale and shift. The products on the right depend on weights alone, so they
are computed when the weights change, not at every call.
"""

from __future__ import annotations

from dataclasses import dataclass

from modelc.graph.graph import Graph, Node, Value
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.shape import Reshape
from modelc.passes.rewrite import Rewriter


@dataclass(frozen=True)
class _Linear:
    """``contraction(x, kernel) + bias``, with the bias of shape (channels,) or (1,), or none."""

    node: Node
    bias: Value | None


def fold_scale(graph: Graph) -> Graph:
    """The graph with constant scales and shifts of channels worked into kernels and biases."""
    rewriter = Rewriter(graph)
    linear: dict[Value, _Linear] = {}
    for node in graph.nodes:
        folded = _fold(rewriter, node, linear)
        if folded is None:
            rewriter.keep(node)
            made = rewriter.producer(rewriter.new(node.output))
            if made is not None and made.op.kernel_channel_axis is not None and made.inputs[1] in rewriter.constants:
                linear[made.output] = _Linear(made, None)
        else:
            output = _write(rewriter, folded, node.layer)
            linear[output] = folded
            rewriter.replace(node.output, output)
    return rewriter.graph_out()


def _fold(rewriter: Rewriter, node: Node, linear: dict[Value, _Linear]) -> _Linear | None:
    """What the node makes of a linear value, if it scales or shifts one by a constant per channel."""
    if not isinstance(node.op, Binary) or node.op.kind not in ("add", "subtract", "multiply", "divide"):
        return None
    a, b = rewriter.operands(node)
    old = node.inputs[0]
    if a in rewriter.constants and node.op.kind in ("add", "multiply"):
        a, b, old = b, a, node.inputs[1]
    base = linear.get(a)
    if base is None or b not in rewriter.constants or not rewriter.sole_use(old):
        return None
    constant = _per_channel(rewriter, b, a.type.dims[-1], a.type.rank, node.layer)
    if constant is None:
        return None
    match node.op.kind:
        case "add":
            return _Linear(base.node, _sum(rewriter, base.bias, constant, node.layer))
        case "subtract":
            negative = rewriter.emit(Unary("negative"), constant, layer=node.layer)
            return _Linear(base.node, _sum(rewriter, base.bias, negative, node.layer))
        case "divide":
            return _scaled(rewriter, base, rewriter.emit(Unary("reciprocal"), constant, layer=node.layer), node.layer)
        case _:
            return _scaled(rewriter, base, constant, node.layer)


def _per_channel(rewriter: Rewriter, constant: Value, channels: int, rank: int, layer: str) -> Value | None:
    """The constant as (channels,) or (1,), or None where it varies along another axis."""
    dims = constant.type.dims
    last = dims[-1] if dims else 1
    if constant.type.size != last or last not in (1, channels) or len(dims) > rank:
        return None
    return constant if dims == (last,) else rewriter.emit(Reshape((last,)), constant, layer=layer)


def _sum(rewriter: Rewriter, bias: Value | None, shift: Value, layer: str) -> Value:
    return shift if bias is None else rewriter.emit(Binary("add"), bias, shift, layer=layer)


def _scaled(rewriter: Rewriter, base: _Linear, scale: Value, layer: str) -> _Linear:
    x, kernel = base.node.inputs
    axis = base.node.op.kernel_channel_axis
    assert axis is not None
    factor = scale
    if axis != -1:
        factor = rewriter.emit(Reshape((*scale.type.dims, *(1,) * (-1 - axis))), scale, layer=layer)
    kernel = rewriter.emit(Binary("multiply"), kernel, factor, layer=layer)
    output = Value(base.node.output.type, layer)
    bias = base.bias and rewriter.emit(Binary("multiply"), base.bias, scale, layer=layer)
    return _Linear(Node(base.node.op, (x, kernel), output), bias)


def _write(rewriter: Rewriter, linear: _Linear, layer: str) -> Value:
    """Emit the folded form; what it was made from is read by nothing any more."""
    y = rewriter.emit(linear.node.op, *linear.node.inputs, layer=layer)
    return y if linear.bias is None else rewriter.emit(Binary("add"), y, linear.bias, layer=layer)

"""Sink transposes through elementwise ops until they meet their inverse.

    transpose(relu(transpose⁻¹(x)))  →  relu(x)

A layer with `data_format: channels_first` works channels last between two transposes; a chain of such layers then
transposes once at its beginning and once at its end.
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node, Value
from modelc.ops.shape import Reshape, Transpose
from modelc.passes.rewrite import Rewriter


def cancel_transposes(graph: Graph) -> Graph:
    """The graph with fewer transposes."""
    if not any(isinstance(node.op, Transpose) for node in graph.nodes):
        return graph
    rewriter = Rewriter(graph)
    for node in graph.nodes:
        if isinstance(node.op, Transpose):
            _merge(rewriter, node, node.op)
        elif not (node.op.elementwise and _sink(rewriter, node)):
            rewriter.keep(node)
    return rewriter.graph_out()


def _merge(rewriter: Rewriter, node: Node, op: Transpose) -> None:
    (x,) = rewriter.operands(node)
    perm = op.perm
    before = rewriter.producer(x)
    if before is not None and isinstance(before.op, Transpose):
        perm = tuple(before.op.perm[axis] for axis in perm)
        (x,) = before.inputs
    if perm == tuple(range(len(perm))):
        rewriter.replace(node.output, x)
    elif perm == op.perm:
        rewriter.keep(node)
    else:
        rewriter.replace(node.output, rewriter.emit(Transpose(perm), x, layer=node.layer))


def _sink(rewriter: Rewriter, node: Node) -> bool:
    """Move a transpose of one operand behind the node; the other operands must be constants."""
    operands = rewriter.operands(node)
    moving = [i for i, value in enumerate(operands) if value not in rewriter.constants]
    if len(moving) != 1 or not rewriter.sole_use(node.inputs[moving[0]]):
        return False
    before = rewriter.producer(operands[moving[0]])
    if before is None or not isinstance(before.op, Transpose):
        return False
    perm = before.op.perm
    if node.output.type.rank != len(perm):
        return False
    inverse = tuple(sorted(range(len(perm)), key=perm.__getitem__))
    moved = [
        before.inputs[0] if i == moving[0] else _transposed(rewriter, value, inverse, node.layer)
        for i, value in enumerate(operands)
    ]
    y = rewriter.emit(node.op, *moved, layer=node.layer)
    rewriter.replace(node.output, rewriter.emit(Transpose(perm), y, layer=node.layer))
    return True


def _transposed(rewriter: Rewriter, constant: Value, perm: tuple[int, ...], layer: str) -> Value:
    """A constant that broadcasts, transposed like the tensor that it goes with."""
    dims = constant.type.dims
    if constant.type.size == 1:
        return constant
    if len(dims) < len(perm):
        constant = rewriter.emit(Reshape((1,) * (len(perm) - len(dims)) + dims), constant, layer=layer)
    return rewriter.emit(Transpose(perm), constant, layer=layer)

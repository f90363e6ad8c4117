"""Let ops read a value that is repeated as it is, in place of its repetition, which costs memory and time.

x · broadcast(v)   →  x · v               where v broadcasts to x by itself
f(broadcast(v))    →  broadcast(f(v))     so that more of the above are found
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import same_shape
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.shape import Broadcast
from modelc.passes.rewrite import Rewriter, rewrite


def sink_broadcasts(graph: Graph) -> Graph:
    """The graph without repetitions that elementwise ops do not need."""
    if not any(isinstance(node.op, Broadcast) for node in graph.nodes):
        return graph
    return rewrite(graph, lambda rewriter, node: _unary(rewriter, node) or _binary(rewriter, node))


def _repeated(rewriter: Rewriter, value: Value) -> Node | None:
    """The broadcast that makes a value, if one does."""
    made = rewriter.producer(value)
    return made if made is not None and isinstance(made.op, Broadcast) else None


def _unary(rewriter: Rewriter, node: Node) -> Value | None:
    if not isinstance(node.op, Unary):
        return None
    made = _repeated(rewriter, rewriter.operands(node)[0])
    if made is None:
        return None
    x, *like = made.inputs
    return rewriter.emit(made.op, rewriter.emit(node.op, x, layer=node.layer), *like, layer=node.layer)


def _binary(rewriter: Rewriter, node: Node) -> Value | None:
    if not isinstance(node.op, Binary):
        return None
    operands = list(rewriter.operands(node))
    for i in (0, 1):
        made = _repeated(rewriter, operands[i])
        if made is not None and same_shape(operands[1 - i].type.shape, node.output.type.shape):
            operands[i] = made.inputs[0]
            return rewriter.emit(node.op, *operands, layer=node.layer)
    return None

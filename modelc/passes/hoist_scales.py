"""Multiply a sum rather than what is summed.

Σ factor·x  →  factor·Σ x
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node
from modelc.ops.elementwise import Unary
from modelc.ops.reduce import Reduce
from modelc.passes.rewrite import Rewriter


def hoist_scales(graph: Graph) -> Graph:
    """The graph whose sums and means are not of products with a number, unless these are read elsewhere."""
    rewriter = Rewriter(graph)
    for node in graph.nodes:
        x = _scaled(rewriter, node)
        if x is None:
            rewriter.keep(node)
            continue
        total = rewriter.emit(node.op, *x.inputs, layer=node.layer)
        rewriter.replace(node.output, rewriter.emit(x.op, total, layer=node.layer))
    return rewriter.graph_out()


def _scaled(rewriter: Rewriter, node: Node) -> Node | None:
    """What makes the operand of a sum, if that is a product with a number."""
    if not isinstance(node.op, Reduce) or node.op.kind not in ("sum", "mean"):
        return None
    made = rewriter.producer(rewriter.new(node.inputs[0]))
    if made is None or not isinstance(made.op, Unary) or made.op.kind != "scale":
        return None
    return made if _shift(made.op) == 0 and rewriter.sole_use(node.inputs[0]) else None


def _shift(op: Unary) -> float:
    return op.parameters[1] if len(op.parameters) > 1 else 0.0

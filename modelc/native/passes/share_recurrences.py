"""Let threads share the steps of recurrences with large kernels.

recurrent(x, R, ...)  →  shared(x, R, ..., counter(x))

A sample goes through its steps one after the other, so that threads share samples, and one sample has one thread. Where
a step reads a large kernel, each thread does some of its units instead, whatever the number of samples: then each one
reads a part of the kernel, which stays in its cache. A GRU that resets before its product needs all units twice in a
step and stays as it is.
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import is_free
from modelc.native.ops.packed_recurrent import PackedRecurrent, recurrence_of
from modelc.native.ops.shared_recurrent import SharedRecurrent, StepCounter
from modelc.ops.recurrent import PARTS, Recurrent
from modelc.passes.rewrite import Rewriter, rewrite


def share_recurrences(graph: Graph) -> Graph:
    """The graph in which such recurrences are `SharedRecurrent` ops."""
    return rewrite(graph, _rule)


def _rule(rewriter: Rewriter, node: Node) -> Value | None:
    if not isinstance(node.op, Recurrent | PackedRecurrent) or node.output in rewriter.constants:
        return None
    op = recurrence_of(node.op)
    x, *others = rewriter.operands(node)
    units = node.output.type.dims[-1] // PARTS[op.kind]
    if op.kind == "gru_reset_before" or not x.type.batched or is_free(units):
        return None
    made = SharedRecurrent(node.op, units)
    if made.blocks < 2 * made.grain:
        return None
    counter = rewriter.emit(StepCounter(), x, layer=node.layer)
    return rewriter.emit(made, x, *others, counter, layer=node.layer)

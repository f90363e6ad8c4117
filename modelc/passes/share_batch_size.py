"""Ask an input of the model how many samples there are, once, so that no value is kept only to be counted.

%5 = Square(%0)                    %6 = BatchSize(%0)
%6 = BatchSize(%5)                 %5 = Square(%0)
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Value
from modelc.ops.reduce import BatchSize
from modelc.passes.rewrite import Rewriter


def share_batch_size(graph: Graph) -> Graph:
    """The graph in which the size of the batch is that of the first input that has one."""
    counted = next((value for value in graph.inputs if value.type.batched), None)
    if counted is None:
        return graph
    out = Rewriter(graph)
    size: Value | None = None
    for node in graph.nodes:
        if isinstance(node.op, BatchSize):
            size = size or out.emit(node.op, counted, layer="")
            out.replace(node.output, size)
        else:
            out.keep(node)
    return out.graph_out()

"""`SIMPLIFY`: the passes for any target, in their order. What they leave has portable ops only."""

from __future__ import annotations

from modelc.graph.graph import Graph, prune
from modelc.graph.verify import PORTABLE, require_dialect
from modelc.passes.cancel_transposes import cancel_transposes
from modelc.passes.fold_scale import fold_scale
from modelc.passes.hoist_scales import hoist_scales
from modelc.passes.share_batch_size import share_batch_size
from modelc.passes.sink_broadcasts import sink_broadcasts

SIMPLIFY = (
    prune,
    share_batch_size,
    sink_broadcasts,
    hoist_scales,
    cancel_transposes,
    fold_scale,
)


def simplify(graph: Graph) -> Graph:
    """The graph with less to compute. Raises `InvalidGraphError` where an op of a target stands in it."""
    for run in SIMPLIFY:
        graph = run(graph)
    require_dialect(graph, PORTABLE)
    return graph

"""Bring padding to the form that its kernel knows: at most four axes, and the ones behind them that are not padded.

pad(x: (N, 2, 3, 3, 4, 5); 1 before axis 1, 1 after axis 5)  →  reshape(pad(reshape(x; (N, 2, 36, 5)); …); …)

Neighbouring axes that are not padded are one. What has still more is padded in two steps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import no_pads
from modelc.native.families.move.params import PADDED_AXES
from modelc.ops.shape import Pad, Reshape
from modelc.passes.rewrite import Rewriter, rewrite

Pads = tuple[tuple[int, int], ...]


def regular_pads(graph: Graph) -> Graph:
    """The graph in which every padding is of few axes."""
    return rewrite(graph, _rule) if any(_irregular(node) for node in graph.nodes) else graph


def _irregular(node: Node) -> bool:
    return isinstance(node.op, Pad) and _padded_until(node.op.pads) - node.inputs[0].type.batched > PADDED_AXES


def _padded_until(pads: Pads) -> int:
    """The number of axes up to the last that is padded."""
    return max((axis + 1 for axis, pad in enumerate(pads) if not no_pads((pad,))), default=0)


def _rule(rewriter: Rewriter, node: Node) -> Value | None:
    if not isinstance(node.op, Pad) or not _irregular(node):
        return None
    (x,) = rewriter.operands(node)
    return _padded(rewriter, x, node.op, node.layer)


def _padded(rewriter: Rewriter, x: Value, op: Pad, layer: str) -> Value:
    batch = int(x.type.batched)
    # Each run is one axis that is padded, or all neighbours that are not.
    runs: list[list[int]] = []
    for padded, axes in groupby(range(batch, x.type.rank), lambda axis: not no_pads((op.pads[axis],))):
        run = list(axes)
        runs += [[axis] for axis in run] if padded else [run]
    pads = tuple(op.pads[run[0]] for run in runs)
    if _padded_until(pads) > PADDED_AXES:
        first = [run[0] for run in runs if not no_pads((op.pads[run[0]],))][: PADDED_AXES // 2]
        x = _padded(rewriter, x, _only(op, first), layer)
        rest = [axis for axis in range(len(op.pads)) if axis not in first]
        return _padded(rewriter, x, _only(op, rest), layer)
    shape = tuple(math.prod(x.type.dims[axis - batch] for axis in run) for run in runs)
    merged = rewriter.emit(Reshape((*x.type.shape[:batch], *shape)), x, layer=layer)
    made = rewriter.emit(Pad((*op.pads[:batch], *pads), op.value), merged, layer=layer)
    return rewriter.emit(Reshape(op.infer(x.type).shape), made, layer=layer)


def _only(op: Pad, axes: Sequence[int]) -> Pad:
    """The padding of these axes alone."""
    return Pad(tuple(pad if axis in axes else (0, 0) for axis, pad in enumerate(op.pads)), op.value)

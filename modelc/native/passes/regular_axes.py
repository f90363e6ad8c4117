"""Bring reductions to the one form that kernels know: x as (a, r1, k, r2), of which r1 and r2 are reduced.

reduce(x; axes=(1, 3))  →  reduce(transpose(x); axes=(2, 3))    where the axes alternate more often than that
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from modelc.graph.graph import Graph, Node
from modelc.graph.sizes import surely_equal
from modelc.graph.types import TensorType
from modelc.ops.base import normalize_axes
from modelc.ops.normalize import Normalize
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Reshape, Transpose
from modelc.passes.rewrite import Rewriter


@dataclass(frozen=True)
class View:
    """The extents of a tensor as (a, r1, k, r2); a negative `a` or `r1` is per sample of the batch."""

    a: int
    r1: int
    k: int
    r2: int


def regular_axes(graph: Graph) -> Graph:
    """The graph in which every reduction has a view."""
    if not any(_irregular(node) for node in graph.nodes):
        return graph
    rewriter = Rewriter(graph)
    for node in graph.nodes:
        op = node.op
        if not (isinstance(op, Reduce | Normalize) and _irregular(node)):
            rewriter.keep(node)
            continue
        (x,) = rewriter.operands(node)
        axes = normalize_axes(op.axes, x.type.rank)
        others = tuple(axis for axis in range(x.type.rank) if axis not in axes)
        # The batch stays in front, whichever side it is on.
        perm = axes + others if 0 in axes else others + axes
        moved = rewriter.emit(Transpose(perm), x, layer=node.layer)
        at = tuple(sorted(perm.index(axis) for axis in axes))
        if isinstance(op, Normalize):
            y = rewriter.emit(replace(op, axes=at), moved, layer=node.layer)
            inverse = tuple(sorted(range(len(perm)), key=perm.__getitem__))
            rewriter.replace(node.output, rewriter.emit(Transpose(inverse), y, layer=node.layer))
        else:
            y = rewriter.emit(replace(op, axes=at, keepdims=False), moved, layer=node.layer)
            if op.keepdims:
                y = rewriter.emit(Reshape(node.output.type.shape), y, layer=node.layer)
            rewriter.replace(node.output, y)
    return rewriter.graph_out()


def _irregular(node: Node) -> bool:
    return isinstance(node.op, Reduce | Normalize) and _view(node.inputs[0].type, node.op.axes) is None


def regular_view(type: TensorType, axes: tuple[int, ...]) -> View:
    """The view that reduces `axes`; this pass has seen to it that there is one."""
    found = _view(type, axes)
    assert found is not None, f"no view of {type} reduces {axes}"
    return found


def _view(type: TensorType, axes: tuple[int, ...]) -> View | None:
    axes = normalize_axes(axes, type.rank)
    extents = [1, 1, 1, 1]
    place, batch = 0, None
    for axis, extent in enumerate(type.shape):
        if surely_equal(extent, 1):
            continue
        if (place % 2 == 1) != (axis in axes):
            place += 1
        if place > 3:
            return None
        if extent is None:
            batch = place
        else:
            extents[place] *= extent
    a, r1, k, r2 = extents
    if k == r2 == 1 and batch != 1:
        # A row of its own reads best as one contiguous run.
        r1, r2 = 1, r1
    return View(-a if batch == 0 else a, -r1 if batch == 1 else r1, k, r2)

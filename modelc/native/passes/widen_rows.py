"""Do elementwise functions of few channels on rows of many elements, with constants that are repeated along these.

x - mean, x (None, 224, 224, 3)  →  reshape(reshape(x, (None, 224, 672)) - repeated mean, (None, 224, 224, 3))

A row of three channels would fill less than half of a vector, and cost a turn of a loop.
"""

from __future__ import annotations

import math

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import is_free, same_shape
from modelc.graph.types import Shape
from modelc.native.ops.fused import Affine, Fused
from modelc.native.target import LANES
from modelc.ops.base import Op
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.shape import Broadcast, Reshape
from modelc.passes.rewrite import Rewriter

_FEW = 2 * LANES
"""Channels from which on a row is long enough."""

_WIDE, _WIDEST = 128, 8192
"""Elements that are enough of a row, and the most that a constant becomes."""


def widen_rows(graph: Graph) -> Graph:
    """The graph in which elementwise functions with constants for few channels have wide rows."""
    widened = _widened(graph)
    if not widened:
        return graph
    rewriter = Rewriter(graph)
    wide: dict[Value, Value] = {}
    """Of values of the new graph, those that they are views of."""
    for node in graph.nodes:
        rows = widened.get(node.output)
        if rows is None:
            rewriter.keep(node)
            continue
        operands: list[Value] = []
        for x in rewriter.operands(node):
            if x in rewriter.constants:
                operands.append(_repeated(rewriter, x, node, rows))
            else:
                operands.append(wide[x] if x in wide else rewriter.emit(Reshape(rows), x, layer=node.layer))
        y = rewriter.emit(node.op, *operands, layer=node.layer)
        output = rewriter.emit(Reshape(node.output.type.shape), y, layer=node.layer)
        wide[output] = y
        rewriter.replace(node.output, output)
    return rewriter.graph_out()


def _widened(graph: Graph) -> dict[Value, Shape]:
    """The shapes with wide rows of what nodes give: those with constants for channels, and others next to them."""
    constants = graph.constants
    rows = {node.output: shape for node in graph.nodes if (shape := _row_of(constants, node)) is not None}
    found = {
        node.output
        for node in graph.nodes
        if node.output in rows and any(value in constants and value.type.size > 1 for value in node.inputs)
    }
    if found:
        for node in graph.nodes:
            if node.output in rows and not found.isdisjoint(node.inputs):
                found.add(node.output)
        for node in reversed(graph.nodes):
            if node.output in found:
                found.update(value for value in node.inputs if value in rows)
    return {value: rows[value] for value in found}


def _row_of(constants: frozenset[Value], node: Node) -> Shape | None:
    """The shape with wide rows for what a node gives; None where it has none."""
    type = node.output.type
    if node.output in constants or not _takes_rows(node.op) or type.dtype != "float32" or type.rank < 2:
        return None
    channels = type.shape[-1]
    if channels is None or is_free(channels) or not 1 < channels < _FEW:
        return None
    for value in node.inputs:
        fits = _is_per_channel(value, channels) if value in constants else same_shape(value.type.shape, type.shape)
        if not fits:
            return None
    at, width = type.rank - 1, channels
    while at > 1 and width < _WIDE:
        size = type.shape[at - 1]
        if size is None or is_free(size) or not 0 < width * size <= _WIDEST:
            break
        at, width = at - 1, width * size
    return (*type.shape[:at], width) if width > channels else None


def _takes_rows(op: Op) -> bool:
    base = op.base if isinstance(op, Fused) and not op.bias else op
    return isinstance(base, Binary | Affine | Unary)


def _is_per_channel(value: Value, channels: int) -> bool:
    """Whether a constant has one number for each channel, or just one."""
    dims = value.type.dims
    return not value.type.batched and math.prod(dims) in (1, channels) and (not dims or dims[-1] in (1, channels))


def _repeated(rewriter: Rewriter, constant: Value, node: Node, rows: Shape) -> Value:
    """A constant that is repeated along a wide row; one number stays alone."""
    width, channels = rows[-1], constant.type.size
    assert width is not None
    if channels == 1:
        return rewriter.emit(Reshape((1,)), constant, layer=node.layer)
    row = rewriter.emit(Reshape((1, channels)), constant, layer=node.layer)
    filled = rewriter.emit(Broadcast((width // channels, channels)), row, layer=node.layer)
    return rewriter.emit(Reshape((width,)), filled, layer=node.layer)

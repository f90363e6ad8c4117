"""Receptive fields: the extent along each input axis that one element of a layer's output depends on.

A full reduction covers the whole axis. Padding counts as input; the extent is limited to that of the axis.
"""

from __future__ import annotations

from math import ceil

from modelc.graph.bind import Binder, same_values
from modelc.graph.field import BATCH, WHOLE, ReceptiveField, Seen
from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import expression_of, is_free, surely
from modelc.ops.scan import Scan, fields_of, with_inner


def receptive_fields(graph: Graph) -> dict[Value, tuple[int | str, ...]]:
    """For every value of the graph, the reach along the axes of an input: `(13, 13)` pixels of an image.

    The input is the first one that the value depends on. The axes are those that windows move along; where there are
    none, all but the last one. Of an axis whose size is free the reach is that in an input that is large enough; the
    whole axis is its size: `h`.
    """
    fixed, same = _fixed(graph)
    reaches: dict[Value, tuple[int | str, ...]] = {}
    for input in fixed.inputs:
        for value, reach in _of_input(fixed, input, same[input].type.dims).items():
            reaches.setdefault(same[value], reach)
    return reaches


def _fixed(graph: Graph) -> tuple[Graph, dict[Value, Value]]:
    """The graph for the sizes of its trace, and its values by those of that one."""
    if graph.free_sizes is None:
        return graph, {value: value for value in (*graph.inputs, *(v for node in graph.nodes for v in node.outputs))}
    bound = Binder(graph).bound(graph.free_sizes.hints).graph
    return bound, same_values(bound, graph)


def _of_input(graph: Graph, input: Value, dims: tuple[int, ...]) -> dict[Value, tuple[int | str, ...]]:
    """The reaches of the values that depend on an input with these sizes, of which some may be free."""
    seen: dict[Value, Seen] = {input: Seen(input.type, ReceptiveField.of_input(len(dims)))}
    windowed: set[int] = set()
    for node in graph.nodes:
        operands = [seen[value] if value in seen else Seen(value.type, None) for value in node.inputs]
        if all(operand.field is None for operand in operands):
            continue
        for value, field in zip(node.outputs, fields_of(node, operands), strict=True):
            if field is not None:
                seen[value] = Seen(value.type, field)
        if node.output in seen:
            windowed.update(_windowed(node, operands[0].field))
    shown = sorted(windowed) or list(range(len(dims) - 1)) or list(range(len(dims)))
    return {
        value: tuple(_extent(dims[i], known.field.reach(i)) for i in shown)
        for value, known in seen.items() if known.field is not None
    }  # fmt: skip


def _extent(size: int, reach: float) -> int | str:
    """A reach within an axis: the whole axis where it is seen as a whole."""
    if is_free(size):
        return str(expression_of(size)) if reach >= WHOLE or surely(size, largest=reach) else ceil(reach)
    return ceil(min(size, reach))


def kernel_extents(graph: Graph) -> dict[str, tuple[int, ...]]:
    """The extent of the first window that each layer moves, by the layer's name."""
    extents: dict[str, tuple[int, ...]] = {}
    for node in with_inner(_fixed(graph)[0].nodes):
        window = _window(node)
        if window:
            extents.setdefault(node.layer, window)
    return extents


def _window(node: Node) -> tuple[int, ...]:
    if isinstance(node.op, Scan):
        return next((window for inner in node.op.body.nodes if (window := _window(inner))), ())
    return node.op.window_extents([value.type for value in node.inputs])


def _windowed(node: Node, field: ReceptiveField | None) -> set[int]:
    """The axes of the input that the node moves a window along."""
    rank = len(_window(node))
    if field is None or not rank:
        return set()
    return {axis.source for axis in field.axes[-1 - rank : -1] if axis is not None and axis is not BATCH}

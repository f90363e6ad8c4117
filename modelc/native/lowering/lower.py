"""Graph and memory plan → the steps of kernels that run it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.verify import require_dialect
from modelc.native.engine.schedule import Step
from modelc.native.families import index as index  # which declares the rules
from modelc.native.lowering.context import ConstantPlaces, Lowering
from modelc.native.lowering.rules import LOWERED, apply_rule
from modelc.native.passes.memory import MemoryPlan
from modelc.ops.shape import Reshape


@dataclass(frozen=True)
class Lowered:
    """The steps of a graph."""

    steps: tuple[Step, ...]
    nodes: tuple[Node, ...]
    """The node that each step is of."""
    results: tuple[Value, ...]
    ends: tuple[int, ...]
    """After how many steps each result is whole."""


def lower(
    graph: Graph,
    memory: MemoryPlan,
    shared: ConstantPlaces,
    own: ConstantPlaces,
    varying: AbstractSet[Value] = frozenset(),
) -> Lowered:
    """The steps for an optimized and planned graph, in order. Raises `InvalidGraphError` for an op without a rule.

    Constants are put among the `shared` ones of all plans of a program, what depends on `varying` values among its own.
    """
    require_dialect(graph, LOWERED)
    lowering = Lowering(graph, memory, shared, own, varying)
    nodes: list[Node] = []
    ends: dict[Value, int] = {}
    for node in graph.nodes:
        if lowering.is_constant(node.output):
            continue
        if isinstance(node.op, Reshape):
            lowering.view(node.output, node.inputs[0])
        else:
            apply_rule(lowering, node)
            nodes += [node] * (len(lowering.steps) - len(nodes))
        ends |= dict.fromkeys(node.outputs, len(lowering.steps))
    return Lowered(
        tuple(lowering.steps),
        tuple(nodes),
        graph.results,
        tuple(ends.get(value, 0) for value in graph.results),
    )

"""Graph and memory plan → the steps of kernels that run it."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.verify import require_dialect
from modelc.native.engine.schedule import Step
from modelc.native.families import lower_gradients
from modelc.native.families.chain import lower as chain
from modelc.native.families.conv import contracting, contractions, packing, transposed
from modelc.native.families.elementwise import lower as elementwise
from modelc.native.families.move import lower as move
from modelc.native.families.order import lower as order
from modelc.native.families.recurrent import lower as recurrent
from modelc.native.families.reduce import lower as reduce
from modelc.native.families.sample_attention import lower as sample_attention
from modelc.native.families.warp import lower as warp
from modelc.native.lowering.context import Lowering, PackedValue, Table
from modelc.native.lowering.rules import LOWERED, apply_rule
from modelc.native.passes.memory import MemoryPlan
from modelc.ops.shape import Reshape

RULES = (
    chain, contracting, contractions, elementwise, lower_gradients, move, order, packing, recurrent, reduce,
    sample_attention, transposed, warp,
)  # fmt: skip
"""The modules that declare rules: to import them is to have all."""


@dataclass(frozen=True)
class Lowered:
    """The steps of a graph, and what lies in its buffer of constants."""

    steps: tuple[Step, ...]
    nodes: tuple[Node, ...]
    """The node that each step is of."""
    packed: tuple[PackedValue, ...]
    tables: tuple[Table, ...]
    constant_bytes: int
    results: tuple[Value, ...]


def lower(graph: Graph, memory: MemoryPlan) -> Lowered:
    """The steps for an optimized and planned graph, in order. Raises `InvalidGraphError` for an op without a rule."""
    require_dialect(graph, LOWERED)
    lowering = Lowering(graph, memory)
    nodes: list[Node] = []
    for node in graph.nodes:
        if lowering.is_constant(node.output):
            continue
        if isinstance(node.op, Reshape):
            lowering.view(node.output, node.inputs[0])
            continue
        apply_rule(lowering, node)
        nodes += [node] * (len(lowering.steps) - len(nodes))
    return Lowered(
        tuple(lowering.steps),
        tuple(nodes),
        tuple(lowering.packed),
        tuple(lowering.tables),
        lowering.constant_bytes,
        graph.results,
    )

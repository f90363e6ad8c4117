"""A graph of given sizes → its `Plan`: memory is planned, kernels are chosen, constants get their places."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from modelc.graph.graph import Graph, Value, Weight
from modelc.graph.program import OnCompile
from modelc.native.engine.amounts import call_bytes, operations
from modelc.native.engine.buffers import Block
from modelc.native.engine.constant_blocks import FixedConstants
from modelc.native.engine.constants import Constants
from modelc.native.engine.executor import Executor
from modelc.native.engine.plan import Plan, PlanForm
from modelc.native.engine.room import Room
from modelc.native.lowering.lower import lower
from modelc.native.passes.loops_over_steps import flatten_loops
from modelc.native.passes.memory import plan_memory
from modelc.weights.variable import Variable


def plan_of(
    graph: Graph,
    weights: Sequence[tuple[Weight, Variable]],
    shared: Constants,
    arenas: list[Block],
    varying: AbstractSet[Value] = frozenset(),
    *,
    on_compile: OnCompile | None = None,
    room: Room | None = None,
) -> Plan:
    """The plan of an optimized graph without free sizes.

    Its constants are put among the `shared` ones, those that depend on `varying` values are the plan's own.
    """
    fitted, again = (graph, 0.0) if room is None else room.fitted(graph)
    flat = flatten_loops(fitted)
    memory = plan_memory(flat)
    placed = Constants(weights)
    lowered = lower(flat, memory, shared, placed, varying)
    own = placed if placed.follows_weights else FixedConstants(placed.current())
    executor = Executor.of(lowered.steps, on_compile=on_compile)
    form = PlanForm(fitted, lowered, shared, arenas)
    shapes = [value.type.dims for value in fitted.results]
    return Plan(form, executor, memory, operations(fitted), call_bytes(fitted), shapes, own, again)

"""`peak_memory`: the memory of a call on a graph with free sizes, of which no plan for all sizes can say the amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from modelc.graph.bind import Binder, same_values
from modelc.graph.graph import Graph, Node
from modelc.graph.types import ITEM_BYTES
from modelc.native.passes.loops_over_steps import flatten_loops
from modelc.native.passes.memory import blocks_of, plan_memory
from modelc.native.passes.pipeline import activation_memory, optimize


def call_memory(graph: Graph, batch_size: int = 1) -> int | PeakMemory:
    """The bytes that a call on so many samples allocates; where sizes are free, what can be said of it."""
    return activation_memory(graph, batch_size) if graph.free_sizes is None else peak_memory(graph, batch_size)


@dataclass(frozen=True, slots=True)
class PeakMemory:
    """What a call needs."""

    alive: int
    """The bytes of what is alive at once where that is most, and of what is returned: a formula in the free sizes."""
    layer: str
    """The layer whose op that is."""
    planned: int
    """The bytes that are planned for `sizes`, gaps included."""
    sizes: Mapping[str, int]
    """The sizes of the trace, by name."""


def peak_memory(graph: Graph, batch_size: int = 1) -> PeakMemory:
    """The memory of a call on so many samples.

    Which values are alive at once is the same for all sizes for which the same plan is made; where most are may be
    elsewhere for others. It is where it is for the sizes of the trace.
    """
    free = optimize(graph)
    assert free.free_sizes is not None
    bound = flatten_loops(Binder(free).bound(free.free_sizes.hints).graph)
    nodes = [node for node in bound.nodes if node.output not in bound.constants]
    same = same_values(bound, flatten_loops(free))
    blocks = blocks_of(bound, nodes)
    memory = plan_memory(bound)
    at_once = memory.at_once(batch_size)

    def size_at(step: int) -> int:
        alive = (b for b in blocks if b.first <= step <= b.last and not b.is_work)
        return sum(b.size * (at_once if b.values[0].type.batched else 1) for b in alive)

    step = max(range(len(nodes)), key=size_at, default=0)
    alive = [same[b.values[0]] for b in blocks if b.first <= step <= b.last and not b.is_work]
    returned = [same[value] for value in bound.results]
    counted = [*((value, at_once) for value in alive), *((value, batch_size) for value in returned)]
    amounts = [
        (samples if value.type.batched else 1) * prod(value.type.dims) * ITEM_BYTES for value, samples in counted
    ]
    planned = memory.activation_bytes(batch_size)
    return PeakMemory(sum(amounts), _layer(nodes, step), planned, free.free_sizes.sizes())


def _layer(nodes: list[Node], step: int) -> str:
    return nodes[step].layer if nodes else ""

"""Plan the memory of a graph: which values lie in the arena, and where.

What threads work in lies in front, then values without a batch, such as the gradients of weights, at offsets that are
fixed. Those of values with a batch are fixed for one sample: for a batch of B they are B times as large and as far from
where they begin. So one plan serves every batch size, and what is predicted here is what is allocated. Where a batch
goes through the graph in slices, B is the samples of a slice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import same_shape
from modelc.native.engine.memory_sizes import MemorySizes, aligned
from modelc.native.ops.base import overwrites
from modelc.native.ops.work_area import WorkArea
from modelc.native.passes.loops_over_steps import flatten_loops
from modelc.native.passes.placement import ArenaBlock, place
from modelc.native.passes.separate_outputs import storage_root
from modelc.native.passes.slices import samples_at_once
from modelc.ops.shape import Reshape


@dataclass(slots=True)
class MemoryPlan(MemorySizes):
    """Where values lie. Inputs, constants and results are not in the arena."""

    offsets: Mapping[Value, int]
    """The place of each value in its part of the arena, in bytes; per sample where the value has a batch."""
    peak: Value | None
    """The value that reaches the end of the arena first; None where the arena is empty."""


def plan_memory(graph: Graph) -> MemoryPlan:
    """The plan for a graph in which results are separate (`separate_outputs`).

    A reshape is a view; an elementwise op writes over its operand where that is read for the last time. Blocks are
    then placed (`placement.py`).
    """
    graph = flatten_loops(graph)
    nodes = [node for node in graph.nodes if node.output not in graph.constants]
    blocks = blocks_of(graph, nodes)
    batched, work, fixed = parts_of(blocks)
    sizes = [place(part) for part in (batched, work, fixed)]
    for block in fixed:
        block.offset += sizes[1]
    results = [result_bytes(graph, batched=kind) for kind in (True, False)]
    largest, end = (batched, sizes[0]) if batched else (fixed, sizes[1] + sizes[2])
    return MemoryPlan(
        offsets={value: block.offset for block in blocks for value in block.values},
        arena_bytes=sizes[0],
        result_bytes=results[0],
        work_bytes=sizes[1],
        fixed_bytes=sizes[1] + sizes[2],
        fixed_result_bytes=results[1],
        slice=samples_at_once(graph),
        peak=next((block.values[0] for block in largest if block.offset + block.size == end), None),
    )


def parts_of(blocks: Sequence[ArenaBlock]) -> tuple[list[ArenaBlock], list[ArenaBlock], list[ArenaBlock]]:
    """The blocks of the arena's parts: those with a batch, those that threads work in, and the rest."""
    batched = [block for block in blocks if block.values[0].type.batched]
    work = [block for block in blocks if block.is_work]
    return batched, work, [block for block in blocks if not block.values[0].type.batched and not block.is_work]


def result_bytes(graph: Graph, *, batched: bool) -> int:
    """The size of all results that have a batch, per sample, or of those that have none."""
    return sum(value.type.bytes for value in graph.results if value.type.batched is batched)


def blocks_of(graph: Graph, nodes: Sequence[Node]) -> list[ArenaBlock]:
    """The blocks of the arena, in the order of their first use."""
    external = {storage_root(graph, value) for value in graph.results}
    last_use = {value: i for i, node in enumerate(nodes) for value in node.inputs}
    block_of: dict[Value, ArenaBlock] = {}
    blocks: list[ArenaBlock] = []
    for i, node in enumerate(nodes):
        written: list[ArenaBlock] = []  # by this node: no two of its outputs share memory, read later or not
        for number, output in enumerate(node.outputs):
            last = last_use.get(output, i)
            if isinstance(node.op, Reshape):
                block = block_of.get(node.inputs[0])
                if block is not None:
                    block.last = max(block.last, last)
            elif output in external:
                block = None
            else:
                held = [block_of.get(value) for value in node.inputs]
                over = [block_of.get(value) for value in overwritten(node, number)]
                free = (b for b in over if b is not None and b.last == i and b not in written)
                block = next((b for b in free if held.count(b) == 1), None)
                if block is None:
                    block = ArenaBlock(aligned(output.type.bytes), i, last, [], isinstance(node.op, WorkArea))
                    blocks.append(block)
                block.last = last
                written.append(block)
            if block is not None:
                block.values.append(output)
                block_of[output] = block
    return blocks


def overwritten(node: Node, number: int) -> list[Value]:
    """The operands that an output may be written over, where nothing reads them later."""
    output = node.outputs[number]
    operands = (node.inputs[i] for i in overwrites(node.op, number))
    return [value for value in operands if same_shape(value.type.shape, output.type.shape)]

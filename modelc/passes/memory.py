"""Plan the memory of a graph: which values lie in the arena, and where.

Values without a batch, such as the gradients of weights, lie in front, at offsets that are fixed. Those of values with
a batch are fixed for one sample: for a batch of B they are B times as large and as far from where they begin. So one
plan serves every batch size, and what is predicted here is what is allocated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modelc.graph.graph import Graph, Node, Value
from modelc.ops.base import Op
from modelc.ops.fused import Fused
from modelc.ops.shape import Reshape
from modelc.passes.separate_outputs import storage_root

ALIGNMENT = 64
"""Bytes: a cache line, and the widest vector."""


@dataclass(frozen=True)
class MemoryPlan:
    """Where values lie. Inputs, constants and results are not in the arena."""

    offsets: Mapping[Value, int]
    """The place of each value in its part of the arena, in bytes; per sample where the value has a batch."""
    arena_bytes: int
    """The size per sample of the arena's part for values with a batch."""
    result_bytes: int
    """The size per sample of all results that have a batch."""
    fixed_bytes: int
    """The size of the arena's part for values without a batch, which comes first."""
    fixed_result_bytes: int
    """The size of all results without a batch."""
    peak: Value | None
    """The value that reaches the end of the arena first; None where the arena is empty."""

    def arena_size(self, batch_size: int) -> int:
        """The bytes of the whole arena."""
        return self.fixed_bytes + self.arena_bytes * batch_size

    def activation_bytes(self, batch_size: int) -> int:
        """All that one call allocates: the arena and the arrays that it returns."""
        return self.arena_size(batch_size) + self.fixed_result_bytes + self.result_bytes * batch_size


@dataclass
class _Block:
    """Memory that one value after another lives in."""

    size: int
    first: int
    last: int
    values: list[Value]
    offset: int = 0


def plan_memory(graph: Graph) -> MemoryPlan:
    """The plan for a graph in which results are separate (`separate_outputs`).

    A reshape is a view; an elementwise op writes over its operand where that is read for the last time. Blocks are
    then placed from the largest to the smallest, each at the lowest offset that is free while it lives (greedy by
    size: Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020).
    """
    nodes = [node for node in graph.nodes if node.output not in graph.constants]
    blocks = _blocks(graph, nodes)
    batched, fixed = ([b for b in blocks if b.values[0].type.batched is kind] for kind in (True, False))
    sizes = [_place(part, len(nodes)) for part in (batched, fixed)]
    results = [sum(v.type.bytes for v in graph.results if v.type.batched is kind) for kind in (True, False)]
    largest, end = (batched, sizes[0]) if batched else (fixed, sizes[1])
    return MemoryPlan(
        offsets={value: block.offset for block in blocks for value in block.values},
        arena_bytes=sizes[0],
        result_bytes=results[0],
        fixed_bytes=sizes[1],
        fixed_result_bytes=results[1],
        peak=next((block.values[0] for block in largest if block.offset + block.size == end), None),
    )


def aligned(size: int) -> int:
    """`size` rounded up to whole cache lines."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def _blocks(graph: Graph, nodes: Sequence[Node]) -> list[_Block]:
    """The blocks of the arena, in the order of their first use."""
    external = {storage_root(graph, value) for value in graph.results}
    last_use = {value: i for i, node in enumerate(nodes) for value in node.inputs}
    block_of: dict[Value, _Block] = {}
    blocks: list[_Block] = []
    for i, node in enumerate(nodes):
        output, last = node.output, last_use.get(node.output, i)
        block = block_of.get(node.inputs[0])
        if isinstance(node.op, Reshape):
            if block is not None:
                block.last = max(block.last, last)
        elif output in external:
            block = None
        elif (
            block is not None
            and block.last == i
            and _overwrites(node)
            and not any(block_of.get(other) is block for other in node.inputs[1:])
        ):
            block.last = last
        else:
            block = _Block(aligned(output.type.bytes), i, last, [])
            blocks.append(block)
        if block is not None:
            block.values.append(output)
            block_of[output] = block
    return blocks


def _overwrites(node: Node) -> bool:
    """Whether the node may write its output over its first operand."""
    op: Op = node.op.base if isinstance(node.op, Fused) else node.op
    return op.elementwise and node.inputs[0].type.shape == node.output.type.shape


def _place(blocks: Sequence[_Block], steps: int) -> int:
    """Give every block its offset; the size of all together."""
    alive: list[list[_Block]] = [[] for _ in range(steps)]
    for block in sorted(blocks, key=lambda b: (-b.size, b.first)):
        others = {id(other): other for step in alive[block.first : block.last + 1] for other in step}
        offset = 0
        for other in sorted(others.values(), key=lambda b: b.offset):
            if offset + block.size <= other.offset:
                break
            offset = max(offset, other.offset + other.size)
        block.offset = offset
        for step in alive[block.first : block.last + 1]:
            step.append(block)
    return max((block.offset + block.size for block in blocks), default=0)

"""Plan the memory of a graph with free sizes, for all of them.

Blocks are placed for the sizes of the trace (`memory.py`). Of two that are alive at once, the one that lies below the
other there does so at all sizes: a block begins where the highest of those below it ends. So nothing is placed again
for other sizes, and what the sizes of the trace need is what a plan for just these needs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modelc.graph.expressions import SizeSymbol
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, Value
from modelc.graph.sizes import declare, likely
from modelc.native.passes.memory import ArenaBlock, MemoryPlan, blocks_of, parts_of, place, result_bytes

_PARTS = ("batched", "work", "fixed")
_FIXED = "the fixed part"
"""The symbol for the size of the arena's part for values without a batch."""


class FreeMemory:
    """Where the values of a graph lie, as symbols, and what these are for given sizes."""

    def __init__(self, graph: Graph, sizes: FreeSizes) -> None:
        """The symbols are added to `sizes`. The graph's results are separate (`separate_outputs`)."""
        blocks = blocks_of(graph, [node for node in graph.nodes if node.output not in graph.constants])
        self._parts = [_Part(part, name) for part, name in zip(parts_of(blocks), _PARTS, strict=True)]
        offsets: dict[Value, int] = {}
        for part in self._parts:
            for name, block in zip(part.names, part.blocks, strict=True):
                offsets |= dict.fromkeys(block.values, declare(sizes, SizeSymbol(name, least=0), block.offset))
        batched, fixed = (result_bytes(graph, batched=kind) for kind in (True, False))
        front = declare(sizes, SizeSymbol(_FIXED, least=0), 0)
        self.plan = MemoryPlan(0, batched, 0, front, fixed, offsets, None)
        """The offsets of values, and the sizes of results."""
        self.sizes = [size for part in self._parts for size in part.sizes]
        """The sizes of the blocks, as expressions."""
        self.symbols = [*(name for part in self._parts for name in part.names), _FIXED]
        """The names of the symbols."""

    def at(self, sizes: Sequence[int]) -> tuple[list[int], int, int, int]:
        """The symbols' values where the blocks have these sizes; the arena's bytes per sample, those that threads work
        in, and these and those of values without a batch."""
        begins: list[int] = []
        batched, work, fixed = self._parts
        arena = batched.place(sizes, begins)
        worked_in = work.place(sizes, begins)
        front = fixed.place(sizes, begins, worked_in)
        return [*begins, front], arena, worked_in, front


class _Part:
    """The blocks of a part of the arena, from the lowest to the highest."""

    def __init__(self, blocks: Sequence[ArenaBlock], name: str) -> None:
        sizes = {id(block): block.size for block in blocks}
        for block in blocks:
            block.size = likely(block.size)
        place(blocks)
        self.blocks = sorted(blocks, key=lambda block: block.offset)
        self.sizes = [sizes[id(block)] for block in self.blocks]
        self.names = [f"{name} {i}" for i in range(len(blocks))]
        """The symbol for where each begins."""
        first = np.array([block.first for block in self.blocks], np.int64)
        last = np.array([block.last for block in self.blocks], np.int64)
        self._below = [
            (np.flatnonzero((first[:i] <= last[i]) & (last[:i] >= first[i])) - i).tolist() for i in range(len(blocks))
        ]
        """The blocks that each lies above of, by how many come before it."""

    def place(self, sizes: Sequence[int], begins: list[int], start: int = 0) -> int:
        """Add to `begins`, which has a number for each block before these, where each of these begins.

        `sizes` are those of all blocks. The lowest ones begin at `start`. Gives where the last one ends.
        """
        total = start
        for i, below in enumerate(self._below, len(begins)):
            begin = start
            for j in below:
                end = begins[i + j] + sizes[i + j]
                if end > begin:
                    begin = end
            begins.append(begin)
            total = max(total, begin + sizes[i])
        return total

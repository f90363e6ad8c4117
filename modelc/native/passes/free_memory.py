"""Plan the memory of a graph with free sizes, for all of them.

Blocks are placed for the sizes of the trace (`memory.py`). Of two that are alive at once, the one that lies below the
other there does so at all sizes: a block begins where the highest of those below it ends. So nothing is placed again
for other sizes, and what the sizes of the trace need is what a plan for just these needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from modelc.graph.expressions import Expression, SizeSymbol, number
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, Value
from modelc.graph.sizes import declare, expression_of, likely
from modelc.native.passes.memory import MemoryPlan, blocks_of, parts_of, result_bytes
from modelc.native.passes.placement import ArenaBlock, place
from modelc.native.passes.slices import samples_at_once

_PARTS = ("batched", "work", "fixed")
_FIXED = "the fixed part"
"""The symbol for the size of the arena's part for values without a batch."""


class Sheet(Protocol):
    """What numbers are worked out with. Each has a register."""

    def value(self, expression: Expression) -> int:
        """The register of an expression's value."""
        ...

    def sum(self, registers: Sequence[int]) -> int:
        """The register of the sum of others."""
        ...

    def highest(self, registers: Sequence[int]) -> int:
        """The register of the highest of others."""
        ...

    def name(self, symbols: Mapping[str, int]) -> None:
        """Symbols whose values these registers have."""
        ...


class ArenaSizes(NamedTuple):
    """The registers for the sizes of an arena, as in `MemorySizes`."""

    per_sample: int
    work: int
    fixed: int


class FreeMemory:
    """Where the values of a graph lie, as symbols, and what these follow from."""

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
        self.plan = MemoryPlan(0, batched, 0, front, fixed, samples_at_once(graph), offsets, None)
        """The offsets of values, and the sizes of results."""

    def place(self, sheet: Sheet) -> ArenaSizes:
        """Have the symbols worked out, and the sizes of the arena."""
        batched, work, fixed = self._parts
        start = sheet.value(number(0))
        per_sample = batched.place(sheet, start)
        worked_in = work.place(sheet, start)
        front = fixed.place(sheet, worked_in)
        sheet.name({_FIXED: front})
        return ArenaSizes(per_sample, worked_in, front)


class _Part:
    """The blocks of a part of the arena, from the lowest to the highest."""

    def __init__(self, blocks: Sequence[ArenaBlock], name: str) -> None:
        sizes = {id(block): expression_of(block.size) for block in blocks}
        for block in blocks:
            block.size = likely(block.size)
        place(blocks)
        self.blocks = sorted(blocks, key=lambda block: block.offset)
        self.names = [f"{name} {i}" for i in range(len(blocks))]
        """The symbol for where each begins."""
        self._sizes = [sizes[id(block)] for block in self.blocks]
        first = np.array([block.first for block in self.blocks], np.int64)
        last = np.array([block.last for block in self.blocks], np.int64)
        self._below: list[list[int]] = [
            np.flatnonzero((first[:i] <= last[i]) & (last[:i] >= first[i])).tolist() for i in range(len(blocks))
        ]
        """The blocks that each lies above of."""

    def place(self, sheet: Sheet, start: int) -> int:
        """Have it worked out where each block begins, the lowest ones at `start`; the register of where all end."""
        ends: list[int] = []
        begins: dict[str, int] = {}
        for name, size, below in zip(self.names, self._sizes, self._below, strict=True):
            begins[name] = sheet.highest([start, *(ends[i] for i in below)])
            ends.append(sheet.sum([begins[name], sheet.value(size)]))
        sheet.name(begins)
        return sheet.highest([start, *ends])

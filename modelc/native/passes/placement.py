"""Place blocks of memory that are needed for some steps each, in an arena that is as small as can be found.

It cannot be smaller than what is alive at the step with the most of it. From the largest block to the smallest, each is
put at the lowest place that is free while it lives (greedy by size: Pisarchyk and Lee, "Efficient Memory Management for
Deep Neural Net Inference", 2020). Where that needs more, the block that ends highest is put first, a few times, and so
from another order: mostly one of them needs no more than is alive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelc.graph.graph import Value

_CLOSE = 1.01
"""How much more than the bound is not worth another attempt."""
_REPAIRS = 8
"""How often blocks are put first, from each order."""


@dataclass(eq=False)
class ArenaBlock:
    """Memory that one value after another lives in."""

    size: int
    first: int
    last: int
    values: list[Value]
    is_work: bool = False
    """Whether it is what threads work in."""
    offset: int = 0


def place(blocks: Sequence[ArenaBlock]) -> int:
    """Give every block its offset; the size of all together."""
    enough = _CLOSE * most_alive(blocks)
    best, least = [0] * len(blocks), -1
    for order in (_by_size(blocks), _by_size_and_life(blocks)):
        for _ in range(1 + _REPAIRS):
            offsets = _offsets(blocks, order)
            ends = [offset + block.size for offset, block in zip(offsets, blocks, strict=True)]
            size = max(ends, default=0)
            if least < 0 or size < least:
                best, least = offsets, size
            if least <= enough:
                break
            highest = ends.index(size)
            order.remove(highest)
            order.insert(0, highest)
    for block, offset in zip(blocks, best, strict=True):
        block.offset = offset
    return least


def most_alive(blocks: Sequence[ArenaBlock]) -> int:
    """The bytes of all blocks that are alive at once, at the step with the most of them: no arena is smaller."""
    changes: dict[int, int] = {}
    for block in blocks:
        changes[block.first] = changes.get(block.first, 0) + block.size
        changes[block.last + 1] = changes.get(block.last + 1, 0) - block.size
    alive = most = 0
    for step in sorted(changes):
        alive += changes[step]
        most = max(most, alive)
    return most


def _by_size(blocks: Sequence[ArenaBlock]) -> list[int]:
    return sorted(range(len(blocks)), key=lambda i: (-blocks[i].size, blocks[i].first))


def _by_size_and_life(blocks: Sequence[ArenaBlock]) -> list[int]:
    return sorted(range(len(blocks)), key=lambda i: -blocks[i].size * (1 + blocks[i].last - blocks[i].first))


def _offsets(blocks: Sequence[ArenaBlock], order: Sequence[int]) -> list[int]:
    """Where blocks lie that are placed in this order."""
    offsets = [0] * len(blocks)
    first, last = np.zeros(len(blocks), np.int64), np.zeros(len(blocks), np.int64)
    for count, i in enumerate(order):
        block = blocks[i]
        meets = np.flatnonzero((first[:count] <= block.last) & (last[:count] >= block.first))
        offset = 0
        for other in sorted((order[k] for k in meets.tolist()), key=offsets.__getitem__):
            if offset + block.size <= offsets[other]:
                break
            offset = max(offset, offsets[other] + blocks[other].size)
        offsets[i] = offset
        first[count], last[count] = block.first, block.last
    return offsets

"""Where each vertex stands in its row: in line with what it is joined to.

The method of Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2002): vertices are joined to blocks
that stand in line, to the upper or the lower neighbours, from the left or from the right; blocks are pushed together;
and each vertex takes the mean of the two middle ones of its four places. Edges that pass rows are straight there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from modelc.layered.ranked import RankedGraph

Pairs = set[tuple[int, int]]


def places_of(graph: RankedGraph, widths: Sequence[float], gap: float) -> list[float]:
    """The middle of each vertex and bend, from 0 for the left edge of the drawing."""
    if not widths:
        return []
    refused = _crossing_long_edges(graph)
    found: list[list[float]] = []
    for down in (True, False):
        joined = graph.above if down else graph.below
        for mirrored in (False, True):
            order = [row[::-1] if mirrored else row for row in graph.rows]
            order = order if down else order[::-1]
            block = _blocks(graph, order, joined, refused)
            x = _pushed_together(graph, order, block, widths, gap)
            found.append([-one for one in x] if mirrored else x)
    _line_up(found, widths)
    places = [(four[1] + four[2]) / 2 for four in map(sorted, zip(*found, strict=True))]
    left = min(x - width / 2 for x, width in zip(places, widths, strict=True))
    return [x - left for x in places]


def _crossing_long_edges(graph: RankedGraph) -> Pairs:
    """The pairs of neighbours in two rows whose edge crosses one that passes both rows: these may not stand in line."""
    at = graph.positions()
    found: Pairs = set()
    for row in graph.rows[1:]:
        upper = [at[graph.above[v][0]] if _passes(graph, v) else None for v in row]
        known = [place for place in upper if place is not None]
        if not known:
            continue
        # An edge crosses one whose lower end is left of its own and whose upper end is right of it, or the reverse.
        rightmost = list(accumulate((-1 if place is None else place for place in upper), max, initial=-1))
        end = max(known) + 1
        leftmost = list(accumulate((end if place is None else place for place in reversed(upper)), min, initial=end))[
            ::-1
        ]
        for position, v in enumerate(row):
            for u in graph.above[v]:
                crosses = rightmost[position] > at[u] or leftmost[position + 1] < at[u]
                if crosses and not (graph.is_bend(v) and graph.is_bend(u)):
                    found |= {(u, v), (v, u)}
    return found


def _passes(graph: RankedGraph, vertex: int) -> bool:
    """Whether an edge passes both the row of a vertex and the one above."""
    return graph.is_bend(vertex) and graph.is_bend(graph.above[vertex][0])


def _blocks(
    graph: RankedGraph, order: Sequence[Sequence[int]], joined: Sequence[Sequence[int]], refused: Pairs
) -> list[int]:
    """The block of each vertex, by its first vertex: in line with the middle one of those that it is joined to."""
    at = [0] * len(joined)
    for row in order:
        for position, vertex in enumerate(row):
            at[vertex] = position
    root = list(range(len(joined)))
    taken = [False] * len(joined)
    for row in order:
        reached = -1
        for vertex in row:
            others = sorted(_leading(graph, vertex, joined[vertex]), key=at.__getitem__)
            for other in others[(len(others) - 1) // 2 : len(others) // 2 + 1]:
                if (
                    root[vertex] == vertex
                    and not taken[other]
                    and reached < at[other]
                    and (vertex, other) not in refused
                ):
                    root[vertex], taken[other], reached = root[other], True, at[other]
    return root


def _leading(graph: RankedGraph, vertex: int, others: Sequence[int]) -> Sequence[int]:
    """Of what a bend is joined to, the next bend of its edge if there is one."""
    if graph.is_bend(vertex):
        bends = [other for other in others if graph.is_bend(other)]
        return bends or others
    return others


def _pushed_together(
    graph: RankedGraph, order: Sequence[Sequence[int]], root: Sequence[int], widths: Sequence[float], gap: float
) -> list[float]:
    """The places of blocks: as far left as what stands beside them permits, then right again as far as it does."""
    after: dict[int, dict[int, float]] = {}
    waiting = [0] * len(root)
    for row in order:
        for left, right in pairwise(row):
            a, b = root[left], root[right]
            space = gap / 2 if graph.is_bend(left) or graph.is_bend(right) else gap
            apart = (widths[left] + widths[right]) / 2 + space
            others = after.setdefault(a, {})
            if b not in others:
                waiting[b] += 1
            others[b] = max(others.get(b, 0.0), apart)
    x = [0.0] * len(root)
    sequence = [v for v in range(len(root)) if root[v] == v and not waiting[v]]
    for block in sequence:
        for other, apart in after.get(block, {}).items():
            x[other] = max(x[other], x[block] + apart)
            waiting[other] -= 1
            if not waiting[other]:
                sequence.append(other)
    for block in reversed(sequence):
        others = after.get(block)
        if others:
            x[block] = max(x[block], min(x[other] - apart for other, apart in others.items()))
    return [x[block] for block in root]


def _line_up(found: list[list[float]], widths: Sequence[float]) -> None:
    """Move the four drawings over each other, to the edges of the narrowest one: left ones left, right ones right."""

    def edges(xs: list[float]) -> tuple[float, float]:
        sides = [(x - width / 2, x + width / 2) for x, width in zip(xs, widths, strict=True)]
        return min(left for left, _ in sides), max(right for _, right in sides)

    ends = [edges(xs) for xs in found]
    narrowest = min(ends, key=lambda end: end[1] - end[0])
    for i, (xs, (left, right)) in enumerate(zip(found, ends, strict=True)):
        move = narrowest[1] - right if i % 2 else narrowest[0] - left
        found[i] = [x + move for x in xs]

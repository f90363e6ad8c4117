"""The order in each row, with few crossings: every vertex at the mean place of those that it is joined to.

The barycenter heuristic of Sugiyama, Tagawa and Toda (1981), down and up in turns; the best order found is kept.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence

from modelc.layered.ranked import RankedGraph

_SWEEPS = 24
_PATIENCE = 4
"""The sweeps without an improvement after which no more are made."""
_WORK = 1_500_000
"""About how many vertices may be placed in all: large graphs have fewer sweeps."""


def put_in_order(graph: RankedGraph) -> None:
    """Put the rows in an order with few crossings."""
    wide = [r for r, row in enumerate(graph.rows) if len(row) > 1]
    if not wide:
        return
    at = graph.positions()
    best, fewest = [list(row) for row in graph.rows], crossings(graph)
    patience = _PATIENCE
    for sweep in range(max(2, min(_SWEEPS, _WORK // sum(len(graph.rows[r]) for r in wide)))):
        down = sweep % 2 == 0
        for r in wide if down else reversed(wide):
            _sort(graph.rows[r], graph.above if down else graph.below, at, rightmost=sweep % 4 >= 2)
        found = crossings(graph)
        patience -= 1
        if found < fewest:
            best, fewest, patience = [list(row) for row in graph.rows], found, _PATIENCE
        if not fewest or not patience:
            break
    graph.rows[:] = best


def _sort(row: list[int], joined: Sequence[Sequence[int]], at: list[int], *, rightmost: bool) -> None:
    """Sort a row by the mean places of what it is joined to; what is joined to nothing keeps its place.

    Of equal ones the later come first if `rightmost`, so that sweeps do not end in the first order that they meet.
    """
    free = [i for i, vertex in enumerate(row) if joined[vertex]]
    if len(free) > 1:
        means = {row[i]: sum(at[other] for other in joined[row[i]]) / len(joined[row[i]]) for i in free}
        sorted_ = [row[i] for i in (reversed(free) if rightmost else free)]
        sorted_.sort(key=means.__getitem__)
        for i, vertex in zip(free, sorted_, strict=True):
            row[i] = vertex
    for position, vertex in enumerate(row):
        at[vertex] = position


def crossings(graph: RankedGraph) -> int:
    """The number of pairs of edges that cross each other."""
    at = graph.positions()
    found = 0
    for row in graph.rows:
        if len(row) < 2:
            continue
        ends: list[int] = []
        for vertex in row:
            places = sorted(at[other] for other in graph.below[vertex])
            found += sum(len(ends) - bisect_right(ends, place) for place in places)
            for place in places:
                insort(ends, place)
    return found

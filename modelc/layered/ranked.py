"""`RankedGraph`: the vertices by rank, with a bend in every row that an edge passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelc.layered.ranks import Edge

MAX_BENDS = 200_000
"""The most bends in a drawing: seconds of work. The longest edges beyond are drawn straight, behind the vertices."""


@dataclass
class RankedGraph:
    """A graph in which every edge leads to the next row.

    The edges of a vertex that pass a row have one bend there together: they run side by side until they part.
    """

    count: int
    """The number of vertices; what has a larger number is a bend."""
    rows: list[list[int]]
    """The vertices and bends of each row, in their order."""
    above: list[list[int]]
    """What each is reached from, in the row above."""
    below: list[list[int]]
    """What each leads to, in the row below."""
    bends: dict[int, list[int]]
    """The bends below a vertex, row by row."""
    direct: frozenset[Edge]
    """The edges that have none although they pass rows."""

    def is_bend(self, vertex: int) -> bool:
        """Whether it is a bend of an edge."""
        return vertex >= self.count

    def positions(self) -> list[int]:
        """Where each stands in its row."""
        at = [0] * len(self.above)
        for row in self.rows:
            for position, vertex in enumerate(row):
                at[vertex] = position
        return at


def ranked_graph(rank: Sequence[int], edges: Sequence[Edge], most: int = MAX_BENDS) -> RankedGraph:
    """The graph with its bends; of `most` bends, short edges have theirs first."""
    count = len(rank)
    last: dict[int, int] = {}
    direct: set[Edge] = set()
    for source, target in sorted(edges, key=lambda edge: rank[edge[1]] - rank[edge[0]]):
        more = rank[target] - 1 - last.get(source, rank[source])
        if more > most:
            direct.add((source, target))
        elif more > 0:
            most -= more
            last[source] = rank[target] - 1
    rows: list[list[int]] = [[] for _ in range(max(rank, default=-1) + 1)]
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    bends: dict[int, list[int]] = {}
    for vertex in range(count):
        rows[rank[vertex]].append(vertex)
        before = vertex
        for row in range(rank[vertex] + 1, last.get(vertex, rank[vertex]) + 1):
            bend = len(above)
            above.append([before])
            below.append([])
            below[before].append(bend)
            rows[row].append(bend)
            bends.setdefault(vertex, []).append(bend)
            before = bend
    for source, target in edges:
        if (source, target) in direct:
            continue
        passed = rank[target] - rank[source] - 1
        before = bends[source][passed - 1] if passed else source
        below[before].append(target)
        above[target].append(before)
    return RankedGraph(count, rows, above, below, bends, frozenset(direct))

"""Ranks: which row each vertex stands in."""

from __future__ import annotations

from collections.abc import Sequence

Edge = tuple[int, int]


def ranks_of(count: int, edges: Sequence[Edge]) -> list[int]:
    """The rank of each vertex: one below the lowest that leads to it, so that every edge runs down.

    What nothing leads to stands just above the first that it leads to, not at the top: a second input of a model is
    beside where it is used. Edges lead from a smaller number to a larger one.
    """
    into: list[list[int]] = [[] for _ in range(count)]
    out: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        if not 0 <= source < target < count:
            raise ValueError(f"the edge {source} → {target} does not lead to a later vertex of {count}")
        into[target].append(source)
        out[source].append(target)
    rank = [0] * count
    for vertex in range(count):
        rank[vertex] = max((rank[source] + 1 for source in into[vertex]), default=0)
    for vertex in reversed(range(count)):
        if out[vertex] and not into[vertex]:
            rank[vertex] = min(rank[target] for target in out[vertex]) - 1
    return rank

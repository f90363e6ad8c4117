"""`draw`: the boxes of a graph's vertices and the ways of its edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from modelc.layered.order import put_in_order
from modelc.layered.place import places_of
from modelc.layered.ranked import ranked_graph
from modelc.layered.ranks import Edge, ranks_of

Size = tuple[float, float]
Point = tuple[float, float]

BEND_WIDTH = 6.0
"""The room of an edge that passes a row."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a vertex is drawn. The origin is the upper left corner of the drawing; y grows downwards."""

    x: float
    """The left edge."""
    y: float
    """The upper edge."""
    width: float
    height: float
    rank: int
    """The row, from 0."""

    @property
    def middle(self) -> float:
        """The middle of the box from the left."""
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an edge, from the bottom of a box to the top of another one, never upwards."""

    source: int
    target: int
    bends: tuple[float, ...]
    """Where it passes the rows between, from the left; none where it is drawn straight behind them."""
    points: tuple[Point, ...]
    """Its corners. Between two in the same row it runs straight down."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A graph laid out."""

    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def draw(sizes: Sequence[Size], edges: Sequence[Edge], *, gap: float = 24.0, row_gap: float = 28.0) -> Drawing:
    """Lay out a graph whose vertices have these widths and heights.

    Edges lead from a smaller number to a larger one, so that there is no circle; one that is given twice is drawn once.
    `gap` is the least space between two boxes of a row, and half of it beside an edge that passes; `row_gap` is that
    between two rows. Raises `ValueError` for an edge that leads back.
    """
    edges = list(dict.fromkeys(edges))
    rank = ranks_of(len(sizes), edges)
    graph = ranked_graph(rank, edges)
    put_in_order(graph)
    widths = [width for width, _ in sizes] + [BEND_WIDTH] * (len(graph.above) - len(sizes))
    middles = places_of(graph, widths, gap)
    heights = [max((sizes[v][1] for v in row if not graph.is_bend(v)), default=0.0) for row in graph.rows]
    tops = [0.0, *accumulate(height + row_gap for height in heights)]
    boxes = tuple(
        Box(middles[v] - width / 2, tops[rank[v]] + (heights[rank[v]] - height) / 2, width, height, rank[v])
        for v, (width, height) in enumerate(sizes)
    )

    def route(source: int, target: int) -> Route:
        passed = 0 if (source, target) in graph.direct else rank[target] - rank[source] - 1
        bends = tuple(middles[bend] for bend in graph.bends.get(source, [])[:passed])
        first = rank[source] + 1
        points = [(boxes[source].middle, boxes[source].bottom)]
        for row, x in enumerate(bends, first):
            points += [(x, tops[row]), (x, tops[row] + heights[row])]
        return Route(source, target, bends, (*points, (boxes[target].middle, boxes[target].y)))

    return Drawing(
        boxes,
        tuple(route(source, target) for source, target in edges),
        max((x + width / 2 for x, width in zip(middles, widths, strict=True)), default=0.0),
        max(tops[-1] - row_gap, 0.0),
    )

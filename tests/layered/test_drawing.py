"""Layered drawings: what must hold of every graph, and how small ones look."""

from __future__ import annotations

import time
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelc.layered import Drawing, draw
from modelc.layered.order import crossings, put_in_order
from modelc.layered.ranked import RankedGraph, ranked_graph
from modelc.layered.ranks import ranks_of

GAP, ROW_GAP = 20.0, 30.0
Edges = list[tuple[int, int]]


@st.composite
def graphs(draw_: st.DrawFn) -> tuple[list[tuple[float, float]], Edges]:
    """Some boxes of several sizes, and edges to later ones."""
    count = draw_(st.integers(1, 14))
    side = st.integers(10, 200).map(float)
    sizes = draw_(st.lists(st.tuples(side, side), min_size=count, max_size=count))
    pairs = list(combinations(range(count), 2))
    return sizes, draw_(st.lists(st.sampled_from(pairs), max_size=3 * count)) if pairs else []


def drawn(sizes: list[tuple[float, float]], edges: Edges) -> Drawing:
    return draw(sizes, edges, gap=GAP, row_gap=ROW_GAP)


def chain(count: int) -> Edges:
    return list(pairwise(range(count)))


@given(graphs())
def test_boxes_are_apart_and_inside(graph: tuple[list[tuple[float, float]], Edges]) -> None:
    sizes, edges = graph
    drawing = drawn(sizes, edges)
    assert [(box.width, box.height) for box in drawing.boxes] == sizes
    for box in drawing.boxes:
        assert box.x >= -1e-6 and box.x + box.width <= drawing.width + 1e-6
        assert box.y >= 0 and box.bottom <= drawing.height + 1e-6
    for a, b in combinations(drawing.boxes, 2):
        beside = a.x + a.width + GAP <= b.x + 1e-6 or b.x + b.width + GAP <= a.x + 1e-6
        below = a.bottom + ROW_GAP <= b.y + 1e-6 or b.bottom + ROW_GAP <= a.y + 1e-6
        assert beside or below


@given(graphs())
def test_edges_run_down_and_pass_boxes_by(graph: tuple[list[tuple[float, float]], Edges]) -> None:
    sizes, edges = graph
    drawing = drawn(sizes, edges)
    assert [(route.source, route.target) for route in drawing.routes] == list(dict.fromkeys(edges))
    for route in drawing.routes:
        source, target = drawing.boxes[route.source], drawing.boxes[route.target]
        assert route.points[0] == (source.middle, source.bottom)
        assert route.points[-1] == (target.middle, target.y)
        assert all(upper[1] <= lower[1] for upper, lower in pairwise(route.points))
        assert len(route.bends) == target.rank - source.rank - 1
        for box in drawing.boxes:
            for (x, top), (x2, bottom) in pairwise(route.points[1:-1]):
                if x == x2:  # within a row
                    assert not (box.x < x < box.x + box.width and top < box.bottom and box.y < bottom)


@given(graphs())
def test_the_same_graph_is_drawn_the_same(graph: tuple[list[tuple[float, float]], Edges]) -> None:
    assert drawn(*graph) == drawn(*graph)


@given(graphs())
def test_the_order_has_no_more_crossings_than_the_first(graph: tuple[list[tuple[float, float]], Edges]) -> None:
    sizes, edges = graph
    edges = list(dict.fromkeys(edges))
    ranked = ranked_graph(ranks_of(len(sizes), edges), edges)
    before, members = _crossings_by_pairs(ranked), [sorted(row) for row in ranked.rows]
    assert crossings(ranked) == before
    put_in_order(ranked)
    assert [sorted(row) for row in ranked.rows] == members
    assert _crossings_by_pairs(ranked) <= before


def _crossings_by_pairs(graph: RankedGraph) -> int:
    """Every pair of edges between two rows, held against each other."""
    found = 0
    for upper, lower in pairwise(graph.rows):
        ends = [(upper.index(v), lower.index(w)) for v in upper for w in graph.below[v]]
        found += sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(ends, 2))
    return found


def test_a_chain_is_a_straight_line() -> None:
    drawing = drawn([(100, 40), (60, 20), (140, 40)], chain(3))
    assert {box.middle for box in drawing.boxes} == {70}
    assert [box.y for box in drawing.boxes] == [0, 70, 120]
    assert (drawing.width, drawing.height) == (140, 160)


@pytest.mark.parametrize("blocks", [1, 2, 30])
def test_residual_blocks_have_straight_ways_and_straight_shortcuts(blocks: int) -> None:
    edges = chain(3 * blocks + 1) + [(3 * i, 3 * i + 3) for i in range(blocks)]
    drawing = drawn([(100, 40)] * (3 * blocks + 1), edges)
    inner = {drawing.boxes[i].middle for i in range(3 * blocks + 1) if i % 3}
    assert len(inner) == 1, "the layers of all blocks stand in line"
    for route in drawing.routes[3 * blocks :]:
        assert len(set(route.bends)) == 1
    assert drawing.width <= 100 + 2 * (100 + GAP)


def test_branches_stand_beside_each_other_and_centred() -> None:
    """0 leads to 1, 2 and 3, which lead to 4."""
    drawing = drawn([(50, 20)] * 5, [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4)])
    middles = [box.middle for box in drawing.boxes]
    assert sorted(middles[1:4]) == [25, 25 + 50 + GAP, 25 + 2 * (50 + GAP)]
    assert middles[0] == middles[4] == 25 + 50 + GAP


def test_a_late_input_stands_just_above_its_use() -> None:
    assert ranks_of(5, [(0, 1), (1, 2), (2, 4), (3, 4)]) == [0, 1, 2, 2, 3]


def test_crossings_are_undone() -> None:
    graph = ranked_graph([0, 0, 1, 1], [(0, 3), (1, 2)])
    assert crossings(graph) == 1
    put_in_order(graph)
    assert crossings(graph) == 0


def test_edges_with_too_many_bends_are_drawn_straight() -> None:
    """The short ones have theirs first."""
    edges = [*chain(10), (0, 9), (3, 5)]
    graph = ranked_graph(ranks_of(10, edges), edges, most=5)
    assert graph.direct == {(0, 9)}
    assert list(graph.bends) == [3]


def test_edges_back_and_outside_are_refused() -> None:
    for edge in ((1, 0), (0, 0), (0, 2), (-1, 1)):
        with pytest.raises(ValueError, match="does not lead to a later vertex"):
            draw([(1, 1)] * 2, [edge])


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw([], []) == Drawing((), (), 0.0, 0.0)


def test_ten_thousand_layers_take_seconds_at_most() -> None:
    count = 10_000
    start = time.process_time()
    draw([(180, 44)] * count, chain(count) + [(i, i + 4) for i in range(0, count - 4, 5)])
    assert time.process_time() - start < 10

"""Elementwise functions of few channels, done on rows of many elements."""

from __future__ import annotations

import math

import numpy as np
import pytest

from modelc.graph.builder import Builder
from modelc.graph.expressions import SizeSymbol
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph
from modelc.graph.sizes import declare
from modelc.graph.types import Shape, TensorType
from modelc.native.passes.fuse import fuse
from modelc.native.passes.widen_rows import widen_rows
from modelc.native.target import LANES
from modelc.ops.constant import Constant
from modelc.ops.elementwise import Binary, Unary
from tests.native.passes.checking import check, check_native

SHAPES: dict[str, tuple[Shape, Shape]] = {
    "three colours": ((None, 17, 19, 3), (3,)),
    "a constant with all axes": ((None, 64, 5, 3), (1, 1, 1, 3)),
    "a sequence": ((None, 200, 2), (2,)),
    "as many as fit into two vectors, less one": ((None, 9, 2 * LANES - 1), (2 * LANES - 1,)),
    "without a batch": ((31, 40, 3), (3,)),
    "a row that is wide by itself": ((None, 3, 2000, 3), (3,)),
}
"""The shape of a tensor and of its constants."""

KEPT: dict[str, tuple[Shape, Shape]] = {
    "channels enough": ((None, 17, 19, 2 * LANES), (2 * LANES,)),
    "one channel": ((None, 17, 19, 1), (1,)),
    "a number for each pixel": ((None, 6, 8, 3), (6, 8, 3)),
    "rows of a batch": ((None, 3), (3,)),
    "rows that are too long": ((None, 4, 5000, 3), (3,)),
}


def made(shape: Shape, constant: Shape, sizes: FreeSizes | None = None) -> Graph:
    """((relu(x) - a) · 2 / b + 1), and next to it what relu gives."""
    rng = np.random.default_rng(0)
    g = Builder(free_sizes=sizes)
    x = g.input(TensorType(shape))

    def numbers() -> Constant:
        size = math.prod(d or 1 for d in constant)
        return Constant(tuple((1 + rng.random(size)).tolist()), tuple(d or 1 for d in constant))

    start = g.emit(Unary("relu", (0.0, float("inf"), 0.0)), x)
    y = g.emit(Binary("subtract"), start, g.emit(numbers()))
    y = g.emit(Binary("multiply"), y, g.emit(Constant((2.0,), ())))
    y = g.emit(Binary("divide"), y, g.emit(numbers()))
    y = g.emit(Binary("add"), y, g.emit(Constant((1.0,), ())))
    return g.graph("made", (y, start), ("y", "start"))


def widths(graph: Graph) -> set[int | None]:
    """The widths of what elementwise functions of the input give."""
    return {
        n.output.type.shape[-1]
        for n in graph.nodes
        if isinstance(n.op, Unary | Binary) and n.output not in graph.constants
    }


@pytest.mark.parametrize("name", SHAPES)
def test_few_channels_are_widened(name: str) -> None:
    shape, constant = SHAPES[name]
    graph = fuse(made(shape, constant))
    wide = widen_rows(graph)
    (width,) = widths(wide)
    assert width is not None and width > shape[-1] and width % shape[-1] == 0
    check(graph, wide)
    check_native(graph)


@pytest.mark.parametrize("name", KEPT)
def test_others_are_kept(name: str) -> None:
    graph = fuse(made(*KEPT[name]))
    assert widen_rows(graph) is graph


def test_rows_of_a_free_width_are_kept() -> None:
    sizes = FreeSizes()
    width = declare(sizes, SizeSymbol("width"), 20)
    graph = made((None, 7, width, 3), (3,), sizes)
    assert widen_rows(graph) is graph


def test_rows_of_a_free_height_are_widened() -> None:
    sizes = FreeSizes()
    height = declare(sizes, SizeSymbol("height"), 20)
    wide = widen_rows(made((None, height, 50, 3), (3,), sizes))
    assert widths(wide) == {150}


def test_what_has_no_constant_for_channels_is_kept() -> None:
    g = Builder()
    x = g.input(TensorType((None, 9, 9, 3)))
    graph = g.graph("scaled", (g.emit(Binary("multiply"), x, g.emit(Constant((2.0,), ()))),), ("y",))
    assert widen_rows(graph) is graph

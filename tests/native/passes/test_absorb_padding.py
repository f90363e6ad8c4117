"""Convolutions that pad by themselves, and depthwise ones that leave out what lies beyond the image."""

from __future__ import annotations

import pytest

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.types import TensorType
from modelc.native.passes.absorb_padding import absorb_padding
from modelc.native.passes.materialize_padding import materialize_padding
from modelc.native.passes.pipeline import optimize
from modelc.ops.conv import Conv, ConvKernelGradient
from modelc.ops.shape import Pad
from tests.native.passes.checking import check, check_native
from tests.native.passes.test_training_passes import names, one

DEPTHWISE = {
    "same": (Conv((1, 1), ((1, 1), (1, 1)), (1, 1), 20), (None, 9, 14, 20), (3, 3, 1, 20)),
    "strides of 2": (Conv((2, 2), ((0, 1), (0, 1)), (1, 1), 33), (None, 14, 28, 33), (3, 3, 1, 33)),
    "uneven zeros": (Conv((1, 1), ((2, 1), (0, 2)), (1, 1), 20), (None, 7, 29, 20), (3, 3, 1, 20)),
    "many channels": (Conv((2, 2), ((1, 1), (1, 1)), (1, 1), 1100), (None, 5, 17, 1100), (3, 3, 1, 1100)),
    "five taps, uneven": (Conv((2, 2), ((1, 2), (1, 2)), (1, 1), 16), (None, 7, 15, 16), (5, 5, 1, 16)),
    "seven taps": (Conv((1, 1), ((3, 3), (3, 3)), (1, 1), 40), (None, 7, 7, 40), (7, 7, 1, 40)),
    "an image smaller than its window": (Conv((1, 1), ((6, 6), (6, 6)), (1, 1), 5), (None, 2, 3, 5), (7, 7, 1, 5)),
    "dilated lines": (Conv((1, 1), ((4, 4), (1, 1)), (4, 1), 9), (None, 6, 13, 9), (3, 3, 1, 9)),
    "lines of zeros": (Conv((1, 1), ((9, 7), (1, 1)), (1, 1), 9), (None, 6, 13, 9), (3, 3, 1, 9)),
    "a sequence": (Conv((2,), ((2, 2),), (1,), 18), (None, 31, 18), (5, 1, 18)),
}
"""Convolutions whose kernel knows where the image ends: the op, and the shapes of its operands."""

PADDED = {
    "other windows": (Conv((1, 1), ((1, 2), (1, 2)), (1, 1), 8), (None, 12, 12, 8), (4, 4, 1, 8)),
    "dilated": (Conv((1, 1), ((2, 2), (2, 2)), (2, 2), 8), (None, 12, 12, 8), (3, 3, 1, 8)),
    "few pixels in a line": (Conv((1, 1), ((1, 1), (1, 1)), (1, 1), 8), (None, 12, 6, 8), (3, 3, 1, 8)),
    "more zeros than taps": (Conv((1, 1), ((0, 0), (3, 0)), (1, 1), 8), (None, 12, 12, 8), (3, 3, 1, 8)),
    "groups": (Conv((1, 1), ((1, 1), (1, 1)), (1, 1), 4), (None, 12, 12, 8), (3, 3, 2, 8)),
    "rank 3": (Conv((1, 1, 1), ((1, 1),) * 3, (1, 1, 1), 8), (None, 4, 8, 8, 8), (3, 3, 3, 1, 8)),
}


@pytest.mark.parametrize("name", DEPTHWISE)
@pytest.mark.parametrize("relu", [False, True])
def test_zeros_around_an_image_are_left_out(name: str, relu: bool) -> None:
    graph = one(*DEPTHWISE[name], bias=relu, relu=relu)
    assert "Pad" not in names(materialize_padding(graph))
    check_native(graph)


@pytest.mark.parametrize("name", PADDED)
def test_zeros_that_a_kernel_reads_are_in_memory(name: str) -> None:
    graph = one(*PADDED[name])
    assert "Pad" in names(materialize_padding(graph))
    check_native(graph)


def _padded(pads: tuple[tuple[int, int], ...], value: float = 0.0, *, twice: bool = False) -> Graph:
    g = Builder()
    x, kernel = g.input(TensorType((None, 8, 9, 12))), g.input(TensorType((3, 3, 1, 12)))
    padded = g.emit(Pad(pads, value), x)
    y = g.emit(Conv((2, 2), ((1, 0), (0, 0)), (1, 1), 12), padded, kernel)
    if twice:
        dy = g.emit(Conv((2, 2), ((1, 0), (0, 0)), (1, 1), 12), padded, kernel)
        gradient = g.emit(ConvKernelGradient((3, 3), (2, 2), ((1, 0), (0, 0)), (1, 1), 12), padded, dy)
        return g.graph("two", (y, gradient), ("y", "z"))
    return g.graph("one", (y,), ("y",))


def test_a_convolution_pads_what_it_alone_reads() -> None:
    graph = _padded(((0, 0), (1, 2), (3, 5), (0, 0)))
    (node,) = absorb_padding(graph).nodes
    assert isinstance(node.op, Conv) and node.op.padding == ((2, 2), (3, 5))
    check(graph, absorb_padding(graph))
    check_native(graph)


@pytest.mark.parametrize(
    "graph",
    [
        _padded(((0, 0), (1, 2), (3, 5), (0, 0)), 1.0),
        _padded(((0, 0), (1, 2), (3, 5), (0, 0)), twice=True),
        one(Pad(((0, 0), (1, 1), (1, 1), (0, 0))), (None, 8, 9, 12)),
    ],
    ids=["ones", "two readers", "no convolution"],
)
def test_other_padding_is_kept(graph: Graph) -> None:
    assert names(absorb_padding(graph)) == names(graph)
    check_native(graph)


def test_padding_of_a_depthwise_convolution_takes_no_memory() -> None:
    graph = one(*DEPTHWISE["same"])
    assert "Pad" not in names(optimize(graph)).split()

"""Convolutions that compute several outputs as one, and transposed ones that are matrix products."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.graph.graph import Graph
from modelc.native.passes import widen_convolutions as module
from modelc.native.passes.fuse import fuse
from modelc.native.passes.lone_pixels import lone_pixels
from modelc.native.passes.widen_convolutions import widen_convolutions
from modelc.ops.conv import Conv, ConvKernelGradient, ConvTranspose
from tests.native.passes.test_training_passes import check, check_native, names, one
from tests.slowness import examples

WIDENED = {
    "few filters": (Conv((1, 1), ((2, 2), (2, 2)), (1, 1)), ((None, 28, 28, 1), (5, 5, 1, 6)), 14),
    "uneven padding": (Conv((1, 1), ((0, 1), (2, 0)), (1, 1)), ((None, 20, 24, 3), (2, 3, 3, 5)), 8),
    "strides": (Conv((2, 2), ((1, 1), (1, 1)), (1, 1)), ((None, 32, 32, 8), (3, 5, 8, 4)), 5),
    "dilated rows": (Conv((1, 1), ((0, 0), (1, 1)), (3, 1)), ((None, 20, 24, 3), (3, 3, 3, 5)), 8),
    "rank 1": (Conv((1,), ((1, 1),), (1,)), ((None, 240, 12), (3, 12, 8)), 120),
    "rank 3": (Conv((1, 1, 1), ((1, 1),) * 3, (1, 1, 1)), ((None, 6, 6, 8, 2), (3, 3, 3, 2, 4)), 2),
    "transposed": (ConvTranspose((1, 1), ((0, 0), (0, 0)), (1, 1)), ((None, 10, 10, 16), (5, 5, 6, 16)), 7),
    "transposed, cropped": (ConvTranspose((1, 1), ((1, 1), (2, 0)), (1, 1)), ((None, 12, 12, 16), (3, 3, 6, 16)), 6),
    "by kernel": (
        ConvKernelGradient((5, 5), (1, 1), ((2, 2), (2, 2)), (1, 1)),
        ((None, 28, 28, 1), (None, 28, 28, 6)),
        None,
    ),
    "by kernel, strides": (
        ConvKernelGradient((3, 5), (1, 2), ((1, 1), (2, 1)), (1, 1)),
        ((None, 32, 64, 3), (None, 32, 32, 4)),
        None,
    ),
}
"""An op, the shapes of its operands, and the width of the wide output, if it is that of an op."""

KEPT = {
    "filters enough": (Conv((1, 1), ((0, 0), (0, 0)), (1, 1)), ((None, 28, 28, 8), (3, 3, 8, 16))),
    "no window": (Conv((1, 1), ((0, 0), (0, 0)), (1, 1)), ((None, 28, 28, 64), (1, 1, 64, 4))),
    "a prime width": (Conv((1, 1), ((0, 0), (0, 0)), (1, 1)), ((None, 28, 33, 8), (3, 3, 8, 6))),
    "groups": (Conv((1, 1), ((0, 0), (0, 0)), (1, 1), 2), ((None, 30, 30, 16), (3, 3, 8, 8))),
    "dilation": (Conv((1, 1), ((0, 0), (0, 0)), (1, 2)), ((None, 28, 32, 8), (3, 3, 8, 6))),
    "little work": (Conv((1, 1), ((1, 1), (1, 1)), (1, 1)), ((None, 8, 8, 3), (3, 3, 3, 4))),
    "a strided transposed one": (ConvTranspose((2, 2), ((0, 0), (0, 0)), (1, 1)), ((None, 14, 14, 16), (4, 4, 4, 16))),
    "a crop beyond the window": (ConvTranspose((1, 1), ((0, 0), (3, 1)), (1, 1)), ((None, 20, 22, 8), (3, 3, 4, 8))),
}


def width(graph: Graph) -> int:
    """That of what the convolution of a graph gives."""
    (conv,) = (node for node in graph.nodes if node.op.name.startswith("Conv"))
    return conv.output.type.dims[-2]


@pytest.mark.parametrize("name", WIDENED)
def test_few_filters_are_widened(name: str) -> None:
    op, shapes, wide = WIDENED[name]
    graph = one(op, *shapes)
    made = widen_convolutions(graph)
    assert len(made.nodes) > len(graph.nodes)
    if wide is not None:
        assert width(made) == wide
    check(graph, made)
    check_native(graph)


def test_bias_and_activation_stay_with_the_convolution() -> None:
    op, shapes, _ = WIDENED["few filters"]
    graph = one(op, *shapes, bias=True, relu=True)
    made = widen_convolutions(fuse(graph))
    assert "Conv+bias+relu" in names(made)
    assert width(made) == 14
    check(graph, made)
    check_native(graph)


@pytest.mark.parametrize("name", KEPT)
def test_what_would_not_gain_is_kept(name: str) -> None:
    op, shapes = KEPT[name]
    graph = one(op, *shapes)
    assert names(widen_convolutions(graph)) == names(graph)


@given(
    st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(2, 6),
    st.tuples(st.integers(0, 2), st.integers(0, 2)), st.sampled_from(["by data", "by kernel", "back"]),
)  # fmt: skip
@settings(max_examples=examples(40), deadline=None)
def test_random_convolutions(filters, window, stride, channels, eighths, pads, kind) -> None:
    out, rows = 8 * eighths, 3
    across = (out - 1) * stride + window - sum(pads)
    padding = ((0, 0), pads)
    if across < 1 or (kind == "back" and max(pads) >= window):
        return
    x, dy, kernel = (None, rows + 1, across, channels), (None, rows, out, filters), (2, window, channels, filters)
    if kind == "by data":
        graph = one(Conv((1, stride), padding, (1, 1)), x, kernel)
    elif kind == "by kernel":
        graph = one(ConvKernelGradient((2, window), (1, stride), padding, (1, 1)), x, dy)
    else:
        graph = one(ConvTranspose((1, stride), padding, (1, 1)), dy, kernel)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LEAST_WORK", 1)
        patch.setattr(module, "_GAIN", 1.0)
        check(graph, widen_convolutions(graph))


PIXELS = {
    "a whole image": (ConvTranspose((1, 1), ((0, 0), (0, 0)), (1, 1)), ((None, 1, 1, 12), (5, 4, 3, 12))),
    "strides": (ConvTranspose((2, 3), ((0, 0), (0, 0)), (1, 1)), ((None, 1, 1, 7), (2, 2, 20, 7))),
    "rank 1": (ConvTranspose((1,), ((0, 0),), (1,)), ((None, 1, 5), (6, 3, 5))),
}


@pytest.mark.parametrize("name", PIXELS)
@pytest.mark.parametrize("bias", [False, True])
def test_a_lone_pixel_is_a_row_of_a_matrix(name: str, bias: bool) -> None:
    op, shapes = PIXELS[name]
    graph = one(op, *shapes, bias=bias, relu=bias)
    made = lone_pixels(fuse(graph))
    assert "MatMul" in names(made)
    assert "ConvTranspose" not in names(made)
    check(graph, made)
    check_native(graph)


@pytest.mark.parametrize(
    ("op", "shapes"),
    [
        (ConvTranspose((1, 1), ((0, 0), (0, 0)), (1, 1)), ((None, 1, 2, 4), (3, 3, 2, 4))),
        (ConvTranspose((1, 1), ((1, 1), (0, 0)), (1, 1)), ((None, 1, 1, 4), (3, 3, 2, 4))),
        (ConvTranspose((1, 1), ((0, 0), (0, 0)), (2, 1)), ((None, 1, 1, 4), (3, 3, 2, 4))),
        (ConvTranspose((1, 1), ((0, 0), (0, 0)), (1, 1), 2), ((None, 1, 1, 4), (3, 3, 1, 4))),
    ],
    ids=["two pixels", "a crop", "dilation", "groups"],
)
def test_other_transposed_convolutions_are_kept(op, shapes) -> None:
    assert names(lone_pixels(one(op, *shapes))) == names(one(op, *shapes))

"""Narrow groups that become wider ones, by what the graph of before computes."""

from __future__ import annotations

import pytest

from modelc.graph.graph import Graph
from modelc.native.passes.fuse import fuse
from modelc.native.passes.merge_groups import merge_groups
from modelc.ops.conv import Conv, ConvKernelGradient, ConvTranspose
from tests.native.passes.test_training_passes import check, check_native, names, one

_PADS = ((1, 1), (1, 0))

MERGED = {
    "four of four": (Conv((1, 1), _PADS, (1, 1), 8), ((None, 7, 6, 32), (3, 2, 4, 32)), 2),
    "all": (Conv((2, 1), _PADS, (1, 2), 3), ((None, 7, 6, 6), (3, 2, 2, 12)), 1),
    "an odd number": (Conv((1, 1), _PADS, (1, 1), 6), ((None, 7, 6, 12), (3, 2, 2, 36)), 3),
    "two for each channel": (Conv((1, 1), _PADS, (1, 1), 24), ((None, 7, 6, 24), (3, 3, 1, 48)), 3),
    "rank 1": (Conv((1,), ((1, 1),), (1,), 4), ((None, 9, 8), (3, 2, 12)), 1),
    "transposed": (ConvTranspose((2, 2), ((0, 0), (1, 0)), (1, 1), 8), ((None, 5, 4, 32), (3, 2, 4, 32)), 2),
    "transposed, one of two": (ConvTranspose((1, 1), _PADS, (1, 1), 24), ((None, 5, 4, 48), (3, 3, 1, 48)), 2),
    "by kernel": (
        ConvKernelGradient((3, 2), (1, 1), _PADS, (1, 1), 8),
        ((None, 7, 6, 32), (None, 7, 6, 32)),
        2,
    ),
    "by kernel, two for each channel": (
        ConvKernelGradient((3, 2), (1, 1), _PADS, (1, 1), 24),
        ((None, 7, 6, 24), (None, 7, 6, 48)),
        3,
    ),
}
"""An op, the shapes of its operands, and the groups that it has afterwards."""

KEPT = {
    "one group": (Conv((1, 1), _PADS, (1, 1)), ((None, 7, 6, 4), (3, 2, 4, 4))),
    "wide groups": (Conv((1, 1), _PADS, (1, 1), 2), ((None, 7, 6, 8), (3, 2, 4, 32))),
    "depthwise": (Conv((1, 1), _PADS, (1, 1), 8), ((None, 7, 6, 8), (3, 2, 1, 8))),
    "transposed depthwise": (ConvTranspose((1, 1), _PADS, (1, 1), 8), ((None, 7, 6, 8), (3, 2, 1, 8))),
    "depthwise by kernel": (
        ConvKernelGradient((3, 2), (1, 1), _PADS, (1, 1), 8),
        ((None, 7, 6, 8), (None, 7, 6, 8)),
    ),
}


def groups(graph: Graph) -> int:
    """Those of the convolution of a graph."""
    (op,) = (getattr(node.op, "base", node.op) for node in graph.nodes if node.op.name.startswith("Conv"))
    assert isinstance(op, Conv | ConvTranspose | ConvKernelGradient)
    return op.groups


@pytest.mark.parametrize("name", MERGED)
def test_narrow_groups_are_merged(name: str) -> None:
    op, shapes, fewer = MERGED[name]
    graph = one(op, *shapes)
    made = merge_groups(graph)
    assert groups(made) == fewer
    check(graph, made)
    check_native(graph)


def test_bias_and_activation_stay_with_the_convolution() -> None:
    op, shapes, fewer = MERGED["four of four"]
    graph = one(op, *shapes, bias=True, relu=True)
    made = merge_groups(fuse(graph))
    assert "Conv+bias+relu" in names(made)
    assert groups(made) == fewer
    check(graph, made)
    check_native(graph)


@pytest.mark.parametrize("name", KEPT)
def test_what_would_not_gain_is_kept(name: str) -> None:
    op, shapes = KEPT[name]
    graph = one(op, *shapes)
    assert names(merge_groups(graph)) == names(graph)

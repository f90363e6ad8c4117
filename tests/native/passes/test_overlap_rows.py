"""Transposed convolutions as runs of outputs that are added to each other, by what the graph of before computes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.ops.packed_overlap import PackedOverlap
from modelc.native.passes import overlap_rows as module
from modelc.native.passes.overlap_rows import overlap_rows
from modelc.ops.conv import ConvTranspose
from tests.native.passes.test_training_passes import check, check_native, names, one
from tests.slowness import examples

_NONE = (0, 0)

OVERLAPPED = {
    "the second layer of LeNet": (ConvTranspose((1, 1), (_NONE, _NONE), (1, 1)), ((None, 10, 10, 16), (5, 5, 6, 16))),
    "a crop of lines": (ConvTranspose((1, 1), ((1, 2), _NONE), (1, 1)), ((None, 12, 13, 16), (3, 5, 4, 16))),
    "strides": (ConvTranspose((2, 3), ((1, 0), _NONE), (1, 1)), ((None, 9, 10, 20), (3, 8, 3, 20))),
    "gaps": (ConvTranspose((1, 7), (_NONE, _NONE), (1, 1)), ((None, 9, 10, 24), (3, 6, 2, 24))),
    "dilated lines": (ConvTranspose((2, 1), (_NONE, _NONE), (3, 1)), ((None, 9, 11, 16), (3, 5, 5, 16))),
    "rank 1": (ConvTranspose((2,), (_NONE,), (1,)), ((None, 37, 64), (9, 4, 64))),
    "rank 3": (ConvTranspose((1, 2, 1), (_NONE,) * 3, (1, 1, 1)), ((None, 4, 5, 6, 8), (2, 3, 5, 3, 8))),
}

KEPT = {
    "a crop of the last axis": (ConvTranspose((1, 1), (_NONE, (1, 0)), (1, 1)), ((None, 10, 10, 16), (5, 5, 6, 16))),
    "dilation": (ConvTranspose((1, 1), (_NONE, _NONE), (1, 2)), ((None, 10, 10, 16), (5, 5, 6, 16))),
    "groups": (ConvTranspose((1, 1), (_NONE, _NONE), (1, 1), 2), ((None, 10, 10, 16), (5, 5, 3, 16))),
    "filters enough": (ConvTranspose((1, 1), (_NONE, _NONE), (1, 1)), ((None, 10, 10, 16), (3, 3, 16, 16))),
    "little to sum": (ConvTranspose((1, 1), (_NONE, _NONE), (1, 1)), ((None, 40, 40, 4), (5, 5, 6, 4))),
    "little work": (ConvTranspose((1, 1), (_NONE, _NONE), (1, 1)), ((None, 2, 2, 16), (5, 5, 4, 16))),
}


@pytest.mark.parametrize("name", OVERLAPPED)
def test_few_filters_are_runs(name: str) -> None:
    op, shapes = OVERLAPPED[name]
    graph = one(op, *shapes)
    made = overlap_rows(graph)
    assert isinstance(made.nodes[-1].op, PackedOverlap)
    check(graph, made)
    check_native(graph)


@pytest.mark.parametrize("name", KEPT)
def test_what_would_not_gain_is_kept(name: str) -> None:
    op, shapes = KEPT[name]
    graph = one(op, *shapes)
    assert names(overlap_rows(graph)) == names(graph)


@given(
    st.integers(1, 3), st.integers(1, 5), st.integers(1, 4), st.integers(1, 7), st.integers(1, 3), st.integers(1, 4),
    st.integers(1, 3), st.integers(1, 3),
)  # fmt: skip
@settings(max_examples=examples(40), deadline=None)
def test_random_sizes(height, width, high, wide, down, across, filters, channels) -> None:
    op = ConvTranspose((down, across), (_NONE, _NONE), (1, 1))
    graph = one(op, (None, height, width, channels), (high, wide, filters, channels))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_gains", lambda *sizes: True)
        made = overlap_rows(graph)
        assert isinstance(made.nodes[-1].op, PackedOverlap)
        check(graph, made)
        check_native(graph)

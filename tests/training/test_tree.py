"""The order of additions, buckets of sums, and bfloat16."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from modelc.data.parts import Split, shared_out
from modelc.training.bfloat16 import from_bfloat16, round_to_bfloat16, to_bfloat16
from modelc.training.bucket_sums import BucketSum, Leaves, buckets_of
from modelc.training.tree import TreeSum, covering
from tests.training.threads import ThreadExchange, together

Arrays = Sequence[Any]


def unrounded(x: Any) -> Any:
    return x


def by_halves(leaves: Arrays, round: Any = unrounded) -> Any:
    """The definition: the first half and the second, added."""
    if len(leaves) == 1:
        return round(leaves[0])
    middle = len(leaves) // 2
    return round(by_halves(leaves[:middle], round) + by_halves(leaves[middle:], round))


def as_bfloat16(x: Any) -> Any:
    return x.astype(ml_dtypes.bfloat16).astype(np.float32)


def leaves_of(count: int, size: int = 37) -> list[Any]:
    rng = np.random.default_rng(count)
    return [(rng.normal(size=size) * 10.0 ** rng.integers(-6, 6, size)).astype(np.float32) for _ in range(count)]


@pytest.mark.parametrize("count", range(1, 18))
def test_additions_are_by_halves(count: int) -> None:
    leaves = leaves_of(count)
    tree = TreeSum(count)
    for i, leaf in enumerate(leaves):
        tree.put_leaf(i, leaf.copy())
    assert tree.root.tobytes() == by_halves(leaves).tobytes()
    others = functools.reduce(operator.add, leaves)
    if count > 3:
        assert tree.root.tobytes() != others.tobytes()  # the order matters for these numbers


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 12])
def test_nodes_cover_the_leaves(count: int) -> None:
    for processes in range(1, count + 1):
        nodes = [node for own in shared_out(count, processes) for node in covering(own, count)]
        assert [leaf for node in nodes for leaf in range(*node)] == list(range(count))
    assert covering(range(count), count) == [(0, count)]


@pytest.mark.parametrize("processes", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("compress", [None, "bfloat16"])
@pytest.mark.parametrize("size", [101, 70_001])
def test_sums_of_processes_are_those_of_one(processes: int, compress: Any, size: int) -> None:
    count = 8
    leaves = leaves_of(count, size)
    expected = by_halves(leaves, as_bfloat16 if compress else unrounded)
    owners = shared_out(count, processes)

    def summed(exchange: ThreadExchange) -> Any:
        sum = BucketSum(exchange, Leaves.of(count, owners), compress)
        for leaf in owners[exchange.rank]:
            sum.put(leaf, leaves[leaf].copy())
        before = exchange.sent
        rows = np.array([[leaf, -leaf, 0.1] for leaf in owners[exchange.rank]], np.float64).reshape(-1, 3)
        summed, told = sum.finish_with_rows(size, rows)
        return summed, exchange.sent - before, told

    found = together(processes, summed)
    assert {array.tobytes() for array, _, _ in found} == {expected.tobytes()}
    for _, _, told in found:
        assert told.tolist() == [[leaf, -leaf, 0.1] for leaf in range(count)]
    if processes in (2, 4, 8):  # what a reduction has to send: all slices but the own ones, twice; or all of few, once
        times = processes if size == 101 else 2
        least = times * (processes - 1) * size * (2 if compress else 4)
        assert sum(sent for _, sent, _ in found) == least + (processes - 1) * count * 3 * 8


def test_a_process_that_computes_nothing_has_the_sum() -> None:
    leaves = leaves_of(4, 10)
    owners = [range(0), *shared_out(4, 2)]

    def summed(exchange: ThreadExchange) -> Any:
        sum = BucketSum(exchange, Leaves.of(4, owners), None)
        for leaf in owners[exchange.rank]:
            sum.put(leaf, leaves[leaf].copy())
        return sum.finish(10)

    found = together(3, summed, computing=range(1, 3))
    assert {array.tobytes() for array in found} == {by_halves(leaves).tobytes()}


def test_bfloat16_is_rounded_to_nearest_even() -> None:
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**32, 100_000, dtype=np.uint32)
    ties = (np.arange(2**16, dtype=np.uint32) << 16) | np.uint32(0x8000)
    numbers = np.concatenate([bits, ties, [0x7F800000, 0xFF800000, 0x7F7FFFFF, 1, 0x80000000]]).astype(np.uint32)
    given = numbers.view(np.float32)
    rounded = given.copy()
    round_to_bfloat16(rounded)
    with np.errstate(all="ignore"):
        expected = as_bfloat16(given)
    assert np.array_equal(np.isnan(rounded), np.isnan(given))
    left = ~np.isnan(given)
    assert rounded[left].tobytes() == expected[left].tobytes()
    assert from_bfloat16(to_bfloat16(rounded)).tobytes() == rounded.tobytes()


def test_parts_are_as_even_as_can_be() -> None:
    for count in range(1, 10):
        split = Split(count, range(count))
        for samples in range(30):
            sizes = split.sizes(samples)
            assert sum(sizes) == samples
            assert max(sizes) - min(sizes) <= 1
            assert [i for _, span in split.spans(samples) for i in range(samples)[span]] == list(range(samples))


def test_buckets_hold_all_arrays_in_order() -> None:
    shapes = [(3, 4), (5,), (), (0,), (100,)]
    buckets = buckets_of([4, 3, 2, 1, 0], shapes, 64)
    assert [bucket.arrays for bucket in buckets] == [(4,), (3, 2, 1, 0)]
    arrays = [np.arange(int(np.prod(shape)), dtype=np.float32).reshape(shape) for shape in shapes]
    for bucket in buckets:
        flat = np.concatenate([arrays[i].reshape(-1) for i in bucket.arrays])
        assert flat.shape == (bucket.size,)
        views = bucket.views(flat)
        assert tuple(views) == bucket.arrays
        for i, array in views.items():
            assert array.shape == shapes[i]
            assert np.array_equal(array, arrays[i])
            assert np.shares_memory(array, flat) or not array.size

"""Winograd's convolution against the definition in float64, and the bounds of its rounding errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.graph.types import ITEM_BYTES
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.buffers import Block
from modelc.native.engine.threads import Team
from modelc.native.families.conv.pack import pack_bias
from modelc.native.families.conv.params import Epilogue
from modelc.native.families.winograd.pack import pack_winograd, winograd_elements
from modelc.native.families.winograd.params import ALL_BYTES, AREA_BYTES, WorkingMemory
from modelc.native.families.winograd.steps import columns_of_unit, winograd_step
from modelc.native.families.winograd.transforms import PAIRS, TAPS, points_of, transforms
from modelc.native.target import LANES, Target, host
from tests.native.families.conv_case import ConvCase, Place, before_unreadable_page, run_step

_WORKERS = Team(2)
_EPSILON = float(np.finfo(np.float32).eps)
_ERROR = {2: 4, 4: 16}
"""How many times the largest error of a plain sum is allowed, for each size of tile."""


def run_winograd(
    case: ConvCase,
    outputs: int,
    low: tuple[int, int] = (0, 0),
    high: tuple[int, int] = (0, 0),
    *,
    parallel: bool = False,
    slots: int = 2,
    place: Place = np.ascontiguousarray,
    arrays: Sequence[np.ndarray] | None = None,
) -> np.ndarray:
    """What the compiled kernel leaves in y, the outer `low` and `high` lines and columns of x being its padding."""
    x, kernel, bias, y = arrays or case.arrays()
    _, height, width = case.input_size
    inner = np.ascontiguousarray(x[:, 0, low[0] : height - high[0], low[1] : width - high[1]])
    memory = WorkingMemory(outputs, case.inputs, case.outputs, slots)
    work = Block.of(memory.elements * ITEM_BYTES)
    work.memory[:] = 0xFF  # NaN: what is read before it is written would be seen
    work.write(0, np.zeros(memory.leases, np.uint8))
    step = winograd_step(
        x=Operand(0, 0, 0), y=Operand(1, 0, 0), weights=Operand(2, 0, 0), work=Operand(4, 0, 0),
        bias=Operand(3, 0, 0) if case.bias else ABSENT, memory=memory, batch=-1,
        size=(inner.shape[1], inner.shape[2]), y_size=case.size[1:], pads=low, epilogue=case.epilogue,
    )  # fmt: skip
    start = work.address - work.memory.ctypes.data
    placed = [place(a) for a in (inner, y.copy(), pack_winograd(kernel[0], outputs), pack_bias(bias))]
    run_step(step, case.batch, [*placed, work.memory[start:]], _WORKERS, parallel=parallel)
    return placed[1]


def padded(case: ConvCase, low: tuple[int, int], high: tuple[int, int]) -> np.ndarray:
    """The definition, with zeros in place of the outer lines and columns of x."""
    x, kernel, bias, _ = (a.astype(np.float64) for a in case.arrays())
    _, height, width = case.input_size
    inside = np.zeros_like(x)
    rows, columns = slice(low[0], height - high[0]), slice(low[1], width - high[1])
    inside[:, :, rows, columns] = x[:, :, rows, columns]
    total = sum(seen @ kernel[tap] for tap, seen in case.windows(inside).items())
    return case.finish(total + bias if case.bias else total)


def _case(size: tuple[int, int], inputs: int, outputs: int, **more: Any) -> ConvCase:
    return ConvCase(size=(1, *size), inputs=inputs, kernel=(1, TAPS, TAPS), outputs=outputs, **more)


def _check(case: ConvCase, outputs: int, low: tuple[int, int], high: tuple[int, int]) -> None:
    found = run_winograd(case, outputs, low, high)
    bound = _EPSILON * _ERROR[outputs] * math.sqrt(TAPS * TAPS * case.inputs)
    np.testing.assert_allclose(found, padded(case, low, high), rtol=0, atol=4 * bound)
    assert np.array_equal(found, run_winograd(case, outputs, low, high, parallel=True))


cases = st.builds(
    _case,
    st.tuples(st.integers(1, 13), st.integers(1, 13)),
    st.integers(LANES, 70),
    st.integers(LANES, 150),
    batch=st.integers(1, 4),
    bias=st.booleans(),
    epilogue=st.sampled_from([Epilogue(), Epilogue.clip(0.0), Epilogue.clip(-0.5, 0.75), Epilogue.leaky(0.25)]),
    seed=st.integers(0, 99),
)
_edges = st.tuples(st.integers(0, 1), st.integers(0, 1))


@given(cases, st.sampled_from(sorted(PAIRS)), _edges, _edges)
@settings(max_examples=100, deadline=None)
def test_random_geometries(case: ConvCase, outputs: int, low: tuple[int, int], high: tuple[int, int]) -> None:
    _check(case, outputs, low, high)


@pytest.mark.parametrize("outputs", PAIRS)
@pytest.mark.parametrize("pads", [(0, 2), (2, 0), (2, 2), (3, 1)])
def test_tiles_that_lie_in_the_padding_alone(outputs: int, pads: tuple[int, int]) -> None:
    _check(_case((9, 10), 16, 16), outputs, pads, (pads[1], pads[0]))


@pytest.mark.parametrize("outputs", PAIRS)
def test_several_blocks_of_tiles_and_of_filters(outputs: int) -> None:
    """More tiles than a block has, filters that are no whole vectors, and more threads than slots."""
    case = _case((21, 33), 40, 100, batch=3)
    _check(case, outputs, (1, 1), (1, 1))
    alone = run_winograd(case, outputs, (1, 1), (1, 1))
    assert np.array_equal(alone, run_winograd(case, outputs, (1, 1), (1, 1), parallel=True, slots=1))


@pytest.mark.parametrize("outputs", PAIRS)
def test_bits_of_a_sample_do_not_depend_on_the_batch(outputs: int) -> None:
    case = _case((14, 14), 32, 48, batch=5)
    x, *others = case.arrays()
    found = run_winograd(case, outputs, (1, 1), (1, 1))
    for n in (0, 4):
        alone = [x[n : n + 1], *others[:2], others[2][n : n + 1]]
        one = run_winograd(replace(case, batch=1), outputs, (1, 1), (1, 1), arrays=alone)
        assert np.array_equal(one[0], found[n])


@pytest.mark.parametrize("outputs", PAIRS)
def test_nothing_beyond_the_arrays_is_read(outputs: int) -> None:
    case = _case((7, 10), 19, 37, batch=2)
    plain = run_winograd(case, outputs, (1, 0), (0, 1))
    assert np.array_equal(run_winograd(case, outputs, (1, 0), (0, 1), place=before_unreadable_page), plain)


def test_one_thread_after_another_uses_a_slot_up_and_gives_it_back() -> None:
    """A lease that is kept would leave the next call without a slot."""
    case = _case((9, 9), 16, 64)
    first = run_winograd(case, 4, slots=1)
    assert np.array_equal(first, run_winograd(case, 4, slots=1))


def test_working_memory_is_bounded() -> None:
    for channels in (16, 64, 512, 4096):
        for threads in (1, 2, 1024):
            memory = WorkingMemory.of(4, channels, channels, threads)
            assert 1 <= memory.slots <= threads
            assert memory.slots == 1 or memory.slots * memory.area <= ALL_BYTES
            assert memory.area <= 1.1 * AREA_BYTES or memory.block == 6
            assert memory.elements * ITEM_BYTES == memory.leases + memory.slots * memory.area


@pytest.mark.parametrize("outputs", PAIRS)
@pytest.mark.parametrize("inputs", [16, 64, 256])
def test_rounding_errors_are_bounded(outputs: int, inputs: int) -> None:
    """The bound that docs/performance.md states: against the largest output of non-negative inputs."""
    case = _case((12, 12), inputs, 32, bias=False)
    x, *others = case.arrays()
    x = np.maximum(x, 0)
    kernel = others[0].astype(np.float64)
    want = sum(seen @ kernel[tap] for tap, seen in case.windows(x.astype(np.float64)).items())
    error = np.abs(run_winograd(case, outputs, arrays=[x, *others]) - want).max() / np.abs(want).max()
    assert error < {2: 1e-6, 4: 5e-6}[outputs]


@pytest.mark.parametrize("outputs", PAIRS)
def test_transforms_are_exact(outputs: int) -> None:
    """In rational arithmetic they give the sums of a window of three taps; those of data are float32."""
    a, g, b = transforms(outputs)
    for matrix in (a, b):
        assert np.array_equal(matrix.astype(np.float32), matrix)
    size = points_of(outputs)
    x = [Fraction(n * n + 1, n + 2) for n in range(size)]
    k = [Fraction(2), Fraction(-3, 7), Fraction(5, 11)]
    v = [sum((Fraction(f) * one for f, one in zip(row, x, strict=True)), Fraction(0)) for row in b]
    u = [sum((_simplest(f) * one for f, one in zip(row, k, strict=True)), Fraction(0)) for row in g]
    y = [sum((Fraction(f) * p * q for f, p, q in zip(row, u, v, strict=True)), Fraction(0)) for row in a]
    assert y == [sum((k[t] * x[o + t] for t in range(TAPS)), Fraction(0)) for o in range(outputs)]


def _simplest(number: float) -> Fraction:
    """The fraction that a float64 is the nearest one of."""
    return Fraction(number).limit_denominator(10**6)


@pytest.mark.parametrize("outputs", PAIRS)
def test_packed_kernel_is_in_the_order_of_the_tiles(outputs: int) -> None:
    target = host()
    lanes = target.lanes
    kernel = np.random.default_rng(0).standard_normal((3, 3, 20, 5 * lanes + 3)).astype(np.float32)
    packed = pack_winograd(kernel, outputs)
    assert packed.size == winograd_elements(20, kernel.shape[-1], outputs)
    g = transforms(outputs)[1]
    want = np.einsum("ia,jb,abcq->ijcq", g, g, kernel.astype(np.float64)).reshape(-1, 20, kernel.shape[-1])
    vectors = pack_bias(kernel[0, 0, 0]).size // lanes
    blocks = -(-vectors // target.max_vectors)
    wide = -(-vectors // blocks)
    first = packed[: want.shape[0] * 20 * wide * lanes].reshape(want.shape[0], 20, wide * lanes)
    np.testing.assert_allclose(first, want[:, :, : wide * lanes], rtol=1e-6, atol=1e-7)
    begin = vectors // wide * wide if vectors % wide else vectors - wide
    last = packed[want.shape[0] * 20 * begin * lanes :].reshape(want.shape[0], 20, -1)
    count = kernel.shape[-1] - begin * lanes
    np.testing.assert_allclose(last[:, :, :count], want[:, :, begin * lanes :], rtol=1e-6, atol=1e-7)
    assert not last[:, :, count:].any()


@pytest.mark.parametrize("lanes, registers", [(16, 32), (8, 16), (4, 16), (4, 32)])
def test_every_unit_has_filters_for_a_vector(lanes: int, registers: int) -> None:
    target = Target("", "", "", lanes, registers, True)
    for filters in range(LANES, 300):
        for blocks in (1, 2, 5, 40):
            width = columns_of_unit(filters, blocks, target)
            vectors = -(-filters // lanes)
            wide = -(-vectors // -(-vectors // target.max_vectors))
            rest = filters % (width * wide * lanes)
            assert rest == 0 or rest >= lanes

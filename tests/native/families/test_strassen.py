"""Strassen's products against the definition in float64, and the bounds of their rounding errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.threads import Team
from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.conv.params import Epilogue
from modelc.native.families.strassen.pack import pack_strassen_bias, strassen_elements, strassen_pieces
from modelc.native.families.strassen.params import PANEL_ROWS, half_of, left_of, pairs_of, panels_of, sums_elements
from modelc.native.families.strassen.steps import strassen_step, sums_step
from modelc.native.families.strassen.transforms import KERNEL_SUMS, P1, P2, P3, P4, P5, P6, P7, PRODUCTS
from modelc.native.target import LANES, Target, host
from tests.native.families.conv_case import ConvCase, Place, before_unreadable_page, run_step
from tests.slowness import examples

_WORKERS = Team(2)
_EPSILON = float(np.finfo(np.float32).eps)
_ERROR = 4
"""How many times the error of a plain sum (`test_conv.py`) is allowed."""
_TARGETS = [Target("", "", "", lanes, registers, True) for lanes, registers in ((16, 32), (8, 16), (4, 16), (4, 32))]


def run_strassen(
    case: ConvCase,
    *,
    parallel: bool = False,
    place: Place = np.ascontiguousarray,
    arrays: Sequence[np.ndarray] | None = None,
) -> np.ndarray:
    """What the compiled kernel leaves in y, which is added to the product where the case accumulates."""
    x, kernel, bias, y = arrays or case.arrays()
    rows = case.size[2]
    sums = np.full((case.batch, sums_elements(rows, case.inputs)), np.nan, np.float32)  # would be seen if it is read
    packed = np.concatenate([*strassen_pieces(kernel.reshape(case.inputs, case.outputs))])
    placed = [place(a) for a in (x, y.copy(), packed, pack_strassen_bias(bias), sums)]
    before = sums_step(x=Operand(0, 0, 0), sums=Operand(4, 0, 0), batch=-1, rows=rows, depth=case.inputs)
    step = strassen_step(
        x=Operand(0, 0, 0), y=Operand(1, 0, 0), weights=Operand(2, 0, 0), sums=Operand(4, 0, 0),
        bias=Operand(3, 0, 0) if case.bias else ABSENT, residual=Operand(1, 0, 0) if case.accumulate else ABSENT,
        batch=-1, rows=rows, depth=case.inputs, columns=case.outputs, epilogue=case.epilogue,
    )  # fmt: skip
    for one in (before, step):
        run_step(one, case.batch, placed, _WORKERS, parallel=parallel)
    return placed[1]


def defined(case: ConvCase) -> np.ndarray:
    """The definition in float64."""
    x, kernel, bias, y = (a.astype(np.float64) for a in case.arrays())
    total = x @ kernel.reshape(case.inputs, case.outputs) + (bias if case.bias else 0)
    return case.finish(total + y if case.accumulate else total)


def _case(rows: int, depth: int, columns: int, **more: object) -> ConvCase:
    return replace(ConvCase(size=(1, 1, rows), inputs=depth, outputs=columns), **more)  # pyright: ignore[reportArgumentType]


def _check(case: ConvCase) -> None:
    found = run_strassen(case)
    bound = _ERROR * _EPSILON * 8 * (1 + case.inputs) ** 0.75
    np.testing.assert_allclose(found, defined(case), rtol=0, atol=bound)
    assert np.array_equal(found, run_strassen(case, parallel=True))


@st.composite
def _cases(draw: st.DrawFn) -> ConvCase:
    epilogues = [Epilogue(), Epilogue.clip(0.0), Epilogue.clip(-0.5, 0.75), Epilogue.leaky(0.25)]
    return _case(
        draw(st.integers(1, 150)), 2 * draw(st.integers(LANES, 100)), draw(st.integers(2 * LANES, 200)),
        batch=draw(st.integers(1, 3)), bias=draw(st.booleans()), accumulate=draw(st.booleans()),
        epilogue=draw(st.sampled_from(epilogues)), seed=draw(st.integers(0, 99)),
    )  # fmt: skip


@pytest.mark.parametrize("rows", [2 * PANEL_ROWS - 1, 2 * PANEL_ROWS, 2 * PANEL_ROWS + 1, 5 * PANEL_ROWS])
def test_rows_of_several_panels(rows: int) -> None:
    assert panels_of(rows) == -(-rows // (2 * PANEL_ROWS))
    _check(_case(rows, 50, 40, batch=2))


@given(_cases())
@settings(max_examples=examples(100), deadline=None)
def test_random_sizes(case: ConvCase) -> None:
    _check(case)


@pytest.mark.parametrize("columns", [*range(96, 96 + 2 * LANES, 3), 1000])
def test_columns_of_any_number(columns: int) -> None:
    _check(_case(65, 66, columns, accumulate=True))


def test_products_are_as_defined() -> None:
    """In rational arithmetic: the sums of the rows are written out here as `transforms.py` tells them."""
    a = [[Fraction(i * 7 + j * 3 + 1, i + j + 2) for j in range(2)] for i in range(2)]
    b = [Fraction(n * n - 3, n + 4) for n in range(4)]
    sums = [sum((Fraction(int(f)) * one for f, one in zip(row, b, strict=True)), Fraction(0)) for row in KERNEL_SUMS]
    (a11, a12), (a21, a22) = a
    taken = {
        P1: a11, P2: a12, P3: a12 - (a21 + a22 - a11), P4: a22, P5: a21 + a22, P6: a21 + a22 - a11, P7: a11 - a21,
    }  # fmt: skip
    p = [taken[n] * sums[n] for n in range(PRODUCTS)]
    second = p[P1] + p[P6]
    found = [p[P1] + p[P2], second + p[P5] + p[P3], second + p[P7] + p[P4], second + p[P7] + p[P5]]
    want = [a[i][0] * b[j] + a[i][1] * b[2 + j] for i, j in product(range(2), range(2))]
    assert found == want


def test_bits_of_a_sample_do_not_depend_on_the_batch() -> None:
    case = _case(101, 64, 80, batch=5)
    x, *others = case.arrays()
    found = run_strassen(case)
    for n in (0, 4):
        alone = [x[n : n + 1], *others[:2], others[2][n : n + 1]]
        assert np.array_equal(run_strassen(replace(case, batch=1), arrays=alone)[0], found[n])


@pytest.mark.parametrize("row", [0, 98, 99, 198])
def test_what_is_not_finite_stays_in_its_pair_of_rows(row: int) -> None:
    case = _case(199, 64, 80)
    x, *others = case.arrays()
    clean = run_strassen(case)
    x[0, 0, 0, row, 5] = np.nan
    found = run_strassen(case, arrays=[x, *others])
    is_hit = np.isnan(found).any(axis=-1).ravel()
    pairs = pairs_of(199)
    assert is_hit[row]
    assert {*np.flatnonzero(is_hit)} <= {row, row % pairs, row % pairs + pairs}
    assert np.array_equal(found[..., ~is_hit, :], clean[..., ~is_hit, :])


@pytest.mark.parametrize("columns", [40, 75, 131])
def test_nothing_beyond_the_arrays_is_read(columns: int) -> None:
    case = _case(67, 70, columns, batch=2, accumulate=True)
    assert np.array_equal(run_strassen(case, place=before_unreadable_page), run_strassen(case))


@pytest.mark.parametrize("depth", [32, 128, 728, 2048])
def test_rounding_errors_are_bounded(depth: int) -> None:
    """The bound that docs/performance.md states: against the largest output of non-negative inputs."""
    case = _case(96, depth, 96, bias=False)
    x, kernel, *others = case.arrays()
    x = np.maximum(x, 0)
    want = x.astype(np.float64) @ kernel.reshape(depth, -1).astype(np.float64)
    error = np.abs(run_strassen(case, arrays=[x, kernel, *others]) - want).max() / np.abs(want).max()
    assert error < 1e-5


def test_packed_sums_are_in_the_order_of_the_tiles() -> None:
    depth, columns = 34, 5 * host().lanes + 3
    matrix = np.random.default_rng(0).standard_normal((depth, columns), np.float32)
    packed = np.concatenate([*strassen_pieces(matrix)])
    assert packed.size == strassen_elements(depth, columns)
    half, left = half_of(columns), left_of(columns)
    padded = np.zeros((2, 17, 2, half))
    for i, j in product(range(2), range(2)):
        part = matrix[17 * i : 17 * i + 17, left * j : columns if j else left]
        padded[i, :, j, : part.shape[1]] = part
    quarters = [padded[i, :, j] for i, j in product(range(2), range(2))]
    place = 0
    blocks = blocks_of(half)
    for first in range(0, blocks.total, blocks.vectors):
        wide = min(blocks.vectors, blocks.total - first) * host().lanes
        for row in KERNEL_SUMS:
            want = sum(f * q for f, q in zip(row, quarters, strict=True))[:, first * host().lanes :][:, :wide]
            found = packed[place : place + 17 * wide].reshape(17, wide)
            np.testing.assert_allclose(found, want, rtol=1e-6, atol=1e-7)
            place += found.size
    assert place == packed.size


@pytest.mark.parametrize("target", _TARGETS, ids=lambda target: f"{target.lanes}x{target.registers}")
def test_only_the_last_vector_of_a_half_goes_beyond_its_columns(target: Target) -> None:
    for columns in range(2 * LANES, 700):
        half, left = half_of(columns, target), left_of(columns, target)
        for found in (left, columns - left):
            assert half - target.lanes <= found <= half
            assert left % target.lanes == 0

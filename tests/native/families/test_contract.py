"""Stacks of matrix products on the convolution's kernel, against their definition in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.code.layout import Operand
from modelc.native.engine.threads import Team
from modelc.native.families.conv.pack import pack_kernel
from modelc.native.families.conv.params import Epilogue, Window
from modelc.native.families.conv.steps_contract import Groups, contract_step
from tests.native.families.conv_case import before_unreadable_page, run_step
from tests.slowness import examples

_WORKERS = Team(2)
_EPSILON = float(np.finfo(np.float32).eps)


def check(batch: int, heads: int, rows: int, depth: int, columns: int, *, epilogue: Epilogue, parallel: bool) -> None:
    """y[n, r, h, c] = Σ_k x[n, r, h, k] · w[n, h, k, c]: neither x nor y is contiguous in one product."""
    rng = np.random.default_rng(batch + rows)
    x = rng.standard_normal((batch, rows, heads, depth), np.float32)
    w = rng.standard_normal((batch, heads, depth, columns), np.float32)
    flat = w.reshape(batch * heads, depth, columns).transpose(1, 0, 2)
    packed = pack_kernel(np.ascontiguousarray(flat).reshape(depth, -1), batch * heads)
    y = np.full((batch, rows, heads, columns), np.nan, np.float32)
    step = contract_step(
        x=Operand(0, 0, 0), y=Operand(1, 0, 0), weights=Operand(2, 0, 0), table=Operand(3, 0, 0),
        window=Window((0,), depth), channels=columns,
        groups=Groups((-1, heads), (rows * heads * depth, depth), (rows * heads * columns, columns)),
        extents=(1, 1, 1, rows), x_strides=(0, 0, 0, heads * depth), y_strides=(0, 0, 0, heads * columns),
        epilogue=epilogue,
    )  # fmt: skip
    arrays = [before_unreadable_page(a) for a in (x, y, packed, np.zeros(1, np.int64))]
    run_step(step, batch, arrays, _WORKERS, parallel=parallel)
    want = np.einsum("nrhk,nhkc->nrhc", x.astype(np.float64), w.astype(np.float64))
    want = want if epilogue == Epilogue() else np.maximum(want, 0)
    np.testing.assert_allclose(arrays[1], want, rtol=0, atol=_EPSILON * 8 * (1 + depth) ** 0.75)


@given(
    st.integers(1, 4), st.integers(1, 3), st.integers(1, 40), st.integers(1, 40), st.integers(1, 150),
    st.sampled_from([Epilogue(), Epilogue.clip(0.0)]), st.booleans(),
)  # fmt: skip
@settings(max_examples=examples(80), deadline=None)
def test_random_sizes(
    batch: int, heads: int, rows: int, depth: int, columns: int, epilogue: Epilogue, parallel: bool
) -> None:
    check(batch, heads, rows, depth, columns, epilogue=epilogue, parallel=parallel)


@pytest.mark.parametrize("size", [(1, 12, 197, 64, 197), (2, 3, 128, 256, 64)])
def test_products_worth_sharing(size: tuple[int, int, int, int, int]) -> None:
    check(*size, epilogue=Epilogue(), parallel=True)


@pytest.mark.parametrize("batch", [1, 3])
def test_rows_of_the_whole_batch(batch: int) -> None:
    """The batch among the rows: the same weights for all samples, for each of two groups others."""
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((batch, 5, 2, 7), np.float32), rng.standard_normal((2, 7, 20), np.float32)
    packed = pack_kernel(np.ascontiguousarray(w.transpose(1, 0, 2)).reshape(7, -1), 2)
    y = np.full((batch, 5, 2, 20), np.nan, np.float32)
    step = contract_step(
        x=Operand(0, 0, 0), y=Operand(1, 0, 0), weights=Operand(2, 0, 0), table=Operand(3, 0, 0),
        window=Window((0,), 7), channels=20, groups=Groups((1, 2), (0, 7), (0, 20)), extents=(-1, 1, 1, 5),
        x_strides=(70, 0, 0, 14), y_strides=(200, 0, 0, 40), epilogue=Epilogue(),
    )  # fmt: skip
    run_step(step, batch, [x, y, packed, np.zeros(1, np.int64)], _WORKERS)
    np.testing.assert_allclose(y, np.einsum("nrgk,gkc->nrgc", x, w), rtol=1e-4, atol=1e-5)

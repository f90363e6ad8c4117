"""Weighted sums along an axis against `einsum`."""

from __future__ import annotations

import numpy as np
import pytest

from modelc.native.families.resample.kernel import resample
from modelc.native.families.resample.params import RESAMPLE
from tests.native.families.harness import Caller, guarded, margins_untouched, normal


@pytest.mark.parametrize("channels", [1, 3, 16, 70, 150])
@pytest.mark.parametrize(("size", "out", "taps"), [(7, 14, 2), (9, 4, 6), (1, 3, 1)])
def test_agrees_with_a_dense_matrix(channels: int, size: int, out: int, taps: int) -> None:
    x, weights = normal((3, size, channels), 1), normal((out, taps), 2)
    indices = np.random.default_rng(3).integers(0, size, (out, taps)).astype(np.int32)
    matrix = np.zeros((out, size))
    for o in range(out):
        np.add.at(matrix[o], indices[o], weights[o].astype(np.float64))
    y, whole = guarded((3, out, channels))
    caller = Caller()
    caller.run(
        resample,
        RESAMPLE,
        3 * out,
        2,
        y=caller.operand(y),
        x=caller.operand(x),
        weights=caller.operand(weights),
        indices=caller.operand(indices),
        size=size,
        out=out,
        taps=taps,
        channels=channels,
    )
    np.testing.assert_allclose(y, np.einsum("os,asc->aoc", matrix, x.astype(np.float64)), rtol=1e-5, atol=1e-6)
    assert margins_untouched(whole)

"""Kernels that read images at coordinates write what is theirs and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from modelc.native.families.shuffle.kernel import shuffle
from modelc.native.families.shuffle.params import SHUFFLE
from modelc.native.families.warp.kernel import warp, warp_gradient
from modelc.native.families.warp.params import WARP, WARP_GRADIENT, Fill, Slope
from modelc.ops.warp import Warp
from tests.native.families.harness import Caller, guarded, margins_untouched, normal


@pytest.mark.parametrize("channels", [1, 3, 16, 37])
@pytest.mark.parametrize("bilinear", [0, 1])
def test_margins(channels: int, bilinear: int) -> None:
    x, dy = normal((2, 5, 6, channels), 1), normal((2, 4, 7, channels), 2)
    rows, columns = 4 * normal((2, 4, 7), 3), 4 * normal((2, 4, 1), 4)
    op = Warp("bilinear" if bilinear else "nearest", "constant", 0.5)
    caller = Caller(2)
    common = {
        "rows": caller.operand(rows), "columns": caller.operand(columns), "size": (5, 6), "out": (4, 7),
        "channels": channels, "row_strides": (28, 7, 1), "column_strides": (4, 1, 0), "bilinear": bilinear,
        "fill": int(Fill.CONSTANT),
    }  # fmt: skip
    y, whole = guarded((2, 4, 7, channels))
    slope = int(Slope.NONE)
    caller.run(warp, WARP, 8, 3, y=caller.operand(y), x=caller.operand(x), value=0.5, slope=slope, **common)
    np.testing.assert_allclose(y, op.compute(x, rows, columns), rtol=1e-5, atol=1e-6)
    assert margins_untouched(whole)
    dx, whole = guarded(x.shape)
    units = 2 * -(-channels // 16)
    caller.run(warp_gradient, WARP_GRADIENT, units, 2, dx=caller.operand(dx), dy=caller.operand(dy), **common)
    np.testing.assert_allclose(dx, op.spread(dy, rows, columns, (5, 6)), rtol=1e-4, atol=1e-5)
    assert margins_untouched(whole)


def test_shuffle_margins() -> None:
    x, keys = normal((9, 21), 1), normal((9,), 2)
    for inverse in (0, 1):
        y, whole = guarded(x.shape)
        caller = Caller(9)
        caller.run(
            shuffle, SHUFFLE, 9, 4, y=caller.operand(y), x=caller.operand(x), keys=caller.operand(keys), samples=-1,
            size=21, inverse=inverse,
        )  # fmt: skip
        order = np.argsort(keys, kind="stable")
        np.testing.assert_array_equal(y, x[np.argsort(order)] if inverse else x[order])
        assert margins_untouched(whole)

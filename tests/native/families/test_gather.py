"""Gathering rows and casting against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from modelc.native.code.layout import ERROR_INDEX
from modelc.native.families.gather.kernel import cast, gather
from modelc.native.families.gather.params import CAST, GATHER, Cast
from tests.native.families.harness import Caller, guarded, margins_untouched, normal


def _gather(table: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, int]:
    y, whole = guarded((indices.size, table.shape[1]))
    caller = Caller()
    caller.run(
        gather,
        GATHER,
        indices.size,
        2,
        y=caller.operand(y),
        table=caller.operand(table),
        indices=caller.operand(indices),
        rows=table.shape[0],
        width=table.shape[1],
    )
    assert margins_untouched(whole)
    return y, caller.error


@pytest.mark.parametrize("width", [1, 7, 16, 50])
def test_rows_by_index(width: int) -> None:
    table = normal((9, width), 1)
    indices = np.random.default_rng(2).integers(0, 9, 31).astype(np.int32)
    y, error = _gather(table, indices)
    np.testing.assert_array_equal(y, table[indices])
    assert error == 0


@pytest.mark.parametrize("bad", [-1, 9, 2**31 - 1, -(2**31)])
def test_an_index_outside_gives_zeros_and_says_so(bad: int) -> None:
    table = normal((9, 5), 1)
    y, error = _gather(table, np.array([3, bad, 8], np.int32))
    np.testing.assert_array_equal(y, np.stack([table[3], np.zeros(5, np.float32), table[8]]))
    assert error == ERROR_INDEX


@pytest.mark.parametrize(
    ("kind", "x", "expected"),
    [
        (Cast.INT32_TO_FLOAT32, np.arange(-20, 21, dtype=np.int32), np.arange(-20, 21, dtype=np.float32)),
        (
            Cast.FLOAT32_TO_INT32,
            np.array([1.9, -1.9, 0.0, 3e9, -3e9, np.nan, np.inf, 7.5] * 3, np.float32),
            np.array([1, -1, 0, 2**31 - 1, -(2**31), 0, 2**31 - 1, 7] * 3, np.int32),
        ),
        (Cast.UINT8_TO_FLOAT32, np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.float32)),
    ],
)
def test_casts(kind: Cast, x: np.ndarray, expected: np.ndarray) -> None:
    y = np.empty_like(expected)
    caller = Caller()
    caller.run(cast, CAST, x.size, 3, y=caller.operand(y), x=caller.operand(x), kind=int(kind))
    np.testing.assert_array_equal(y, expected)

"""Reading images at coordinates, and the order of a batch: against SciPy and NumPy, and compiled."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.native.engine.program import NativeProgram
from modelc.ops.base import Op
from modelc.ops.shuffle import Shuffle
from modelc.ops.warp import LIMIT, FillMode, Interpolation, Warp, WarpGradient

Array = np.ndarray[Any, Any]
RNG = np.random.default_rng(0)
SCIPY = {
    "constant": "grid-constant",
    "nearest": "nearest",
    "wrap": "grid-wrap",
    "mirror": "mirror",
    "reflect": "reflect",
}


def normal(*shape: int) -> Array:
    return RNG.standard_normal(shape).astype(np.float32)


def places(*shape: int, reach: float) -> Array:
    """Coordinates far beyond the edges too, and none that is half-way between two pixels."""
    return (RNG.integers(-40, 40, shape) / 40 * reach + RNG.uniform(0.01, 0.4, shape)).astype(np.float32)


def compiled(op: Op, *arrays: Array) -> Array:
    """The op's result on batches, by its kernel."""
    g = Builder()
    types = [TensorType((None if len(x) > 1 else 1, *x.shape[1:])) for x in arrays]
    y = g.emit(op, *map(g.input, types))
    graph = g.graph("one", (y,), ("y",))
    (got,) = NativeProgram(graph, {}).run([np.ascontiguousarray(x) for x in arrays])
    np.testing.assert_array_equal(got.shape, interpret(graph, arrays, {})[0].shape)
    return got


@pytest.mark.parametrize("fill", get_args(FillMode))
@pytest.mark.parametrize("how", get_args(Interpolation))
@pytest.mark.parametrize("size", [(5, 7), (1, 4), (2, 1)])
def test_agrees_with_scipy(fill: FillMode, how: Interpolation, size: tuple[int, int]) -> None:
    ndimage = pytest.importorskip("scipy.ndimage")
    x, op = normal(3, *size, 20), Warp(how, fill, 0.75)
    rows, columns = places(3, 6, 1, reach=12), places(3, 6, 4, reach=15)
    y = op.compute(x, rows, columns)
    at = np.broadcast_arrays(rows, columns)
    for n in range(3):
        for channel in range(20):
            want = ndimage.map_coordinates(
                x[n, ..., channel].astype(np.float64), [at[0][n], at[1][n]], order=int(how == "bilinear"),
                mode=SCIPY[fill], cval=0.75,
            )  # fmt: skip
            np.testing.assert_allclose(y[n, ..., channel], want, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(compiled(op, x, rows, columns), y, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("how", get_args(Interpolation))
def test_whole_coordinates_copy_pixels(how: Interpolation) -> None:
    x = normal(2, 4, 5, 3)
    rows, columns = np.arange(4, dtype=np.float32).reshape(1, 4, 1), np.arange(5, dtype=np.float32).reshape(1, 1, 5)
    np.testing.assert_array_equal(Warp(how, "constant").compute(x, rows, columns), x)
    np.testing.assert_array_equal(compiled(Warp(how, "constant"), x, rows, columns), x)
    np.testing.assert_array_equal(compiled(Warp(how, "wrap"), x, rows - 2, columns + 1), np.roll(x, (2, -1), (1, 2)))


def test_half_way_goes_away_from_zero() -> None:
    x = np.arange(8, dtype=np.float32).reshape(1, 1, 8, 1)
    columns = np.array([0.5, 1.5, 2.5, 2.4999998, -0.5, 0.49999997, -1.5], np.float32).reshape(1, 1, 7)
    rows, two = np.zeros((1, 1, 1), np.float32), np.repeat(x, 2, axis=0)
    want = [1, 2, 3, 2, 7, 0, 6]
    np.testing.assert_array_equal(Warp("nearest", "wrap").compute(x, rows, columns).ravel(), want)
    np.testing.assert_array_equal(compiled(Warp("nearest", "wrap"), two, rows, columns)[0].ravel(), want)


@pytest.mark.parametrize("fill", get_args(FillMode))
@pytest.mark.parametrize("how", get_args(Interpolation))
def test_any_coordinate_is_safe(fill: FillMode, how: Interpolation) -> None:
    odd = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, LIMIT, -LIMIT, -0.0, 3.0], np.float32)
    rows, columns = odd.reshape(1, 9, 1), odd.reshape(1, 1, 9)
    x, op = normal(2, 3, 4, 3), Warp(how, fill, 2.0)
    y = op.compute(x, rows, columns)
    assert np.isfinite(y).all()
    np.testing.assert_allclose(compiled(op, x, rows, columns), y, rtol=1e-6)
    dy = normal(2, 9, 9, 3)
    gradient = WarpGradient(op, (3, 4))
    np.testing.assert_allclose(
        compiled(gradient, dy, rows, columns), gradient.compute(dy, rows, columns), rtol=1e-5, atol=1e-5
    )


def test_shapes() -> None:
    x, one = TensorType((None, 5, 6, 3)), TensorType((1, 7, 1))
    assert Warp("nearest", "wrap").infer(x, one, TensorType((None, 1, 4))) == TensorType((None, 7, 4, 3))
    for rows in (TensorType((7, 1)), TensorType((2, 7, 1))):
        with pytest.raises(ShapeError, match="cannot be read at coordinates"):
            Warp("nearest", "wrap").infer(x, rows, one)
    with pytest.raises(ShapeError, match="not a batch"):
        Shuffle().infer(x, TensorType((3,)))


@pytest.mark.parametrize("shape", [(50, 3), (4, 5, 7, 2), (33,)])
def test_shuffles(shape: tuple[int, ...]) -> None:
    x, keys = normal(*shape), normal(shape[0])
    keys[2] = keys[1]  # of equals, the earlier one comes first
    y = compiled(Shuffle(), x, keys)
    np.testing.assert_array_equal(y, x[np.argsort(keys, kind="stable")])
    np.testing.assert_array_equal(Shuffle().compute(x, keys), y)
    np.testing.assert_array_equal(compiled(Shuffle(inverse=True), y, keys), x)
    np.testing.assert_array_equal(Shuffle(inverse=True).compute(y, keys), x)

"""Select, Concat, Take, AdaptivePool, antialiasing and spectrogram matrices: definitions, shapes, and compiled."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.native.engine.program import NativeProgram
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.base import Op
from modelc.ops.concat import Concat
from modelc.ops.constant import Range
from modelc.ops.fourier import Fourier, MelScale
from modelc.ops.resample import Resample
from modelc.ops.select import Select
from modelc.ops.take import Take

RNG = np.random.default_rng(0)


def normal(*shape: int) -> Any:
    return RNG.standard_normal(shape).astype(np.float32)


def mask(*shape: int) -> Any:
    return RNG.integers(0, 2, shape).astype(np.float32)


def both(op: Op, *arrays: Any) -> Any:
    """The op's result on batches, by definition; the compiled one must be the same."""
    g = Builder()
    types = [TensorType((None, *x.shape[1:]), "int32" if x.dtype == np.int32 else "float32") for x in arrays]
    with g.layer("layer"):
        y = g.emit(op, *map(g.input, types))
    graph = g.graph("one", (y,), ("layer",))
    (defined,) = interpret(graph, arrays, {})
    (compiled,) = NativeProgram(graph, {}).run(list(arrays))
    assert y.type.shape == (None, *defined.shape[1:])
    assert compiled.dtype == defined.dtype
    np.testing.assert_allclose(compiled, defined, rtol=1e-6, atol=1e-6)
    return defined


@pytest.mark.parametrize(
    ("m", "a", "b"),
    [
        ((3, 37), (3, 37), (3, 37)),
        ((3, 5, 1), (3, 5, 7), (3, 1, 7)),
        ((3, 1), (3, 37), (3, 1)),
        ((2, 4, 3, 1), (2, 1, 3, 18), (2, 4, 1, 1)),
        ((3, 1, 1), (3, 5, 1), (3, 5, 1)),
    ],
    ids=str,
)
def test_select(m: Any, a: Any, b: Any) -> None:
    where, x, y = mask(*m), normal(*a), normal(*b)
    got = both(Select(), where, x, y)
    shape = np.broadcast_shapes(m, a, b)
    where, x, y = (np.broadcast_to(v, shape) for v in (where, x, y))
    for at in np.ndindex(shape):
        assert got[at] == (x[at] if where[at] else y[at])


def test_select_takes_what_is_not_chosen_for_nothing() -> None:
    y = both(Select(), np.array([[1, 0, 2]], np.float32), np.array([[1, np.nan, 3]], np.float32), normal(1, 3) * np.inf)
    np.testing.assert_array_equal(y[0, [0, 2]], [1, 3])


@pytest.mark.parametrize(("axis", "others"), [(1, ((4, 2), (1, 2), (3, 2))), (2, ((4, 1), (4, 19), (4, 5)))])
@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_concat(axis: int, others: Any, dtype: Any) -> None:
    parts = [(normal(3, *shape) * 100).astype(dtype) for shape in others]
    got = both(Concat(axis), *parts)
    start = 0
    for part in parts:
        np.testing.assert_array_equal(got.take(range(start, start + part.shape[axis]), axis), part)
        start += part.shape[axis]
    assert got.shape[axis] == start


def test_concat_refuses_what_differs_elsewhere() -> None:
    for other in (TensorType((None, 4, 3)), TensorType((None, 4)), TensorType((None, 4, 2), "int32")):
        with pytest.raises(ShapeError, match="must be equal except along axis 1"):
            Concat(1).infer(TensorType((None, 4, 2)), other)


@pytest.mark.parametrize("axis", [1, 2, 3])
@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_take(axis: int, dtype: Any) -> None:
    x = (normal(2, 4, 5, 3) * 100).astype(dtype)
    indices = (2, 0, 0, 1, 2)
    got = both(Take(axis, indices), x)
    for i, index in enumerate(indices):
        np.testing.assert_array_equal(got.take(i, axis), x.take(index, axis))


def test_take_keeps_what_is_not_a_number() -> None:
    x = np.array([[np.nan, np.inf, -np.inf, -0.0]], np.float32)
    g = Builder()
    with g.layer("layer"):
        y = g.emit(Take(1, (3, 2, 1, 0)), g.input(TensorType((None, 4))))
    (got,) = NativeProgram(g.graph("one", (y,), ("layer",)), {}).run([x])
    np.testing.assert_array_equal(got, x[:, ::-1])
    assert np.signbit(got[0, 0])


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize(("axis", "size"), [(1, 3), (1, 9), (2, 4), (2, 1), (3, 2)])
def test_adaptive_pool(kind: Any, axis: int, size: int) -> None:
    x = normal(2, 7, 5, 70)
    got = both(AdaptivePool(kind, axis, size), x)
    n = x.shape[axis]
    for o in range(size):
        window = x.take(range(math.floor(o * n / size), math.ceil((o + 1) * n / size)), axis)
        want = window.max(axis) if kind == "max" else window.mean(axis)
        np.testing.assert_allclose(got.take(o, axis), want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("method", ["nearest", "bilinear", "bicubic", "lanczos3"])
@pytest.mark.parametrize("size", [2, 3, 7, 12])
def test_resample_along_any_axis(method: Any, size: int) -> None:
    x = normal(2, 7, 5, 3)
    for axis in (1, 2, 3):
        both(Resample(axis, size, method, antialias=method != "nearest"), x)


def test_antialiased_weights_are_those_of_the_wider_kernel() -> None:
    indices, weights = Resample(1, 5, "bicubic", antialias=True).table(20)
    output, width, center = 2, 4.0, 9.5
    raw = []
    for i in range(20):
        d = abs(i - center) / width
        raw.append(1.5 * d**3 - 2.5 * d**2 + 1 if d < 1 else (-0.5 * d**3 + 2.5 * d**2 - 4 * d + 2 if d < 2 else 0.0))
    row = np.zeros(20)
    np.add.at(row, indices[output], weights[output])
    np.testing.assert_allclose(row, np.array(raw) / sum(raw), atol=1e-6)


def test_antialiasing_changes_nothing_where_the_size_grows() -> None:
    x = normal(1, 5, 1)
    for method in ("bilinear", "lanczos5"):
        plain = Resample(1, 9, method).compute(x)  # type: ignore[arg-type]
        np.testing.assert_array_equal(Resample(1, 9, method, antialias=True).compute(x), plain)  # type: ignore[arg-type]


def test_matrices_without_operands() -> None:
    np.testing.assert_array_equal(Range(5).compute(), [0, 1, 2, 3, 4])
    window = tuple(RNG.uniform(size=10))
    x = RNG.standard_normal(10)
    transform = x @ Fourier("real", window).compute() + 1j * (x @ Fourier("imag", window).compute())
    np.testing.assert_allclose(transform, np.fft.rfft(x * window), rtol=1e-5, atol=1e-6)
    filters = MelScale(65, 10, 8000, 50, 3900).compute()
    assert filters.shape == (65, 10) and filters.min() == 0 and 0.5 < filters.max() <= 1
    # Between the first and the last centre two neighbours share each frequency.
    peaks = filters.argmax(0)
    np.testing.assert_allclose(filters[peaks[0] + 1 : peaks[-1]].sum(1), 1, rtol=1e-5)

"""Linear algebra on the calling thread alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from modelc.initializers.classes import Orthogonal
from modelc.system import blas

needs_openblas = pytest.mark.skipif(blas._openblas() is None, reason="NumPy has another library")


@needs_openblas
def test_the_number_of_threads_is_one_inside_and_as_before_after() -> None:
    functions = blas._openblas()
    assert functions is not None
    get, put = functions
    first = get()
    try:
        put(2)
        before = get()  # at most the processors that there are
        with pytest.raises(KeyError), blas.one_blas_thread():
            assert get() == 1
            raise KeyError
        assert get() == before

        def inside(_: int) -> int:
            with blas.one_blas_thread():
                return get()

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(inside, range(200))) == {1}
        assert get() == before
    finally:
        put(first)


def test_another_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blas, "_openblas", lambda: None)
    x = np.random.default_rng(3).standard_normal((64, 16), np.float32)
    with blas.one_blas_thread():
        inside = np.linalg.qr(x)
    np.testing.assert_array_equal(inside.Q, np.linalg.qr(x).Q)


@needs_openblas
def test_orthogonal_weights_are_drawn_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    functions, seen = blas._openblas(), list[int]()
    assert functions is not None
    factorize = np.linalg.qr
    monkeypatch.setattr(np.linalg, "qr", lambda x: (seen.append(functions[0]()), factorize(x))[1])
    drawn = Orthogonal().draw((64, 16), np.random.default_rng(1))
    assert seen == [1]
    np.testing.assert_allclose(drawn.T @ drawn, np.eye(16), atol=1e-5)

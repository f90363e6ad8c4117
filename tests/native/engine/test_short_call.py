"""The shortest way through Python to a plan: what it takes, what it leaves to the usual one, and that both agree."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import Input, Sequential, load_spec
from modelc.errors import InputError
from modelc.layers import Dense, Embedding
from modelc.model.model import Model
from modelc.native.engine.threads import team_of

_RNG = np.random.default_rng(0)


def _dense(units: int = 9) -> Model:
    layers = [{"type": "Dense", "units": units, "activation": "relu"}, {"type": "Dense", "units": 4}]
    return load_spec({"modelc": 1, "input": {"shape": [6]}, "layers": layers}).build()


def _defined(model: Model, x: np.ndarray) -> np.ndarray:
    first, bias, second, shift = (w.astype(np.float64) for w in model.get_weights())
    return np.maximum(x.astype(np.float64) @ first + bias, 0) @ second + shift


def _samples(batch: int = 3) -> np.ndarray:
    return _RNG.standard_normal((batch, 6)).astype(np.float32)


def _warm(model: Any, x: np.ndarray) -> Any:
    """The short way for arrays like x: the calls before it have been such ones."""
    for _ in range(3):
        model(x)
    return model._short


def test_results_are_those_of_the_usual_way_and_stay() -> None:
    model, given = _dense(), [_samples() for _ in range(5)]
    usual = [model.predict(x) for x in given]
    short = _warm(model, given[0])
    made = [short(x) for x in given]
    for x, y, expected in zip(given, made, usual, strict=True):
        np.testing.assert_array_equal(y, expected)
        np.testing.assert_allclose(y, _defined(model, x), atol=1e-5)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.astype(np.float64),
        lambda x: x[:2],
        lambda x: np.asfortranarray(x),
        lambda x: np.repeat(x, 2, axis=1)[:, ::2],
        lambda x: x.tolist(),
        lambda x: x.view(np.recarray),
        lambda x: x.astype(x.dtype.newbyteorder()),
    ],
    ids=["dtype", "shape", "order", "strides", "list", "subclass", "bytes"],
)
def test_other_inputs_go_the_usual_way(change: Any) -> None:
    model, x = _dense(), _samples()
    short = _warm(model, x)
    other = change(x)
    assert short(other) is None
    np.testing.assert_allclose(model(other), _defined(model, np.array(other, np.float32)), atol=1e-5)


def test_views_are_taken_and_mapped_files_are_not(tmp_path: Path) -> None:
    model, x = _dense(), _samples()
    short = _warm(model, x)
    np.testing.assert_array_equal(short(np.concatenate([x, x])[3:]), short(x))
    np.save(tmp_path / "x.npy", x)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r").view(np.ndarray)
    assert short(mapped) is None
    np.testing.assert_array_equal(model(mapped), model(x))


def test_new_weights_end_it() -> None:
    model, x = _dense(), _samples()
    short = _warm(model, x)
    model.set_weights([2 * w for w in model.get_weights()])
    assert short(x) is None
    for _ in range(4):
        np.testing.assert_allclose(model(x), _defined(model, x), rtol=1e-4, atol=1e-5)
    assert model._short is not None and model._short(x) is not None


def test_layers_that_come_and_go_end_it() -> None:
    model = Sequential([Dense(4, input_shape=(6,))])
    x = _samples()
    assert _warm(model, x) is not None
    model.add(Dense(2))
    assert model(x).shape == (3, 2)
    assert _warm(model, x) is not None
    model.pop()
    assert model(x).shape == (3, 4)


def test_an_error_is_told_and_passes() -> None:
    model = Sequential([Input((3,), dtype="int32"), Embedding(5, 2)])
    good, bad = np.array([[0, 4, 1]], np.int32), np.array([[0, 5, 1]], np.int32)
    expected, short = model(good), _warm(model, good)
    assert short is not None
    for _ in range(3):
        with pytest.raises(InputError, match="an index is outside"):
            model(bad)
        np.testing.assert_array_equal(model(good), expected)


def test_sizes_in_turn() -> None:
    model = _dense()
    for _ in range(3):
        for batch in (1, 4, 0):
            x = _samples(batch)
            np.testing.assert_allclose(model(x), _defined(model, x), atol=1e-5)


def test_models_that_need_much_memory_have_none() -> None:
    model = Sequential([Dense(100_000, input_shape=(2,)), Dense(1)])
    assert _warm(model, np.zeros((1, 2), np.float32)) is None


@pytest.mark.parametrize("threads", [1, 2])
def test_work_for_several_threads(threads: int) -> None:
    layers = [{"type": "Dense", "units": 200, "activation": "relu"}, {"type": "Dense", "units": 300}]
    model = load_spec({"modelc": 1, "input": {"shape": [100]}, "layers": layers}).build()
    given = [_RNG.standard_normal((64, 100)).astype(np.float32) for _ in range(20)]
    with team_of(threads) as team:
        usual = [model.predict(x) for x in given]
        assert model._short is None
        short = _warm(model, given[0])
        for x, expected in zip(given, usual, strict=True):
            team.resume()
            made = short(x)
            np.testing.assert_array_equal(made, expected)
            np.testing.assert_allclose(made, _defined(model, x), atol=1e-4)


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_among_work_for_several_threads(threads: int) -> None:
    model = Sequential([Input((50,), dtype="int32"), Embedding(5, 64), Dense(100)])
    good = np.zeros((8, 50), np.int32)
    bad = good + 5
    with team_of(threads) as team:
        expected, short = model(good), _warm(model, good)
        for _ in range(3):
            team.resume()
            assert short(bad) is None
            np.testing.assert_array_equal(short(good), expected)


@pytest.mark.parametrize(("units", "batch"), [(9, 8), (400, 64)], ids=["small", "for several threads"])
def test_threads_have_arenas_of_their_own(units: int, batch: int) -> None:
    model = _dense(units)
    given = [_samples(batch) for _ in range(4)]
    expected = [model(x) for x in given]
    assert _warm(model, given[0]) is not None

    def many(i: int) -> bool:
        return all(np.array_equal(model(given[i]), expected[i]) for _ in range(300))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(many, range(4)))

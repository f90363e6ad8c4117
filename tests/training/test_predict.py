"""`predict` on all that it takes, and models that learn their input shape from a generator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.errors import InputError

X = np.random.default_rng(0).standard_normal((10, 4)).astype(np.float32)
Y = np.random.default_rng(1).integers(0, 3, 10)
LAYERS: list[dict[str, Any]] = [{"type": "Dense", "units": 5, "activation": "relu"}, {"type": "Dense", "units": 3}]


@pytest.fixture(scope="module")
def model() -> modelc.Model:
    return modelc.load_spec({"modelc": 1, "input": {"shape": [4]}, "layers": LAYERS}).build()


def deferred() -> modelc.Sequential:
    made = modelc.Sequential([modelc.layers.Dense(5, activation="relu"), modelc.layers.Dense(3)])
    made.compile("sgd", modelc.losses.SparseCategoricalCrossentropy(from_logits=True))
    return made


def pairs(size: int = 4) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for start in range(0, len(X), size):
        yield X[start : start + size], Y[start : start + size]


class Batches:
    """Like Keras's `PyDataset`."""

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        return list(pairs())[index]


@pytest.mark.parametrize("given", [lambda: (x for x, _ in pairs()), pairs, Batches, lambda: list(pairs()).__iter__()])
def test_batches_from_anywhere(model: modelc.Model, given: Any) -> None:
    np.testing.assert_array_equal(model.predict(given()), model.predict(X, batch_size=4))


def test_a_memory_mapped_array(model: modelc.Model, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    np.testing.assert_array_equal(model.predict(mapped, batch_size=3, verbose=1), model.predict(X, batch_size=3))


def test_steps(model: modelc.Model) -> None:
    def endless() -> Iterator[np.ndarray]:
        while True:
            yield X[:4]

    assert model.predict(endless(), steps=3).shape == (12, 3)
    np.testing.assert_array_equal(model.predict(X, batch_size=4, steps=2), model.predict(X[:8], batch_size=4))


def test_one_batch(model: modelc.Model) -> None:
    np.testing.assert_array_equal(model.predict_on_batch(X), model.predict(X, batch_size=10))
    assert model.predict_on_batch(X[:0]).shape == (0, 3)


def test_callbacks_are_called(model: modelc.Model) -> None:
    seen: list[Any] = []

    class Watch(modelc.callbacks.Callback):
        def on_predict_begin(self, logs: Any = None) -> None:
            seen.append("begin")

        def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None:
            seen.append(batch)

        def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
            seen.append(logs["outputs"][0].shape)

        def on_predict_end(self, logs: Any = None) -> None:
            seen.append("end")

    model.predict(X, batch_size=6, callbacks=[Watch()])
    assert seen == ["begin", 0, (6, 3), 1, (4, 3), "end"]


def test_several_outputs(model: modelc.Model) -> None:
    both = model.extract("dense", "dense_1")
    first, second = both.predict(pairs())
    np.testing.assert_array_equal(first, both.predict(X, batch_size=4)[0])
    assert second.shape == (10, 3)


@pytest.mark.parametrize(("given", "message"), [
    (lambda: iter(()), "the data gives no batches"),
    (lambda: iter([X[:, :3]]), "batch 0 of the data: .*3.*4"),
    (lambda: iter([X, "text"]), "batch 1 of the data"),
])  # fmt: skip
def test_what_does_not_fit(model: modelc.Model, given: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        model.predict(given())


@pytest.mark.parametrize("given", [pairs, Batches, lambda: list(pairs()).__iter__()])
def test_a_deferred_model_learns_its_shape_from_the_first_batch(given: Any) -> None:
    trained, whole = deferred(), deferred()
    history = trained.fit(given(), verbose=0)
    whole.fit(X, Y, batch_size=4, shuffle=False, verbose=0)
    assert trained.input_shape == (None, 4) and len(history.epoch) == 1
    if given is not Batches:  # which is mixed, like arrays
        for a, b in zip(trained.get_weights(), whole.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)
    assert deferred().predict(given()).shape == (10, 3)


def test_a_deferred_model_and_no_batches() -> None:
    with pytest.raises(InputError, match="the data gives no batches"):
        deferred().fit(iter(()), verbose=0)

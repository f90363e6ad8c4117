"""`trainable` of shared layers and of models in models, and in the middle of a run: it holds with the next step."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import Sequential, load_spec
from modelc.callbacks import Callback
from modelc.layers import Dense
from modelc.model.model import Model
from tests.training.trainable_models import (
    WRAPPERS,
    changed,
    compiled,
    data,
    first_inside,
    said,
)

Array = np.ndarray[Any, Any]
pytestmark = pytest.mark.filterwarnings("ignore:.*has no weights that training changes")


def test_a_layer_that_is_used_twice() -> None:
    layers = [
        {"type": "Dense", "units": 3, "name": "shared", "inputs": "a"},
        {"use": "shared", "name": "again", "inputs": "b"},
        {"type": "Add", "inputs": ["shared", "again"], "name": "sum"},
        {"type": "Dense", "units": 1, "name": "head", "inputs": "sum"},
    ]
    inputs = {"a": {"shape": [4]}, "b": {"shape": [4]}}
    model = compiled(load_spec(json.dumps({"modelc": 1, "inputs": inputs, "layers": layers})).build())
    shared = {"shared/kernel", "shared/bias"}
    assert changed(model) == said(model) >= shared
    model.get_layer("shared").trainable = False
    assert changed(model) == said(model) == {"head/kernel", "head/bias"}
    model.get_layer("shared").trainable = True
    assert changed(model) == said(model) >= shared


def two_models() -> tuple[Model, Model]:
    base = Sequential([modelc.Input((4,)), Dense(3, name="low"), Dense(2, name="high")], name="base")
    return compiled(base), compiled(Sequential([base, Dense(1, name="head")], name="full"))


def test_a_model_and_its_layer_in_another_one_are_frozen_together() -> None:
    """As in Keras, where both are one object; each of the two models sees it with its next step."""
    base, full = two_models()
    layer = full.get_layer("base")
    for whole, other in ((base, layer), (layer, base)):
        whole.trainable = False
        assert not other.trainable
        assert changed(full) == {"head/kernel", "head/bias"} and changed(base) == set()
        whole.trainable = True
        assert other.trainable
        assert changed(full) == set(full.arrays) and changed(base) == set(base.arrays)
    base.layers[0].trainable = False
    assert changed(base) == {"high/kernel", "high/bias"}
    assert changed(full) == {"base/high/kernel", "base/high/bias", "head/kernel", "head/bias"}
    full.trainable = False
    assert not base.trainable and changed(base) == set()


def test_an_adversary_is_trained_by_turns() -> None:
    """Two models compiled once, and `trainable` of one set before each step: at compilation it is of no account."""
    base, full = two_models()
    for _ in range(2):
        base.trainable = True
        assert changed(base) == set(base.arrays)
        base.trainable = False
        assert changed(full) == {"head/kernel", "head/bias"}


def test_models_of_the_same_tensors_share_layers() -> None:
    base, _ = two_models()
    part = compiled(Model(base.inputs, base.layers[0].output))
    base.layers[0].trainable = False
    with pytest.warns(UserWarning, match="has no weights that training changes"):
        assert changed(part) == set()
    assert changed(base) == {"high/kernel", "high/bias"}


def test_averages_of_weights_that_are_shared() -> None:
    """Under the paths of the model that is trained, not of the one that they came from."""
    _, full = two_models()
    full.compile({"type": "SGD", "learning_rate": 0.1, "use_ema": True}, "mse")
    full.get_layer("head").trainable = False
    full.train_on_batch(*data(full))
    averages = full.get_ema_weights()
    assert averages is not None and len(averages) == 4
    full.get_layer("head").trainable = True
    averages = full.get_ema_weights()
    assert averages is not None and np.array_equal(averages[-1], full.arrays["head/bias"])
    full.set_ema_weights(averages)


class Thaw(Callback):
    """Sets `trainable` of a layer in the middle of a run."""

    def __init__(self, event: str, layer: str, trainable: bool) -> None:
        self._set = (event, layer, trainable)
        self.seen: list[set[str]] = []
        self._before: dict[str, Array] = {}

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self._before = dict(self.model.arrays)
        self._at(f"batch {batch}")

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        arrays = self.model.arrays
        self.seen.append({path for path, a in arrays.items() if a.tobytes() != self._before[path].tobytes()})

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._at(f"epoch {epoch}")

    def _at(self, event: str) -> None:
        when, layer, trainable = self._set
        if event == when:
            self.model.get_layer(layer).trainable = trainable


@pytest.mark.parametrize("backend", ["native", "reference"])
@pytest.mark.parametrize(("event", "first"), [("batch 1", 1), ("epoch 0", 2)])
@pytest.mark.parametrize("trainable", [False, True])
def test_a_callback_sets_it(backend: Any, event: str, first: int, trainable: bool) -> None:
    layers = [modelc.Input((4,)), Dense(3, name="low"), Dense(1, name="head")]
    model = compiled(Sequential(layers, backend=backend))
    model.get_layer("low").trainable = not trainable
    thaw = Thaw(event, "low", trainable)
    x, y = np.random.default_rng(0).standard_normal((8, 4), np.float32), np.ones((8, 1), np.float32)
    model.fit(x, y, batch_size=4, epochs=2, callbacks=[thaw], verbose=0)
    head, every = {"head/kernel", "head/bias"}, set(model.arrays)
    before, after = (head, every) if trainable else (every, head)
    assert thaw.seen == [before] * first + [after] * (4 - first)


def test_before_and_after_compile_are_the_same() -> None:
    results: list[dict[str, bytes]] = []
    for late in (False, True):
        layers = [WRAPPERS["TimeDistributed"](modelc.layers), modelc.layers.Flatten(), Dense(1)]
        model = Sequential([modelc.Input((4, 3)), *layers], backend="reference")
        steps: list[Callable[[], Any]] = [
            lambda model=model: setattr(first_inside(model.layers[0]), "trainable", False),
            lambda model=model: compiled(model),
        ]
        for step in reversed(steps) if late else steps:
            step()
        for i in range(3):
            model.train_on_batch(*data(model, i))
        results.append({path: array.tobytes() for path, array in model.arrays.items()})
    assert results[0] == results[1]

"""Runs of `fit` against recorded ones of Keras: steps of epochs that do not divide the data, and moving averages."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.optimizers import OPTIMIZERS
from tests.training.record_fit import BATCH, EPOCHS, RECORD, RUNS, STEPS, batches, data, start

with np.load(RECORD) as file:
    RECORDED = dict(file)

SPEC = """
modelc: 1
input: {shape: [3]}
layers:
  - {type: Dense, units: 2, activation: tanh}
  - {type: Dense, units: 1}
training: {loss: mse, batch_size: 4, epochs: 3, shuffle: false, data: d.npz, optimizer: %s}
"""


def model(optimizer: dict[str, Any]) -> modelc.Model:
    made = modelc.load_spec(SPEC % "sgd").build(weights=start(), backend="reference")
    made.compile(optimizer, "mse")
    return made


def check_weights(made: modelc.Model, name: str) -> None:
    for i, array in enumerate(made.get_weights()):
        np.testing.assert_allclose(array, RECORDED[f"{name}/{i}"], rtol=1e-4, atol=1e-5)


class Sequence:
    def __len__(self) -> int:
        return len(list(batches()))

    def __getitem__(self, index: int) -> Any:
        return list(batches())[index]


class Counting(modelc.callbacks.Callback):
    def __init__(self) -> None:
        self.counts: list[int] = []

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.counts.append(0)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.counts[-1] += 1


@pytest.mark.parametrize(("kind", "steps"), STEPS)
def test_an_epoch_ends_with_the_data(kind: str, steps: int | None) -> None:
    made, counting, (x, y) = model({"type": "SGD", "learning_rate": 0.1}), Counting(), data()
    given: Any = {"arrays": {"x": x, "y": y, "batch_size": BATCH}, "sequence": {"x": Sequence()}}.get(kind)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        run = made.fit(
            **(given or {"x": batches()}), shuffle=False, verbose=0, epochs=EPOCHS[kind], steps_per_epoch=steps,
            callbacks=[counting],
        )  # fmt: skip
    name = f"steps {kind} {steps}"
    assert counting.counts == RECORDED[f"{name}/counts"].tolist()
    assert sum("the data ended" in str(w.message) for w in told) == RECORDED[f"{name}/warnings"]
    np.testing.assert_allclose(run.history["loss"], RECORDED[f"{name}/losses"], rtol=1e-4)
    check_weights(made, name)


def test_every_optimizer_is_recorded() -> None:
    assert {config["type"] for config in RUNS.values()} == set(OPTIMIZERS.names)


@pytest.mark.parametrize("name", RUNS)
def test_the_weights_end_as_their_averages(name: str) -> None:
    made = model(RUNS[name])
    x, y = data()
    made.fit(x, y, BATCH, epochs=3, shuffle=False, verbose=0)
    check_weights(made, name)


def test_nothing_is_assigned_where_nothing_was_trained() -> None:
    made = model(RUNS["ema Adam"])
    x, y = data()
    made.fit(x, y, BATCH, epochs=0, verbose=0)
    for array, before in zip(made.get_weights(), start(), strict=True):
        np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("name", ["ema Adam", "overwrite", "accumulated"])
def test_a_run_from_files_that_was_stopped_ends_the_same(name: str, tmp_path: Path) -> None:
    """`modelc train`, and a run that goes on after each of its epochs."""
    from modelc.model.training_run import Choices, train

    x, y = data()
    np.savez(tmp_path / "d.npz", x=x, y=y)
    made = modelc.load_spec(SPEC % "sgd").build(weights=start(), backend="reference")
    made.save_weights(str(tmp_path / "w.safetensors"))
    path = tmp_path / "m.yaml"
    path.write_text(SPEC % json.dumps(RUNS[name]))
    weights = str(tmp_path / "w.safetensors")
    whole = train(modelc.load_spec(path), Choices(weights=weights, verbose=0)).model
    check_weights(whole, name)
    folder = tmp_path / "checkpoints"
    for epochs in (1, 2, 3):
        choices = Choices(weights=weights, epochs=epochs, checkpoints=folder, resume=epochs > 1, verbose=0)
        stopped = train(modelc.load_spec(path), choices).model
    for array, other in zip(stopped.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(array, other)

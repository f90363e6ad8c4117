"""Names of layers with slashes, as Keras's files and blocks have them: none is taken for a layer inside of a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.language.validation.trained import trained
from modelc.report.parts import parts_of
from modelc.training.freezing import digests

INNER = """
modelc: 1
input: {shape: [3]}
layers:
  - {type: Dense, name: conv, units: 3, use_bias: false}
  - {type: Dense, name: base/conv, units: 3, use_bias: false}
"""
OUTER = """
modelc: 1
input: {shape: [3]}
layers:
  - {type: Model, name: base, spec: inner.yaml, weights: one.safetensors, freeze: [conv]}
  - {type: Model, name: block/base, spec: inner.yaml, weights: two.safetensors, freeze: [base/conv]}
  - {type: Dense, name: block/conv, units: 3, use_bias: false, trainable: false}
  - {type: Dense, name: conv, units: 3, use_bias: false}
"""


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("slashes")
    (folder / "inner.yaml").write_text(INNER)
    (folder / "outer.yaml").write_text(OUTER)
    for number, name in enumerate(("one", "two"), 1):
        kernels = [np.full((3, 3), 10 * number + layer, np.float32) for layer in range(2)]
        modelc.load_spec(folder / "inner.yaml").build(weights=kernels).save_weights(folder / f"{name}.safetensors")
    return modelc.load_spec(folder / "outer.yaml")


def test_weights_of_inner_models_come_from_the_files_that_they_name(spec: Any) -> None:
    model = spec.build()
    expected = {
        "base/conv/kernel": 10, "base/base/conv/kernel": 11,
        "block/base/conv/kernel": 20, "block/base/base/conv/kernel": 21,
    }  # fmt: skip
    for path, value in expected.items():
        np.testing.assert_array_equal(model.arrays[path], np.full((3, 3), value, np.float32), path)


LEARNT = ["base/base/conv/kernel", "block/base/conv/kernel", "conv/kernel"]


def test_what_is_frozen_is_what_the_spec_says(spec: Any) -> None:
    assert [weight.path for _, weight in trained(spec.layers, spec.graph.layers)] == LEARNT
    assert [layer.name for layer, _ in trained(spec.layers, spec.graph.layers)] == ["base/conv", "conv", "conv"]
    model = spec.build()
    assert [weight.path for weight in model.trainable_weights] == LEARNT
    found = {one.name: one.frozen for one in digests(model.layers, model.graph.layers, model.arrays)}
    assert {f"{name}/kernel" for name, frozen in found.items() if not frozen} == set(LEARNT)
    assert len(found) == 6


def test_training_changes_only_these(spec: Any) -> None:
    model = spec.build()
    before = {path: array.copy() for path, array in model.arrays.items()}
    model.compile(optimizer="sgd", loss="mse")
    model.train_on_batch(np.ones((2, 3), np.float32), np.zeros((2, 3), np.float32))
    changed = [path for path, array in model.arrays.items() if not np.array_equal(array, before[path])]
    assert changed == LEARNT


def test_reports_pair_them_alike(spec: Any) -> None:
    parts = {part.path: part.layer.name for part in parts_of(spec)}
    assert parts["base/conv"] == "conv" and parts["base/base/conv"] == "base/conv" == parts["block/base/base/conv"]
    assert parts["block/conv"] == "block/conv" and parts["conv"] == "conv"

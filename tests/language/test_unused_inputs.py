"""An input that nothing uses: the model takes it all the same, as Keras's does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.keras.read import read_keras_model
from modelc.model.spec import Spec

TEXT = """
modelc: 1
inputs: {a: {shape: [3]}, left: {shape: [2, 2]}, b: {shape: [3]}}
layers:
  - {type: Subtract, inputs: [a, b]}
"""


@pytest.mark.parametrize("backend", ["reference", "native"])
def test_it_is_taken_and_changes_nothing(backend: Any) -> None:
    spec = load_spec(TEXT)
    assert load_spec(spec.to_yaml()) == spec
    model = spec.build(backend=backend)
    assert model.input_names == ("a", "left", "b")
    a, left, b = np.full((4, 3), 5, "f"), np.ones((4, 2, 2), "f"), np.full((4, 3), 2, "f")
    np.testing.assert_array_equal(model([a, left, b]), a - b)
    np.testing.assert_array_equal(model.predict({"left": left, "a": a, "b": b}), a - b)
    assert "left" in str(spec.summary())


def test_a_view_leaves_it_out() -> None:
    assert load_spec(TEXT).truncate("a").build(backend="reference").input_names == ("a",)


def test_from_keras() -> None:
    inputs = [
        {"class_name": "InputLayer", "config": {"name": n, "batch_input_shape": [None, 3]}, "inbound_nodes": []}
        for n in ("a", "left")
    ]
    dense = {"class_name": "Dense", "config": {"name": "d", "units": 2}, "inbound_nodes": [[["a", 0, 0, {}]]]}
    config: dict[str, Any] = {
        "name": "net",
        "layers": [*inputs, dense],
        "input_layers": [["a", 0, 0], ["left", 0, 0]],
        "output_layers": [["d", 0, 0]],
    }
    found = read_keras_model({"class_name": "Functional", "config": config, "keras_version": "2.15.0"})
    assert Spec.of(found.spec).build(backend="reference").predict([np.ones((2, 3), "f")] * 2).shape == (2, 2)

"""An input that nothing uses stays an input of the model, and changes nothing of what it computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import modelc
from modelc import load_spec

SPEC = """\
modelc: 1
inputs: {a: {shape: [3]}, b: {shape: [2]}}
layers:
  - {type: Dense, units: 2, inputs: a}
"""


@pytest.mark.parametrize("backend", ["reference", "native"])
def test_runs_trains_and_comes_back(backend: str, tmp_path: Path) -> None:
    model = load_spec(SPEC).build(backend=backend)  # pyright: ignore[reportArgumentType]
    a, b = np.arange(6, dtype=np.float32).reshape(2, 3), np.ones((2, 2), np.float32)
    kernel, bias = model.get_weights()
    np.testing.assert_allclose(model.predict({"a": a, "b": b}, verbose=0), a @ kernel + bias, rtol=1e-5, atol=1e-6)
    path = tmp_path / "m.modelc"
    model.save(path)
    np.testing.assert_array_equal(modelc.load(path, backend=backend)([a, b]), model([a, b]))  # pyright: ignore
    model.compile(loss="mse", optimizer="sgd")
    model.fit([a, b], np.zeros((2, 2), np.float32), verbose=0)
    assert not np.array_equal(model.get_weights()[0], kernel)


def test_a_part_takes_what_it_needs() -> None:
    spec = load_spec(SPEC)
    assert len(spec.graph.inputs) == 2
    assert len(spec.truncate("dense").graph.inputs) == 1

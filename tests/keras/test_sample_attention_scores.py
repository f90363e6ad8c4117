"""The weights of attention among the samples of a batch, (N, N), which Keras returns as well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.errors import SpecError
from tests.live_keras import live_keras

keras: Any = live_keras()

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras's own

LAYERS: dict[str, Any] = {
    "dot": lambda: keras.layers.Attention(),
    "scaled": lambda: keras.layers.Attention(use_scale=True),
    "concat": lambda: keras.layers.Attention(score_mode="concat"),
    "additive": lambda: keras.layers.AdditiveAttention(),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("backend", ["reference", "native"])
def test_they_are_those_of_keras(name: str, backend: Any, tmp_path: Path) -> None:
    x, y = (keras.Input(batch_shape=(4, 3), name=one) for one in "xy")
    attended, weights = LAYERS[name]()([x, y], return_attention_scores=True)
    theirs = keras.Model([x, y], [attended, weights, keras.layers.Dense(2)(weights)])
    random = np.random.default_rng(0)
    theirs.set_weights([random.uniform(-1, 1, w.shape) for w in theirs.weights])
    theirs.save(tmp_path / "m.keras")
    given = [random.standard_normal((4, 3)).astype(np.float32) for _ in range(2)]
    expected = theirs(given, training=False)
    model = load_spec(tmp_path / "m.keras").build(backend=backend)
    found = model(given)
    for one, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, np.asarray(wanted), atol=1e-5)
    np.testing.assert_allclose(found[1].sum(-1), 1, atol=1e-5)
    model.save(tmp_path / "again.keras")
    again = keras.saving.load_model(tmp_path / "again.keras")(given, training=False)
    for one, wanted in zip(again, expected, strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(wanted), atol=1e-5)


@pytest.mark.parametrize("backend", ["reference", "native"])
def test_training_drops_the_same_weights(backend: Any) -> None:
    """``y = weights @ value``, also where training sets some of them to 0."""
    spec = load_spec("""
modelc: 1
inputs: {x: {shape: [3], batch_size: 6}, y: {shape: [3], batch_size: 6}}
layers:
  - {type: Attention, name: a, inputs: [x, y], dropout: 0.5, training: true, return_attention_scores: true}
outputs: ["a[0]", "a[1]"]
""")
    x, y = (np.random.default_rng(i).standard_normal((6, 3)).astype(np.float32) for i in range(2))
    attended, weights = spec.build(backend=backend)([x, y])
    np.testing.assert_allclose(attended, weights @ y, atol=1e-5)
    assert 0 < (weights == 0).sum() < weights.size


def test_without_a_fixed_batch_they_are_refused() -> None:
    layer = {"type": "Attention", "inputs": ["x", "x"], "return_attention_scores": True}
    spec = load_spec({"modelc": 1, "inputs": {"x": {"shape": [3]}}, "layers": [layer]})
    with pytest.raises(SpecError, match=r"are \(N, N\), one for each pair of samples\n.*fix the `batch_size`"):
        _ = spec.graph

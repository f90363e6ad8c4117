"""Models of every kind by their plans in the cache: the same bits, names and shapes as when they were built."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

import modelc

pytestmark = pytest.mark.skipif(not hasattr(os, "preadv"), reason="files of models are held open by POSIX")

KINDS: dict[str, dict[str, Any]] = {
    "several inputs and outputs by key": {
        "modelc": 1,
        "inputs": {"a": {"shape": [6]}, "b": {"shape": [3], "dtype": "int32"}},
        "layers": [
            {"type": "Embedding", "name": "rows", "inputs": ["b"], "input_dim": 9, "output_dim": 2},
            {"type": "Flatten", "name": "flat"},
            {"type": "Concatenate", "name": "both", "inputs": ["a", "flat"]},
            {"type": "Dense", "name": "one", "units": 4, "activation": "gelu"},
            {"type": "Dense", "name": "two", "inputs": ["both"], "units": 2, "activation": "softmax"},
        ],
        "outputs": {"first": "one", "second": "two"},
    },
    "a list of outputs, one of them an input of another": {
        "modelc": 1,
        "input": {"shape": [5]},
        "layers": [{"type": "Dense", "name": "a", "units": 3}, {"type": "ReLU", "name": "b"}],
        "outputs": ["b", "a"],
    },
    "a fixed batch size": {
        "modelc": 1,
        "input": {"shape": [4], "batch_size": 2},
        "layers": [{"type": "Dense", "units": 3}],
    },
    "a loop over steps": {
        "modelc": 1,
        "input": {"shape": [7, 5]},
        "layers": [{"type": "LSTM", "units": 6, "return_sequences": True}, {"type": "GRU", "units": 3}],
    },
    "no weights": {"modelc": 1, "input": {"shape": [4, 4, 2]}, "layers": [{"type": "GlobalMaxPooling2D"}]},
    "nothing to compute": {"modelc": 1, "input": {"shape": [4, 2]}, "layers": [{"type": "Flatten"}]},
    "precise convolutions": {
        "modelc": 1,
        "precision": "exact",
        "input": {"shape": [12, 12, 8]},
        "layers": [{"type": "Conv2D", "filters": 8, "kernel_size": 3}],
    },
}

NOT_KEPT: dict[str, dict[str, Any]] = {
    "tables of free sizes": {
        "modelc": 1,
        "input": {"shape": [None, 5, 3]},
        "layers": [{"type": "AdaptiveMaxPooling2D", "output_size": [2, 4]}],
    },
    "states": {
        "modelc": 1,
        "input": {"shape": [3, 5], "batch_size": 2},
        "layers": [{"type": "GRU", "units": 3, "stateful": True}],
    },
}


@pytest.fixture
def saved(tmp_path: Path) -> Any:
    def save(spec: dict[str, Any]) -> tuple[modelc.Model, Path]:
        # Under a name of its own: what an earlier run of the tests has kept is of another model.
        model = modelc.load_spec({**spec, "name": f"m{uuid4().hex}"}).build(seed=3)
        model.save(tmp_path / "m.modelc")
        return model, tmp_path / "m.modelc"

    return save


def inputs_of(model: modelc.Model, samples: int) -> list[Any]:
    draw = np.random.default_rng(1)
    found: list[Any] = []
    for value, dtype in zip(model.graph.inputs, model.graph.input_dtypes, strict=True):
        shape = (samples, *(n if isinstance(n, int) else 6 for n in value.type.shape[1:]))
        whole = draw.integers(0, 9, shape)
        found.append(whole.astype(np.int32) if dtype == "int32" else draw.standard_normal(shape, np.float32))
    return found


def arrays_of(y: Any) -> list[Any]:
    return list(y.values()) if isinstance(y, dict) else y if isinstance(y, list) else [y]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bits_names_and_shapes(kind: str, saved: Any) -> None:
    built, path = saved(KINDS[kind])
    assert modelc.load(path)._kept is None
    kept = modelc.load(path)
    assert kept._kept is not None
    for samples in (2,) if built.graph.batch_size else (1, 2, 5):
        x = inputs_of(built, samples)
        given = x[0] if len(x) == 1 else x
        got, want = kept(given), built(given)
        assert type(got) is type(want)
        assert all(np.array_equal(a, b) for a, b in zip(arrays_of(got), arrays_of(want), strict=True))
        if isinstance(want, dict):
            assert list(got) == list(want)
    for name in ("name", "input_names", "output_names", "input_shape", "output_shape"):
        assert getattr(kept, name) == getattr(built, name)
    assert "_traced" not in vars(kept)
    assert kept.to_spec() == built.to_spec()
    if built.graph.batch_size:
        with pytest.raises(modelc.InputError, match="batches of 2"):
            kept(np.zeros((3, 4), np.float32))


@pytest.mark.parametrize("kind", NOT_KEPT)
def test_what_is_not_kept_is_loaded_as_it_was(kind: str, saved: Any) -> None:
    built, path = saved(NOT_KEPT[kind])
    x = inputs_of(built, 2)[0]
    for _ in range(2):
        model = modelc.load(path)
        assert model._kept is None
        assert np.array_equal(model(x), built(x))
        for one in (model, built):
            [layer.reset_states() for layer in one.layers if getattr(layer, "stateful", False)]

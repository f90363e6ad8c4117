"""`precision`: which convolutions a model computes by fewer products, however it is said."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import layers
from modelc.model.model import Model

SPEC: dict[str, Any] = {
    "modelc": 1,
    "input": {"shape": [30, 30, 32]},
    "layers": [{"type": "Conv2D", "filters": 32, "kernel_size": 3}],
}
EXACT = SPEC | {"precision": "exact"}


@pytest.fixture(autouse=True)
def no_kept_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model whose plan was kept has no graph to look at."""
    monkeypatch.setenv("MODELC_PLANS_SIZE", "0")


def is_exact(model: Model) -> bool:
    return all(
        "Winograd" not in node.op.name and "Strassen" not in node.op.name
        for node in model.program.plan.graph.nodes  # pyright: ignore
    )


def test_products_of_matrices_too() -> None:
    layer = {"type": "Conv2D", "filters": 728, "kernel_size": 1}
    spec = {"modelc": 1, "input": {"shape": [14, 14, 728]}, "layers": [layer]}
    assert not is_exact(modelc.load_spec(spec).build())
    assert is_exact(modelc.load_spec(spec).build(precision="exact"))


def test_a_model_is_fast_unless_its_spec_says_otherwise() -> None:
    assert not is_exact(modelc.load_spec(SPEC).build())
    assert not is_exact(modelc.load_spec(SPEC | {"precision": "fast"}).build())
    assert is_exact(modelc.load_spec(EXACT).build())
    assert is_exact(modelc.load_spec(SPEC, settings=["precision=exact"]).build())
    assert is_exact(modelc.load_spec(SPEC).build(precision="exact"))
    assert not is_exact(modelc.load_spec(EXACT).build(precision="fast"))


def test_a_file_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "model.modelc"
    modelc.load_spec(EXACT).build().save(path)
    assert is_exact(modelc.load(path))
    assert not is_exact(modelc.load(path, precision="fast"))


def test_so_does_what_is_made_of_a_model() -> None:
    model = modelc.load_spec(EXACT).build()
    assert model.to_spec().precision == "exact"
    assert is_exact(pickle.loads(pickle.dumps(model)))
    assert is_exact(model.extract("conv2d"))


def test_sequential() -> None:
    made = modelc.Sequential([layers.InputLayer((30, 30, 32)), layers.Conv2D(32, 3)], precision="exact")
    assert is_exact(made)
    assert made.to_spec().precision == "exact"
    assert is_exact(pickle.loads(pickle.dumps(made)))
    assert is_exact(modelc.Sequential.from_spec(modelc.load_spec(EXACT)))
    assert not is_exact(modelc.Sequential([layers.InputLayer((30, 30, 32)), layers.Conv2D(32, 3)]))


def test_free_sizes_keep_it_for_sizes_that_are_traced_anew() -> None:
    flat = [{"type": "Conv2D", "filters": 32, "kernel_size": 3}, {"type": "GlobalAveragePooling2D"}]
    spec = modelc.load_spec(EXACT | {"input": {"shape": [None, None, 32]}, "layers": flat})
    model = spec.build()
    assert is_exact(model)
    x = np.random.default_rng(0).standard_normal((2, 40, 25, 32)).astype(np.float32)
    np.testing.assert_allclose(model(x), spec.build(backend="reference")(x), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("wrong", ["exakt", 3, None])
def test_nothing_else(wrong: Any) -> None:
    with pytest.raises(modelc.SpecError, match="`precision`"):
        modelc.load_spec(SPEC | {"precision": wrong})
    if wrong is not None:
        with pytest.raises(modelc.SpecError, match="`precision` cannot be"):
            modelc.load_spec(SPEC).build(precision=wrong)


def test_the_graph_of_training_follows_it() -> None:
    """What is frozen is a constant of a step, and is computed as the spec says."""
    model = modelc.load_spec(EXACT).build()
    for layer in model.layers:
        layer.trainable = False
    assert model.graph.exact

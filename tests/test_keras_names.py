"""docs/keras-names.md has all public names of Keras's models, layers and utilities, and says whether they are there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.live_keras import live_keras

ROOT = Path(__file__).parents[1]
OWN_USE = """
activity_regularizer autocast call_signature_parameters compute_loss_and_updates legacy predict_function
steps_per_execution supports_jit test_function train_function
"""
"""Names that instances have for the use of Keras and its backends, and an empty module."""
OF_TRAINERS = {"make_train_function", "optimizer", "stop_training", "train_step"}
"""Names that Keras does not have on NumPy, which does not train."""
OF_DENSE = """
activation bias bias_constraint bias_initializer bias_regularizer enable_lora kernel kernel_constraint
kernel_initializer kernel_regularizer lora_alpha lora_enabled lora_rank quantization_config units use_bias
variable_serialization_spec
"""
"""Those of the layer that stands for all."""


@pytest.fixture
def surfaces(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "generate"))
    import keras_names  # pyright: ignore[reportMissingImports]

    yield keras_names.SURFACES
    del sys.modules["keras_names"]


def test_all_names_of_keras_are_there_or_explained(surfaces: Any) -> None:
    keras = live_keras()
    if not keras.__version__.startswith("3.15."):
        pytest.skip("the page is about Keras 3.15")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    dense = keras.layers.Dense(1)
    owners = {"Model": (model, keras.Model), "Layer": (dense, keras.layers.Layer), "utils": (keras.utils,)}
    for name, some in owners.items():
        theirs = {one for owner in some for one in dir(owner) if not one.startswith("_")}
        theirs -= set(OWN_USE.split())
        if name == "Layer":
            theirs -= set(OF_DENSE.split())
        if name == "Model":
            theirs = {one for one in theirs if "jax" not in one and "sharding" not in one} | OF_TRAINERS
        assert theirs == set(surfaces[name].names.split()), name


def test_none_is_both_there_and_explained(surfaces: Any) -> None:
    for surface in surfaces.values():
        there = surface.present()
        assert len(there) >= 7 and not set(there) & surface.reasons().keys()
        assert sorted([*there, *surface.reasons()]) == sorted(surface.names.split())

"""Every type of layer in a model that is trained: compiled as defined, and the same bits in less memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from row import Row
from test_table import ROWS

from modelc.errors import ResourceError
from modelc.layers import CELLS, LAYERS
from modelc.model.model import Model
from modelc.model.symbol import Backend
from tests.training.frozen_models import model_of, train

STEPS = 2
NO_MODEL = {"InputLayer", "RandomCrop"}
"""The one takes nothing; the other gives other shapes in training, which a Flatten behind it cannot take."""
FIRST = list({row.config["type"]: row for row in reversed(ROWS) if row.config["type"] not in NO_MODEL}.values())
AUGMENTATIONS = {"MixUp", "RandomBrightness", "RandomErasing", "RandomFlip", "RandomRotation"}
OPTIMIZER: Mapping[str, Any] = {"type": "Adam", "learning_rate": 0.01, "clipnorm": 1.0}


def trained(row: Row, backend: Backend, weights: Any = None, limit: int | None = None) -> tuple[Model, list[float]]:
    """The layer and a head after some steps, and the losses."""
    model = model_of(row, backend=backend)
    for layer in model.layers:
        layer.trainable = True
    model.compile(OPTIMIZER, "mse", memory_limit=limit)
    if weights is not None:
        model.set_weights(weights)
    return model, train(model, STEPS)


def parameter(row: Row) -> Any:
    """The layer, or what is left to the slow tests.

    That is most of augmentation, which has tests of its own; what differs from a layer of two dimensions in their
    number only; and cells, whose steps are those of the layers that run them.
    """
    name = row.config["type"]
    augments = LAYERS[name].__module__.startswith("modelc.layers.augmentation.") and name not in AUGMENTATIONS
    of_another_rank = name.endswith(("1D", "3D")) and f"{name[:-2]}2D" in LAYERS.names
    slow = augments or of_another_rank or name in CELLS.names
    return pytest.param(row, id=name, marks=[pytest.mark.slow] if slow else [])


@pytest.mark.sampled(4)
@pytest.mark.parametrize("row", [parameter(row) for row in FIRST])
def test_it_trains_as_it_is_defined_and_in_less_memory(row: Row) -> None:
    weights = model_of(row).get_weights()
    native, losses = trained(row, "native", weights)
    _, expected = trained(row, "reference", weights)
    np.testing.assert_allclose(losses, expected, rtol=1e-3, atol=1e-5)
    memory = native.trainer.engine.memory
    assert memory is not None
    try:
        less, again = trained(row, "native", weights, int(memory.bytes * 0.85))
    except ResourceError:
        return  # there is nothing that could be computed again
    assert again == losses
    for a, b in zip(native.get_weights(), less.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)

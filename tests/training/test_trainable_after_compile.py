"""`trainable` set after `compile` takes effect with the next step, for slots and penalties as well."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from row import Row

from modelc import SpecError, load_spec
from modelc.model.model import Model
from modelc.model.symbol import Backend
from tests.training.frozen_models import INNER, NORMALIZATION, OPTIMIZER, data, digest_of, head, model_of, nested, train


def changes(model: Model) -> set[str]:
    """The layers that one more step changes."""
    before = digest_of(model)
    train(model, 1)
    return {name for name, d in digest_of(model).items() if d.digest != before[name].digest}


@pytest.mark.filterwarnings("ignore:.*has no weights that training changes")
@pytest.mark.parametrize("backend", ["reference", "native"])
@pytest.mark.parametrize("options", [{}, {"center": False, "scale": False}], ids=["affine", "statistics only"])
def test_trainable_takes_effect_with_the_next_step(backend: Backend, options: dict[str, Any]) -> None:
    row = Row({"type": "BatchNormalization", **options}, (3,), (3,))
    model = model_of(row, below=True, backend=backend)
    assert changes(model) == {"below", "head"}
    model.get_layer("cold").trainable = True
    assert changes(model) == {"below", "cold", "head"}
    model.get_layer("below").trainable = False
    assert changes(model) == {"cold", "head"}
    model.get_layer("cold").trainable = False
    assert changes(model) == {"head"}
    model.trainable = False
    assert changes(model) == set()
    model.trainable = True
    assert changes(model) == {"below", "cold", "head"}


def test_layers_of_a_model_that_is_frozen_as_a_whole_stay_frozen() -> None:
    """As in Keras, whose `trainable_weights` are none then; but training says so."""
    model = nested()
    model.trainable = False
    model.get_layer("head").trainable = True
    assert model.trainable_weights == []
    with pytest.raises(SpecError, match="`head` was set to be trained, but the model `sequential` is frozen"):
        changes(model)


def test_trainable_of_inner_models_takes_effect_with_the_next_step() -> None:
    model = nested({}, freeze="base")
    assert changes(model) == {"head"}
    base = model.get_layer("base")
    base.trainable = True
    assert changes(model) == {"base/norm", *INNER, "head"}
    base.get_layer("inner").trainable = False
    assert changes(model) == {"base/norm", "head"}
    base.get_layer("inner").trainable = True
    base.get_layer("inner").get_layer("norm").trainable = False
    assert changes(model) == {"base/norm", *INNER, "head"} - {"base/inner/norm"}


def test_trainable_of_a_wrapped_layer_takes_effect_with_the_next_step() -> None:
    layers = [{"type": "TimeDistributed", "layer": NORMALIZATION, "name": "wrapper"}, *head("wrapper")]
    model = load_spec(json.dumps({"modelc": 1, "input": {"shape": [4, 3]}, "layers": layers})).build(
        backend="reference"
    )
    model.compile(OPTIMIZER, "mse")
    wrapper: Any = model.get_layer("wrapper")
    assert changes(model) == {"wrapper", "head"}
    wrapper.layer.trainable = False
    assert changes(model) == {"head"}
    wrapper.layer.trainable = True
    assert changes(model) == {"wrapper", "head"}


def test_penalties_are_those_of_what_is_trained() -> None:
    """A frozen weight has no part in the loss, as in Keras; `trainable` counts for evaluation at once too."""
    layers = [{"type": "Dense", "units": 3, "kernel_regularizer": "l2", "name": "below"}, *head("below")]
    model = load_spec(json.dumps({"modelc": 1, "input": {"shape": [3]}, "layers": layers})).build(backend="reference")
    model.compile(OPTIMIZER, "mse")
    with_penalty = model.test_on_batch(*data(model))
    model.get_layer("below").trainable = False
    kernel = model.arrays["below/kernel"]
    model.reset_metrics()
    assert model.test_on_batch(*data(model)) == pytest.approx(with_penalty - 0.01 * np.square(kernel).sum(), rel=1e-5)


def test_a_layer_that_is_trained_again_goes_on_from_its_slots() -> None:
    """Freezing for a while loses no momentum, and none is added meanwhile."""
    row = Row({"type": "Dense", "units": 3}, (3,), (3,))
    model = model_of(row, below=True)
    train(model, 2)
    before = model.training_state()[0]["optimizer/momentum/below/kernel"].tobytes()
    model.get_layer("below").trainable = False
    train(model, 2)
    assert model.training_state()[0]["optimizer/momentum/below/kernel"].tobytes() == before

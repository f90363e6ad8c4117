"""`trainable` of layers in wrappers, set in Python: as in Keras, and at once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import Sequential, SpecError
from modelc.layers import Dense
from modelc.model.model import Model
from tests.live_keras import live_keras
from tests.training.trainable_models import (
    WRAPPERS,
    changed,
    compiled,
    data,
    first_inside,
    from_spec,
    modelc_model,
    said,
    shape_of,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*has no weights that training changes")

# --- wrapped layers

STEPS: dict[str, Callable[[Any, Any], None]] = {
    "inside frozen": lambda wrapper, inside: setattr(inside, "trainable", False),
    "inside trained": lambda wrapper, inside: setattr(inside, "trainable", True),
    "inside frozen, wrapper frozen": lambda wrapper, inside: setattr(wrapper, "trainable", False),
    "all trained": lambda wrapper, inside: setattr(wrapper, "trainable", True),
    "inside frozen again": lambda wrapper, inside: setattr(inside, "trainable", False),
    "all trained from the outside": lambda wrapper, inside: setattr(wrapper, "trainable", True),
}
"""One after the other, on one model."""


@pytest.mark.parametrize("name", WRAPPERS)
def test_wrapped_layers_as_in_keras(name: str) -> None:
    """As many weights are trained after each step. A wrapper of two copies of one layer has in Keras two layers."""
    keras: Any = live_keras()
    ours = modelc_model(name)
    theirs = keras.Sequential([keras.Input(shape_of(name)), WRAPPERS[name](keras.layers)])
    for step, set_it in STEPS.items():
        for wrapper in (ours.layers[0], theirs.layers[0]):
            set_it(wrapper, first_inside(wrapper))
        if name == "Bidirectional":
            backward = theirs.layers[0].backward_layer
            backward.trainable = theirs.layers[0].forward_layer.trainable
        assert len(ours.trainable_weights) == len(theirs.trainable_weights), step
        assert len(ours.non_trainable_weights) == len(theirs.non_trainable_weights), step
        assert ours.layers[0].trainable == theirs.layers[0].trainable, step


@pytest.mark.parametrize("make", [modelc_model, from_spec], ids=["in Python", "from a spec"])
@pytest.mark.parametrize("name", WRAPPERS)
def test_wrapped_layers_are_trained_as_said(name: str, make: Callable[[str], Model]) -> None:
    model = compiled(make(name))
    wrapper = model.layers[0]
    parameters = {v.path for v in model.weights if v.trainable}
    assert said(model) == parameters
    for step, set_it in STEPS.items():
        set_it(wrapper, first_inside(wrapper))
        assert said(model) == {v.path for v in wrapper.trainable_weights}, step
        assert changed(model) & parameters == said(model), step
        after = model.to_spec().build(backend="reference")
        assert said(after) == said(model), step
        assert model.to_spec().summary().trainable_params == sum(v.value.size for v in model.trainable_weights), step
    assert said(model) == parameters


def test_the_kernel_in_a_spectral_normalization() -> None:
    wrapper: Any = modelc.layers.SpectralNormalization(Dense(3))
    model = Sequential([modelc.Input((4,)), wrapper])
    assert [v.name for v in model.trainable_weights] == ["kernel", "bias"]
    wrapper.layer.trainable = False
    assert model.trainable_weights == []
    assert model.to_spec().build().trainable_weights == []


def test_cells_and_their_options_are_told_apart_by_name() -> None:
    """The second of two cells alike is frozen, and has the penalty."""
    cells = [modelc.layers.GRUCell(2), modelc.layers.GRUCell(2, kernel_regularizer={"type": "L2", "l2": 0.5})]
    model = compiled(Sequential([modelc.Input((4, 3)), modelc.layers.RNN(cells)], backend="reference"))
    rnn: Any = model.layers[0]
    x, y = data(model)
    with_penalty = model.test_on_batch(x, y)
    rnn.cell.cells[1].trainable = False
    assert {path.split("/")[-2] for path in said(model)} == {"gru_cell"}
    model.reset_metrics()
    kernel = model.arrays["rnn/stacked_rnn_cells/gru_cell_1/kernel"]
    assert model.test_on_batch(x, y) == pytest.approx(with_penalty - 0.5 * np.square(kernel).sum(), rel=1e-5)


@pytest.mark.parametrize("name", WRAPPERS)
def test_layers_in_wrappers_belong_to_one_model(name: str) -> None:
    """A spec and another model that is built from it stay what they are."""
    spec = modelc_model(name).to_spec()
    one, other = spec.build(backend="reference"), spec.build(backend="reference")
    text = spec.to_json()
    first_inside(one.layers[0]).trainable = False
    assert len(said(one)) < len(said(other)) and spec.to_json() == text
    frozen = one.to_spec()
    first_inside(one.layers[0]).trainable = True
    assert len(said(frozen.build(backend="reference"))) < len(said(one))
    with pytest.raises(SpecError, match="`trainable` of a layer cannot be changed"):
        first_inside(spec.layers[0]).trainable = False


def test_copies_are_frozen_alike() -> None:
    model = modelc_model("TimeDistributed")
    first_inside(model.layers[0]).trainable = False
    assert copy.deepcopy(model).trainable_weights == []
    assert modelc_model("TimeDistributed").trainable_weights != []


@pytest.mark.parametrize("value", [0, 1, None, "false"])
def test_trainable_is_true_or_false(value: Any) -> None:
    model = modelc_model("TimeDistributed")
    with pytest.raises(SpecError, match="`trainable` must be true or false"):
        first_inside(model.layers[0]).trainable = value
    with pytest.raises(SpecError, match="`trainable` must be true or false"):
        model.trainable = value
    assert len(model.trainable_weights) == 2

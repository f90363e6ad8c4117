"""`trainable` that would contradict what is around, or be ignored: refused, where Keras says nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import modelc
from modelc import Sequential, SpecError, load_spec
from modelc.layers import Dense
from modelc.model.model import Model
from tests.training.trainable_models import (
    WRAPPERS,
    changed,
    compiled,
    data,
    first_inside,
    modelc_model,
    said,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*has no weights that training changes")


def stacked(frozen: bool = False) -> Model:
    """A model in a model under a head."""
    inner = {"type": "Model", "name": "inner", "spec": {
        "modelc": 1, "layers": [{"type": "Dense", "units": 3, "name": "low"}, {"type": "Dense", "units": 2}],
    }}  # fmt: skip
    middle = {"modelc": 1, "layers": [inner, {"type": "Dense", "units": 3, "name": "mid"}]}
    base = {"type": "Model", "name": "base", "spec": middle, "trainable": not frozen}
    layers = [base, {"type": "Dense", "units": 1, "name": "head"}]
    spec = {"modelc": 1, "name": "m", "input": {"shape": [4]}, "layers": layers}
    return compiled(load_spec(json.dumps(spec)).build(backend="reference"))


CONTRADICTIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any], str]] = {
    "layer of a model": (lambda m: m, lambda m: m.get_layer("head"), "`head`.*the model `m`"),
    "inner model of a model": (lambda m: m, lambda m: m.get_layer("base"), "`base`.*the model `m`"),
    "layer of an inner model": (
        lambda m: m.get_layer("base"), lambda m: m.get_layer("base").get_layer("mid"), "`mid`.*the model `base`",
    ),
    "layer two models deep": (
        lambda m: m.get_layer("base"), lambda m: m.get_layer("base/inner/low"), "`low`.*the model `base`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_layer_is_not_trained_in_what_is_frozen_as_a_whole(case: str) -> None:
    """Keras leaves it alone without a word."""
    whole, part, message = CONTRADICTIONS[case]
    model = stacked()
    whole(model).trainable = False
    before = said(model)
    part(model).trainable = True
    assert said(model) == before, "as in Keras"
    arrays = dict(model.arrays)
    with pytest.raises(SpecError, match=message) as caught:
        model.train_on_batch(*data(model))
    assert "first set `trainable = True` of the whole" in str(caught.value)
    with pytest.raises(SpecError, match=message):
        model.fit(*data(model), verbose=0)
    assert all(model.arrays[path] is array for path, array in arrays.items())
    model.evaluate(*data(model), verbose=0)
    part(model).trainable = False
    assert changed(model) == said(model) == before
    whole(model).trainable = True
    assert changed(model) == said(model) == set(model.arrays)


@pytest.mark.parametrize("name", WRAPPERS)
def test_a_layer_is_not_trained_in_a_frozen_wrapper(name: str) -> None:
    model = compiled(modelc_model(name))
    wrapper = model.layers[0]
    wrapper.trainable = False
    assert changed(model) == set()
    first_inside(wrapper).trainable = True
    with pytest.raises(SpecError, match="is frozen as a whole"):
        model.train_on_batch(*data(model))
    wrapper.trainable = True
    model.train_on_batch(*data(model))


def test_a_wrapper_that_a_spec_freezes_is_no_contradiction() -> None:
    """Nothing was set of the layer inside."""
    layers = [{"type": "TimeDistributed", "layer": {"type": "Dense", "units": 2}, "trainable": False}]
    spec = load_spec(json.dumps({"modelc": 1, "input": {"shape": [4, 3]}, "layers": layers}))
    model = compiled(spec.build(backend="reference"))
    assert changed(model) == set()
    assert model.to_spec().to_json() == spec.to_json()


def test_a_weight_is_not_frozen_apart_from_its_layer() -> None:
    """Keras allows it; here it would be ignored, so it is refused."""
    model = Sequential([modelc.Input((4,)), Dense(3)])
    with pytest.raises(SpecError, match="a weight cannot be frozen or trained apart from its layer"):
        model.weights[0].trainable = False

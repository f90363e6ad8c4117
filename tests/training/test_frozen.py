"""Freezing holds: every layer of the table, frozen, keeps its bytes while what is around it is trained."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from row import Row
from test_table import ROWS

from modelc import load_spec
from modelc.graph.graph import Graph, Node
from modelc.runtime.model import Model
from modelc.runtime.symbol import Backend
from modelc.training.engine import Batch
from modelc.training.freezing import LayerDigest, digests
from modelc.training.step import StepGraph, training_step

Array = np.ndarray[Any, Any]

SAMPLES, STEPS = 4, 3
OPTIMIZER = {
    "type": "SGD", "learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.1, "use_ema": True,
    "ema_overwrite_frequency": 2,
}  # fmt: skip
BATCH_NORMALIZATIONS = [
    Row({"type": "BatchNormalization", **options}, (4, 3), (4, 3), (("moving_mean", ()),))
    for options in ({"center": False}, {"center": False, "scale": False}, {"renorm": True}, {"axis": 1})
]

_NORMALIZATION = {"type": "BatchNormalization"}
_BY_STEPS = {"type": "TimeDistributed", "layer": _NORMALIZATION}
_GAMMA = (("gamma", (3,)),)
WRAPPED = [
    Row(_BY_STEPS, (4, 3), (4, 3), _GAMMA),
    Row({"type": "TimeDistributed", "layer": _BY_STEPS}, (2, 4, 3), (2, 4, 3), _GAMMA),
]
"""What is frozen with the wrapper that it is in."""

WEIGHTED = [row for row in (*ROWS, *BATCH_NORMALIZATIONS, *WRAPPED) if row.weights]
FIRST = list({row.config["type"]: row for row in reversed(WEIGHTED)}.values())
"""One row for each type of layer."""


def model_of(row: Row, *, below: bool = False, backend: Backend = "reference") -> Model:
    """The layer of the row, frozen, with a head on it that is trained; where `below`, also a trained layer under it."""
    layer = load_layer(row)
    shapes = [row.input, *row.others]
    shapes += shapes[:1] * (layer.required_inputs - len(shapes))
    names = [f"x{i}" for i in range(len(shapes))]
    entries: list[dict[str, Any]] = []
    operands = list(names)
    if below:
        entries.append({"type": "Dense", "units": shapes[0][-1], "name": "below", "inputs": "x0"})
        operands[0] = "below"
    entries.append({**row.config, "name": "cold", "inputs": operands if len(operands) > 1 else operands[0]})
    entries += head(f"cold[{0}]" if layer_outputs(row) > 1 else "cold")
    inputs = {name: {"shape": list(shape), "dtype": row.dtype} for name, shape in zip(names, shapes, strict=True)}
    spec = {"modelc": 1, "name": "m", "inputs": inputs, "layers": entries, "freeze": "cold", "outputs": ["head"]}
    model = load_spec(json.dumps(spec)).build(backend=backend)
    model.compile(OPTIMIZER, "mse")
    return model


def head(source: str) -> list[dict[str, Any]]:
    return [
        {"type": "Flatten", "name": "flat", "inputs": source},
        {"type": "Dense", "units": 2, "name": "head", "inputs": "flat"},
    ]


def load_layer(row: Row) -> Any:
    from modelc.layers.registry import LAYERS

    return LAYERS.coerce(row.config)


def layer_outputs(row: Row) -> int:
    from test_table import traced

    return len(traced(row).outputs)


def data(model: Model, step: int = 0) -> tuple[list[Array], Array]:
    rng = np.random.default_rng(step)
    x = [
        rng.integers(0, 5, (SAMPLES, *value.type.dims), np.int32)
        if value.type.dtype == "int32"
        else rng.standard_normal((SAMPLES, *value.type.dims), np.float32)
        for value in model.graph.inputs
    ]
    return x, rng.standard_normal((SAMPLES, *model.graph.outputs[0].type.dims), np.float32)


def train(model: Model, steps: int = STEPS) -> list[float]:
    return [model.train_on_batch(*data(model, step)) for step in range(steps)]


def step_of(model: Model) -> StepGraph:
    """The graph of the step that the model would make next."""
    x, y = data(model)
    engine = model.trainer.engine
    return training_step(model.to_spec(), engine.objective, Batch(x, (y,), (None,)).labels, engine.optimizer)


def bytes_of(model: Model, layer: str) -> dict[str, bytes]:
    found = {path: a.tobytes() for path, a in model.arrays.items() if path.startswith(f"{layer}/")}
    assert found
    return found


def digest_of(model: Model) -> dict[str, LayerDigest]:
    return {d.name: d for d in digests(model.layers, model.graph.layers, model.arrays)}


def slots(model: Model) -> set[str]:
    """The paths of the weights for which the optimizer keeps arrays."""
    return {path.split("/", 2)[2] for path in model.training_state()[0] if path.startswith("optimizer/")}


def check_frozen(model: Model, trained: set[str]) -> None:
    """Train, and see that of the layers only those change whose names are given."""
    before, arrays = digest_of(model), {path: a.copy() for path, a in model.arrays.items()}
    train(model)
    after = digest_of(model)
    assert {name for name in after if after[name].digest != before[name].digest} == trained
    assert {d.name for d in after.values() if not d.frozen} == trained
    for path, array in model.arrays.items():
        if path.rpartition("/")[0] not in trained and path.split("/")[0] not in trained:
            assert array.tobytes() == arrays[path].tobytes(), path
    assert slots(model) == {v.path for v in model.trainable_weights}


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in WEIGHTED])
@pytest.mark.parametrize("below", [False, True], ids=["lowest", "in between"])
def test_frozen_layers_keep_their_bytes(row: Row, below: bool) -> None:
    if below and row.dtype == "int32":
        pytest.skip("no gradient goes through what looks up integers")
    check_frozen(model_of(row, below=below), {"head", "below"} if below else {"head"})


@pytest.mark.parametrize("row", [pytest.param(row, id=row.config["type"]) for row in FIRST])
def test_frozen_layers_keep_their_bytes_natively(row: Row) -> None:
    check_frozen(model_of(row, backend="native"), {"head"})


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in WEIGHTED])
def test_nothing_is_computed_backwards_below_what_is_trained(row: Row) -> None:
    model = model_of(row)
    features = list(model.get_layer("cold").output[0].shape[1:] if layer_outputs(row) > 1 else row.output)
    alone = {"modelc": 1, "name": "m", "inputs": {"cold": {"shape": features}}, "layers": head("cold")}
    only_head = load_spec(json.dumps(alone)).build(backend="reference")
    only_head.compile(OPTIMIZER, "mse")
    whole, part = step_of(model), step_of(only_head)
    assert work(whole.graph) == work(part.graph)
    assert [path for path in whole.updated if "cold/" in path] == []
    assert whole.slots.keys() == part.slots.keys()
    own = {
        value for value, path in zip(whole.graph.inputs[whole.samples :], whole.feeds, strict=True) if "cold/" in path
    }
    assert all(node.layer == "cold" for node in whole.graph.nodes if own & set(node.inputs))


def work(graph: Graph) -> Counter[str]:
    """The ops outside of the frozen layer."""
    return Counter(repr(node.op) for node in graph.nodes if not inside(node, "cold"))


def inside(node: Node, layer: str) -> bool:
    return node.layer == layer or node.layer.startswith(f"{layer}/")


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in WEIGHTED if "BatchNorm" in row.config["type"]])
@pytest.mark.parametrize("backend", ["reference", "native"])
def test_frozen_batch_normalization_runs_as_in_inference(row: Row, backend: Backend) -> None:
    model = model_of(row, backend=backend)
    expected = model.test_on_batch(*data(model))
    assert model.train_on_batch(*data(model)) == pytest.approx(expected, rel=1e-6)
    if not row.config.get("renorm"):  # which gives in training what it gives in inference, up to the gradient
        model = model_of(row, backend=backend)
        model.get_layer("cold").trainable = True
        assert model.train_on_batch(*data(model)) != pytest.approx(expected, rel=1e-3), "it normalizes by the batch"


@pytest.mark.parametrize(
    "wrapper",
    [
        {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 3}},
        {"type": "TimeDistributed", "layer": _NORMALIZATION},
        {"type": "Bidirectional", "layer": {"type": "LSTM", "units": 3}},
        {"type": "RNN", "cell": {"type": "GRUCell", "units": 3}},
        {"type": "RNN", "cell": {"type": "StackedRNNCells", "cells": [{"type": "LSTMCell", "units": 3}]}},
    ],
    ids=str,
)
def test_layers_that_are_frozen_in_a_wrapper(wrapper: dict[str, Any]) -> None:
    """The wrapper is not frozen, what it wraps is."""
    option = "cell" if "cell" in wrapper else "layer"
    frozen = {**wrapper, option: {**wrapper[option], "trainable": False}}
    layers = [{**frozen, "name": "wrapper"}, *head("wrapper")]
    spec = {"modelc": 1, "input": {"shape": [4, 3]}, "layers": layers}
    model = load_spec(json.dumps(spec)).build(backend="reference")
    model.compile(OPTIMIZER, "mse")
    assert {v.path for v in model.trainable_weights} == {"head/kernel", "head/bias"}
    before = bytes_of(model, "wrapper")
    train(model)
    assert bytes_of(model, "wrapper") == before
    assert slots(model) == {"head/kernel", "head/bias"}


# --- models in models

NESTED: Mapping[str, Any] = {
    "modelc": 1,
    "input": {"shape": [6, 6, 3]},
    "layers": [
        {"type": "Conv2D", "filters": 4, "kernel_size": 3, "name": "conv"},
        {"type": "BatchNormalization", "name": "norm"},
        {"type": "ReLU"},
        {"type": "GlobalAveragePooling2D"},
        {"type": "Dense", "units": 3, "name": "features"},
    ],
}


def nested(base: Mapping[str, Any] | None = None, **spec: Any) -> Model:
    """A model in a model in a model, under a head."""
    inner = {"type": "Model", "name": "inner", "spec": dict(NESTED), **(base or {})}
    middle = {
        "modelc": 1,
        "input": {"shape": [6, 6, 3]},
        "layers": [{"type": "BatchNormalization", "name": "norm"}, inner],
    }
    layers = [{"type": "Model", "name": "base", "spec": middle}, {"type": "Dense", "units": 2, "name": "head"}]
    text = json.dumps({"modelc": 1, "input": {"shape": [6, 6, 3]}, "layers": layers, **spec})
    model = load_spec(text).build(backend="reference")
    model.compile(OPTIMIZER, "mse")
    return model


INNER = {"base/inner/conv", "base/inner/norm", "base/inner/features"}


@pytest.mark.parametrize(
    ("base", "spec", "trained"),
    [
        ({}, {}, {"base/norm", *INNER, "head"}),
        ({}, {"freeze": "base"}, {"head"}),
        ({}, {"freeze": ":-1"}, {"head"}),
        ({}, {"freeze": "base/inner"}, {"base/norm", "head"}),
        ({"trainable": False}, {}, {"base/norm", "head"}),
        ({"freeze": ["norm", "conv"]}, {}, {"base/norm", "base/inner/features", "head"}),
        ({}, {"freeze": "base/inner/norm"}, {"base/norm", *INNER, "head"} - {"base/inner/norm"}),
    ],
    ids=str,
)
def test_layers_inside_of_models(base: Mapping[str, Any], spec: Mapping[str, Any], trained: set[str]) -> None:
    check_frozen(nested(base, **spec), trained)


def test_freezing_the_whole_model_leaves_nothing_to_train() -> None:
    model = nested()
    model.trainable = False
    check_frozen(model, set())
    assert work(step_of(model).graph) == work(prediction(model))


def prediction(model: Model) -> Graph:
    """The graph that only measures."""
    from modelc.training.step import test_step

    x, y = data(model)
    return test_step(model.to_spec(), model.trainer.engine.objective, Batch(x, (y,), (None,)).labels).graph


# --- `trainable` after `compile`


def changes(model: Model) -> set[str]:
    """The layers that one more step changes."""
    before = digest_of(model)
    train(model, 1)
    return {name for name, d in digest_of(model).items() if d.digest != before[name].digest}


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
    """As in Keras, whose `trainable_weights` are none then."""
    model = nested()
    model.trainable = False
    model.get_layer("head").trainable = True
    assert model.trainable_weights == []
    assert changes(model) == set()


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
    layers = [{"type": "TimeDistributed", "layer": _NORMALIZATION, "name": "wrapper"}, *head("wrapper")]
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

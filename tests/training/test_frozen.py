"""Freezing holds: every layer of the table, frozen, keeps its bytes while what is around it is trained."""

from __future__ import annotations

import json
from typing import Any

import pytest
from row import Row

from modelc import load_spec
from modelc.model.symbol import Backend
from tests.training.frozen_models import (
    FIRST,
    NORMALIZATION,
    OPTIMIZER,
    WEIGHTED,
    bytes_of,
    check_frozen,
    data,
    digest_of,
    head,
    layer_outputs,
    model_of,
    slots,
    step_of,
    train,
    work,
)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in WEIGHTED])
@pytest.mark.parametrize("below", [False, True], ids=["lowest", "in between"])
def test_frozen_layers_keep_their_bytes(row: Row, below: bool) -> None:
    if below and row.dtype == "int32":
        pytest.skip("no gradient goes through what looks up integers")
    check_frozen(model_of(row, below=below), {"head", "below"} if below else {"head"})


@pytest.mark.sampled(3)
@pytest.mark.parametrize("row", [pytest.param(row, id=row.config["type"]) for row in FIRST])
def test_frozen_layers_keep_their_bytes_natively(row: Row) -> None:
    check_frozen(model_of(row, backend="native"), {"head"})


@pytest.mark.sampled(3)
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
        {"type": "TimeDistributed", "layer": NORMALIZATION},
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
    assert {name: digest.frozen for name, digest in digest_of(model).items()} == {"wrapper": True, "head": False}
    assert slots(model) == {"head/kernel", "head/bias"}

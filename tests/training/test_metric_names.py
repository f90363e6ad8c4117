"""Names of losses and metrics in logs, and their values, as Keras recorded them."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.metrics import METRICS
from modelc.training import metric_names
from tests.training.record_names import CASES, RECORD, data, weights

RECORDED: dict[str, Any] = json.loads(RECORD.read_text())


def model(several: bool) -> modelc.Model:
    heads = [{"type": "Dense", "units": 1, "activation": "sigmoid", "name": n, "inputs": "x"} for n in "ab"]
    spec = {"modelc": 1, "inputs": {"x": {"shape": [3]}}, "layers": heads[: 1 + several], "outputs": list("ab")}
    spec["outputs"] = list("ab")[: 1 + several]
    return modelc.load_spec(json.dumps(spec)).build(backend="reference")


def made(given: Any) -> Any:
    """Metrics as objects where they are not words."""
    if isinstance(given, list):
        return [made(item) for item in given]
    if isinstance(given, dict):
        return METRICS.coerce(given) if "type" in given else {name: made(item) for name, item in given.items()}
    return given


@pytest.mark.parametrize("name", CASES)
def test_names_and_values_are_those_of_keras(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metric_names, "_made", Counter())
    several = name.startswith("several")
    built = model(several)
    x, y, w = data(several)
    for given, expected in zip(CASES[name], RECORDED[name], strict=True):
        options = {key: made(value) if "metrics" in key else value for key, value in given.items()}
        built.compile(modelc.optimizers.SGD(0.0), **{"loss": "mse", **options})
        built.set_weights(weights([tuple(v.shape) for v in built.weights]))
        count = len(built.trainer.labelled)
        labels, counts = (y[:count], w[:count]) if count > 1 else (y[0], w[0])
        run = built.fit(x, labels, 6, sample_weight=counts, validation_data=(x, labels, counts), verbose=0)
        assert {key: values[0] for key, values in run.history.items()} == pytest.approx(expected["fit"], rel=1e-5)
        found = built.evaluate(x, labels, sample_weight=counts, verbose=0, return_dict=True)
        assert found == pytest.approx(expected["evaluate"], rel=1e-5)
        assert list(found) == built.metrics_names
        listed = built.evaluate(x, labels, sample_weight=counts, verbose=0)
        if len(expected["list"]) == len(found):  # Keras lists a value twice that has the name of another metric
            np.testing.assert_allclose(listed, expected["list"], rtol=1e-5)


def test_a_spec_names_its_metrics_the_same_each_time() -> None:
    text = """
modelc: 1
input: {shape: [3]}
layers: [{type: Dense, units: 1, activation: sigmoid}]
training: {loss: mse, metrics: [mae, {type: AUC}, {type: AUC, curve: PR}], weighted_metrics: [mae]}
"""
    from modelc.model.training_run import compile_for, section_of

    for _ in range(2):
        built = modelc.load_spec(text).build(backend="reference")
        compile_for(built, section_of(built.spec), 0)
        assert built.metrics_names == ["loss", "mae", "auc", "auc_1", "weighted_mae"]


def test_a_metric_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metric_names, "_made", Counter())
    auc = modelc.metrics.AUC()
    for _ in range(2):
        built = model(False)
        built.compile("sgd", "mse", metrics=[auc])
        assert built.metrics_names == ["loss", "auc"]

"""Every layer, with every option that the table of layers tries, in ONNX Runtime: equal to the NumPy definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from row import Row
from test_table import ROWS, samples, traced, values, variants

from modelc.graph.interpret import interpret
from tests.onnx.runtime import assert_equal, exported, run

CASES = [(row, config) for row in ROWS for config in variants(row)]


def case_id(config: Mapping[str, Any]) -> str:
    options = ",".join(f"{key}={value}" for key, value in config.items() if key != "type")
    return f"{config['type']}({options})"


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("row", "config"), [pytest.param(r, c, id=case_id(c)) for r, c in CASES])
def test_layer_in_onnx_runtime(row: Row, config: Mapping[str, Any]) -> None:
    graph = traced(row, config)
    inputs, weights = samples(graph), values(graph)
    states = {w.path: weights.pop(w.path) for w in graph.weights if w.state}
    want = interpret(graph, inputs, {**weights, **states})[: len(graph.outputs)]
    got = run(exported(graph, weights), [*inputs, *states.values()])
    assert_equal(got[: len(want)], want)


def is_exact_in_half(config: Mapping[str, Any]) -> bool:
    """Not where a number is divided by the root of a variance of 0: 1e-7 below it has few digits in float16."""
    return not (config["type"] == "Normalization" and 0 in (config.get("variance") or ()))


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("row", "config"), [pytest.param(r, c, id=case_id(c)) for r, c in CASES if is_exact_in_half(c)]
)
def test_layer_in_half(row: Row, config: Mapping[str, Any]) -> None:
    graph = traced(row, config)
    inputs, weights = samples(graph), values(graph)
    states = {w.path: weights.pop(w.path) for w in graph.weights if w.state}
    want = interpret(graph, inputs, {**weights, **states})[: len(graph.outputs)]
    got = run(exported(graph, weights, half=True), [*inputs, *states.values()])
    assert_equal(got[: len(want)], want, 2e-2)

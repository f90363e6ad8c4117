"""The zoo in ONNX Runtime: what Keras's applications gave when their outputs were recorded, with the same weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from modelc import zoo
from modelc.model.model import Model
from modelc.onnx.export.model import onnx_export
from modelc.weights.assign import draw
from tests.onnx.runtime import assert_equal, run
from tests.zoo.outputs import CASES, RECORD, SMALL, Case, head_of, stored
from tests.zoo.rule import Array, weight

QUICK = {"mobilenet_v2", "efficientnet_b0", "densenet121"}
"""Of different families, and exported in little time."""
MOST_WEIGHTS = 120_000_000
"""Larger ones take more memory than a machine of tests has: they are wider and deeper members of the same families."""


def built(case: Case) -> tuple[Model, Any]:
    """The model that gives the features before the head and the logits, and how it is exported."""
    spec = case.spec()
    arrays: list[Array] = []
    for i, wanted in enumerate(spec.graph.weights):
        made = weight(i, wanted.name, wanted.shape, case.gain)
        arrays.append(draw(wanted, 0) if made is None else made)
    head = next(record for record in spec.graph.layers if record.name == head_of(spec))
    before = next(record.name for record in spec.graph.layers if head.input in record.outputs)
    model = spec.extract(before, str(spec.layers[-1].name)).build(weights=arrays)
    made = onnx_export(model.graph, model.arrays)
    made.weights.put_inside(made.model)
    return model, made.model


def require_one_transpose(model: Any) -> None:
    """The input comes channels last, and so does the map of features that the test asks for."""
    outputs = {one.name for one in model.graph.output}
    inputs = {one.name for one in model.graph.input}
    inside = [
        node.name
        for node in model.graph.node
        if node.op_type == "Transpose" and not outputs & set(node.output) and not inputs & set(node.input)
    ]
    assert len(inside) <= 1, inside  # what scales pixels first is transposed after it


@pytest.fixture(scope="module")
def recorded() -> Mapping[str, Array]:
    with np.load(RECORD) as file:
        return dict(file)


@pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in CASES if CASES[n].size == SMALL]
)
def test_outputs_are_those_of_keras(name: str, recorded: Mapping[str, Array]) -> None:
    case = CASES[name]
    _, made = built(case)
    if not name.startswith("convnext"):  # whose blocks normalize and multiply channels last
        require_one_transpose(made)
    found = [stored(y) for y in run(made, [case.pictures()])]
    assert_equal(found, [recorded[f"{name}/{what}"] for what in ("features", "logits")], case.tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("name", zoo.names())
def test_every_architecture(name: str) -> None:
    case = Case(name)
    if case.spec().summary().params > MOST_WEIGHTS:
        pytest.skip("too many weights")
    model, made = built(case)
    x = case.pictures()
    assert_equal(run(made, [x]), model(x))

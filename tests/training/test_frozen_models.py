"""Freezing holds in models of models, at any depth, and for a model as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from modelc.graph.graph import Graph
from modelc.model.model import Model
from modelc.training.batch import TrainingBatch
from modelc.training.step import test_step as measuring_step
from tests.training.frozen_models import INNER, check_frozen, data, nested, step_of, work


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
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_layers_inside_of_models(base: Mapping[str, Any], spec: Mapping[str, Any], trained: set[str]) -> None:
    check_frozen(nested(base, **spec), trained)


@pytest.mark.filterwarnings("ignore:.*has no weights that training changes")
def test_freezing_the_whole_model_leaves_nothing_to_train() -> None:
    model = nested()
    model.trainable = False
    check_frozen(model, set())
    assert work(step_of(model).graph) == work(prediction(model))


def prediction(model: Model) -> Graph:
    """The graph that only measures."""
    x, y = data(model)
    return measuring_step(
        model.to_spec(), model.trainer.engine.objective, TrainingBatch(x, (y,), (None,)).labels(model.graph)
    ).graph

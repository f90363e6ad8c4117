"""Specs as YAML text: any data comes back, and `training` is a section that a person can read and change."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from modelc.language.text.pretty import pretty_yaml
from modelc.language.text.writer import to_yaml
from modelc.model.loading import load_spec

SPEC: dict[str, Any] = {
    "modelc": 1,
    "name": "small",
    "input": {"shape": [4]},
    "layers": [{"type": "Dense", "units": 3, "name": "a"}],
}
TRAINING: dict[str, Any] = {
    "loss": "mse",
    "optimizer": {
        "type": "SGD",
        "learning_rate": {"type": "CosineDecay", "initial_learning_rate": 0.5, "decay_steps": 1000, "alpha": 1e-07},
        "momentum": 0.9,
    },
    "metrics": ["mae", {"type": "MeanAbsoluteError"}],
    "data": "train.npz",
    "class_weight": {"0": 1.0, "1": 2.5},
    "epochs": 4,
    "callbacks": [
        {"type": "EarlyStopping", "patience": 3},
        {
            "type": "ModelCheckpoint",
            "filepath": "best.modelc",
            "monitor": "val_a_name_that_is_rather_long",
            "save_best_only": True,
        },
        "TerminateOnNaN",
    ],
}
WRITTEN = """\
training:
  loss: MeanSquaredError
  optimizer:
    type: SGD
    learning_rate: {type: CosineDecay, initial_learning_rate: 0.5, decay_steps: 1000, alpha: 1.0e-07}
    momentum: 0.9
  metrics: [{type: MeanAbsoluteError, name: mae}, {type: MeanAbsoluteError}]
  data: {type: ArraysSource, path: train.npz}
  epochs: 4
  class_weight: {"0": 1.0, "1": 2.5}
  callbacks:
    - {type: EarlyStopping, patience: 3}
    - type: ModelCheckpoint
      filepath: best.modelc
      monitor: val_a_name_that_is_rather_long
      save_best_only: true
    - TerminateOnNaN
"""


@pytest.mark.parametrize("changes", [{"name": "sequential"}, {"order": "depth"}])
def test_a_graph_keeps_the_name_of_a_chain(changes: dict[str, Any]) -> None:
    entry = {"type": "Dense", "units": 3, **({} if "order" in changes else {"inputs": "x"})}
    for takes in ({"input": {"shape": [4], "name": "x"}}, {"inputs": {"x": {"shape": [4]}}}):
        spec = load_spec({"modelc": 1, **takes, "layers": [entry], **changes})
        assert spec.name == ("functional" if "order" in changes and "inputs" in takes else "sequential")
        for text in (spec.to_yaml(), spec.to_json(), pretty_yaml(spec)):
            assert load_spec(text) == spec


def test_training_is_a_section() -> None:
    spec = load_spec({**SPEC, "training": TRAINING})
    text = to_yaml(spec.to_dict())
    assert text.partition("training:")[2] == WRITTEN.partition("training:")[2]
    assert load_spec(text) == spec == load_spec(pretty_yaml(spec))
    assert WRITTEN in pretty_yaml(spec)


def test_a_short_section_has_a_line_per_key_too() -> None:
    spec = load_spec({**SPEC, "training": {"loss": "mse"}})
    assert to_yaml(spec.to_dict()).endswith("\ntraining:\n  loss: MeanSquaredError\n")


WORDS = st.text(max_size=40) | st.sampled_from(["", "yes", "0", "1e3", "a: b", "- a", "# a", "null", "[", "x" * 120])
VALUES = st.recursive(
    WORDS | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=30,
)


@given(st.dictionaries(WORDS, VALUES, max_size=6))
def test_any_data_comes_back(training: dict[str, Any]) -> None:
    assert yaml.safe_load(to_yaml({"modelc": 1, "training": training})) == {"modelc": 1, "training": training}

"""A small model, and what it returns by the definitions of its layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.model.model import Model

SPEC = """
modelc: 1
name: flowers
input: {shape: [4], name: x}
labels: [iris, "rose, red", tulip]
layers: [{type: Dense, units: 3, activation: softmax, name: kind}]
"""
X = np.random.default_rng(0).standard_normal((70, 4)).astype(np.float32)


@pytest.fixture
def model() -> Model:
    return load_spec(SPEC).build(seed=1)


@pytest.fixture
def expected(model: Model) -> Any:
    """What the model returns for X: the softmax of a matrix product."""
    kernel, bias = (weight.value.astype(np.float64) for weight in model.weights)
    scores = np.exp(X @ kernel + bias)
    return scores / scores.sum(1, keepdims=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the test runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path

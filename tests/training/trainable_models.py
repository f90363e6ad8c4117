"""Models with wrapped layers, in the words that modelc and Keras share; what a step changes, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import modelc
from modelc import Sequential
from modelc.model.model import Model

Array = np.ndarray[Any, Any]

OPTIMIZER = {"type": "SGD", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.1}
SAMPLES = 4

WRAPPERS: dict[str, Callable[[Any], Any]] = {
    "TimeDistributed": lambda layers: layers.TimeDistributed(layers.Dense(3)),
    "TimeDistributed of BatchNormalization": lambda layers: layers.TimeDistributed(layers.BatchNormalization()),
    "TimeDistributed twice": lambda layers: layers.TimeDistributed(layers.TimeDistributed(layers.Dense(3))),
    "RNN": lambda layers: layers.RNN(layers.GRUCell(2)),
    "RNN of two": lambda layers: layers.RNN([layers.GRUCell(2), layers.LSTMCell(3)]),
    "Bidirectional": lambda layers: layers.Bidirectional(layers.LSTM(2)),
    "Bidirectional of two": lambda layers: layers.Bidirectional(
        layers.LSTM(2), backward_layer=layers.GRU(2, go_backwards=True)
    ),
}
"""What wraps layers."""


def shape_of(name: str) -> tuple[int, ...]:
    return (2, 4, 3) if name == "TimeDistributed twice" else (4, 3)


def first_inside(wrapper: Any) -> Any:
    """The layer inside, or the first of several, in modelc and in Keras."""
    cell = getattr(wrapper, "cell", None)
    if cell is not None:
        return cell.cells[0] if hasattr(cell, "cells") else cell
    return wrapper.forward_layer if hasattr(wrapper, "forward_layer") else wrapper.layer


def modelc_model(name: str) -> Model:
    return Sequential([modelc.Input(shape_of(name)), WRAPPERS[name](modelc.layers)], backend="reference")


def from_spec(name: str) -> Model:
    return modelc_model(name).to_spec().build(backend="reference")


def compiled(model: Model) -> Model:
    model.compile(OPTIMIZER, "mse")
    return model


def data(model: Model, step: int = 0) -> tuple[list[Array], Array]:
    rng = np.random.default_rng(step)
    x = [rng.standard_normal((SAMPLES, *value.type.dims), np.float32) for value in model.graph.inputs]
    return x, rng.standard_normal((SAMPLES, *model.graph.outputs[0].type.dims), np.float32)


def changed(model: Model) -> set[str]:
    """The paths of the weights that a step changes; statistics as well."""
    before = dict(model.arrays)
    model.train_on_batch(*data(model))
    return {path for path, array in model.arrays.items() if array.tobytes() != before[path].tobytes()}


def said(model: Model) -> set[str]:
    """The paths of the weights that the model says are trained."""
    return {v.path for v in model.trainable_weights}

"""The cases of `outputs.py` in Keras."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

from tests.zoo.outputs import Case, head_of
from tests.zoo.record import architectures
from tests.zoo.rule import Array, pictures, weight


def keras_outputs(case: Case, *batches: Array) -> list[list[Array]]:
    """The feature maps before the head, and the logits, that Keras gives."""
    keras.backend.clear_session()
    shape = (case.size, case.size, 3)
    function = architectures()[case.architecture]
    model = function(weights=None, input_shape=shape, classifier_activation=None, **case.arguments)
    assign(model, case.gain)
    features = model.get_layer(head_of(case.spec())).input
    both = keras.Model(model.inputs, [features, model.outputs[0]])
    return [[np.asarray(y) for y in both([x])] for x in batches]


def keras_transfer() -> Array:
    """What Keras gives for the classifier `TRANSFER`."""
    keras.backend.clear_session()
    base = keras.applications.Xception(weights=None, include_top=False, pooling="avg")
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1000)])
    assign(model)
    return np.asarray(model(pictures((1, 128, 128, 3), 0.5)))


def assign(model: Any, gain: float = 2.0) -> None:
    """Give a Keras model the weights of the rule."""
    for i, variable in enumerate(model.weights):
        array = weight(i, variable.name, variable.shape, gain)
        if array is not None:
            variable.assign(array)

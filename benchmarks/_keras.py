"""A spec's model in Keras on JAX, the peer that models are timed against."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np

import modelc

Array = np.ndarray[Any, Any]
Run = Callable[[Array], Any]


def keras_model(spec: modelc.Spec) -> Any:
    """The Sequential model of the same layers; the specs here have no options that Keras spells in another way."""
    document = json.loads(spec.to_json())
    layers = [keras.Input(document["input"]["shape"])]
    for entry in document["layers"]:
        options = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
        layers.append(getattr(keras.layers, options.pop("type"))(**options))
    return keras.Sequential(layers, name=spec.name)


def same_model(spec: modelc.Spec) -> tuple[Any, modelc.Model]:
    """The model in Keras and in modelc, with the same weights.

    Kernels have the variance 2 / fan_in, so that the outputs of a deep model depend on its input.
    """
    reference = keras_model(spec)
    draw = np.random.default_rng(0)
    for layer in reference.layers:
        inputs = slice(-2) if isinstance(layer, keras.layers.DepthwiseConv2D) else slice(-1)
        for weight in layer.weights:
            if weight.name == "kernel":
                shape = tuple(weight.shape)
                weight.assign(draw.standard_normal(shape, np.float32) * np.sqrt(2 / np.prod(shape[inputs])))
    return reference, spec.build(weights=reference.get_weights())


def jitted(model: Any) -> Run:
    """The model as one function compiled by `jax.jit`, the fastest way to run it."""
    state = (model.trainable_variables, model.non_trainable_variables)
    weights = [[jax.numpy.array(v.value, copy=True) for v in group] for group in state]  # predict gives its own away
    run = jax.jit(lambda x, *weights: model.stateless_call(*weights, x)[0])
    return lambda x: run(x, *weights).block_until_ready()


def require_agreement(model: Run, peer: Run, x: Array) -> float:
    """The largest difference of the outputs, relative to the largest. Exits where there is nothing to compare."""
    expected, mirrored = np.asarray(peer(x)), np.asarray(peer(np.flip(x)))
    largest = float(np.abs(expected).max())
    worst = float(np.abs(model(x) - expected).max()) / largest
    if not worst < 1e-3:
        raise SystemExit(f"the outputs differ by {worst:.1e} of the largest one")
    if not np.abs(mirrored - expected).max() > 1e-2 * largest:
        raise SystemExit("the outputs hardly depend on the input")
    return worst

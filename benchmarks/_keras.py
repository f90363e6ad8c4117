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


def keras_model(spec: modelc.Spec) -> Any:
    """The Sequential model of the same layers; the specs here have no options that Keras spells in another way."""
    document = json.loads(spec.to_json())
    layers = [keras.Input(document["input"]["shape"])]
    for entry in document["layers"]:
        options = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
        layers.append(getattr(keras.layers, options.pop("type"))(**options))
    return keras.Sequential(layers, name=spec.name)


def same_model(spec: modelc.Spec) -> tuple[Any, modelc.Model]:
    """The model in Keras and in modelc, with the same weights."""
    reference = keras_model(spec)
    return reference, spec.build(weights=reference.get_weights())


def jitted(model: Any) -> Callable[[Any], Any]:
    """The model as one function compiled by `jax.jit`, the fastest way to run it."""
    state = (model.trainable_variables, model.non_trainable_variables)
    weights = [[jax.numpy.array(v.value, copy=True) for v in group] for group in state]  # predict gives its own away
    run = jax.jit(lambda x, *weights: model.stateless_call(*weights, x)[0])
    return lambda x: run(x, *weights).block_until_ready()


def require_agreement(found: Array, expected: Array) -> float:
    """The largest difference, relative to the largest output. Exits where it is too large to compare times."""
    worst = float(np.abs(found - expected).max() / max(1e-30, np.abs(expected).max()))
    if not worst < 1e-3:
        raise SystemExit(f"the outputs differ by {worst:.1e} of the largest one: nothing to compare")
    return worst

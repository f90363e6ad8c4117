"""Spec → Model: draws or loads the weights, and compiles."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Graph, Weight
from modelc.runtime.model import Backend, Model, OnCompile, Traced
from modelc.spec.spec import Spec
from modelc.variables import Variable

Array = NDArray[Any]
Weights = str | os.PathLike[str] | Mapping[str, Array] | Sequence[Array]


def build(
    spec: Spec,
    *,
    seed: int = 0,
    weights: Weights | None = None,
    backend: Backend = "native",
    on_compile: OnCompile | None = None,
) -> Model:
    """The model that a spec describes.

    Weights come from `weights` (a safetensors file, a mapping by path, or a list in Keras's order), else from the
    file that the spec names, else they are drawn from the layers' initializers with `seed`. Raises `SpecError`
    where a shape does not fit, `WeightsError` where the weights do not match.
    """
    graph = spec.graph
    layers = tuple(layer.released() for layer in spec.layers)
    traced = Traced(graph, layers, make_variables(graph, seed))
    traced.bind()
    model = Model.from_traced(traced, spec=spec, backend=backend, on_compile=on_compile)
    load_into(model, spec, weights)
    return model


def make_variables(graph: Graph, seed: int) -> dict[str, Variable]:
    """A variable for every weight of a graph, drawn by its initializer."""
    return {w.path: Variable(w.path, draw(w, seed), trainable=w.trainable) for w in graph.weights}


def draw(weight: Weight, seed: int) -> Array:
    """The initial array of a weight: it depends on the seed and the weight's path, not on what else there is."""
    own = getattr(weight.initializer, "seed", None)
    key = [seed, crc32(weight.path.encode())] if own is None else [own]
    return weight.initializer.draw(weight.shape, np.random.default_rng(key))


def load_into(model: Model, spec: Spec, weights: Weights | None) -> None:
    """Assign the weights that were given, or those that the spec names."""
    from modelc.interop.tensors import load_weights
    from modelc.weights import assign_by_path

    # A view of a larger model takes its part of the whole model's file.
    elsewhere = spec.dropped_layers
    if isinstance(weights, Mapping):
        assign_by_path(model.weights, weights, f"the model `{model.name}`", ignore=elsewhere)
    elif isinstance(weights, str | os.PathLike):
        load_weights(weights, model.weights, ignore=elsewhere)
    elif weights is not None:
        model.set_weights(weights)
    elif spec.weights is not None:
        load_weights(spec.weights_path, model.weights, ignore=elsewhere)


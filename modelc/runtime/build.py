"""Spec → Model: draws or loads the weights, and compiles."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from modelc.runtime.chain import BuiltChain
from modelc.runtime.model import Model
from modelc.runtime.program import OnCompile
from modelc.runtime.resources import require_memory_for_weights
from modelc.runtime.symbol import Backend
from modelc.spec.spec import Spec
from modelc.weights import Shape, make_variables, match_by_path, match_list, shapes_of

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
    where a shape does not fit, `WeightsError` where the weights do not match, `FileFormatError` where the file is
    damaged.
    """
    graph = spec.graph
    if weights is None and spec.weights is not None:
        weights = spec.weights_path
    given = None if weights is None else _arrays(spec, shapes_of(graph.weights), weights)
    require_memory_for_weights(graph)
    layers = tuple(layer.released() for layer in spec.layers)
    chain = BuiltChain(graph, layers, make_variables(graph, seed, given), backend, spec)
    chain.bind()
    return Model.from_traced(chain, on_compile=on_compile)


def restore(text: str, arrays: Sequence[Array], backend: Backend) -> Model:
    """The model of a spec's text with these weights: what a pickle holds."""
    from modelc.spec.load import load_spec

    return build(load_spec(text), weights=arrays, backend=backend)


def _arrays(spec: Spec, expected: Mapping[str, Shape], weights: Weights) -> dict[str, Array]:
    """The weights that were given, by path."""
    from modelc.interop.tensors import load_arrays

    owner = f"the model `{spec.name}`"
    # A view of a larger model takes its part of the whole model's weights.
    elsewhere = spec.dropped_layers
    if isinstance(weights, str | os.PathLike):
        return load_arrays(weights, expected, owner, elsewhere)
    if isinstance(weights, Mapping):
        return match_by_path(expected, weights, owner, elsewhere)
    return match_list(expected, weights, owner)

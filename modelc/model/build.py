"""Spec → Model: initializes or loads the weights, and compiles."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from modelc.config.arguments import require_bool, require_seed
from modelc.config.options import Precision
from modelc.files.digested import PICKLE, checked
from modelc.graph.graph import Graph, LayerTrace, Weight
from modelc.graph.program import OnCompile
from modelc.graph.resources import require_memory_for_weights, weights_told
from modelc.language.definition import Definition
from modelc.language.nested import ModelLayer
from modelc.language.pairing import paired
from modelc.language.published import published_path
from modelc.layers.base import Layer
from modelc.model.built import BuiltGraph
from modelc.model.model import Model
from modelc.model.pickled import kept_for, read_pickled
from modelc.model.symbol import Backend, require_backend, require_precision
from modelc.model.weight_files import read_weights
from modelc.native.compiler.ahead import compilers_ahead
from modelc.weights.assign import OwnArrays, make_variables, match_by_path, match_list, shapes_of
from modelc.weights.stored import StoredArrays
from modelc.zoo.pretrained import IMAGENET

Array = NDArray[Any]
Weights = str | os.PathLike[str] | Mapping[str, Array] | Sequence[Array]


def build(
    spec: Definition,
    *,
    seed: int = 0,
    weights: Weights | None = None,
    backend: Backend = "native",
    precision: Precision | None = None,
    on_compile: OnCompile | None = None,
    compiled: bool = True,
    packed: bool = True,
) -> Model:
    """Build the model of a spec; `precision` takes the place of the spec's.

    The model is `compiled` at once, or at the first call, which training does not need. Weights are laid out for the
    kernels at the first call unless they are to be `packed` at once.

    Weights come from `weights` (a .safetensors, .modelc or Keras file, a mapping by path, a list in Keras's order, or
    `"imagenet"` for the published ones, if they were fetched), else from the spec's `weights`, else from the weight
    files of nested models; all others are initialized by the layers' initializers with `seed`. Raises `SpecError` if a
    shape does not fit, `WeightsError` if the weights do not match, `FileFormatError` for a damaged file.
    """
    with compilers_ahead() if backend == "native" and compiled else nullcontext():
        built = built_graph(spec, seed=seed, weights=weights, backend=backend, precision=precision)
        return Model.from_traced(built, on_compile=on_compile, compiled=compiled, packed=packed)


def built_graph(
    spec: Definition,
    *,
    seed: int = 0,
    weights: Weights | StoredArrays | None = None,
    backend: Backend = "native",
    precision: Precision | None = None,
) -> BuiltGraph:
    """The traced model of a spec with its weights, which is not compiled yet; see `build`."""
    require_backend(backend, "build")
    require_seed(seed, "build")
    if precision is not None:
        require_precision(precision, "build")
        spec = spec if precision == spec.precision else spec.replaced(precision=precision)
    graph = spec.graph
    if isinstance(weights, StoredArrays):
        given = weights
    else:
        weights = _named(spec, weights)
        arrays = _given(spec, weights)
        is_own = weights is None or isinstance(weights, str | os.PathLike | OwnArrays)
        given = OwnArrays(arrays) if is_own else arrays
    require_memory_for_weights(graph)
    layers = tuple(layer.released() for layer in spec.layers)
    with weights_told(graph):
        variables = make_variables(graph, seed, given)
    built = BuiltGraph(graph, layers, variables, backend, spec)
    built.bind()
    return built


def given_arrays(spec: Definition, weights: Weights | None = None) -> Mapping[str, Array]:
    """The weights that do not have to be initialized, by path: those in `weights`, or in the files that the spec names.

    Nothing is compiled. Raises `WeightsError` if the weights do not match, `FileFormatError` for a damaged file.
    """
    return _given(spec, _named(spec, weights))


def _named(spec: Definition, weights: Weights | None) -> Weights | None:
    """What was given, or the file that the spec or the name of published weights stands for."""
    if weights is None:
        return None if spec.weights is None else spec.weights_path
    return published_path(spec) if isinstance(weights, str) and weights == IMAGENET else weights


def _given(spec: Definition, weights: Weights | None) -> dict[str, Array]:
    graph = spec.graph
    return _of_inner_models(spec.layers, graph.layers) if weights is None else _arrays(spec, graph, weights)


def unpickled_model(digest: str, data: bytes, backend: Backend, trainable: bool, single: bool) -> Model:
    """The model in a pickle, which holds what `save` writes and what that does not say: the backend, whether the model
    was frozen as a whole, and whether it returns its single output by itself.

    Raises `FileFormatError` where the pickle is damaged or of another version.
    """
    for flag in (trainable, single):
        require_bool(flag, PICKLE)
    artifact = checked(digest, data)

    def traced() -> BuiltGraph:
        definition, weights = read_pickled(artifact)
        return built_graph(definition, weights=weights)

    kept = kept_for(artifact, traced) if backend == "native" else None
    if kept is not None:
        model = Model.from_kept(kept)
    else:
        definition, weights = read_pickled(artifact)
        model = build(definition, weights=weights, backend=backend)
    model.take_flags(trainable=trainable, single=single)
    return model


def _arrays(spec: Definition, graph: Graph, weights: Weights) -> dict[str, Array]:
    """The weights that were given, by path."""
    owner = f"the model `{spec.name}`"
    # A view of a larger model takes its part of the whole model's weights.
    elsewhere = spec.dropped_layers
    if isinstance(weights, str | os.PathLike):
        return read_weights(weights, lambda: spec, graph.stored, owner, elsewhere)
    if isinstance(weights, Mapping):
        return match_by_path(shapes_of(graph.stored), weights, owner, elsewhere)
    return match_list(shapes_of(graph.stored), weights, owner)


def _of_inner_models(layers: Iterable[Layer], records: Iterable[LayerTrace], around: str = "") -> dict[str, Array]:
    """The weights of the models among some layers, from the files that they or their entries name, by path.

    `around` is the path of the model that the layers are in, with a slash.
    """
    arrays: dict[str, Array] = {}
    for layer, record in paired(layers, records, around):
        if not isinstance(layer, ModelLayer):
            arrays |= _of_wrapped_models(layer, record.name, record.stored)
            continue
        path, below = layer.weights_path, f"{record.name}/"
        if path is None:
            arrays |= _of_inner_models(layer.layers, record.inner, below)
            continue
        weights = [replace(w, path=w.path.removeprefix(below)) for w in record.stored]
        elsewhere = set(layer.inner_paths()) - {p.removeprefix(below) for p in record.paths()}
        read = read_weights(path, _viewed(layer), weights, f"the model `{record.name}`", elsewhere)
        arrays |= {f"{below}{path}": array for path, array in read.items()}
    return arrays


def _viewed(layer: ModelLayer) -> Callable[[], Definition]:
    return lambda: layer.viewed


def _of_wrapped_models(layer: Layer, path: str, weights: Sequence[Weight]) -> dict[str, Array]:
    """The same for nested models inside a wrapper, whose layers have no records."""
    arrays: dict[str, Array] = {}
    for name, part in layer.parts():
        below = f"{path}/{name}/"
        inside = [w for w in weights if w.path.startswith(below)]
        file = part.weights_path if isinstance(part, ModelLayer) else None
        if file is None or not isinstance(part, ModelLayer):
            arrays |= _of_wrapped_models(part, below[:-1], inside)
            continue
        own = [replace(w, path=w.path.removeprefix(below)) for w in inside]
        read = read_weights(file, _viewed(part), own, f"the model `{below[:-1]}`", set(part.inner_paths()))
        arrays |= {f"{below}{inner}": array for inner, array in read.items()}
    return arrays

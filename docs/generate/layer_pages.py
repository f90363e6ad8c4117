"""docs/layers.md: every layer type with its equation, its options, and what one of them comes to."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any, cast

from schema_tables import DEFINITIONS, options_table

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.types import DType, TensorType, format_shape
from modelc.layers import LAYERS
from modelc.layers.base import Layer

_COMMON = tuple(field.alias or name for name, field in Layer.model_fields.items())

_VALUES: dict[str, Any] = {
    "activation": "tanh", "dims": [2, 1], "filters": 16, "input_dim": 1000, "kernel_size": 3, "n": 5,
    "output_dim": 64, "pool_size": 2, "rate": 0.5, "scale": 0.5, "stddev": 0.1, "target_shape": [4, -1], "units": 10,
    "output_size": 4, "height": 24, "width": 24, "num_tokens": 10, "init_values": 1e-6, "projection_dim": 8,
    "drop_path_rate": 0.1, "factor": 0.2, "height_factor": 0.2, "width_factor": 0.2, "operation": "exp",
    "layer": {"type": "Dense", "units": 10}, "layers": ["ReLU", "Flatten"], "num_heads": 4, "key_dim": 16,
    "head_dim": 16, "num_query_heads": 4, "num_key_value_heads": 2, "axes": 2, "equation": "abc,cd->abd",
    "output_shape": [None, 64], "cell": {"type": "LSTMCell", "units": 10},
    "cells": [{"type": "GRUCell", "units": 10}],
}  # fmt: skip
"""A value for every option that some layer requires."""

_INPUTS = {1: [100, 8], 2: [32, 32, 8], 3: [16, 16, 16, 8]}
"""By the number of spatial axes."""

_INPUT_OF = {
    "Dense": [64], "RepeatVector": [64], "Embedding": [20], "Permute": [10, 64], "GroupNormalization": [8, 8, 32],
    "ReversibleEmbedding": [20], "CategoryEncoding": [20], "Discretization": [20],
    "IntegerLookup": [20],
    "STFTSpectrogram": [1000, 1], "MelSpectrogram": [8000],
    "SimpleRNNCell": [10], "LSTMCell": [10], "GRUCell": [10], "StackedRNNCells": [10], "Dot": [100, 8],
    "EinsumDense": [100, 8], "Masking": [100, 8], "Bidirectional": [100, 8],
    "ConvLSTM1D": [10, 32, 8], "ConvLSTM2D": [10, 16, 16, 8], "ConvLSTM3D": [5, 8, 8, 8, 4],
}  # fmt: skip


_OPTIONS: dict[str, dict[str, Any]] = {
    "Discretization": {"bin_boundaries": [0, 1, 2]},
    "IntegerLookup": {"vocabulary": [10, 20, 30]},
    "Operation": {"operation": "subtract", "operands": [1, None]},
    "EinsumDense": {"bias_axes": "d"},
    "Bidirectional": {"layer": {"type": "LSTM", "units": 10}},
    "RandomPosterization": {"factor": 4},
}
"""What an example needs beside the required options."""

_OF_SEQUENCES = ("Attention", "Recurrent layers")
"""The families whose examples take a sequence."""

_OF_INTEGERS = frozenset({"Embedding", "ReversibleEmbedding", "CategoryEncoding", "IntegerLookup"})


def layers_page() -> str:
    """The page."""
    common = options_table(DEFINITIONS["Dropout"], leave_out=DEFINITIONS["Dropout"]["properties"].keys() - set(_COMMON))
    parts = [
        "# Layers\n",
        f"The {len(LAYERS.names)} layer types of specs and of `modelc.layers`. Names, options and defaults are those "
        "of Keras 3. N is the batch size, C the number of channels. In a spec, any value may also be a "
        "[reference](spec.md#variables) such as `${width}`.\n",
        "Every layer has these options:\n",
        common,
        _contents(),
    ]
    title = ""
    for name in LAYERS.names:
        if (family := family_of(name)) != title:
            title = family
            parts.append(f"## {title}\n")
        parts.append(_layer(name))
    return "\n".join(parts)


def family_of(name: str) -> str:
    """The title of the layers in the folder of this one."""
    folder = import_module(LAYERS[name].__module__.rpartition(".")[0])
    return str(folder.__doc__).partition(".")[0]


def _contents() -> str:
    by_family: dict[str, list[str]] = {}
    for name in LAYERS.names:
        by_family.setdefault(family_of(name), []).append(f"[{name}](#{name.lower()})")
    return "\n".join(f"- {family}: {' · '.join(names)}" for family, names in by_family.items()) + "\n"


def _layer(name: str) -> str:
    cls = LAYERS[name]
    table = options_table(DEFINITIONS[name], leave_out=_COMMON)
    parts = [f"### {name}\n", *_docs(cls), table or "No options of its own.\n"]
    if name != "InputLayer":
        parts.append(_example(cls))
    return "\n".join(parts)


def _docs(cls: type[Layer]) -> list[str]:
    """The class's own docstring, then that of the private base which holds its equation."""
    bases = (cls, *(b for b in cls.__mro__[1:] if b.__name__.startswith("_") and b.__module__ == cls.__module__))
    docs = [inspect.cleandoc(text) for base in bases if (text := vars(base).get("__doc__"))]
    return [f"{text.replace('``', '`')}\n" for text in dict.fromkeys(docs)]


def _flow(value: Any) -> str:
    """The value in YAML's flow style."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(item)}' for key, item in cast('dict[str, Any]', value).items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, cast('list[Any]', value)))}]"
    return "null" if value is None else str(value)


def _graph(layer: Layer, shape: list[int], dtype: DType) -> Graph:
    """The layer by itself on an input of this shape, which stands for all of its inputs."""
    g = Builder()
    x = g.input(TensorType((None, *shape), dtype))
    with g.layer("layer"):
        count = 2 if family_of(layer.type_name()) == "Merging" else layer.required_inputs
        outputs = layer.apply(g, *[x] * count)
    return g.graph("example", outputs, ("layer",) * len(outputs))


def _example(cls: type[Layer]) -> str:
    """One layer on one input: its output and its weights, from tracing it."""
    name = cls.type_name()
    required = {key: _VALUES[key] for key, field in cls.model_fields.items() if field.is_required()}
    rank = getattr(cls, "rank", int(name[-2]) if name[-2:] in ("1D", "2D", "3D") else 2)
    rank = 1 if family_of(name) in _OF_SEQUENCES else rank
    shape = _INPUT_OF.get(name, _INPUTS[rank])
    entry: dict[str, Any] = {"type": name, **required, **_OPTIONS.get(name, {})}
    graph = _graph(LAYERS.coerce(entry), shape, "int32" if name in _OF_INTEGERS else "float32")
    written = _flow(entry)
    weights = ", ".join(f"`{w.path.partition('/')[2]}` {format_shape(w.shape)}" for w in graph.weights)
    made = f"{format_shape(graph.inputs[0].type.shape)} → {format_shape(graph.outputs[0].type.shape)}"
    return f"`{written}`: {made}{f'; weights: {weights}' if weights else ''}.\n"

"""docs/layers.md: every layer type with its equation, its options, and what one of them comes to."""

from __future__ import annotations

import inspect
from typing import Any

from schema_tables import DEFINITIONS, options_table

from modelc.graph.types import format_shape
from modelc.layers.base import Layer
from modelc.layers.registry import LAYERS
from modelc.spec.load import load_spec

_COMMON = tuple(Layer.model_fields)

_FAMILIES = {
    "activations": "Activations",
    "core": "Core",
    "convolution": "Convolution",
    "depthwise": "Depthwise and separable convolution",
    "convolution_transpose": "Transposed convolution",
    "pooling": "Pooling",
    "global_pooling": "Global pooling",
    "batch_normalization": "Normalization",
    "normalization": "Normalization",
    "regularization": "Regularization",
    "reshaping": "Reshaping",
    "padding": "Padding and cropping",
    "upsampling": "Upsampling",
    "preprocessing": "Preprocessing",
}
"""The title of each module of modelc/layers."""

_VALUES: dict[str, Any] = {
    "activation": "tanh", "dims": [2, 1], "filters": 16, "input_dim": 1000, "kernel_size": 3, "n": 5,
    "output_dim": 64, "pool_size": 2, "rate": 0.5, "scale": 0.5, "stddev": 0.1, "target_shape": [4, -1], "units": 10,
}  # fmt: skip
"""A value for every option that some layer requires."""

_INPUTS = {1: [100, 8], 2: [32, 32, 8], 3: [16, 16, 16, 8]}
"""By the number of spatial axes."""

_INPUT_OF = {
    "Dense": [64], "RepeatVector": [64], "Embedding": [20], "Permute": [10, 64], "GroupNormalization": [8, 8, 32],
}  # fmt: skip


def layers_page() -> str:
    """The page."""
    common = options_table(DEFINITIONS["Dense"], leave_out=DEFINITIONS["Dense"]["properties"].keys() - set(_COMMON))
    parts = [
        "# Layers\n",
        f"The vocabulary of specs and of `modelc.layers`: {len(LAYERS.names)} layer types. Names, options and "
        "defaults are those of Keras 3. N is the batch, C the channels. Any value in a spec may also be a "
        "[reference](spec.md#variables) such as `${width}`.\n",
        "Every layer has these options:\n",
        common,
        _contents(),
    ]
    title = ""
    for name in LAYERS.names:
        if (family := _family(name)) != title:
            title = family
            parts.append(f"## {title}\n")
        parts.append(_layer(name))
    return "\n".join(parts)


def _family(name: str) -> str:
    return _FAMILIES[LAYERS[name].__module__.rpartition(".")[2]]


def _contents() -> str:
    by_family: dict[str, list[str]] = {}
    for name in LAYERS.names:
        by_family.setdefault(_family(name), []).append(f"[{name}](#{name.lower()})")
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
    docs = [inspect.cleandoc(base.__doc__) for base in bases if base.__doc__ and "__doc__" in vars(base)]
    return [f"{text.replace('``', '`')}\n" for text in dict.fromkeys(docs)]


def _example(cls: type[Layer]) -> str:
    """One layer on one input: its output and its weights, from tracing it."""
    name = cls.type_name()
    required = {key: _VALUES[key] for key, field in cls.model_fields.items() if field.is_required()}
    rank = getattr(cls, "rank", int(name[-2]) if name[-2:] in ("1D", "2D", "3D") else 2)
    shape = _INPUT_OF.get(name, _INPUTS[rank])
    entry: dict[str, Any] = {"type": name, **required}
    dtype = "int32" if name == "Embedding" else "float32"
    graph = load_spec({"modelc": 1, "input": {"shape": shape, "dtype": dtype}, "layers": [entry]}).graph
    written = ", ".join(f"{key}: {value}" for key, value in entry.items())
    weights = ", ".join(f"`{w.path.rpartition('/')[2]}` {format_shape(w.shape)}" for w in graph.weights)
    made = f"{format_shape(graph.inputs[0].type.shape)} → {format_shape(graph.outputs[0].type.shape)}"
    return f"`{{{written}}}`: {made}{f'; weights: {weights}' if weights else ''}.\n"

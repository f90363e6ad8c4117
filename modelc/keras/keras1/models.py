"""Models of Keras 1, Sequential and Functional, in the form of Keras 2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from modelc.errors import FileFormatError, UnsupportedError
from modelc.keras.config.semantics import mappings_in
from modelc.keras.keras1.composed import (
    fully_padded,
    functional,
    given,
    highway,
    maxout,
    merged,
    normalized_by_the_batch,
)
from modelc.keras.keras1.layers import FULLY_PADDED, SAMPLE_NORMALIZATION
from modelc.keras.keras1.layers import as_keras_2 as layer_as_keras_2
from modelc.sources.notes import Notes

Config = dict[str, Any]

_MODELS = ("Sequential", "Model")
_WRAPPERS = ("TimeDistributed", "Bidirectional")
_OF_KERAS_1 = frozenset({
    "nb_filter", "border_mode", "dim_ordering", "W_regularizer", "inner_init", "inner_activation", "consume_less",
    "input_dtype", "pool_length", "mode_type", "nb_feature",
})  # fmt: skip
"""Options by which layers of Keras 1 are recognized: no layer of Keras 2 has them."""
_KEEPING = frozenset({
    "Dropout", "Activation", "BatchNormalization", SAMPLE_NORMALIZATION, "Model", "GaussianNoise", "GaussianDropout",
    "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "SReLU", "ParametricSoftplus", "Masking", "ActivityRegularization",
})  # fmt: skip
"""Layers whose output has as many features as their input."""
_MAX_DEPTH = 16


def is_keras_1(config: Mapping[str, Any], version: str | None = None) -> bool:
    """Whether a config is one of Keras 1: by the version in the file, or, if there is none, by the options of its
    layers."""
    version = version or config.get("keras_version")
    if isinstance(version, str):
        return version.startswith(("0.", "1."))
    return any(not _OF_KERAS_1.isdisjoint(part) for part in mappings_in(config))


def as_keras_2(config: Mapping[str, Any], notes: Notes | None = None) -> Config:
    """Convert the config of a Keras 1 model to the classes and options of Keras 2; names of layers are kept.

    Raises `UnsupportedError` for what Keras 2 left out, in a sentence which says that Keras 1 saved it.
    """
    orders = Counter(str(part["dim_ordering"]) for part in mappings_in(config) if "dim_ordering" in part)
    first = orders["th"] > orders["tf"]
    reader = _Keras1Reader(notes or Notes(), "channels_first" if first else "channels_last")
    return {**reader.model(config, "", 0), "keras_version": str(config.get("keras_version") or "1.0.0")}


class _Keras1Reader:
    def __init__(self, notes: Notes, data_format: str) -> None:
        self._notes, self._data_format = notes, data_format

    def model(self, entry: Mapping[str, Any], name: str, depth: int) -> Config:
        """Convert a model, or a model that is used as a layer."""
        if depth > _MAX_DEPTH:
            raise FileFormatError("the Keras model has models nested too deeply")
        inner: Any = entry.get("config")
        if entry.get("class_name") == "Sequential":
            layers = cast("Mapping[str, Any]", inner).get("layers") if isinstance(inner, Mapping) else inner
            return self._sequential(_entries(layers), str(entry.get("name") or name or "sequential"), depth)
        if not isinstance(inner, Mapping):
            raise FileFormatError("the Keras model has no `config`")
        return self._functional(cast("Mapping[str, Any]", inner), entry, depth)

    # --- Sequential

    def _sequential(self, entries: Sequence[Mapping[str, Any]], name: str, depth: int) -> Config:
        if entries and entries[0].get("class_name") == "Merge" and _options(entries[0]).get("layers"):
            return self._with_branches(entries, name, depth)
        width: int | None = None
        layers: list[Config] = []
        for entry in entries:
            layers.append(self.layer(entry, depth, width))
            width = _width(layers[-1], width)
        return {"class_name": "Sequential", "name": name, "config": {"name": name, "layers": layers}}

    def _with_branches(self, entries: Sequence[Mapping[str, Any]], name: str, depth: int) -> Config:
        """Convert a Sequential model that begins with a Merge of other models: to a graph of their layers and its
        own."""
        graph: list[Config] = []
        inputs: list[str] = []
        output = self._chain(entries, graph, inputs, depth)
        return functional(name, graph, inputs, output)

    def _chain(self, entries: Sequence[Mapping[str, Any]], graph: list[Config], inputs: list[str], depth: int) -> str:
        """Add a chain of layers to a graph; returns the name of the last one."""
        if depth > _MAX_DEPTH:
            raise FileFormatError("the Keras model has models nested too deeply")
        sources: list[str] = []
        width: int | None = None
        for position, entry in enumerate(entries):
            options = _options(entry)
            if position == 0 and entry.get("class_name") == "Merge" and options.get("layers"):
                branches = _entries(options["layers"])
                sources = [self._branch(branch, graph, inputs, depth + 1) for branch in branches]
            elif position == 0:
                sources = [self._input(entry, graph, inputs)]
                if entry.get("class_name") == "InputLayer":
                    continue
            made = self.layer(entry, depth, width)
            width = _width(made, width)
            calls: list[Any] = [[source, 0, 0, {}] for source in sources]
            known = next((one for one in graph if one["name"] == made["name"]), None)
            if known is None:
                graph.append({**made, "inbound_nodes": [calls]})
                sources = [made["name"]]
            else:  # a layer that two branches share
                raise UnsupportedError(
                    f"saved by Keras 1.x: the layer `{made['name']}` is in two branches of a Merge; "
                    "save it as a Functional model"
                )
        if not sources:
            raise FileFormatError("the Keras model has a branch without layers")
        return sources[0]

    def _branch(self, branch: Mapping[str, Any], graph: list[Config], inputs: list[str], depth: int) -> str:
        if branch.get("class_name") == "Sequential":
            inner: Any = branch.get("config")
            layers = cast("Mapping[str, Any]", inner).get("layers") if isinstance(inner, Mapping) else inner
            return self._chain(_entries(layers), graph, inputs, depth)
        if branch.get("class_name") == "Model":
            made = self.model(branch, "", depth)["config"]
            graph += made["layers"]
            inputs += [str(one[0]) for one in made["input_layers"]]
            return str(made["output_layers"][0][0])
        return self._chain([branch], graph, inputs, depth)

    def _input(self, first: Mapping[str, Any], graph: list[Config], inputs: list[str]) -> str:
        """Add the InputLayer of a chain, whose shape the options of the first layer say."""
        options = _options(first)
        if first.get("class_name") in _MODELS:
            inner: Any = first.get("config")
            layers = cast("Mapping[str, Any]", inner).get("layers") if isinstance(inner, Mapping) else inner
            options = _options(_entries(layers)[0])
        shape = options.get("batch_input_shape")
        name = str(options.get("name") or "input")
        if first.get("class_name") != "InputLayer":
            name = f"{name}_input"
        if not isinstance(shape, list):
            raise UnsupportedError(f"saved by Keras 1.x: a branch of a Merge does not say what it takes (`{name}`)")
        batch, *sizes = cast("list[Any]", shape)
        dtype = options.get("input_dtype")
        graph.append(given(name, *sizes, dtype=dtype if isinstance(dtype, str) else "float32", batch=batch))
        inputs.append(name)
        return name

    # --- Functional

    def _functional(self, config: Mapping[str, Any], entry: Mapping[str, Any], depth: int) -> Config:
        layers: list[Config] = []
        for one in _entries(config.get("layers")):
            nodes = one.get("inbound_nodes")
            made = self.layer(one, depth, None)
            calls = cast("list[Any]", nodes) if isinstance(nodes, list) else []
            layers.append({**made, "inbound_nodes": [_calls(node) for node in calls]})
        name = str(config.get("name") or entry.get("name") or "model")
        inner = {key: config.get(key) for key in ("input_layers", "output_layers")}
        return {"class_name": "Model", "name": name, "config": {"name": name, "layers": layers, **inner}}

    # --- layers

    def layer(self, entry: Mapping[str, Any], depth: int, width: int | None) -> Config:
        """Convert any entry of `layers`: a layer, a wrapper or a model."""
        class_name, options = str(entry.get("class_name")), _options(entry)
        name = str(options.get("name") or entry.get("name") or class_name.lower())
        options = {**options, "name": name}
        if class_name in _MODELS:
            return self.model(entry, name, depth + 1)
        if class_name == "Merge":
            return merged(options)
        if class_name == "Highway":
            return highway(options, width, self._notes)
        if class_name == "MaxoutDense":
            return maxout(options, self._notes)
        if class_name == "InputLayer":
            dtype = options.pop("input_dtype", None)
            made: Config = {**options, "dtype": dtype if isinstance(dtype, str) else "float32"}
            return {"class_name": class_name, "name": name, "config": made}
        if class_name in _WRAPPERS:
            if depth > _MAX_DEPTH:
                raise FileFormatError("the Keras model has layers nested too deeply")
            held = options.get("layer")
            inside = self.layer(cast("Mapping[str, Any]", held if isinstance(held, Mapping) else {}), depth + 1, None)
            kept = {key: value for key, value in options.items() if key != "input_dtype"}
            return {"class_name": class_name, "name": name, "config": {**kept, "layer": inside}}
        if class_name == "BatchNormalization" and options.get("mode") == 1:
            class_name = SAMPLE_NORMALIZATION
        full = options.get("border_mode") == "full" and class_name in FULLY_PADDED
        by_batch = class_name == "BatchNormalization" and options.get("mode") == 2
        if full or by_batch:
            left_out = "border_mode" if full else "mode"
            options = {key: value for key, value in options.items() if key != left_out}
        new, made = layer_as_keras_2(class_name, options, self._data_format, self._notes)
        if full:
            return fully_padded(new, made)
        if by_batch:
            return normalized_by_the_batch(made)
        return {"class_name": new, "name": name, "config": made}


def _width(entry: Config, before: int | None) -> int | None:
    """The number of features of a layer's output, which the conversion of the next layer may need; None if unknown.

    `before` is that of its input, which layers such as Dropout keep.
    """
    units = entry["config"].get("units")
    if isinstance(units, int):
        return units
    if entry["class_name"] == "Sequential":  # a MaxoutDense
        shapes = [one["config"].get("target_shape") for one in entry["config"]["layers"]]
        return next((shape[-1] for shape in shapes if shape), None)
    return before if entry["class_name"] in _KEEPING else None


def _calls(node: Any) -> list[Any]:
    """The calls of a node in the form of Keras 2, in which each ends with call options: an empty mapping."""
    calls = cast("list[Any]", node) if isinstance(node, list) else []
    return [[*call, {}] if isinstance(call, list) and len(cast("list[Any]", call)) == 3 else call for call in calls]


def _entries(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in cast("list[Any]", value)):
        raise FileFormatError("the Keras model has no list of `layers`")
    return cast("list[Mapping[str, Any]]", value)


def _options(entry: Mapping[str, Any]) -> Config:
    config = entry.get("config")
    return dict(cast("Mapping[str, Any]", config)) if isinstance(config, Mapping) else {}

"""`read_tfjs`: a `model.json` with its shards, as a file of Keras 2 that lists its weights layer by layer."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError, UnsupportedError
from modelc.files.hdf5.attributes import MAX_TEXT_BYTES
from modelc.files.regular_file import regular_file
from modelc.keras.tfjs.manifest import Group, MalformedManifestError, ManifestWeight, groups_of
from modelc.keras.weights.tree import LayerNode, layer_tree

Array = NDArray[Any]

_READ_AS = np.dtype(np.float32)


_FLOAT32: np.dtype[Any] = np.dtype(np.float32)


@dataclass(frozen=True, slots=True)
class Tfjs:
    """What a `model.json` describes."""

    config: Mapping[str, Any]
    """The serialized model, as Keras 2 would write it."""
    version: str | None
    shards: Shards


@dataclass(frozen=True, slots=True)
class StoredWeight:
    """A weight in the shards, as `modelc.files.hdf5.reader.Stored` is one in an HDF5 file."""

    path: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any] = _READ_AS
    """What it is read as, whichever integers the shards hold of it."""


class Shards:
    """The weights of a model by layer, with the interface of an `Hdf5File` that Keras 2 wrote."""

    def __init__(self, name: str, groups: Sequence[Group], layers: Mapping[str, Sequence[str]]) -> None:
        self._name, self._folder = name, Path(name).parent
        self._of = {weight.name: (group, weight) for group in groups for weight in group.weights}
        self._layers = layers
        self._data: dict[tuple[str, ...], bytes] = {}
        self.arrays: Mapping[str, StoredWeight] = {
            f"{layer}/{weight}": StoredWeight(f"{layer}/{weight}", self._of[weight][1].shape)
            for layer, weights in layers.items()
            for weight in weights
        }

    @property
    def groups(self) -> Collection[str]:
        """The layers that have weights."""
        return ["", *self._layers]

    def strings(self, group: str, name: str) -> tuple[str, ...] | None:
        """The attributes that say which layers and weights there are, and in what order."""
        if (group, name) == ("", "layer_names"):
            return tuple(self._layers)
        return tuple(self._layers[group]) if name == "weight_names" and group in self._layers else None

    def read(self, path: str) -> Array:
        """An array as float32. Raises `FileFormatError` where its shards are not as they should be."""
        layer = next(one for one in self._layers if path.startswith(f"{one}/") and path[len(one) + 1 :] in self._of)
        group, weight = self._of[path[len(layer) + 1 :]]
        return weight.decoded(self._bytes(group)[weight.start : weight.start + weight.nbytes])

    def _bytes(self, group: Group) -> bytes:
        if group.paths not in self._data:
            sizes = [self._size(path) for path in group.paths]
            if sum(sizes) != group.nbytes:
                raise damaged(self._name, f"its shards hold {sum(sizes):,} bytes, its weights need {group.nbytes:,}")
            self._data[group.paths] = b"".join(map(self._read, group.paths))
        return self._data[group.paths]

    def _size(self, path: str) -> int:
        where = self._folder / path
        if not Path(os.path.realpath(where)).is_relative_to(os.path.realpath(self._folder)):
            raise damaged(self._name, f"the shard `{path[:60]}` is outside of its folder")
        try:
            return os.stat(where).st_size
        except OSError as error:
            raise damaged(self._name, f"the shard `{path[:60]}`: {error.strerror or error}") from None

    def _read(self, path: str) -> bytes:
        try:
            with open(self._folder / path, "rb", opener=regular_file) as file:
                return file.read()
        except OSError as error:
            raise damaged(self._name, f"the shard `{path[:60]}`: {error.strerror or error}") from None


def read_tfjs(stream: BinaryIO, name: str) -> Tfjs:
    """What the `model.json` in a stream, which is called `name`, describes; its shards lie beside it.

    Raises `FileFormatError` where it is damaged, `UnsupportedError` for a model that is not made of layers.
    """
    stream.seek(0)
    data = stream.read(MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        raise damaged(name, f"it is larger than {MAX_TEXT_BYTES} bytes")
    try:
        document: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise damaged(name, f"it is not JSON: {str(error)[:200]}") from None
    fields: Mapping[str, Any] = cast("Mapping[str, Any]", document) if isinstance(document, Mapping) else {}
    if fields.get("format") == "graph-model":
        raise UnsupportedError(
            f"`{name}` is a graph-model of TensorFlow.js, which holds operations of TensorFlow and no layers; "
            "convert the Keras model itself, with --output_format=tfjs_layers_model"
        )
    topology = fields.get("modelTopology")
    if not isinstance(topology, Mapping):
        raise damaged(name, "it has no `modelTopology`")
    held = cast("Mapping[str, Any]", topology)
    described = held.get("model_config", held)
    if not isinstance(described, Mapping) or "class_name" not in described:
        raise damaged(name, "its `modelTopology` does not describe a model")
    config = cast("Mapping[str, Any]", _without_nulls(described))
    version = held.get("keras_version")
    try:
        groups = groups_of(fields.get("weightsManifest", []))
    except MalformedManifestError as error:
        raise damaged(name, str(error)) from None
    layers = _by_layer(layer_tree(config), [weight for group in groups for weight in group.weights], name)
    return Tfjs(config, _keras_version(version), Shards(name, groups, layers))


def _without_nulls(value: Any) -> Any:
    """The same without options that are null, which stand for what TensorFlow.js takes where nothing is said."""
    if isinstance(value, list):
        return [_without_nulls(item) for item in cast("list[Any]", value)]
    if not isinstance(value, Mapping):
        return value
    fields = cast("Mapping[str, Any]", value)
    return {key: _without_nulls(item) for key, item in fields.items() if item is not None}


def _keras_version(written: Any) -> str:
    """The version of Keras that a model follows: TensorFlow.js writes its own, and computes as Keras 2 does."""
    return written if isinstance(written, str) and written[:2].rstrip(".").isdecimal() else "2.11.0"


def _by_layer(tree: LayerNode, weights: Sequence[ManifestWeight], name: str) -> dict[str, list[str]]:
    """The names of the weights of each layer of a model: they begin with its name, or that of a layer inside."""
    owners = {inner: node.name for node in tree.layers for inner in _names(node)}
    longest = sorted(owners, key=len, reverse=True)
    layers: dict[str, list[str]] = {}
    for weight in weights:
        owner = next((one for one in longest if weight.name.startswith(f"{one}/")), None)
        if owner is None:
            raise damaged(name, f"the weight `{weight.name}` belongs to no layer of the model")
        layers.setdefault(owners[owner], []).append(weight.name)
    return layers


def _names(node: LayerNode) -> Iterator[str]:
    yield node.name
    for inner in (*node.layers, *(part for _, part in node.parts)):
        for name in _names(inner):
            yield name
            if node.class_name == "Bidirectional":
                yield from (f"{direction}_{name}" for direction in ("forward", "backward"))


def damaged(name: str, reason: str) -> FileFormatError:
    """The error for a file that is not as it should be."""
    return FileFormatError(f"`{name}` is not a layers-model of TensorFlow.js, or is damaged: {reason}")

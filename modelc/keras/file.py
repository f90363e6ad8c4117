"""What Keras saves: `.keras`, `.weights.h5`, and the older `.h5` with or without the model; as data, with no Keras."""

from __future__ import annotations

import io
import itertools
import json
import os
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.files.hdf5.keras import KerasHdf5, keras_hdf5
from modelc.files.hdf5.reader import Hdf5File, is_plain_name, open_hdf5
from modelc.files.regular_file import opened
from modelc.files.signatures import is_tfjs
from modelc.keras.archive import is_zip, open_archive
from modelc.keras.tfjs.model import read_tfjs

Kind = Literal["keras"] | KerasHdf5


@dataclass(frozen=True, slots=True)
class LegacyLayer:
    """A layer of an older file: its name, and its arrays in the order of the file."""

    name: str
    weights: tuple[tuple[str, str], ...]
    """For each array the name that Keras gave it (`dense/kernel:0`), and its path in the file."""


@dataclass(frozen=True, slots=True)
class KerasFile:
    """An open file; arrays are read from it one by one. Made by `read_keras_file`."""

    name: str
    kind: Kind
    config: Mapping[str, Any] | None
    """The serialized model, as `json.loads(model.to_json())` gives it; None for a file of weights alone."""
    keras_version: str | None
    backend: str | None
    """The backend of the Keras that saved it, where it says so: `tensorflow`, `theano`."""
    hdf5: Hdf5File

    @property
    def is_legacy(self) -> bool:
        """Whether the weights are listed layer by layer, as Keras 1 and 2 do."""
        return self.kind in ("legacy-model", "legacy-weights")

    @property
    def root(self) -> str:
        """The group that holds the weights, with a `/` behind it; empty for the whole file."""
        return "model_weights/" if self.kind == "legacy-model" else ""

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shape of every array in the file, by its path there."""
        return {path: stored.shape for path, stored in self.hdf5.arrays.items()}

    def read(self, path: str) -> NDArray[np.float32]:
        """An array by its path in the file, as float32."""
        return self.hdf5.read(path)

    def legacy_layers(self) -> list[LegacyLayer]:
        """The layers of an older file that have weights, in its order.

        Raises `FileFormatError` where a list names what is not there, or what could be a path.
        """
        root = self.root.rstrip("/")
        names = self._names(root, "layer_names", self.hdf5.groups)
        layers = [LegacyLayer(name, self._legacy_weights(f"{self.root}{name}")) for name in names]
        return [layer for layer in layers if layer.weights]

    def _legacy_weights(self, group: str) -> tuple[tuple[str, str], ...]:
        names = self._names(group, "weight_names", self.hdf5.arrays)
        return tuple((name, f"{group}/{name}") for name in names)

    def _names(self, group: str, attribute: str, known: Collection[str]) -> list[str]:
        """The names in an attribute, each of something in the group; long lists are spread over numbered attributes."""
        found = self.hdf5.strings(group, attribute)
        chunks = (self.hdf5.strings(group, f"{attribute}{i}") for i in itertools.count()) if found is None else [found]
        names = [name for chunk in itertools.takewhile(lambda chunk: chunk is not None, chunks) for name in chunk or ()]
        for name in names:
            if not all(is_plain_name(part) for part in name.split("/")):
                raise self._damaged(f"its `{attribute}` lists {name[:60]!r}, which is not a plain name")
            if "/".join(filter(None, (group, name))) not in known:
                raise self._damaged(f"its `{attribute}` lists `{name}`, which is not in the file")
        if len(set(names)) != len(names):
            raise self._damaged(f"its `{attribute}` lists a name twice")
        return names

    def _damaged(self, reason: str) -> FileFormatError:
        return FileFormatError(f"`{self.name}` is not a file that Keras saved, or is damaged: {reason}")


@contextmanager
def read_keras_file(path: str | os.PathLike[str]) -> Generator[KerasFile]:
    """Open a file that Keras saved, of any of its kinds, told by its content.

    Nothing in the file is executed and nothing outside of it is opened. Raises `FileFormatError` with the reason where
    it is damaged, is something else, or holds more than such a file does.
    """
    name = os.fspath(path)
    with opened(path) as stream:
        if is_tfjs(stream):
            tfjs = read_tfjs(stream, name)
            shards = cast("Hdf5File", tfjs.shards)
            yield KerasFile(name, "legacy-weights", tfjs.config, tfjs.version, None, shards)
        elif is_zip(stream):
            with open_archive(stream, name) as archive:
                config = _object(archive.config, name, "config.json")
                version = _object(archive.metadata, name, "metadata.json").get("keras_version")
                with open_hdf5(archive.weights, archive.weights_bytes, name) as hdf5:
                    yield KerasFile(name, "keras", config, version if isinstance(version, str) else None, None, hdf5)
        else:
            with open_hdf5(stream, stream.seek(0, io.SEEK_END), name) as hdf5:
                yield _classified(hdf5, name)


def _classified(hdf5: Hdf5File, name: str) -> KerasFile:
    kind = keras_hdf5(hdf5)
    if kind is None:
        raise FileFormatError(f"`{name}` is an HDF5 file, but Keras did not save a model or weights in it")
    if kind == "weights":
        return KerasFile(name, kind, None, None, None, hdf5)
    version, backend = ((hdf5.strings("", noted) or [None])[0] for noted in ("keras_version", "backend"))
    text = hdf5.strings("", "model_config") if kind == "legacy-model" else None
    config = _object(text[0].encode(), name, "`model_config`") if text else None
    return KerasFile(name, kind, config, version, backend, hdf5)


def _object(text: bytes, name: str, what: str) -> Mapping[str, Any]:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileFormatError(f"`{name}` is damaged: its {what} is not JSON: {str(error)[:200]}") from None
    if not isinstance(value, dict):
        raise FileFormatError(f"`{name}` is damaged: its {what} is not a JSON object")
    return cast("Mapping[str, Any]", value)

"""`weightsManifest`: which weights lie in which shards, of what type, and how they are quantized; checked, not read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.files.hdf5.reader import MAX_NAME, MAX_OBJECTS, is_plain_name

Array = NDArray[Any]

_DTYPES: Mapping[str, str] = {"float32": "<f4", "int32": "<i4", "bool": "u1", "uint8": "u1", "uint16": "<u2"}
_QUANTIZED: Mapping[str, str] = {"uint8": "u1", "uint16": "<u2", "float16": "<f2"}
_MAX_RANK = 32


class MalformedManifestError(ValueError):
    """What is wrong with a manifest, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class ManifestWeight:
    """A weight, and where its bytes begin in those of its group."""

    name: str
    shape: tuple[int, ...]
    stored: np.dtype[Any]
    start: int
    scale: float = 1.0
    least: float = 0.0
    """A stored number v means ``v·scale + least``."""

    @property
    def nbytes(self) -> int:
        """The bytes of it in the shards."""
        return math.prod(self.shape) * self.stored.itemsize

    def decoded(self, data: bytes) -> Array:
        """Its array as float32, of its bytes."""
        array = np.frombuffer(data, self.stored).reshape(self.shape)
        if self.stored.kind == "f":
            return array.astype(np.float32)
        return (array.astype(np.float64) * self.scale + self.least).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Group:
    """Weights that lie one after the other in the bytes of some shards."""

    paths: tuple[str, ...]
    weights: tuple[ManifestWeight, ...]

    @property
    def nbytes(self) -> int:
        """The bytes of all of its shards together."""
        return sum(weight.nbytes for weight in self.weights)


def groups_of(manifest: Any) -> tuple[Group, ...]:
    """The groups of a manifest. Raises `MalformedManifestError`."""
    if not isinstance(manifest, list) or len(cast("list[Any]", manifest)) > MAX_OBJECTS:
        raise MalformedManifestError("its `weightsManifest` is not a list of groups")
    groups = tuple(map(_group, cast("list[Any]", manifest)))
    names = [weight.name for group in groups for weight in group.weights]
    if len(names) > MAX_OBJECTS or len(set(names)) < len(names):
        raise MalformedManifestError("its `weightsManifest` names a weight twice, or too many of them")
    return groups


def _group(value: Any) -> Group:
    fields = _mapping(value)
    paths, weights = fields.get("paths"), fields.get("weights")
    if not isinstance(paths, list) or not isinstance(weights, list):
        raise MalformedManifestError("a group of its `weightsManifest` has no `paths` and `weights`")
    at = 0
    made: list[ManifestWeight] = []
    for entry in cast("list[Any]", weights):
        made.append(_weight(entry, at))
        at += made[-1].nbytes
    return Group(tuple(map(_shard, cast("list[Any]", paths))), tuple(made))


def _shard(path: Any) -> str:
    """The path of a shard, below the folder of the model."""
    if not isinstance(path, str) or len(path) > MAX_NAME or ":" in path or "\\" in path or "\0" in path:
        raise MalformedManifestError(f"{str(path)[:60]!r} is not the path of a shard")
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts:
        raise MalformedManifestError(f"the shard {path[:60]!r} is outside of the folder of the model")
    return path


def _weight(entry: Any, start: int) -> ManifestWeight:
    fields = _mapping(entry)
    name, shape, dtype = fields.get("name"), fields.get("shape"), str(fields.get("dtype"))
    if not isinstance(name, str) or len(name) > MAX_NAME or not all(map(is_plain_name, name.split("/"))):
        raise MalformedManifestError(f"{str(name)[:60]!r} is not the name of a weight")
    sizes: list[Any] = cast("list[Any]", shape) if isinstance(shape, list) else [None]
    if len(sizes) > _MAX_RANK or not all(type(size) is int and 0 <= size < 2**40 for size in sizes):
        raise MalformedManifestError(f"the weight `{name}` has the shape {str(sizes)[:60]}")
    quantization = fields.get("quantization")
    if quantization is None:
        if dtype not in _DTYPES:
            raise MalformedManifestError(f"the weight `{name}` has the dtype {dtype[:30]!r}")
        return ManifestWeight(name, tuple(sizes), np.dtype(_DTYPES[dtype]), start)
    how = _mapping(quantization)
    stored = str(how.get("dtype"))
    if stored not in _QUANTIZED or dtype not in ("float32", "int32"):
        raise MalformedManifestError(f"the weight `{name}` is quantized as {stored[:30]!r}")
    scale, least = (how.get(key, default) for key, default in (("scale", 1.0), ("min", 0.0)))
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in (scale, least)):
        raise MalformedManifestError(f"the weight `{name}` is quantized by {str(scale)[:30]} and {str(least)[:30]}")
    return ManifestWeight(name, tuple(sizes), np.dtype(_QUANTIZED[stored]), start, float(scale), float(least))


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}

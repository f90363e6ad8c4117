"""Digests of layer weights, which show that frozen layers did not change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from modelc.graph.graph import LayerTrace
from modelc.language.pairing import paired
from modelc.layers.base import Layer


@dataclass(frozen=True, slots=True)
class LayerDigest:
    """A layer with weights, and the SHA-256 of all of them."""

    name: str
    type: str
    frozen: bool
    digest: str


def digests(
    layers: Iterable[Layer], records: Iterable[LayerTrace], arrays: Mapping[str, NDArray[Any]]
) -> list[LayerDigest]:
    """The digest of every layer that has weights, those inside of models by their paths."""
    return list(_digests(layers, records, arrays, "", False))


def _digests(
    layers: Iterable[Layer],
    records: Iterable[LayerTrace],
    arrays: Mapping[str, NDArray[Any]],
    below: str,
    frozen: bool,
) -> Iterator[LayerDigest]:
    for layer, record in paired(layers, records, below):
        cold = frozen or is_frozen(layer)
        if layer.is_model:
            yield from _digests(getattr(layer, "layers", ()), record.inner, arrays, f"{record.name}/", cold)
        elif record.stored:
            yield LayerDigest(record.name, record.type, cold, _digest(arrays, [w.path for w in record.stored]))


def is_frozen(layer: Layer) -> bool:
    """Whether a layer is frozen, by itself or because all that it wraps is."""
    if not layer.trainable:
        return True
    return not layer.is_model and bool(layer.inside) and all(map(is_frozen, layer.inside))


def _digest(arrays: Mapping[str, NDArray[Any]], paths: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(arrays[path].tobytes())
    return digest.hexdigest()

"""The weights of a model from a file that Keras 1 saved, by the structure of the model and the names in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.keras.file import KerasFile, LegacyLayer
from modelc.keras.keras1.composed import CARRY, MAXOUT
from modelc.keras.keras1.weights import (
    Named,
    converted,
    names_of_keras_1,
    of_highway,
    of_maxout,
    parted,
    saved_by_theano,
)
from modelc.keras.weights.theano import straightened
from modelc.keras.weights.tree import LayerNode

Array = NDArray[Any]
Shapes = Mapping[str, tuple[int, ...]]
"""The shapes of the model's weights, by path."""


@dataclass(frozen=True, slots=True)
class FromKeras1:
    """The arrays in a file of Keras 1 that belong to a model."""

    arrays: Mapping[str, Array]
    """The arrays by the paths of the weights, in the layout of Keras 2; their shapes are not checked yet."""
    stored: Mapping[str, str]
    """For each path the layer's group in the file that holds the array."""
    left: tuple[str, ...]
    """The paths in the file of arrays that belong to no layer of the model."""


def is_of_keras_1(file: KerasFile) -> bool:
    """Whether Keras 1 saved the weights in a file."""
    return file.is_legacy and names_of_keras_1(_names(file.legacy_layers()))


def keras_1_backend(file: KerasFile) -> str | None:
    """The backend, inferred from the names of arrays, of the Keras 1 that saved a file; None for files of others."""
    if not is_of_keras_1(file):
        return None
    return "theano" if saved_by_theano(_names(file.legacy_layers())) else "tensorflow"


def keras_1_arrays(file: KerasFile, tree: LayerNode, shapes: Shapes) -> FromKeras1:
    """The arrays for the weights of the model that `tree` describes."""
    below: dict[str, dict[str, tuple[int, ...]]] = {}
    for path, shape in shapes.items():
        below.setdefault(path.partition("/")[0], {})[path] = shape
    layers = [node for node in tree.layers if node.name in below]
    saved = file.legacy_layers()
    arrays: dict[str, Array] = {}
    stored: dict[str, str] = {}
    used: set[str] = set()
    for node, layer in _paired(layers, saved):
        groups = _groups(file, layer)
        for leaf, prefix, own in _assigned(list(_leaves(node, f"{node.name}/", below[node.name])), groups):
            for path, array in _of_leaf(file, leaf, prefix, own, below[node.name]).items():
                arrays[path], stored[path] = array, layer.name
        used.add(layer.name)
    if saved_by_theano(_names(saved)):
        arrays = straightened(arrays, tree)
    left = tuple(path for layer in saved if layer.name not in used for _, path in layer.weights)
    return FromKeras1(arrays, stored, left)


def _names(layers: Sequence[LegacyLayer]) -> list[str]:
    return [name for layer in layers for name, _ in layer.weights]


def _paired(layers: Sequence[LayerNode], found: Sequence[LegacyLayer]) -> list[tuple[LayerNode, LegacyLayer]]:
    """Pair the layers of the model with those of the file: in order if there are as many with other names, else those
    with the same name."""
    by_name = {layer.name: layer for layer in found}
    if len(layers) == len(found) and by_name.keys() != {node.name for node in layers}:
        return list(zip(layers, found, strict=True))
    return [(node, by_name[node.name]) for node in layers if node.name in by_name]


def _groups(file: KerasFile, layer: LegacyLayer) -> dict[str, Named]:
    """The arrays of a layer in the file, grouped by the layer inside of it that they belong to, and named by their
    parts."""
    groups: dict[str, dict[str, Array]] = {}
    for name, path in layer.weights:
        of, part = parted(name)
        groups.setdefault(of, {})[part] = file.read(path)
    return dict(groups)


def _leaves(node: LayerNode, prefix: str, shapes: Shapes) -> Iterator[tuple[LayerNode, str]]:
    """The innermost layers with weights, each with the prefix of the paths of its weights."""
    scopes = list(dict.fromkeys(path.removeprefix(prefix).split("/")[0] for path in shapes if path.startswith(prefix)))
    if not scopes:
        return
    if node.is_model and not _is_composed(node):
        for inner in node.layers:
            yield from _leaves(inner, f"{prefix}{inner.name}/", shapes)
    elif node.class_name in ("TimeDistributed", "Bidirectional"):
        for (_, inner), scope in zip(node.parts, scopes, strict=False):
            yield from _leaves(inner, f"{prefix}{scope}/", shapes)
    else:
        yield node, prefix


def _is_composed(node: LayerNode) -> bool:
    return any(inner.name in (CARRY, MAXOUT) for inner in node.layers)


def _assigned(
    leaves: Sequence[tuple[LayerNode, str]], groups: Mapping[str, Named]
) -> Iterator[tuple[LayerNode, str, Named]]:
    """Assign a group of arrays to each innermost layer: that with its name, else the next of the remaining ones."""
    rest = [name for name in groups if name not in {node.name for node, _ in leaves}]
    for node, prefix in leaves:
        name = node.name if node.name in groups else rest.pop(0) if rest else None
        if name is not None:
            yield node, prefix, groups[name]


def _of_leaf(file: KerasFile, node: LayerNode, prefix: str, arrays: Named, shapes: Shapes) -> dict[str, Array]:
    ours = {path.rpartition("/")[2]: path for path in shapes if path.startswith(prefix)}
    try:
        if _is_composed(node):
            made = of_maxout(arrays) if any(inner.name == MAXOUT for inner in node.layers) else of_highway(arrays)
            return {f"{prefix}{inner}/{name}": array for inner, own in made.items() for name, array in own.items()}
        found = converted(node, arrays, {name: shapes[path] for name, path in ours.items()})
    except (KeyError, ValueError, IndexError):
        parts = ", ".join(sorted(arrays))
        raise FileFormatError(
            f"`{file.name}`, saved by Keras 1.x, holds for the {node.class_name} `{node.name}`: {parts}"
        ) from None
    return {ours[name]: array for name, array in found.items() if name in ours}

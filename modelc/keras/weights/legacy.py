"""The order of weights in the older `.h5` files, which list them layer by layer.

Within a layer, and so within a model that is used as one, those that are trained come first, then the others. Which
are trained depends on the `trainable` of every layer inside at the time of saving: for a frozen model the list is in
the order of its layers, for any other one the moving statistics of all of its layers are at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from modelc.graph.graph import Weight
from modelc.keras.file import KerasFile, LegacyLayer
from modelc.keras.weights.tree import LayerNode, layer_tree, number_in
from modelc.language.names import SLASH, escaped
from modelc.weights.variable import Variable

_Pairs = list[tuple[str, str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Own:
    """One of our weights below a layer."""

    path: str
    shape: tuple[int, ...]
    parameter: bool
    """Whether training can update it; false for statistics, such as moving averages."""
    frozen: bool
    """Whether its layer, or a model around that, is frozen."""


def legacy_pairs(
    file: KerasFile, tree: LayerNode, weights: Sequence[tuple[str, Weight | Variable]]
) -> list[tuple[str, str]]:
    """The keys of our weights, each with the path of its array in the file; see `keras_naming.keys_of`.

    Raises `FileFormatError` where its lists are damaged.
    """
    saved = {node.name: node for node in layer_tree(file.config).layers} if file.config is not None else {}
    below: dict[str, list[tuple[str, Weight | Variable]]] = {}
    for key, weight in weights:
        below.setdefault(key.partition("/")[0], []).append((key, weight))
    nodes = [saved.get(node.name, node) for node in tree.layers]
    layers = {node: _own(node, below[node.name]) for node in nodes if node.name in below}
    pairs: _Pairs = []
    for node, theirs in _paired(list(layers), file.legacy_layers()):
        pairs += _assigned(layers[node], theirs, file)
    return pairs


def _own(node: LayerNode, weights: Iterable[tuple[str, Weight | Variable]]) -> list[_Own]:
    frozen = tuple(_frozen(node, f"{node.name}/"))
    return [_Own(key, w.shape, w.trainable, key.startswith(frozen) or _cold(w)) for key, w in weights]


def _cold(weight: Weight | Variable) -> bool:
    """Whether a weight is of a layer in a wrapper that is frozen by itself."""
    return isinstance(weight, Weight) and weight.frozen


def _frozen(node: LayerNode, prefix: str) -> Iterator[str]:
    """The prefixes of the paths of weights that are not trained."""
    if not node.trainable:
        yield prefix
    for inner in node.layers if node.is_model else ():
        yield from _frozen(inner, f"{prefix}{inner.name}/")
    for _, inner in node.parts:
        # A part's name in our paths may differ from the one in the file; a wrapper has one part or two alike.
        if inner.is_model:
            yield from _frozen(inner, f"{prefix}{inner.name}/")


def _paired(layers: Sequence[LayerNode], found: Sequence[LegacyLayer]) -> list[tuple[LayerNode, LegacyLayer]]:
    """Layers with weights, one to one in order; by their names where both have the same ones, or other numbers."""
    by_name = {escaped(layer.name).replace("/", SLASH): layer for layer in found}
    named = [(node, by_name[node.name]) for node in layers if node.name in by_name]
    if len(layers) == len(found) and len(named) < len(layers):
        return list(zip(layers, found, strict=True))
    return [*named, *_paired_by_number(layers, by_name)]


def _paired_by_number(
    layers: Sequence[LayerNode], found: Mapping[str, LegacyLayer]
) -> Iterator[tuple[LayerNode, LegacyLayer]]:
    """Layers that Keras named by their class and a number, in order: the number counts all models of a process.

    Those whose names differ, and only where both sides have as many of a class.
    """
    for group in dict.fromkeys(node.group_name for node in layers):
        ours = [node for node in layers if node.group_name == group and number_in(group, node.name) is not None]
        theirs = [layer for name, layer in found.items() if number_in(group, name) is not None]
        if len(ours) == len(theirs) and not any(node.name in found for node in ours):
            yield from zip(ours, theirs, strict=True)


def _assigned(own: list[_Own], layer: LegacyLayer, file: KerasFile) -> _Pairs:
    """Weights in the most likely of the orders in which a layer may have been saved.

    That is one in which all shapes fit, and of those the one in which most names do; the order that `trainable` asks
    for, where names say nothing. With other numbers of weights, those with the same names.
    """
    by_name = _by_name(own, layer)
    if len(own) != len(layer.weights):
        return [(weight.path, stored) for weight, stored in by_name]
    trained_first = sorted(own, key=lambda w: w.frozen or not w.parameter)
    parameters_first = sorted(own, key=lambda w: not w.parameter)
    orders = [
        [(w, stored) for w, (_, stored) in zip(order, layer.weights, strict=True)]
        for order in (trained_first, own, parameters_first)
    ]
    if len(by_name) == len(own):
        orders.append(by_name)
    names = {stored: _end(name) for name, stored in layer.weights}
    arrays = file.hdf5.arrays

    def likelihood(order: list[tuple[_Own, str]]) -> tuple[int, int]:
        fitting = sum(w.shape == arrays[stored].shape for w, stored in order)
        return fitting, sum(_end(w.path) == names[stored] for w, stored in order)

    return [(w.path, stored) for w, stored in max(orders, key=likelihood)]


def _by_name(own: list[_Own], layer: LegacyLayer) -> list[tuple[_Own, str]]:
    """The weights whose layer and name occur once on both sides."""
    ours = _once((_end(w.path), w) for w in own)
    theirs = _once((_end(name), stored) for name, stored in layer.weights)
    return [(weight, theirs[end]) for end, weight in ours.items() if end in theirs]


def _once(items: Iterable[tuple[str, T]]) -> dict[str, T]:
    """The items whose key occurs once."""
    found: dict[str, list[T]] = {}
    for key, item in items:
        found.setdefault(key, []).append(item)
    return {key: values[0] for key, values in found.items() if len(values) == 1}


def _end(path: str) -> str:
    """The layer and the name of a weight, of our path or of Keras's name: `conv1/kernel`."""
    return "/".join(path.split("/")[-2:]).partition(":")[0]

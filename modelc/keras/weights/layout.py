"""Where Keras 3 keeps each weight of a model in an HDF5 file.

A layer's own weights are `vars/0`, `vars/1`, … in its group. An inner layer's group is called after the attribute
that holds it (`lstm/cell`). The layers of a model are in its group `layers`, each called after its class in snake
case, and numbered among those of its class in the order of the model: `layers/dense`, `layers/dense_1`. So names of
layers play no part.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from modelc.keras.weights.lora import is_change
from modelc.keras.weights.tree import LayerNode


@dataclass(frozen=True, slots=True)
class WeightGroup:
    """A group of a file, and the weights that are its arrays `0`, `1`, …, by our paths."""

    group: str
    weights: tuple[str, ...]
    name: str
    """The name of the layer that the weights belong to."""


@dataclass(slots=True)
class WeightScope:
    """Our weights below one path: those directly there, and the scopes further down, in order."""

    own: list[str] = field(default_factory=list[str])
    inner: dict[str, WeightScope] = field(default_factory=dict[str, "WeightScope"])

    @staticmethod
    def of(paths: Iterable[str]) -> WeightScope:
        """The scopes that the paths of a model's weights form, those that Keras does not save left out."""
        root = WeightScope()
        for path in itertools.filterfalse(is_change, paths):
            scope = root
            for part in path.split("/")[:-1]:
                scope = scope.inner.setdefault(part, WeightScope())
            scope.own.append(path)
        return root

    @property
    def first(self) -> str | None:
        """The first weight here or below."""
        return next(iter(self.own), None) or next((s.first for s in self.inner.values()), None)


Members = Sequence[tuple[LayerNode, WeightScope | None]]
Naming = Callable[[str, Members], Sequence[str]]
"""The names of the groups of a model's layers, given the path of their container, and their weights."""


def numbered(container: str, members: Members) -> list[str]:
    """The names that Keras gives: the class, and a number from the second layer of a class on."""
    del container
    seen: Counter[str] = Counter()
    names: list[str] = []
    for node, _ in members:
        base = node.group_name
        names.append(f"{base}_{seen[base]}" if seen[base] else base)
        seen[base] += 1
    return names


def places(tree: LayerNode, paths: Iterable[str], naming: Naming = numbered) -> list[WeightGroup]:
    """The place of every weight of a model, and of every layer, by our paths: `dense/kernel`, `lstm/lstm_cell/bias`.

    A layer of a model is found by its name in our paths; the inner layers of a layer by their order there.
    """
    return list(_places(tree, WeightScope.of(paths), "", naming))


def _places(node: LayerNode, scope: WeightScope, group: str, naming: Naming) -> Iterator[WeightGroup]:
    own = list(scope.own)
    if (kernel := _normalized(node, scope)) is not None:
        own.insert(0, kernel)  # Keras keeps the kernel of the wrapped layer in both groups.
    yield WeightGroup(f"{group}vars", tuple(own), node.name)
    inner = list(scope.inner.values())
    if node.layers:
        named = [scope.inner.get(layer.name) for layer in node.layers]
        scopes = named if node.is_named else _padded(inner, node.layers)
        members = list(zip(node.layers, scopes, strict=True))
        container = f"{group}{node.container}"
        for name, (layer, below) in zip(naming(container, members), members, strict=True):
            yield from _places(layer, below or WeightScope(), f"{container}/{name}/", naming)
    for (attribute, part), below in zip(node.parts, _padded(inner, node.parts), strict=True):
        around = _around(group) if attribute in node.lifted else group
        yield from _places(part, below or WeightScope(), f"{around}{attribute}/", naming)


def _normalized(node: LayerNode, scope: WeightScope) -> str | None:
    """The kernel that a SpectralNormalization divides, of the layer inside of it, or of all of them."""
    wraps, inside = node.class_name == "SpectralNormalization", next(iter(scope.inner.values()), None)
    if not wraps or inside is None:
        return None
    return _normalized(node.parts[0][1], inside) or inside.first


def _around(group: str) -> str:
    """The group that a group is in: `layers/lstm/` of `layers/lstm/cell/`."""
    return f"{group.rstrip('/').rpartition('/')[0]}/"


def _padded(scopes: list[WeightScope], members: Sequence[object]) -> list[WeightScope | None]:
    """As many scopes as there are members; None for those without weights."""
    return [*scopes[: len(members)], *[None] * (len(members) - len(scopes))]

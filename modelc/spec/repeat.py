"""`repeat: N` on a layer's entry or on a group of entries: the list of layers written out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from modelc.errors import Diagnostic
from modelc.spec.hints import hint
from modelc.spec.node import BROKEN, Node, quote

MAX_LAYERS: Final = 1_000_000
"""Layers allowed in a spec, repeats counted."""

_GROUP_KEYS = ("repeat", "layers")


@dataclass(frozen=True, slots=True, eq=False)
class _Slot:
    """One written entry. Its repetitions share the slot, which is how they are numbered."""

    node: Node


def expand_repeats(spec: Node) -> tuple[Node, list[Diagnostic]]:
    """The spec with groups and repeats written out in every list of `layers` (E201, E203, E204, E105).

    The first repetition of an entry keeps its `name`; the later ones get `name_1`, `name_2`, … through all the
    groups around it. Entries keep their place in the text.
    """
    expansion = _Expansion()
    return expansion.model(spec, 1), expansion.diagnostics


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds an entry: how often it is repeated in all, and the innermost repeat."""

    times: int
    cause: Node


class _Expansion:
    """The layers counted so far, each as often as it will be repeated, and the mistakes found."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._layers = 0

    def model(self, node: Node, times: int) -> Node:
        """A mapping whose `layers`, if it has any, are written out; `times` is how often it is repeated itself."""
        layers = node.get("layers")
        if layers is None or not isinstance(layers.value, tuple) or not isinstance(node.value, dict):
            return node
        slots = self._list(layers.value, _Around(times, layers))
        value = BROKEN if self._layers > MAX_LAYERS else tuple(_numbered(slots))
        return node.with_value({**node.value, "layers": layers.with_value(value)})

    def _list(self, entries: tuple[Node, ...], around: _Around) -> list[_Slot]:
        slots: list[_Slot] = []
        for entry in entries:
            slots += self._entry(entry, around)
        return slots

    def _entry(self, entry: Node, around: _Around) -> list[_Slot]:
        """The slots of one entry, repeated as often as the entry itself says."""
        items = entry.value if isinstance(entry.value, dict) else {}
        repeat, group = items.get("repeat"), items.get("layers")
        count = 1 if repeat is None else self._count(repeat)
        if repeat is not None:
            around = _Around(around.times * count, repeat)
        if group is not None and "type" not in items:
            self._check_group(items, group)
            slots = self._list(group.value if isinstance(group.value, tuple) else (), around)
            return slots * count if slots else []
        if self._layers > MAX_LAYERS:
            return []
        self._layers += around.times
        if self._layers > MAX_LAYERS:
            message = f"with its repeats the spec has more than {MAX_LAYERS:,} layers"
            self.diagnostics.append(around.cause.diagnostic("E105", message))
            return []
        if repeat is not None:
            entry = entry.with_value({key: child for key, child in items.items() if key != "repeat"})
        return [_Slot(self.model(entry, around.times))] * count

    def _count(self, repeat: Node) -> int:
        value = repeat.value
        if repeat.broken:
            return 1
        if not isinstance(value, int) or isinstance(value, bool):
            self.diagnostics.append(repeat.diagnostic("E203", f"`repeat` must be an integer, found {repeat.kind}"))
            return 1
        if value < 1:
            self.diagnostics.append(repeat.diagnostic("E204", f"`repeat` must be at least 1, found {value}"))
            return 1
        return value

    def _check_group(self, items: dict[str, Node], group: Node) -> None:
        for key, child in items.items():
            if key in _GROUP_KEYS:
                continue
            help = hint(key, ("type", *_GROUP_KEYS), "a group has `layers` and `repeat` only")
            message = f"a group of layers has no key {quote(key)}"
            self.diagnostics.append((child.key or child).diagnostic("E201", message, help))
        if not isinstance(group.value, tuple) and not group.broken:
            self.diagnostics.append(group.diagnostic("E203", f"`layers` must be a list, found {group.kind}"))


def _numbered(slots: Iterable[_Slot]) -> Iterable[Node]:
    seen: dict[_Slot, int] = {}
    for slot in slots:
        name = slot.node.get("name")
        if name is None or not isinstance(name.value, str) or not isinstance(slot.node.value, dict):
            yield slot.node
            continue
        number = seen.get(slot, 0)
        seen[slot] = number + 1
        if number == 0:
            yield slot.node
        else:
            renamed = name.with_value(f"{name.value}_{number}")
            yield slot.node.with_value({**slot.node.value, "name": renamed})

"""The structure of a spec as an editor shows it: the outline of sections, blocks and layers, and what can be folded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modelc.language.text.node import TextNode
from modelc.lsp.extents import Extent, scalar_extent
from modelc.lsp.layers_told import ToldLayer, by_place, shapes_of
from modelc.lsp.names import words_of
from modelc.lsp.snapshot import NamedEntry, Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class OutlinePart:
    """A part of the outline."""

    name: str
    detail: str
    kind: str
    """`section`, `block`, `layer`, `group`, `variable` or `value`."""
    first: int
    last: int
    """Its lines."""
    word: Extent
    """What is selected when it is chosen."""
    parts: tuple[OutlinePart, ...] = ()


def outline(snapshot: Snapshot) -> tuple[OutlinePart, ...]:
    """The parts of a spec, in the order of the text."""
    tree = snapshot.tree
    if tree is None or not isinstance(tree.value, dict):
        return ()
    return _Outline(snapshot, tree).parts()


class _Outline:
    def __init__(self, snapshot: Snapshot, tree: TextNode) -> None:
        self._tree = tree
        self._lines = snapshot.lines
        self._words = snapshot.words
        self._placed = by_place(snapshot.entries, snapshot.traces, snapshot.name)
        self._names: dict[tuple[int | None, int | None], NamedEntry] = {}
        for entry in snapshot.entries:
            if entry.node.source.name == snapshot.name:
                self._names.setdefault((entry.node.line, entry.node.column), entry)

    def parts(self) -> tuple[OutlinePart, ...]:
        children = list(self._tree.value.items()) if isinstance(self._tree.value, dict) else []
        return tuple(self._keyed(key, node, last) for (key, node), last in self._with_ends(children, len(self._lines)))

    def _with_ends(self, children: list[tuple[str, TextNode]], last: int) -> Iterator[tuple[tuple[str, TextNode], int]]:
        """Children with their last lines: before the next one, without blank lines and comments."""
        firsts = [_first(node) for _, node in children]
        for child, first, following in zip(children, firsts, [*firsts[1:], last + 1], strict=True):
            yield child, self._last(first, following - 1)

    def _last(self, first: int, last: int) -> int:
        while last > first and (not (text := self._lines[last - 1].strip()) or text.startswith("#")):
            last -= 1
        return max(first, last)

    def _keyed(self, key: str, node: TextNode, last: int) -> OutlinePart:
        at = node.key or node
        word = scalar_extent(at.source, at.line or 1, at.column or 1)
        if key == "layers" or key == "blocks":
            return OutlinePart(key, "", "section", _first(node), last, word, tuple(self._inside(key, node, last)))
        if isinstance(node.value, dict):
            items = list(node.value.items())
            inside = tuple(self._value(k, n, end) for (k, n), end in self._with_ends(items, last))
            return OutlinePart(key, "", "section", _first(node), last, word, inside)
        return self._value(key, node, last)

    def _value(self, key: str, node: TextNode, last: int) -> OutlinePart:
        at = node.key or node
        plain = "" if isinstance(node.value, dict) else str(node.plain())
        return OutlinePart(
            key, plain[:80], "value", _first(node), last, scalar_extent(at.source, at.line or 1, at.column or 1)
        )

    def _inside(self, key: str, node: TextNode, last: int) -> Iterator[OutlinePart]:
        if key == "layers" and isinstance(node.value, tuple):
            entries = [("", entry) for entry in node.value]
            for (_, entry), end in self._with_ends(entries, last):
                yield self._entry(entry, end)
        elif isinstance(node.value, dict):
            for (name, block), end in self._with_ends(list(node.value.items()), last):
                at = block.key or block
                word = scalar_extent(at.source, at.line or 1, at.column or 1)
                layers = block.get("layers")
                inside = tuple(self._inside("layers", layers, end)) if layers is not None else ()
                params = block.get("params")
                detail = ", ".join(params.value) if params is not None and isinstance(params.value, dict) else ""
                yield OutlinePart(name, detail, "block", _first(block), end, word, inside)

    def _entry(self, entry: TextNode, last: int) -> OutlinePart:
        layers = entry.get("layers")
        line, words = entry.line or 1, words_of(entry, self._words)
        kind, word = words.kind, words.at(words.shown, entry)
        inside = tuple(self._inside("layers", layers, last)) if layers is not None else ()
        if kind is None:
            repeat = entry.get("repeat")
            detail = f"×{repeat.plain()}" if repeat is not None else ""
            return OutlinePart("group", detail, "group", line, last, word, inside)
        place = (line, entry.column or 0)
        placed: list[ToldLayer] = self._placed.get(place, [])
        shape = f"  {shapes_of(placed[-1].trace)}" if placed else ""
        named = self._names.get(place)
        name = named.name if named is not None else str((entry.get("name") or kind).plain())
        return OutlinePart(name, f"{kind.plain()}{shape}", "layer", line, last, word, inside)


def _first(node: TextNode) -> int:
    return (node.key or node).line or 1


def foldings(snapshot: Snapshot) -> list[tuple[int, int, bool]]:
    """What can be folded: first and last line, and whether it is a comment. Lines count from 1."""
    found = {(part.first, part.last, False) for part in _all(outline(snapshot)) if part.last > part.first}
    first = None
    lines = snapshot.lines
    for number, line in enumerate([*lines, ""], 1):
        comment = line.lstrip().startswith("#")
        if comment and first is None:
            first = number
        elif not comment and first is not None:
            if number - 1 > first:
                found.add((first, number - 1, True))
            first = None
    return sorted(found)


def _all(parts: tuple[OutlinePart, ...]) -> Iterator[OutlinePart]:
    for part in parts:
        yield part
        yield from _all(part.parts)

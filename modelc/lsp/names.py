"""The names in a spec as it is written: where each is defined and where it is used, block by block and model by model.

A name is one symbol of one scope: the model, a block, or a model that is written inside of another one. A path such as
`base/block3_pool` uses a symbol of each scope on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from re import compile as regex
from typing import Literal

from modelc.language.expansion.blocks import INPUT
from modelc.language.expansion.references import REFERENCE_KEYS, split_suffix
from modelc.language.remembered import Table
from modelc.language.text.node import TextNode
from modelc.lsp.extents import Extent, scalar_extent, word_extent, word_extents
from modelc.lsp.snapshot import NamedEntry, Snapshot

Kind = Literal["layer", "input", "block", "variable", "parameter"]

_VARIABLE = regex(r"(?<!\$)\$\{\s*([^{}]*?)\s*\}")
_BY_OUTPUT = ("loss", "loss_weights", "metrics", "weighted_metrics")
"""The keys of `training` whose values may be mappings by the names of outputs."""


@dataclass(slots=True, eq=False)
class SpecName:
    """One name: what it denotes, where it is defined, and where it is used."""

    kind: Kind
    name: str
    node: TextNode
    """What it denotes: an entry, a block, the value of a variable."""
    definition: Extent | None
    """Where the name is written; None for an automatic name, and for one that is put together of parts."""
    uses: list[Extent] = field(default_factory=list[Extent])

    @property
    def extents(self) -> list[Extent]:
        """Where the name stands in the text."""
        return [*([self.definition] if self.definition is not None else []), *self.uses]


@dataclass(slots=True, eq=False)
class NameScope:
    """The names of a model or of a block."""

    node: TextNode
    names: dict[str, SpecName] = field(default_factory=dict[str, SpecName])
    parameters: dict[str, SpecName] = field(default_factory=dict[str, SpecName])
    """The variables, or the parameters of a block."""
    blocks: dict[str, NameScope] = field(default_factory=dict[str, "NameScope"])
    outer: NameScope | None = None

    def variable(self, name: str) -> SpecName | None:
        """The parameter or the variable that `${name}` refers to."""
        scope: NameScope | None = self
        while scope is not None and name not in scope.parameters:
            scope = scope.outer
        return None if scope is None else scope.parameters[name]

    def entry_lines(self) -> Iterator[int]:
        """The lines on which its entries begin, those in groups included."""
        waiting = [*_list(self.node.get("layers"))]
        while waiting:
            entry = waiting.pop()
            yield entry.line or 0
            waiting += _list(entry.get("layers"))


@dataclass(frozen=True, slots=True)
class EntryWords:
    """The names in an entry, whatever stands around it. The lines of extents count from that above its text."""

    definition: Extent | None
    """Where its own name is written as a whole."""
    variables: tuple[tuple[str, Extent], ...]
    """The variables in its texts, those in entries below it among them."""
    kind: TextNode | None
    """Its type, or the name of the block or of the layer that it uses; None for a group."""
    shown: Extent
    """What stands for it in an outline: its name, else its kind."""

    def at(self, extent: Extent, entry: TextNode) -> Extent:
        """Where an extent is in the file, for the entry of which this is told."""
        return _moved(extent, entry)


@lru_cache(maxsize=8)
def names_of(snapshot: Snapshot) -> SpecNames:
    """The symbols of a text, worked out once."""
    return SpecNames(snapshot)


class SpecNames:
    """All symbols of a text."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.symbols: list[SpecName] = []
        self.scopes: list[NameScope] = []
        self._inside: dict[int, NameScope] = {}
        """The scopes of models that are written inside of entries, by the ids of these."""
        self._written: list[tuple[TextNode, NameScope]] = []
        self._by_entry: dict[tuple[str, int | None, int | None], SpecName] = {}
        self._block_names: dict[str, SpecName] = {}
        self._automatic = {entry.name: entry for entry in snapshot.entries}
        self._words = snapshot.words
        self._known: dict[int, EntryWords] = {}
        """The names in entries, by the ids of these."""
        root = snapshot.last_tree
        self.root = NameScope(root) if root is not None else None
        if root is None or self.root is None or not isinstance(root.value, dict):
            return
        self._variables(root)
        for name, block in _items(root.get("blocks")):
            self._block(name, block, self.root)
        self._model(root, self.root)
        for node, scope in self._written:
            self._resolve(node, scope)
        self._texts(root)

    def at(self, line: int, column: int) -> SpecName | None:
        """The symbol whose name is at a place."""
        return next((s for s in self.symbols for e in s.extents if e.holds(line, column)), None)

    def scope_at(self, line: int) -> NameScope | None:
        """The scope of the entries at a line: that of a block, or of the model."""
        inner = [s for s in self.scopes if s is not self.root and _covers(s.node, line)]
        return max(inner, key=lambda s: s.node.line or 0, default=self.root)

    def reference(self, text: str, scope: NameScope) -> list[tuple[SpecName, str]]:
        """What a reference means: the symbol of each part of its path that is known, and the part."""
        return list(self._parts(text, scope))

    # --- definitions

    def _symbol(self, kind: Kind, name: str, node: TextNode, definition: Extent | None) -> SpecName:
        made = SpecName(kind, name, node, definition)
        self.symbols.append(made)
        return made

    def _variables(self, root: TextNode) -> None:
        assert self.root is not None
        for name, node in _items(root.get("vars")):
            at = word_extent(node.key, name) if node.key is not None else None
            self.root.parameters[name] = self._symbol("variable", name, node, at)

    def _block(self, name: str, node: TextNode, outer: NameScope) -> None:
        at = word_extent(node.key, name) if node.key is not None else None
        if node.source.name == outer.node.source.name:
            self._block_names[name] = self._symbol("block", name, node, at)
        scope = NameScope(node, outer=outer)
        outer.blocks[name] = scope
        self.scopes.append(scope)
        for parameter, value in _items(node.get("params")):
            at = word_extent(value.key, parameter) if value.key is not None else None
            scope.parameters[parameter] = self._symbol("parameter", parameter, value, at)
        inputs = node.get("inputs")
        for one in _texts_in(inputs):
            scope.names[str(one.value)] = self._symbol("input", str(one.value), one, word_extent(one, str(one.value)))
        if not scope.names:
            scope.names[INPUT] = self._symbol("input", INPUT, node, None)
        self._entries(node, scope)
        self._written += [(one, scope) for one in _texts_in(node.get("outputs"))]

    def _model(self, node: TextNode, scope: NameScope) -> None:
        """A model: the file's own, or one that is written in an entry."""
        self.scopes.append(scope)
        named = node.get("input")
        name = named.get("name") if named is not None else None
        if name is not None and isinstance(name.value, str):
            scope.names[name.value] = self._symbol("input", name.value, name, word_extent(name, name.value))
        for name, one in _items(node.get("inputs")) if node.get("type") is None else ():
            at = word_extent(one.key, name) if one.key is not None else None
            scope.names[name] = self._symbol("input", name, one, at)
        self._entries(node, scope)
        for key in ("outputs", "truncate", "extract", "freeze"):
            self._written += [(one, scope) for one in _texts_in(node.get(key))]
        training = node.get("training")
        for key in _BY_OUTPUT:
            table = training.get(key) if training is not None else None
            self._written += [(_key(name, one), scope) for name, one in _items(table)]
        self._written += [(_key(name, one), scope) for name, one in _items(node.get("labels"))]

    def _entries(self, node: TextNode, scope: NameScope) -> None:
        for entry in _list(node.get("layers")):
            if not isinstance(entry.value, dict):
                continue
            if entry.get("layers") is not None and entry.get("type") is None and entry.get("block") is None:
                self._entries(entry, scope)
                continue
            name, spec = entry.get("name"), entry.get("spec")
            words = words_of(entry, self._words)
            if spec is None:  # else names mean something else in a part of it
                self._known[id(entry)] = words
            if name is not None and isinstance(name.value, str):
                symbol = self._symbol(
                    "layer", name.value, entry, words.definition and words.at(words.definition, entry)
                )
                scope.names.setdefault(name.value, symbol)
                self._by_entry[_place(entry)] = symbol
            for key in REFERENCE_KEYS:
                self._written += [(one, scope) for one in _texts_in(entry.get(key))]
            if spec is not None and isinstance(spec.value, dict):
                inner = self._inside[id(entry)] = NameScope(spec, outer=scope)
                self._model(spec, inner)
            used = entry.get("block")
            if used is not None and isinstance(used.value, str):
                self._use_block(used, entry, scope)

    def _use_block(self, used: TextNode, entry: TextNode, scope: NameScope) -> None:
        name, outermost = str(used.value), scope
        while outermost.outer is not None:
            outermost = outermost.outer
        symbol, block = self._block_names.get(name), outermost.blocks.get(name)
        at = word_extent(used, name)
        if symbol is not None and at is not None:
            symbol.uses.append(at)
        for parameter, value in _items(entry):
            known = block.parameters.get(parameter) if block is not None else None
            at = word_extent(value.key, parameter) if value.key is not None else None
            if known is not None and at is not None:
                known.uses.append(at)

    # --- uses

    def _resolve(self, node: TextNode, scope: NameScope) -> None:
        text = str(node.value)
        if node.line is None or node.column is None:
            return
        at = scalar_extent(node.source, node.line, node.column)
        column = at.column + (1 if text.startswith("!") else 0)
        written = (node.source.line(node.line) or "")[at.column - 1 : at.end - 1]
        if written != text:
            return
        for symbol, part in self._parts(text.removeprefix("!"), scope):
            symbol.uses.append(Extent(node.line, column, len(symbol.name)))
            column += len(part) + 1

    def _parts(self, text: str, scope: NameScope | None) -> Iterator[tuple[SpecName, str]]:
        """The symbol of each part of a path, and the part with its suffix."""
        if scope is None:
            return
        bare, _ = split_suffix(text)
        if bare in scope.names:
            yield scope.names[bare], text
            return
        for separator in "/.":
            first, _, rest = text.partition(separator)
            symbol = scope.names.get(split_suffix(first)[0])
            if rest and symbol is not None:
                yield symbol, first
                yield from self._parts(rest, self._inner(symbol.node, scope))
                return
        entry = self._automatic.get(bare) if scope is self.root else None
        if entry is not None and entry.node.source.name == scope.node.source.name:  # a base's names are told apart
            yield from self._of_entry(entry, text)

    def _inner(self, entry: TextNode, scope: NameScope) -> NameScope | None:
        block = entry.get("block")
        if block is None:
            return self._inside.get(id(entry))
        while scope.outer is not None:
            scope = scope.outer
        return scope.blocks.get(str(block.value))

    def _of_entry(self, entry: NamedEntry, text: str) -> Iterator[tuple[SpecName, str]]:
        """The symbol of an entry that has an automatic name, or a copy's: `conv_1` of `{name: conv, repeat: 2}`."""
        symbol = self._by_entry.get(_place(entry.node))
        if symbol is None:
            symbol = self._by_entry[_place(entry.node)] = self._symbol("layer", entry.name, entry.node, None)
        if text.startswith(symbol.name):
            yield symbol, text
        elif "/" in text and symbol.definition is not None:
            outer, _, last = text.rpartition("/")
            if last.startswith(symbol.name):
                yield SpecName("layer", outer, entry.node, None), outer  # counts the characters in front
                yield symbol, last

    def _texts(self, root: TextNode) -> None:
        """Find the references to variables."""
        waiting: list[tuple[TextNode, NameScope]] = [(root, self.root)] if self.root is not None else []
        blocks = {id(scope.node): scope for scope in self.scopes}
        while waiting:
            node, scope = waiting.pop()
            words = self._known.get(id(node))
            if words is None:
                scope = blocks.get(id(node), scope)
                waiting += [(child, scope) for child in _children(node)]
            for name, at in variables_in(node) if words is None else words.variables:
                symbol = scope.variable(name)
                if symbol is not None:
                    symbol.uses.append(_moved(at, node))


def words_of(entry: TextNode, known: Table[EntryWords]) -> EntryWords:
    """The names in an entry, found once."""
    return known.find(entry) or known.keep(entry, _words_of(entry))


def _words_of(entry: TextNode) -> EntryWords:
    variables: list[tuple[str, Extent]] = []
    waiting = [entry]
    while waiting:
        node = waiting.pop()
        waiting += _children(node)
        variables += variables_in(node)
    name = entry.get("name")
    written = name if name is not None and isinstance(name.value, str) else None
    whole = written is not None and not any(part in str(written.value) for part in ("#", "${"))
    definition = word_extent(written, str(written.value)) if written is not None and whole else None
    kind = next((child for key in ("type", "block", "use") if (child := entry.get(key)) is not None), None)
    at = name or kind or entry
    shown = scalar_extent(at.source, at.line or 1, at.column or 1)
    return EntryWords(definition and _moved(definition, entry, -1), tuple(variables), kind, _moved(shown, entry, -1))


def _moved(extent: Extent, entry: TextNode, way: int = 1) -> Extent:
    """An extent in the text of an entry as one in the file; the other way where `way` is -1."""
    lines = way * entry.source.above
    return Extent(extent.line + lines, extent.column, extent.length) if lines else extent


def variables_in(node: TextNode) -> Iterator[tuple[str, Extent]]:
    """The variables in a text, and where: the lines count from that above its source."""
    if isinstance(node.value, str) and "${" in node.value:
        for name in dict.fromkeys(_VARIABLE.findall(node.value)):
            for at in word_extents(node, name):
                if _is_reference(node, at):
                    yield name, _moved(at, node, -1)


def _is_reference(node: TextNode, at: Extent) -> bool:
    before = (node.source.line(at.line) or "")[: at.column - 1]
    return before.rstrip().endswith("${")


def _place(node: TextNode) -> tuple[str, int | None, int | None]:
    return node.source.name, node.line, node.column


def _covers(node: TextNode, line: int) -> bool:
    """Whether a line is in a node: between where it begins and where its last part begins."""
    return node.line is not None and node.line <= line <= max(_lines(node), default=0)


def _lines(node: TextNode) -> Iterator[int]:
    if node.line is not None:
        yield node.line
    for child in _children(node):
        yield from _lines(child)


def _children(node: TextNode) -> Iterable[TextNode]:
    value = node.value
    return value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()


def _items(node: TextNode | None) -> Iterable[tuple[str, TextNode]]:
    return node.value.items() if node is not None and isinstance(node.value, dict) else ()


def _key(name: str, value: TextNode) -> TextNode:
    """A key as a text at its place."""
    at = value.key or value
    return TextNode(at.source, at.row, at.column, at.trail, name)


def _list(node: TextNode | None) -> tuple[TextNode, ...]:
    return node.value if node is not None and isinstance(node.value, tuple) else ()


def _texts_in(node: TextNode | None) -> Iterator[TextNode]:
    """The texts in a value: itself, the items of a list, the values of a mapping."""
    if node is None:
        return
    if isinstance(node.value, str):
        yield node
    for child in _children(node):
        yield from _texts_in(child)

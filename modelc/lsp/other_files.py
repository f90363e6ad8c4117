"""Renaming a name that other files use: those that extend the file, or have its model inside, and those it extends.

Variables, blocks and their parameters are renamed in files that extend this one too. Where a file refers to a layer of
another one, or where a name is not this file's own, the renaming is refused, as it would break a spec that is not open.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from re import compile as regex

from modelc.errors import InputError
from modelc.language.expansion.files import ZOO, zoo_file
from modelc.language.text.node import Mark, TextNode
from modelc.language.text.source import examine
from modelc.lsp.extents import Extent, word_extent
from modelc.lsp.names import NameScope, SpecName, SpecNames, variables_in
from modelc.lsp.reading import named_text
from modelc.text.quoting import quote

_LONGEST_CHAIN = 20
_PARTS = regex(r"[/.!@\[\]]")
"""What is between the names in a reference or a selector."""
_REFERRING = ("outputs", "truncate", "extract", "freeze", "training", "labels")
"""The keys of a spec that refer to its layers."""


class OtherFiles:
    """The specs around one that is renamed in; `read` gives the text of a file as editors have it."""

    def __init__(self, specs: Iterable[str], read: Callable[[str], str]) -> None:
        self._specs = list(specs)
        self._read = read
        self._trees: dict[str, TextNode | None] = {}

    def renamed(self, file: str, names: SpecNames, symbol: SpecName, new: str) -> dict[str, list[Extent]]:
        """What is replaced by the new name in other files. Raises `InputError` where one has the name in a way that
        cannot be told apart, or the new name."""
        root = names.root
        if root is None:
            return {}
        self._trees[file] = root.node
        for base in self._bases(file):
            self._require_own(symbol, base, self._tree(base), root.node)
        found: dict[str, list[Extent]] = {}
        block = next((name for name, scope in root.blocks.items() if _has(scope, symbol)), None)
        for path in self._specs:
            if not self._has_word(path, (symbol.name, new)) or _same_file(path, file):
                continue
            tree = self._tree(path)
            if tree is None:
                continue
            extends = any(_same_file(base, file) for base in self._bases(path))
            inside = any(_same_file(model, file) for model in self._models(tree))
            if symbol.kind in ("layer", "input"):
                own_layers = tree.get("layers") is not None and symbol in root.names.values()
                if inside or (extends and not own_layers):
                    self._refuse_mentions(symbol.name, path, tree)
            elif extends:
                self._require_free(symbol, new, path, tree)
                extents = sorted(set(_places(symbol, block, tree)))
                if extents:
                    found[path] = extents
        return found

    # --- which files

    def _has_word(self, path: str, words: Iterable[str]) -> bool:
        """Whether a file has one of these words at all; most have not, and need not be parsed."""
        try:
            text = self._read(path)
        except (OSError, ValueError):
            return False
        return any(word in text for word in words)

    def _tree(self, path: str) -> TextNode | None:
        if path not in self._trees:
            try:
                node, mistakes = examine(named_text(path, self._read(path)), Path(path).parent)
            except (OSError, ValueError):
                node, mistakes = None, ()
            self._trees[path] = node if not mistakes else None
        return self._trees[path]

    def _bases(self, path: str) -> list[str]:
        """The files that a spec extends, the nearest first."""
        found: list[str] = []
        while len(found) < _LONGEST_CHAIN:
            tree = self._tree(path)
            named = tree.get("extends") if tree is not None else None
            if named is None or not isinstance(named.value, str):
                break
            if named.value.startswith(ZOO):
                path = str(zoo_file(named.value)[0] or "")
            else:
                path = os.path.normpath(Path(path).parent / named.value)
            if path in found or not os.path.isfile(path):
                break
            found.append(path)
        return found

    @staticmethod
    def _models(tree: TextNode) -> Iterator[str]:
        """The files whose models a spec has inside."""
        for node, key in _walk(tree):
            if key == "spec" and isinstance(node.value, str) and node.source.folder is not None:
                yield os.path.normpath(node.source.folder / node.value)

    # --- what they have

    def _require_own(self, symbol: SpecName, base: str, tree: TextNode | None, own: TextNode) -> None:
        """Raise `InputError` for a name that a base has too."""
        if tree is None:
            return
        if symbol.kind in ("layer", "input"):
            left = {key: child for key in _REFERRING if own.get(key) is None and (child := tree.get(key)) is not None}
            at = next((mark for child in left.values() for mark in _mentions(symbol.name, child)), None)
            line = at.line if at is not None else None
        else:
            kind = symbol.kind in ("variable", "block")
            line = min((extent.line for extent in _places(symbol, None, tree)), default=None) if kind else None
        if line is not None:
            message = f"{quote(symbol.name)} is also in {base}:{line}, which this file extends"
            raise InputError(message, "rename it in the files one by one")

    def _refuse_mentions(self, name: str, path: str, tree: TextNode) -> None:
        at = next(_mentions(name, tree), None)
        if at is not None:
            message = f"{path}:{at.line} may mean this {quote(name)}, as that spec is made from this file"
            raise InputError(message, "rename it in the files one by one")

    @staticmethod
    def _require_free(symbol: SpecName, new: str, path: str, tree: TextNode) -> None:
        other = SpecName(symbol.kind, new, symbol.node, None)
        if symbol.kind != "parameter" and any(True for _ in _places(other, None, tree)):
            raise InputError(f"{quote(new)} is in {path} already, which extends this file")


def _places(symbol: SpecName, block: str | None, tree: TextNode) -> Iterator[Extent]:
    """Where a file has a variable, a block, or a parameter of `block`."""
    name = symbol.name
    if symbol.kind == "variable":
        yield from _variable(name, tree)
    elif symbol.kind == "block":
        yield from _keys(tree.get("blocks"), name)
        for node, key in _walk(tree):
            if key == "block" and node.value == name:
                yield from _extents(node, name)
    elif symbol.kind == "parameter" and block is not None:
        blocks = tree.get("blocks")
        if blocks is None or blocks.get(block) is None:  # else it has a block of its own by that name
            for node, _ in _walk(tree):
                used = node.get("block")
                if used is not None and used.value == block:
                    yield from _keys(node, name)
                    yield from _keys(node.get("each"), name)


def _variable(name: str, tree: TextNode) -> Iterator[Extent]:
    yield from _keys(tree.get("vars"), name)
    hidden: set[int] = set()
    blocks = tree.get("blocks")
    for one in blocks.value.values() if blocks is not None and isinstance(blocks.value, dict) else ():
        parameters = one.get("params")
        if parameters is not None and parameters.get(name) is not None:
            hidden.add(id(one))
    for node, _ in _walk(tree, hidden):
        yield from (at for found, at in variables_in(node) if found == name)


def _mentions(name: str, tree: TextNode) -> Iterator[Mark]:
    """The texts and the keys that may refer to a layer."""
    for node, _ in _walk(tree):
        if isinstance(node.value, str) and name in _PARTS.split(node.value):
            yield node
        if node.key is not None and isinstance(node.key.trail, tuple) and node.key.trail[1] == name:
            yield node.key


def _keys(node: TextNode | None, name: str) -> Iterator[Extent]:
    child = node.get(name) if node is not None else None
    if child is not None and child.key is not None:
        yield from _extents(child.key, name)


def _extents(mark: Mark, name: str) -> Iterator[Extent]:
    at = word_extent(mark, name)
    if at is not None:
        yield at


def _walk(tree: TextNode, hidden: Iterable[int] = ()) -> Iterator[tuple[TextNode, str | None]]:
    """The values of a tree, each with its key; without those below the `hidden` ones, by their ids."""
    waiting = deque[tuple[TextNode, str | None]]([(tree, None)])
    left_out = set(hidden)
    while waiting:
        node, key = waiting.popleft()
        if id(node) in left_out:
            continue
        yield node, key
        if isinstance(node.value, dict):
            waiting += [(child, name) for name, child in node.value.items()]
        elif isinstance(node.value, tuple):
            waiting += [(child, key) for child in node.value]


def _has(scope: NameScope, symbol: SpecName) -> bool:
    return symbol in scope.parameters.values()


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False

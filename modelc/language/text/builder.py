"""Builds a tree of nodes from a flat run of events, and keeps it within the bounds of a spec.

The YAML, JSON and Python readers all drive this one builder. It does not recurse.
"""

from __future__ import annotations

from re import compile as regex

from modelc.errors import Diagnostic, SpecError
from modelc.language.text.node import (
    BROKEN,
    MAX_DEPTH,
    MAX_MISTAKES,
    MAX_NODES,
    Mark,
    TextNode,
    TextSource,
    Trail,
    Value,
    quote,
)

_SURROGATE = regex("[\ud800-\udfff]")


class _Frame:
    """A list or mapping that is still open."""

    __slots__ = ("broken", "column", "first", "height", "key", "line", "name", "trail", "value")

    def __init__(
        self,
        value: list[TextNode] | dict[str, TextNode],
        line: int | None,
        column: int | None,
        trail: Trail,
        first: int,
    ) -> None:
        self.value, self.line, self.column, self.trail = value, line, column, trail
        self.first = first  # nodes made before this one
        self.height = 1
        self.key: Mark | None = None
        self.name: str | None = None
        self.broken = False


class TreeBuilder:
    """The open collections, the nodes counted so far, and the mistakes found.

    `last` is the value finished last, with the nodes in it (`last_size`) and the levels below it (`last_height`).
    A mistake after which reading can go on is added to `diagnostics`; one that ends the reading is raised.
    """

    def __init__(self, source: TextSource) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.root: TextNode | None = None
        self.last: TextNode | None = None
        self.last_size = 0
        self.last_height = 0
        self._count = 0
        self._stack: list[_Frame] = []

    @property
    def expects_key(self) -> bool:
        """True between the entries of a mapping."""
        if not self._stack:
            return False
        frame = self._stack[-1]
        return frame.key is None and isinstance(frame.value, dict)

    @property
    def depth(self) -> int:
        """The number of open collections."""
        return len(self._stack)

    def report(self, line: int | None, column: int | None, code: str, message: str, help: str | None = None) -> None:
        """Notes a mistake after which reading goes on."""
        self._report(self._mark(line, column).diagnostic(code, message, help))

    def fatal(
        self, line: int | None, column: int | None, code: str, message: str, help: str | None = None
    ) -> SpecError:
        """The error to raise for a mistake that ends the reading."""
        return SpecError(self._mark(line, column).diagnostic(code, message, help))

    def key(self, name: str | None, line: int | None, column: int | None) -> None:
        """Names the next value of the open mapping. None drops it, because its key was refused."""
        frame = self._stack[-1]
        assert isinstance(frame.value, dict)
        if name is not None and self._refuse_surrogate(name, line, column):
            name = None
        frame.key = key = Mark(self.source, line, column, frame.trail if name is None else (frame.trail, name))
        if name is not None and name in frame.value:
            first = frame.value[name].key
            where = f" and first stands on line {first.line}" if first is not None and first.line is not None else ""
            message = f"the key {quote(name)} occurs twice in this mapping{where}"
            self._report(key.diagnostic("E103", message, "remove or rename one of the two"))
            name = None
        frame.name = name

    def scalar(self, value: Value, line: int | None, column: int | None) -> None:
        """Adds a scalar to the open collection."""
        self._count_up(1, line, column)
        if isinstance(value, str) and self._refuse_surrogate(value, line, column):
            value = BROKEN
        frame = self._stack[-1] if self._stack else None
        trail = self._trail() if frame else None
        self.last_size, self.last_height = 1, 0
        self._attach(TextNode(self.source, line, column, trail, value, frame.key if frame else None))

    def open(self, value: list[TextNode] | dict[str, TextNode], line: int | None, column: int | None) -> None:
        """Begins a list or a mapping; `value` is the empty collection to fill."""
        if len(self._stack) >= MAX_DEPTH:
            message = f"the spec is nested more than {MAX_DEPTH} levels deep"
            raise self.fatal(line, column, "E105", message)
        self._count_up(1, line, column)
        self._stack.append(_Frame(value, line, column, self._trail(), self._count - 1))

    def close(self, broken: bool = False) -> TextNode:
        """Ends the innermost open collection."""
        frame = self._stack.pop()
        key = self._stack[-1].key if self._stack else None
        value = BROKEN if broken else frame.value if isinstance(frame.value, dict) else tuple(frame.value)
        node = TextNode(self.source, frame.line, frame.column, frame.trail, value, key)
        self.last_size, self.last_height = self._count - frame.first, frame.height
        self._attach(node)
        return node

    def graft(self, node: TextNode, size: int, height: int, line: int | None, column: int | None) -> None:
        """Adds a node that was built before (a YAML alias). Its `size` counts again, its `height` deepens the tree."""
        if len(self._stack) + height > MAX_DEPTH:
            raise self.fatal(line, column, "E105", f"with this alias the spec is more than {MAX_DEPTH} levels deep")
        self._count_up(size, line, column)
        self.last_size, self.last_height = size, height
        self._attach(node.under(self._stack[-1].key if self._stack else None))

    def _refuse_surrogate(self, text: str, line: int | None, column: int | None) -> bool:
        # Escapes and Python strings can spell half a character, which no file or terminal can be given.
        if text.isascii() or _SURROGATE.search(text) is None:
            return False
        self.report(line, column, "E102", "half of a surrogate pair in a text", "write the character itself")
        return True

    def _report(self, diagnostic: Diagnostic) -> None:
        if len(self.diagnostics) >= MAX_MISTAKES:
            message = f"more than {MAX_MISTAKES:,} mistakes; the text from here on was not read"
            raise self.fatal(diagnostic.line, diagnostic.column, "E105", message)
        self.diagnostics.append(diagnostic)

    def _attach(self, node: TextNode) -> None:
        self.last = node
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        frame.height = max(frame.height, self.last_height + 1)
        if isinstance(frame.value, list):
            frame.value.append(node)
            return
        if frame.name is not None:
            frame.value[frame.name] = node
        frame.key = frame.name = None

    def _count_up(self, nodes: int, line: int | None, column: int | None) -> None:
        self._count += nodes
        if self._count > MAX_NODES:
            message = f"the spec holds more than {MAX_NODES:,} values, with aliases counted at every use"
            raise self.fatal(line, column, "E105", message)

    def _trail(self) -> Trail:
        if not self._stack:
            return None
        frame = self._stack[-1]
        if isinstance(frame.value, list):
            return (frame.trail, len(frame.value))
        return frame.key.trail if frame.key is not None else frame.trail

    def _mark(self, line: int | None, column: int | None) -> Mark:
        return Mark(self.source, line, column, self._trail())

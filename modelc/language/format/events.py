"""YAML text → a tree of what is written: scalars as they are spelt, anchors, and the places of all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, cast


@dataclass(slots=True, eq=False)
class WrittenNode:
    """A scalar, a list, a mapping or an alias. Lines count from 0; `first` and `last` are offsets in the text."""

    kind: Literal["scalar", "list", "mapping", "alias"]
    first: int
    last: int
    first_line: int
    last_line: int
    anchor: str | None = None
    text: str = ""
    """The value of a scalar as text, or the name of an alias."""
    plain: bool = False
    """Whether a scalar is without quotes, so that it may be a number, true, false or null."""
    style: str | None = None
    """`|`, `>`, a quote, or None."""
    items: list[WrittenNode] = field(default_factory=list["WrittenNode"])
    """The items of a list; of a mapping its keys and values in turn."""

    @property
    def pairs(self) -> Iterable[tuple[WrittenNode, WrittenNode]]:
        """The keys and values of a mapping."""
        return zip(self.items[::2], self.items[1::2], strict=True)

    def get(self, key: str) -> WrittenNode | None:
        """The value of a key of a mapping."""
        return next((value for name, value in self.pairs if name.text == key), None) if self.kind == "mapping" else None


def written(text: str) -> WrittenNode | None:
    """The tree of a text that is a spec's; None for an empty one."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    open_nodes: list[WrittenNode] = []
    root: WrittenNode | None = None
    for event in cast("Iterable[Any]", cast(Any, yaml).parse(text, Loader=loader)):
        kind = type(event).__name__
        start, end = event.start_mark, event.end_mark
        if kind in ("SequenceEndEvent", "MappingEndEvent"):
            done = open_nodes.pop()
            inner = done.items[-1] if done.items else None
            flow = text[end.index - 1 : end.index] in ("]", "}") and end.index > start.index
            done.last = end.index if flow or inner is None else inner.last
            done.last_line = end.line if flow or inner is None else inner.last_line
            continue
        if kind not in ("ScalarEvent", "SequenceStartEvent", "MappingStartEvent", "AliasEvent"):
            continue
        made = WrittenNode("scalar", start.index, end.index, start.line, end.line, event.anchor)
        if kind == "ScalarEvent":
            made.text, made.plain, made.style = event.value, bool(event.implicit[0]), event.style or None
            if made.style in ("|", ">"):
                _end_of_block(made, text)
        elif kind == "AliasEvent":
            made.kind, made.text, made.anchor = "alias", event.anchor, None
        else:
            made.kind = "list" if kind == "SequenceStartEvent" else "mapping"
        if open_nodes:
            open_nodes[-1].items.append(made)
        else:
            root = made
        if made.kind in ("list", "mapping"):
            open_nodes.append(made)
    return root


def _end_of_block(node: WrittenNode, text: str) -> None:
    """The end of a text after `|` or `>`: that of its last line which is not blank."""
    node.last = node.first + len(text[node.first : node.last].rstrip())
    node.last_line = text.count("\n", 0, node.last)


def scalars(node: WrittenNode) -> Iterable[WrittenNode]:
    """All scalars and aliases of a tree, in the order of the text."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.kind in ("list", "mapping"):
            waiting += reversed(one.items)
        else:
            yield one

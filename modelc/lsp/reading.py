"""Reading a text that was edited: where the edit is inside of `layers`, only the entries around it are read again.

The result is what reading the whole text gives. An entry is read by itself where it begins with a dash on a line of its
own and ends where the next one begins: what YAML does with the lines before does not change it. Whatever could make
one part of the text depend on another (anchors, mistakes, an edit across the end of the list) makes the whole text be
read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from re import compile as regex

from modelc.errors import Diagnostic
from modelc.language.text.node import Mark, TextNode, TextSource
from modelc.language.text.source import examine
from modelc.language.text.yaml_reader import read_yaml

_ANCHOR = regex(r"(?:^|[\s\[{,])[&*]\w")
_MOST_EDITS = 100
"""After so many edits the whole text is read: parts that were not edited hold on to the text they were read in."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text, the tree of its values if there is one, and the mistakes found."""

    text: str
    tree: TextNode | None
    diagnostics: tuple[Diagnostic, ...]
    edits: int = 0


class _Named(StringIO):
    """A text with the name of its file."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, newline="")
        self.name = name


def read_text(name: str, text: str, before: Reading | None = None) -> Reading:
    """The text of a file that is called `name`; `before` is what was read before an edit."""
    folder = Path(name).parent if os.path.isabs(name) else None
    tree = _edited(TextSource(name, text, folder), before) if before is not None else None
    if tree is not None and before is not None:
        return Reading(text, tree, (), before.edits + 1)
    return Reading(text, *examine(_Named(text, name), folder))


def _edited(source: TextSource, before: Reading) -> TextNode | None:
    """The tree after an edit inside of the list of layers; None where the text has to be read as a whole."""
    old, new, tree = before.text, source.text, before.tree
    layers = tree.get("layers") if tree is not None else None
    if tree is None or layers is None or before.diagnostics or before.edits >= _MOST_EDITS:
        return None
    if not isinstance(layers.value, tuple) or not isinstance(tree.value, dict) or not layers.value:
        return None
    if "\r" in new or old.lstrip().startswith("{") or _ANCHOR.search(new) or source.name.lower().endswith(".json"):
        return None
    same = _common(old, new)
    first, last = old.count("\n", 0, same[0]) + 1, old.count("\n", 0, len(old) - same[1]) + 1
    starts = [item.line or 0 for item in layers.value]
    end = _end(tree, layers, old)
    index = max((i for i, line in enumerate(starts) if line <= first), default=-1)
    if index < 0 or len(set(starts)) < len(starts) or first < 1:
        return None
    until = index + 1
    while until < len(starts) and starts[until] <= last:
        until += 1
    follows = starts[until] if until < len(starts) else end
    delta = new.count("\n") - old.count("\n")
    lines = new.split("\n")
    dash = (layers.column or 1) - 1
    mark = " " * dash + "- "
    if last >= follows or not lines[starts[index] - 1].startswith(mark):
        return None
    if follows < end and not lines[follows + delta - 1].startswith(mark):
        return None
    if any(not _old_line(old, start).startswith(mark) for start in (starts[index], *starts[until : until + 1])):
        return None
    part = "\n" * (starts[index] - 1) + "\n".join(lines[starts[index] - 1 : follows + delta - 1])
    made, mistakes = read_yaml(source, part)
    if mistakes or made is None or not isinstance(made.value, tuple) or made.column != layers.column:
        return None
    if any(item.line is None or not lines[item.line - 1].startswith(mark) for item in made.value):
        return None
    after = layers.value[until:]
    entries = (*layers.value[:index], *made.value, *(_moved(item, delta, source) for item in after))
    items: dict[str, TextNode] = {}
    behind = False
    for key, child in tree.value.items():
        if key == "layers":
            items[key], behind = child.with_value(entries), True
        else:
            items[key] = _moved(child, delta, source) if behind else child
    return tree.with_value(items)


def _common(old: str, new: str) -> tuple[int, int]:
    """The lengths of what two texts begin and end with in common."""
    start = _agreeing(old, new)
    most = min(len(old), len(new)) - start
    tail = _agreeing(old[len(old) - most :][::-1], new[len(new) - most :][::-1]) if most else 0
    return start, min(tail, most)


def _agreeing(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _end(tree: TextNode, layers: TextNode, text: str) -> int:
    """The line behind the list of layers: that of the next key, or behind the text."""
    value = tree.value if isinstance(tree.value, dict) else {}
    lines = [child.key.line for child in value.values() if child.key is not None and child.key.line is not None]
    below = [line for line in lines if line > (layers.line or 0)]
    return min(below, default=text.count("\n") + 2)


def _old_line(text: str, number: int) -> str:
    start = -1
    for _ in range(number - 1):
        start = text.index("\n", start + 1)
    end = text.find("\n", start + 1)
    return text[start + 1 : end if end >= 0 else len(text)]


def _moved(node: TextNode, lines: int, source: TextSource) -> TextNode:
    """The node as it stands so many lines further down."""
    if not lines:
        return node
    value = node.value
    if isinstance(value, dict):
        value = {key: _moved(child, lines, source) for key, child in value.items()}
    elif isinstance(value, tuple):
        value = tuple(_moved(child, lines, source) for child in value)
    key = node.key
    if key is not None:
        key = Mark(source, (key.line or 0) + lines, key.column, key.trail)
    return TextNode(source, (node.line or 0) + lines, node.column, node.trail, value, key)

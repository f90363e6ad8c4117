"""The map: which tensors the weights of a spec are made of, as a YAML file that people read and write.

```yaml
modelc-map: 1
layers:                      # the module of a layer; what follows for its weights is worked out
  shortcut: layer1.0.downsample.0
weights:                     # or the tensors of a weight, and the steps between
  conv/kernel: {from: conv.weight, as: o i h w -> h w i o}
ignore: [fc]                 # modules and tensors that the spec does not take
```
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from modelc.errors import Diagnostic, SpecError
from modelc.language.text.node import TextNode
from modelc.language.text.source import read
from modelc.pytorch.entry import MapEntry, Part
from modelc.pytorch.pattern import Pattern, PatternError
from modelc.text.unknown import unknown

VERSION = 1
KEY = "modelc-map"

MapSource = str | os.PathLike[str] | Mapping[str, Any]

_SOURCES = ("from", "add", "stack")
_STEPS = ("part", "blocks", "as", "sizes")
_PLAIN = re.compile(r"[A-Za-z_(][A-Za-z0-9_./() >-]*")
_NOT_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"})
_MAX_BLOCKS = 1024

_HEADER = """\
# Which tensors of {weights} become the weights of {spec}. Read it, correct it, and pass it by --map.
#
# from     the tensor; add: the sum of several; stack: several along a new first axis
# part     one of equal parts of each of them along an axis; blocks: their equal blocks along the first axis, in this
#          order, such as the gates of a GRU
# as       how the axes are rearranged: o are outputs, i inputs, h w places, c channels, n heads, d their features;
#          without it the tensor is taken as it is
"""


@dataclass(frozen=True)
class WeightsMap:
    """What a map says."""

    layers: Mapping[str, str] = field(default_factory=dict[str, str])
    """The modules of layers, or of parts of layers."""
    weights: Mapping[str, MapEntry] = field(default_factory=dict[str, MapEntry])
    """By the path of the weight."""
    ignore: tuple[str, ...] = ()
    """Modules and tensors that the spec does not take."""
    root: TextNode | None = None
    """Where it is written."""

    def diagnostic(self, keys: tuple[str | int, ...], message: str, help: str | None = None) -> Diagnostic:
        """A mistake in what stands under these keys."""
        node = self.root.at(keys) if self.root is not None else None
        return Diagnostic("E602", message, help) if node is None else node.diagnostic("E602", message, help)

    def unknown_key(self, keys: tuple[str, str], kind: str, known: Collection[str]) -> Diagnostic:
        """A mistake in the last of these keys itself: what it names is not there."""
        node = self.root.at(keys) if self.root is not None else None
        message, help = unknown(kind, keys[-1], known)
        return (
            Diagnostic("E602", message, help) if node is None else (node.key or node).diagnostic("E602", message, help)
        )

    def to_yaml(self, spec: str = "the spec", weights: str = "the file") -> str:
        """The text of the map; `spec` and `weights` are what its first line calls the two."""
        lines = [_HEADER.format(spec=_one_line(spec), weights=_one_line(weights)), f"{KEY}: {VERSION}\n"]
        if self.layers:
            lines += [
                "layers:\n",
                *(f"  {yaml_text(path)}: {yaml_text(piece)}\n" for path, piece in self.layers.items()),
            ]
        lines += [
            "weights:\n",
            *(f"  {yaml_text(path)}: {entry_text(entry)}\n" for path, entry in self.weights.items()),
        ]
        if self.ignore:
            lines += ["ignore:\n", *(f"  - {yaml_text(name)}\n" for name in self.ignore)]
        return "".join(lines)


def read_map(source: MapSource) -> WeightsMap:
    """The map in a YAML file, or in a mapping. Raises `SpecError` with every mistake."""
    root = read(source)
    mistakes: list[Diagnostic] = []
    keys = (KEY, "layers", "weights", "ignore")
    fields = _mapping(root, "a map of weights", mistakes)
    for key, node in fields.items():
        if key not in keys:
            mistakes.append((node.key or node).diagnostic("E201", *unknown("key", key, keys)))
    version = fields.get(KEY)
    if fields and (version is None or version.value != VERSION):
        message = f"`{KEY}: {VERSION}` says that it is a map of weights"
        mistakes.append((version or root).diagnostic("E202" if version is None else "E208", message, "write it first"))
    layers = {path: _name(node, mistakes) for path, node in _of(fields, "layers", mistakes).items()}
    entries = {path: _entry(node, mistakes) for path, node in _of(fields, "weights", mistakes).items()}
    ignore = _names(fields["ignore"], mistakes) if "ignore" in fields else ()
    if mistakes:
        raise SpecError(mistakes)
    return WeightsMap(layers, {path: entry for path, entry in entries.items() if entry is not None}, ignore, root)


def _of(fields: Mapping[str, TextNode], key: str, mistakes: list[Diagnostic]) -> Mapping[str, TextNode]:
    return _mapping(fields[key], f"`{key}`", mistakes) if key in fields and fields[key].value is not None else {}


def _entry(node: TextNode, mistakes: list[Diagnostic]) -> MapEntry | None:
    """What is written for one weight: the name of a tensor, or a mapping with the steps."""
    if isinstance(node.value, str):
        return MapEntry((node.value,))
    before = len(mistakes)
    fields = _mapping(node, "what a weight is made of", mistakes)
    for key, value in fields.items():
        if key not in (*_SOURCES, *_STEPS):
            mistakes.append((value.key or value).diagnostic("E201", *unknown("key", key, (*_SOURCES, *_STEPS))))
    named = [key for key in _SOURCES if key in fields]
    if len(named) != 1:
        if len(mistakes) == before:
            message = "one of `from`, `add` and `stack` names the tensors of a weight"
            mistakes.append(node.diagnostic("E202", message, "write `{from: conv.weight}`"))
        return None
    source = fields[named[0]]
    names = (_name(source, mistakes),) if named[0] == "from" else _names(source, mistakes)
    axes = _name(fields["as"], mistakes) if "as" in fields else None
    if axes is not None and isinstance(fields["as"].value, str):
        try:
            Pattern.of(axes)
        except PatternError as error:
            mistakes.append(fields["as"].diagnostic("E204", str(error), "write it as `o i h w -> h w i o`"))
    part = _part(fields["part"], mistakes) if "part" in fields else None
    blocks = _numbers(fields["blocks"], mistakes) if "blocks" in fields else ()
    sizes = _of(fields, "sizes", mistakes)
    entry = MapEntry(
        names,
        None if named[0] == "from" else cast("Any", named[0]),
        part,
        blocks,
        axes,
        {name: _number(size, mistakes) for name, size in sizes.items()},
    )
    return entry if len(mistakes) == before else None


def _part(node: TextNode, mistakes: list[Diagnostic]) -> Part | None:
    fields = _mapping(node, "`part`", mistakes)
    if not {"index", "of"} <= fields.keys() <= {"index", "of", "axis"}:
        mistakes.append(node.diagnostic("E202", "a part has an `index`, counted from 0, and `of`: how many there are"))
        return None
    return Part(**{key: _number(value, mistakes) for key, value in fields.items()})


def _mapping(node: TextNode, what: str, mistakes: list[Diagnostic]) -> Mapping[str, TextNode]:
    if isinstance(node.value, dict):
        return node.value
    mistakes.append(node.diagnostic("E203", f"{what} is a mapping, found {node.kind}"))
    return {}


def _name(node: TextNode, mistakes: list[Diagnostic]) -> str:
    if isinstance(node.value, str):
        return node.value
    mistakes.append(node.diagnostic("E203", f"a name is expected, found {node.kind}"))
    return ""


def _names(node: TextNode, mistakes: list[Diagnostic]) -> tuple[str, ...]:
    if isinstance(node.value, tuple) and node.value:
        return tuple(_name(one, mistakes) for one in node.value)
    if not isinstance(node.value, tuple):
        mistakes.append(node.diagnostic("E203", f"a list of names is expected, found {node.kind}"))
    return ()


def _number(node: TextNode, mistakes: list[Diagnostic]) -> int:
    if isinstance(node.value, int) and not isinstance(node.value, bool) and 0 <= node.value < 2**31:
        return node.value
    mistakes.append(node.diagnostic("E203", f"a number from 0 is expected, found {node.kind}"))
    return 1


def _numbers(node: TextNode, mistakes: list[Diagnostic]) -> tuple[int, ...]:
    if isinstance(node.value, tuple) and 0 < len(node.value) <= _MAX_BLOCKS:
        return tuple(_number(one, mistakes) for one in node.value)
    mistakes.append(node.diagnostic("E203", f"a list of numbers is expected, found {node.kind}"))
    return ()


def entry_text(entry: MapEntry) -> str:
    """What is written for one weight."""
    if entry == MapEntry(entry.tensors[:1]):
        return yaml_text(entry.tensors[0])
    names = ", ".join(map(yaml_text, entry.tensors))
    fields = [f"{entry.joined}: [{names}]" if entry.joined is not None else f"from: {names}"]
    if entry.part is not None:
        axis = f", axis: {entry.part.axis}" if entry.part.axis else ""
        fields.append(f"part: {{index: {entry.part.index}, of: {entry.part.of}{axis}}}")
    if entry.blocks:
        fields.append(f"blocks: {list(entry.blocks)}")
    if entry.axes is not None:
        fields.append(f"as: {yaml_text(entry.axes)}")
    if entry.sizes:
        fields.append(f"sizes: {{{', '.join(f'{yaml_text(name)}: {size}' for name, size in entry.sizes.items())}}}")
    return f"{{{', '.join(fields)}}}"


def yaml_text(value: str) -> str:
    """A text as YAML, quoted where it has to be."""
    plain = _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT and not value.endswith(" ")
    return value if plain else json.dumps(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())

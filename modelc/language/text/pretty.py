"""A spec as YAML that a person would write: short where the language has a short form, shapes beside it on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from modelc.graph.graph import LayerTrace
from modelc.graph.types import format_shape
from modelc.language.definition import Definition
from modelc.language.names import FUNCTIONAL
from modelc.language.nested import ModelLayer
from modelc.language.text.writer import flow, option
from modelc.language.wiring import use_names

_WIDTH = 110
_PER_AXIS = frozenset({"kernel_size", "strides", "pool_size", "dilation_rate", "size", "padding", "cropping"})
"""Options for which one number stands for the same one on every axis."""


def pretty_yaml(spec: Definition, *, annotate: bool = False) -> str:
    """The text of a spec; reading it gives the spec again. With `annotate` each entry's output shape is beside it."""
    records: Mapping[str, LayerTrace] = {record.name: record for record in spec.graph.layers} if annotate else {}
    return "\n".join(_document(spec, records, "", "")) + "\n"


def _document(spec: Definition, records: Mapping[str, LayerTrace], prefix: str, indent: str) -> list[str]:
    """The lines of a model; `prefix` is the path of its layers."""
    lines: list[str] = []
    document = spec.to_dict()
    if prefix:
        del document["modelc"]
        if spec.is_functional and spec.name == FUNCTIONAL:
            document.pop("name", None)
    for key, value in document.items():
        if key == "layers":
            lines.append(f"{indent}layers:")
            first = len(spec.entries) - len(value)  # the inputs at the top stand for the first entries
            names = use_names(spec.entries)
            for entry, name, plain in zip(spec.entries[first:], names[first:], value, strict=True):
                record = records.get(prefix + name.partition("@")[0])
                below = {r.name: r for r in record.inner} if record is not None else {}
                inner = (
                    _document(entry.spec, below, f"{prefix}{name}/", f"{indent}      ")
                    if isinstance(entry, ModelLayer)
                    else None
                )
                lines += _entry(plain, inner, _shapes(record), f"{indent}  ")
        elif key == "inputs" and len(value) > 1:
            lines.append(f"{indent}inputs:")
            lines += [f"{indent}  {flow(name)}: {flow(options)}" for name, options in value.items()]
        else:
            lines += option(key, value, indent)
    return lines


def _entry(plain: Mapping[str, Any], inner: list[str] | None, shapes: str, indent: str) -> list[str]:
    short = {key: _short(key, value) for key, value in plain.items()}
    comment = f"  # {shapes}" if shapes else ""
    line = flow(short)
    if inner is None and len(line) <= _WIDTH:
        return [f"{indent}- {line}{comment}"]
    lines: list[str] = []
    for key, value in short.items():
        if inner is not None and key == "spec":
            lines += [f"{indent}  spec:", *inner]
        else:
            lines.append(f"{indent}  {flow(key)}: {flow(value)}")
    lines[0] = f"{indent}- {lines[0].lstrip()}{comment}"
    return lines


def _shapes(record: LayerTrace | None) -> str:
    """What an entry gives, as a comment."""
    return ", ".join(format_shape(value.type.shape) for value in record.outputs) if record is not None else ""


def _short(key: str, value: Any) -> Any:
    """One number where it stands for the same one on every axis: `[3, 3]` is 3, `[[1, 1], [1, 1]]` is 1."""
    if key not in _PER_AXIS or not isinstance(value, list) or not value:
        return cast("Any", value)
    written = cast("list[Any]", value)
    items = [_short(key, item) for item in written]
    return items[0] if isinstance(items[0], int) and all(item == items[0] for item in items) else written

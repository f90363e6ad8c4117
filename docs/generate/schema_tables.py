"""Markdown tables of options, from the JSON Schema that is generated from the same classes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from modelc.language.schema.options import definition_name
from modelc.language.schema.schema import whole_schema

Schema = dict[str, Any]
DEFINITIONS: dict[str, Schema] = whole_schema()["definitions"]

_PAGES = {
    "activation": "activations.md",
    "initializer": "initializers.md",
    "regularizer": "regularizers.md",
    "constraint": "regularizers.md#constraints",
    "layer": "layers.md",
    "cell": "layers.md#recurrent-layers",
    "optimizer": "optimizers.md",
    "learning-rate schedule": "optimizers.md#learning-rate-schedules",
    "loss": "losses.md",
    "metric": "metrics.md",
    "callback": "callbacks.md",
    "source of data": "training-keys.md#sources-of-data",
}
_REFERENCE = "#/$defs/var"
_HOW_OFTEN = ("repeat", "each", "start", "when", "unless")
"""What every entry can have, and no table of options shows."""
_MANY = 20
"""A set of at least this many words has its own page."""


def options_table(definition: Schema, leave_out: Iterable[str] = ()) -> str:
    """The options of a definition: name, type, default and meaning; empty where there are none."""
    # Where one of two options is required (`anyOf`), the first is the one to write.
    required = {*definition.get("required", ()), *definition.get("anyOf", [{}])[0].get("required", ())}
    rows = [
        f"| `{name}` | {_type(option)} | {_default(name, option, required)} | {_line(option.get('description', ''))} |"
        for name, option in definition["properties"].items()
        if name not in {"type", *_HOW_OFTEN, *leave_out}
    ]
    return "\n".join(["| option | type | default | |", "|---|---|---|---|", *rows]) + "\n" if rows else ""


def _default(name: str, option: Schema, required: set[str]) -> str:
    if name in required:
        return "required"
    return _word(option.get("default"))


def _word(value: Any) -> str:
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _type(node: Schema) -> str:
    if "allOf" in node:
        return _type(node["allOf"][0])
    if "anyOf" in node:
        members = [_type(member) for member in node["anyOf"] if member.get("$ref") != _REFERENCE]
        return " or ".join(dict.fromkeys(members))
    if "$ref" in node:
        named = node["$ref"].rpartition("/")[2]
        return next(f"[{kind}]({page})" for kind, page in _PAGES.items() if definition_name(kind) == named)
    if "enum" in node:
        values = [value for value in node["enum"] if value is not None]
        words = _long(values) if len(values) >= _MANY else ", ".join(map(_word, values))
        return words + (" or null" if None in node["enum"] else "")
    if "const" in node:
        return _word(node["const"])
    kind = node.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(_type({**node, "type": one}) for one in kind)
    return _array(node) if kind == "array" else _scalar(kind, node)


def _long(values: list[Any]) -> str:
    if "linear" in values:
        return "[activation](activations.md)"
    return "[operation](keras-layers.md#operations)"


def _array(node: Schema) -> str:
    items = node.get("items", {})
    if isinstance(items, list):
        return f"[{', '.join(map(_type, items))}]"
    count = f"{node['minItems']} " if "minItems" in node and node["minItems"] == node.get("maxItems") else ""
    return f"list of {count}{_type(items).replace('integer', 'integers', 1)}"


def _scalar(kind: str, node: Schema) -> str:
    if kind == "object":
        return "mapping"
    if kind not in ("integer", "number"):
        return kind
    bounds = [
        f"{sign} {node[key]:g}"
        for key, sign in (("exclusiveMinimum", ">"), ("minimum", "≥"), ("exclusiveMaximum", "<"), ("maximum", "≤"))
        if key in node
    ]
    return " ".join([kind, ", ".join(bounds)]).strip()

"""What may be written at a place of a spec, by the JSON Schema of the language: keys and values with their meaning.

Only the definitions on the way to the place are made, so that the first answer does not wait for the whole schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias, cast

from modelc.config.described import docs_of
from modelc.config.validation import EVERYWHERE
from modelc.language.nested import ModelLayer
from modelc.language.schema.entries import BLOCK_USE, GROUP, REPETITION
from modelc.language.schema.schema import definitions, top_options
from modelc.language.text.node import TextNode
from modelc.layers import LAYERS

Schema: TypeAlias = "dict[str, Any]"
Around: TypeAlias = "Sequence[tuple[str | int | None, TextNode]]"

_DEFINITIONS = "#/definitions/"
LAYER_TYPES = "layerType"
"""The definition of the names of layers, whose descriptions take long to make."""


@dataclass(frozen=True, slots=True)
class SpecOption:
    """A key that may be written, and what it says of itself."""

    key: str
    schema: Schema
    required: bool = False

    @property
    def description(self) -> str:
        """What it means."""
        return str(self.schema.get("description", ""))

    @property
    def takes(self) -> str:
        """What its value may be, in words: `an integer or a list`."""
        return " or ".join(dict.fromkeys(_words(self.schema)))


def options_around(around: Around) -> dict[str, SpecOption]:
    """The keys that the innermost mapping may have: those that it needs first, its own before those of every layer."""
    options: dict[str, SpecOption] = {}
    required: set[str] = set()
    for schema in _schemas(around):
        required.update(schema.get("required", ()))
        for key, option in schema.get("properties", {}).items():
            known = options.get(key)
            if known is None or not known.schema:
                options[key] = SpecOption(key, REPETITION.get(key, {}) if option is True else option)
    ordered = sorted(
        options.values(), key=lambda o: (o.key not in required, o.key in EVERYWHERE or o.key in REPETITION)
    )
    return {option.key: replace(option, required=option.key in required) for option in ordered}


def option_at(around: Around, key: str) -> SpecOption | None:
    """What a key of the innermost mapping means."""
    return options_around(around).get(key)


def values_of(option: Schema) -> Iterator[str]:
    """The words that a value may be: those of closed sets, and true and false."""
    for schema in _alternatives(option, None):
        for value in cast("list[Any]", schema.get("enum", [schema["const"]] if "const" in schema else [])):
            yield (
                value if isinstance(value, str) else {True: "true", False: "false", None: "null"}.get(value, str(value))
            )
        kinds = schema.get("type", ())
        for kind in (kinds,) if isinstance(kinds, str) else kinds:
            if kind == "boolean":
                yield from ("true", "false")


def value_at(around: Around, step: str | int | None) -> Schema:
    """What the value at a step of the innermost mapping or list may be."""
    found = [child for schema in _schemas(around) for child in _step(schema, step)] if step is not None else []
    return {"anyOf": found}


def holds_layers(schema: Schema) -> bool:
    """Whether a value may be the name of a layer."""
    return any(f"{_DEFINITIONS}{LAYER_TYPES}" == ref for ref in _references(schema))


@cache
def layer_names() -> tuple[str, ...]:
    """The types of layers."""
    return (*LAYERS.names, ModelLayer.type_name())


def layer_docs(name: str) -> str:
    """What a type of layer says of itself."""
    return docs_of(ModelLayer if name == ModelLayer.type_name() else LAYERS[name])


# --- the way through the schema


def _schemas(around: Around) -> list[Schema]:
    """The schemas that apply to the innermost value."""
    schemas: list[Schema] = [{"properties": top_options(), "required": ["modelc", "layers"]}]
    for step, node in around:
        if step is not None:
            schemas = [child for schema in schemas for child in _step(schema, step)]
        schemas = [one for schema in schemas for one in _alternatives(schema, node)]
    return schemas


@cache
def _definition(name: str) -> Schema:
    return definitions()[name]()


def _step(schema: Schema, step: str | int | None) -> Iterator[Schema]:
    if isinstance(step, int):
        items: Any = schema.get("items")
        if isinstance(items, list):
            yield from cast("list[Schema]", items)[step : step + 1]
        elif isinstance(items, dict):
            yield cast(Schema, items)
        return
    option = schema.get("properties", {}).get(step)
    if option is True:
        option = REPETITION.get(str(step))
    if option is None:
        option = schema.get("additionalProperties")
    if isinstance(option, dict):
        yield cast(Schema, option)


def _alternatives(schema: Schema, node: TextNode | None) -> Iterator[Schema]:
    """The schemas that a schema is put together of, for a value as far as it is written; None for any value."""
    name = str(schema.get("$ref", "")).removeprefix(_DEFINITIONS)
    if name == "entry":
        yield from _entry(node)
        return
    if name == LAYER_TYPES:
        yield {"enum": list(layer_names())}
        return
    if name.startswith("#"):  # a reference to a variable
        return
    if name:
        yield from _alternatives(_definition(name), node)
        return
    yield schema
    for member in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _alternatives(member, node)
    condition = schema.get("if")
    if condition is not None and node is not None:
        branch = schema.get("then" if _holds(condition, node) else "else")
        if isinstance(branch, dict):
            yield from _alternatives(cast(Schema, branch), node)


def _entry(node: TextNode | None) -> Iterator[Schema]:
    """An entry, by the key that tells what it is."""
    kind = node.get("type") if node is not None else None
    if kind is not None:
        if kind.value in layer_names():
            yield from _alternatives(_definition(str(kind.value)), node)
        yield {"properties": {"type": {"$ref": f"{_DEFINITIONS}{LAYER_TYPES}"}, **REPETITION}}
    elif node is not None and node.get("block") is not None:
        yield {**BLOCK_USE, "properties": {**BLOCK_USE["properties"], **REPETITION}}
    elif node is not None and node.get("use") is not None:
        yield _definition("use")
    elif node is not None and node.get("layers") is not None:
        yield GROUP
    else:
        kinds = {
            "type": {"description": "The layer's type, as Keras names it.", "$ref": f"{_DEFINITIONS}{LAYER_TYPES}"},
            "block": BLOCK_USE["properties"]["block"],
            "use": {"description": "The name of a layer above that is applied once more, with the same weights."},
            "layers": {"description": GROUP["description"], **GROUP["properties"]["layers"]},
            "name": BLOCK_USE["properties"]["name"],
        }
        yield {"properties": {**kinds, **REPETITION}}


def _holds(condition: Schema, node: TextNode) -> bool:
    """Whether a condition of the schema holds: those on keys that are there, and on words that are their values."""
    if "not" in condition:
        return not _holds(condition["not"], node)
    there = all(node.get(key) is not None for key in condition.get("required", ()))
    return there and all(
        (child := node.get(key)) is None or child.value in cast(Schema, one).get("enum", (child.value,))
        for key, one in cast(Schema, condition.get("properties", {})).items()
        if isinstance(one, dict)
    )


def _references(schema: Schema) -> Iterator[str]:
    if "$ref" in schema:
        yield str(schema["$ref"])
    for member in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _references(member)


_KINDS = {
    "integer": "an integer", "number": "a number", "string": "text", "boolean": "true or false", "array": "a list",
    "object": "a mapping", "null": "null",
}  # fmt: skip


def _words(schema: Schema) -> Iterator[str]:
    """What a value may be: `an integer`, `same`, `an initializer`."""
    name = str(schema.get("$ref", "")).removeprefix(_DEFINITIONS)
    if name.startswith("#"):
        return
    if name:
        yield {"entry": "an entry", LAYER_TYPES: "the type of a layer"}.get(name, f"the name or the options of: {name}")
    elif "enum" in schema:
        yield from (f"`{value}`" for value in cast("list[Any]", schema["enum"]))
    elif "const" in schema:
        yield f"`{schema['const']}`"
    kinds: Any = schema.get("type", ())
    if not ("enum" in schema or "const" in schema):
        for kind in cast("Iterable[str]", (kinds,) if isinstance(kinds, str) else kinds):
            yield _KINDS.get(kind, kind)
    for member in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _words(member)

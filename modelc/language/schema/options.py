"""The JSON Schema of a class of options: each with its description, its default, and what it can be."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, cast, get_args

from modelc.config.base import Config
from modelc.config.by_output import TYPE, ByOutput
from modelc.config.described import docs_of, field_docs
from modelc.config.options import Precision
from modelc.config.plain import plain_value
from modelc.config.registry import REGISTRY_MARK, Registry
from modelc.files.preprocessing import Mode
from modelc.language.definition import Definition, Limits
from modelc.language.labels import LABELS_SCHEMA
from modelc.language.nested import ModelLayer
from modelc.language.schema.entries import NAMES, REFERENCE, Schema
from modelc.semantics import SEMANTICS

Definitions: TypeAlias = "dict[str, Callable[[], Schema]]"
"""Definitions of the schema by name, each made when it is asked for: a class is imported for its own alone."""


def closed_set(registry: Registry[Any], *, any_text: bool = False) -> Definitions:
    """The definitions of a registry's classes, and of the choice among them: a name, or a mapping with `type`.

    With `any_text` a text that is no name stands for something too.
    """
    definition = definition_name(registry.kind)
    return {
        definition: partial(_choice, registry, any_text),
        **{f"{definition}.{name}": partial(_of_kind, registry, name) for name in registry.names},
    }


def _choice(registry: Registry[Any], any_text: bool) -> Schema:
    """A name of the registry, or a mapping with `type`. It has no description: an editor would show it in place of that
    of the option which is chosen for."""
    kind, names, definition = registry.kind, registry.names, definition_name(registry.kind)
    spellings = [*names, *registry.aliases]
    kinds = {f"{definition}.{name}": _spellings(registry, name) for name in names}
    types: Schema = {"description": f"The name of the {kind}.", "anyOf": [{"enum": spellings}]}
    # The description of the class that was chosen comes first: an editor shows the first one that applies to a place.
    mapping: Schema = {
        "type": "object",
        "required": ["type"],
        "allOf": [by_type(kinds), {"properties": {"type": types}}],
    }
    members = [{"type": "string"}, mapping] if any_text else [{"enum": spellings}, mapping, REFERENCE]
    return {"anyOf": members}


def _of_kind(registry: Registry[Any], name: str) -> Schema:
    """A class of the registry, without what the choice says: that it is a mapping, and one with `type`."""
    whole = object_schema(registry[name], type_name=_spellings(registry, name))
    required = [key for key in whole["required"] if key != "type"]
    left = {key: value for key, value in whole.items() if key not in ("type", "required")}
    return {**left, **({"required": required} if required else {})}


def by_type(spellings: dict[str, list[str]]) -> Schema:
    """What a mapping with `type` is, for each definition with what `type` may be."""
    alternatives: list[Schema] = [
        {"if": {"properties": {"type": {"enum": words}}}, "then": {"$ref": f"#/definitions/{name}"}}
        for name, words in spellings.items()
    ]
    return {"if": {"required": ["type"]}, "then": {"allOf": alternatives}}


def definition_name(kind: str) -> str:
    """The name of a kind's definition. It stands in references, which are URIs and hold no spaces."""
    return kind.replace(" ", "-")


def _spellings(registry: Registry[Any], name: str) -> list[str]:
    return [name, *(alias for alias in registry.aliases if registry[alias].type_name() == name)]


def object_schema(cls: type[Config], type_name: str | list[str] | None = None) -> Schema:
    """A mapping of a class's options; `type_name` is what its `type` is, where it has one."""
    options = options_of(cls)
    required = [f.alias or name for name, f in cls.model_fields.items() if f.is_required()]
    if type_name is not None:
        names = [type_name] if isinstance(type_name, str) else type_name
        options = {"type": {"enum": names, "description": docs_of(cls)}, **options}
        required.insert(0, "type")
    return {
        "type": "object",
        "description": docs_of(cls),
        "properties": options,
        "required": required,
        "additionalProperties": False,
    }


def options_of(cls: type[Config]) -> Schema:
    """The schema of each option, by its name in a spec: description, default, and what it can be."""
    docs = field_docs(cls)
    generated: Schema = (
        cls.model_json_schema(by_alias=True)["properties"] if cls not in (Definition, ModelLayer) else {}
    )
    options: Schema = {}
    for name, field in cls.mentioned().items():
        key = field.alias or name
        option: Schema = {"description": docs[name]} if name in docs else {}
        if not field.is_required() and not _is_opaque(field.default):
            option["default"] = plain_value(field.default)
        mark = next((mark for mark in field.metadata if isinstance(mark, ByOutput)), None)
        plain = generated.get(key, _SPEC_OPTIONS.get(key, {})) if mark is None else _by_output(mark)
        options[key] = {**option, **_inside(_or_reference(_draft7(plain)))}
    return options


def _by_output(mark: ByOutput) -> Schema:
    """One, a list where there may be several, or either by the names of outputs."""
    one = [*([{"enum": sorted(mark.words)}] if mark.words else []), {REGISTRY_MARK: mark.registry.kind}]
    several = [*one, {"type": "array", "items": {"anyOf": one}}] if mark.many else one
    # A config has a word as its `type`; an output of that name is given a list or a mapping.
    listed = {"type": "array", "items": {"anyOf": one}, **({} if mark.many else {"minItems": 1, "maxItems": 1})}
    table: Schema = {
        "type": "object",
        "properties": {TYPE: {"anyOf": [listed, {"type": "object"}]}},
        "additionalProperties": {"anyOf": several},
    }
    return {"anyOf": [*several, table]}


_TEXT: Schema = {"type": "string"}
_SELECTORS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_SPEC_OPTIONS: Schema = {
    "name": _TEXT,
    "truncate": _TEXT,
    "extract": _SELECTORS,
    "freeze": _SELECTORS,
    "weights": _TEXT,
    "outputs": {"anyOf": [*NAMES["anyOf"], {"type": "object", "additionalProperties": _TEXT, "minProperties": 1}]},
    "order": {"enum": ["written", "depth"]},
    "semantics": {"enum": list(SEMANTICS)},
    "precision": {"enum": list(get_args(Precision))},
    "trainable": {"type": "boolean"},
    "inputs": NAMES,
    "labels": LABELS_SCHEMA,
    "preprocessing": {"anyOf": [{"enum": list(get_args(Mode))}, {"$ref": "#/definitions/Preprocessing"}]},
    "pretrained": _TEXT,
}
"""The options of a spec, and of a model in it, that hold plain data; pydantic makes no schema of a class with layers
in it."""


def _draft7(node: Any) -> Any:
    """Pydantic's schema without titles and defaults, registries by reference, tuples in the words of draft 7."""
    if isinstance(node, list):
        return [_draft7(item) for item in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    given = cast(Schema, node)
    if REGISTRY_MARK in given:
        return {"$ref": f"#/definitions/{definition_name(given[REGISTRY_MARK])}"}
    plain = {key: _draft7(value) for key, value in given.items() if key not in ("title", "default", "description")}
    if "prefixItems" in plain:
        plain["items"] = plain.pop("prefixItems")
        plain["additionalItems"] = False
    return plain


def _or_reference(node: Schema) -> Schema:
    """The same, where every value may also be a reference to a variable."""
    if "$ref" in node or not node:
        return node
    if "anyOf" in node:
        members = [_with_items(member) for member in node["anyOf"]]
        return {**node, "anyOf": members if _takes_any_text(members) else [*members, REFERENCE]}
    inner = _with_items(node)
    return inner if _takes_any_text([inner]) else {"anyOf": [inner, REFERENCE]}


def _with_items(node: Schema) -> Schema:
    items = node.get("items")
    if items is None:
        return node
    if isinstance(items, list):
        return {**node, "items": [_or_reference(item) for item in cast("list[Schema]", items)]}
    return {**node, "items": _or_reference(items)}


def _takes_any_text(members: list[Schema]) -> bool:
    return any(m.get("type") == "string" and not m.keys() & {"enum", "const", "pattern"} for m in members)


def described(option: Schema, schema: Schema) -> Schema:
    """The description of an option, with another schema."""
    return {"description": option["description"], **_inside(schema)}


def _inside(node: Schema) -> Schema:
    """A form that a description may stand beside: draft 7 ignores what stands beside a `$ref`."""
    return {"allOf": [node]} if "$ref" in node else node


def _is_opaque(default: Any) -> bool:
    """Whether a default is better left unsaid: no value, or a whole mapping."""
    return default is None or isinstance(default, Limits)

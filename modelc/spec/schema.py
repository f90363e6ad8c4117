"""The JSON Schema (draft 7) of specs, generated from the same classes that validate them.

An entry of `layers` has the type's own definition applied by `if`/`then` on `type`, so that an editor offers the
types first and then the options of the one that was chosen, each with its docstring.
"""

from __future__ import annotations

import inspect
import json
from typing import Any, cast

from modelc.config import REGISTRY_MARK, Config, Registry
from modelc.constraints import CONSTRAINTS
from modelc.initializers import INITIALIZERS
from modelc.layers.registry import CELLS, LAYERS
from modelc.regularizers import REGULARIZERS
from modelc.spec.field_docs import field_docs
from modelc.spec.nested import Model
from modelc.spec.schema_entries import (
    BLOCK_USE,
    ENTRIES,
    GROUP,
    NAMES,
    REFERENCE,
    REPETITION,
    Schema,
    block,
    repeatable,
)
from modelc.spec.spec import InputSpec, Limits, Spec
from modelc.spec.wiring import Reuse

_BATCH_SHAPE: Schema = {
    "description": "Instead of `shape`: the shape with the batch first, null where it may have any size.",
    "anyOf": [{"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}, REFERENCE]}}, REFERENCE],
}


def schema_text() -> str:
    """The schema as it is committed: `schemas/model.schema.json`."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def schema() -> Schema:
    """The schema of a spec, version 1."""
    properties = _options(Spec)
    properties["input"] = _described(properties["input"], {"$ref": "#/definitions/InputSpec"})
    properties["limits"] = _described(properties["limits"], {"$ref": "#/definitions/Limits"})
    properties["layers"] = _described(properties["layers"], ENTRIES)
    table: Schema = {"type": "object", "additionalProperties": {"$ref": "#/definitions/InputSpec"}, "minProperties": 1}
    properties["inputs"] = _described(properties["inputs"], table)
    properties["modelc"] = {"description": properties["modelc"]["description"], "enum": [1]}
    extra: Schema = {
        "extends": {"type": "string", "description": "A spec in the same folder or below that this one builds on."},
        "vars": {
            "type": "object",
            "description": "Values to use elsewhere as `${name}`; `--set vars.name=value` changes one.",
            "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"]},
        },
        "blocks": {
            "type": "object",
            "description": "Lists of entries with parameters, to use as `{block: name, …}`.",
            "additionalProperties": {"$ref": "#/definitions/block"},
        },
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A model of modelc",
        "description": _docs(Spec),
        "type": "object",
        "properties": {"modelc": properties.pop("modelc"), **extra, **properties},
        # What an extending spec leaves out, its base has.
        "anyOf": [{"required": ["modelc", "layers"]}, {"required": ["extends"]}],
        "additionalProperties": False,
        "definitions": _definitions(),
    }


def _definitions() -> Schema:
    definitions: Schema = {
        "reference": {
            "type": "string",
            "pattern": r"^\$\{[^{}]+\}$",
            "description": "The value of a variable of `vars`.",
        },
        "entry": _entry(),
        "group": GROUP,
        "block": block(),
        "block use": BLOCK_USE,
        "use": repeatable(_object(Reuse)),
        "Model": _model(),
    }
    for cls in (InputSpec, Limits):
        definitions[cls.__name__] = _object(cls)
    for registry in (INITIALIZERS, REGULARIZERS, CONSTRAINTS):
        definitions |= _closed_set(registry)
    definitions["layer"] = {
        "description": "A layer inside of another one: its type, or a mapping with `type` and its options.",
        "anyOf": [{"enum": LAYERS.names}, {"$ref": "#/definitions/entry"}, REFERENCE],
    }
    definitions["cell"] = {
        "description": "One step of a sequence: a cell's type, or a mapping with `type` and its options.",
        "anyOf": [{"enum": CELLS.names}, *({"$ref": f"#/definitions/{name}"} for name in CELLS.names), REFERENCE],
    }
    for name in LAYERS.names:
        definition = repeatable(_object(LAYERS[name], type_name=name))
        if name == "InputLayer":
            definition["properties"]["batch_shape"] = _BATCH_SHAPE
            del definition["if"], definition["then"]
            definition["anyOf"] = [{"required": ["shape"]}, {"required": ["batch_shape"]}]
        definitions[name] = definition
    return definitions


def _entry() -> Schema:
    """A layer, a further use of one, a block, or a group."""
    names = [*LAYERS.names, Model.type_name()]
    docs = [_docs(LAYERS[name]).partition("\n")[0] for name in LAYERS.names] + [_docs(Model).partition("\n")[0]]
    types: Schema = {
        "description": "The layer's type, as Keras names it.",
        "anyOf": [{"enum": names, "enumDescriptions": docs}, REFERENCE],
    }
    return {
        "type": "object",
        "properties": {"type": types, **REPETITION},
        "if": {"required": ["type"]},
        "then": {"allOf": [_by_type(name, name) for name in names]},
        "else": {
            "if": {"required": ["layers"]},
            "then": {"$ref": "#/definitions/group"},
            "else": {
                "if": {"required": ["block"]},
                "then": {"$ref": "#/definitions/block use"},
                "else": {
                    "if": {"required": ["use"]},
                    "then": {"$ref": "#/definitions/use"},
                    "else": {"required": ["type"]},
                },
            },
        },
    }


def _model() -> Schema:
    """A model that is used as a layer."""
    definition = repeatable(_object(Model, type_name=Model.type_name()))
    definition["properties"]["spec"] = {
        "description": field_docs(Model)["spec"],
        "anyOf": [{"type": "string"}, {"type": "object", "required": ["layers"]}],
    }
    return definition


def _by_type(name: str, definition: str) -> Schema:
    return {
        "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
        "then": {"$ref": f"#/definitions/{definition}"},
    }


def _closed_set(registry: Registry[Any]) -> Schema:
    """The definitions of a registry's classes, and of the choice among them: a name, or a mapping with `type`."""
    kind, names = registry.kind, registry.names
    spellings = [*names, *registry.aliases]
    mapping: Schema = {
        "type": "object",
        "properties": {"type": {"description": f"The name of the {kind}.", "enum": spellings}},
        "required": ["type"],
        "allOf": [
            {
                "if": {"properties": {"type": {"enum": _spellings(registry, name)}}, "required": ["type"]},
                "then": {"$ref": f"#/definitions/{kind}.{name}"},
            }
            for name in names
        ],
    }
    choice: Schema = {"description": f"The name of the {kind}, or a mapping with `type` and its options."}
    definitions: Schema = {kind: {**choice, "anyOf": [{"enum": spellings}, mapping, REFERENCE]}}
    for name in names:
        definitions[f"{kind}.{name}"] = _object(registry[name], type_name=_spellings(registry, name))
    return definitions


def _spellings(registry: Registry[Any], name: str) -> list[str]:
    return [name, *(alias for alias in registry.aliases if registry[alias].__name__ == name)]


def _object(cls: type[Config], type_name: str | list[str] | None = None) -> Schema:
    """A mapping of a class's options; `type_name` is what its `type` is, where it has one."""
    options = _options(cls)
    required = [f.alias or name for name, f in cls.model_fields.items() if f.is_required()]
    if type_name is not None:
        names = [type_name] if isinstance(type_name, str) else type_name
        options = {"type": {"enum": names, "description": _docs(cls)}, **options}
        required.insert(0, "type")
    return {
        "type": "object",
        "description": _docs(cls),
        "properties": options,
        "required": required,
        "additionalProperties": False,
    }


def _options(cls: type[Config]) -> Schema:
    """The schema of each option, by its name in a spec: description, default, and what it can be."""
    docs = field_docs(cls)
    generated: Schema = cls.model_json_schema(by_alias=True)["properties"] if cls not in (Spec, Model) else {}
    options: Schema = {}
    for name, field in cls.model_fields.items():
        key = field.alias or name
        option: Schema = {"description": docs[name]} if name in docs else {}
        if not field.is_required() and not _is_opaque(field.default):
            option["default"] = _plain(field.default)
        options[key] = {**option, **_inside(_or_reference(_draft7(generated.get(key, _SPEC_OPTIONS.get(key, {})))))}
    return options


_TEXT: Schema = {"type": "string"}
_SELECTORS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_SPEC_OPTIONS: Schema = {
    "name": _TEXT,
    "truncate": _TEXT,
    "extract": _SELECTORS,
    "freeze": _SELECTORS,
    "weights": _TEXT,
    "outputs": NAMES,
    "order": {"enum": ["written", "depth"]},
    "trainable": {"type": "boolean"},
    "inputs": NAMES,
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
        return {"$ref": f"#/definitions/{given[REGISTRY_MARK]}"}
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


def _described(option: Schema, schema: Schema) -> Schema:
    return {"description": option["description"], **_inside(schema)}


def _inside(node: Schema) -> Schema:
    """A form that a description may stand beside: draft 7 ignores what stands beside a `$ref`."""
    return {"allOf": [node]} if "$ref" in node else node


def _docs(cls: type[Any]) -> str:
    return inspect.cleandoc(cls.__doc__ or "")


def _is_opaque(default: Any) -> bool:
    """Whether a default is better left unsaid: no value, or a whole mapping."""
    return default is None or isinstance(default, Limits)


def _plain(value: Any) -> Any:
    if isinstance(value, Config):
        plain = value.plain()
        return plain if len(plain) > 1 else plain["type"]
    return [_plain(item) for item in cast("tuple[Any, ...]", value)] if isinstance(value, tuple) else value

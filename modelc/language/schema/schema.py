"""The JSON Schema (draft 7) of specs, generated from the same classes that validate them.

An entry of `layers` has the type's own definition applied by `if`/`then` on `type`, so that an editor offers the
types first and then the options of the one that was chosen, each with its docstring.
"""

from __future__ import annotations

import json
from functools import cache, partial
from typing import Any

from modelc.callbacks import CALLBACKS
from modelc.config.described import field_docs
from modelc.constraints import CONSTRAINTS
from modelc.data.sources import SOURCES
from modelc.files.preprocessing import Preprocessing
from modelc.initializers import INITIALIZERS
from modelc.language.definition import Definition, InputSpec, Limits
from modelc.language.nested import ModelLayer
from modelc.language.schema.entries import BLOCK_USE, ENTRIES, GROUP, REFERENCE, REPETITION, Schema, block, repeatable
from modelc.language.schema.options import (
    Definitions,
    by_type,
    closed_set,
    described,
    docs_of,
    object_schema,
    options_of,
)
from modelc.language.schema.sharing import shared
from modelc.language.sizes import SizeBounds
from modelc.language.training import Training
from modelc.language.wiring import Reuse
from modelc.layers import ACTIVATION_LAYERS, CELLS, LAYERS
from modelc.layers.base import Layer
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.optimizers import OPTIMIZERS
from modelc.optimizers.schedules import SCHEDULES
from modelc.regularizers import REGULARIZERS

SCHEMA_ID = "https://raw.githubusercontent.com/modelc/modelc/main/schemas/model.schema.json"
"""Where the schema is published, `schemas/catalog.json` says for which files."""

_BATCH_SHAPE: Schema = {
    "description": "Instead of `shape`: the shape with the batch first, null where it may have any size.",
    "anyOf": [{"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}, REFERENCE]}}, REFERENCE],
}


_CHOICE = '{"if":{"properties":{"type":{"enum":'
"""What the condition begins with that chooses a definition by `type`."""


@cache
def schema_text() -> str:
    """The schema as it is committed, `schemas/model.schema.json`, with one definition a line, and one choice."""
    parts = schema()
    tables = {key: parts.pop(key) for key in ("definitions", "$defs")}
    head = [f"{_json(key)}:{_json(value)}" for key, value in parts.items()]
    text = "{" + ",\n".join([*head, *(f"{_json(key)}:{_lines(table)}" for key, table in tables.items())]) + "}\n"
    return text.replace(f",{_CHOICE}", f",\n{_CHOICE}")


def _lines(table: Schema) -> str:
    return "{\n" + ",\n".join(f"{_json(name)}:{_json(node)}" for name, node in table.items()) + "\n}"


def _json(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))


def schema() -> Schema:
    """The schema of a spec, version 1."""
    return shared(whole_schema())


def whole_schema() -> Schema:
    """The same, where each definition holds all its options: what the documentation is made from."""
    properties = top_options()
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": SCHEMA_ID,
        "title": "A model of modelc",
        "description": docs_of(Definition),
        "type": "object",
        "properties": properties,
        # What an extending spec leaves out, its base has.
        "anyOf": [{"required": ["modelc", "layers"]}, {"required": ["extends"]}],
        "additionalProperties": False,
        "definitions": {name: make() for name, make in definitions().items()},
        "$defs": {
            "var": {
                "type": "string",
                "pattern": r"^\$\{[^{}]+\}$",
                "description": "The value of a variable of `vars`.",
            },
        },
    }


def top_options() -> Schema:
    """The keys of a spec."""
    properties = options_of(Definition)
    properties["input"] = described(properties["input"], {"$ref": "#/definitions/InputSpec"})
    properties["limits"] = described(properties["limits"], {"$ref": "#/definitions/Limits"})
    properties["layers"] = described(properties["layers"], ENTRIES)
    table: Schema = {"type": "object", "additionalProperties": {"$ref": "#/definitions/InputSpec"}, "minProperties": 1}
    properties["training"] = described(properties["training"], {"$ref": "#/definitions/Training"})
    properties["inputs"] = described(properties["inputs"], table)
    bounds: Schema = {"type": "object", "additionalProperties": {"$ref": "#/definitions/SizeBounds"}}
    properties["sizes"] = described(properties["sizes"], bounds)
    properties["modelc"] = {"description": properties["modelc"]["description"], "enum": [1]}
    extra: Schema = {
        "$schema": {"type": "string", "description": "The JSON Schema of this file, for editors; modelc ignores it."},
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
    return {"modelc": properties.pop("modelc"), **extra, **properties}


@cache
def definitions() -> Definitions:
    """The definitions of the schema, and what makes each."""
    made: Definitions = {
        "entry": _entry,
        "group": lambda: GROUP,
        "block": block,
        "blockUse": lambda: BLOCK_USE,
        "use": lambda: repeatable(object_schema(Reuse)),
        "Model": _model,
    }
    for cls in (InputSpec, Limits, SizeBounds, Preprocessing):
        made[cls.__name__] = partial(object_schema, cls)
    made["Training"] = partial(object_schema, Training)
    for registry in (OPTIMIZERS, SCHEDULES, LOSSES, METRICS, CALLBACKS):
        made |= closed_set(registry)
    made |= closed_set(SOURCES, any_text=True)
    for registry in (INITIALIZERS, REGULARIZERS, CONSTRAINTS):
        made |= closed_set(registry)
    made |= {"layerType": _layer_type, "layer": _layer_inside, "cell": _cell, "activation": _activation}
    return made | {name: partial(_typed_layer, name) for name in LAYERS.names}


def _layer_type() -> Schema:
    return {"enum": LAYERS.names, "enumDescriptions": [_summary(LAYERS[name]) for name in LAYERS.names]}


def _layer_inside() -> Schema:
    return {
        "description": "A layer inside of another one: its type, or a mapping with `type` and its options.",
        "anyOf": [{"$ref": "#/definitions/layerType"}, {"$ref": "#/definitions/entry"}, REFERENCE],
    }


def _cell() -> Schema:
    return {
        "description": "One step of a sequence: a cell's type, or a mapping with `type` and its options.",
        "anyOf": [{"enum": CELLS.names}, *({"$ref": f"#/definitions/{name}"} for name in CELLS.names), REFERENCE],
    }


def _activation() -> Schema:
    return {
        "description": "A layer that is the activation of another one, with its options.",
        "anyOf": [{"$ref": f"#/definitions/{name}"} for name in ACTIVATION_LAYERS.names],
    }


def _typed_layer(name: str) -> Schema:
    """An entry with a layer of this type."""
    definition = repeatable(object_schema(LAYERS[name], type_name=name))
    if name == "InputLayer":
        definition["properties"]["batch_shape"] = _BATCH_SHAPE
        del definition["if"], definition["then"]
        definition["anyOf"] = [{"required": ["shape"]}, {"required": ["batch_shape"]}]
    return definition


def _entry() -> Schema:
    """A layer, a further use of one, a block, or a group."""
    names = [*LAYERS.names, ModelLayer.type_name()]
    model: Schema = {"enum": [ModelLayer.type_name()], "enumDescriptions": [_summary(ModelLayer)]}
    types: Schema = {
        "description": "The layer's type, as Keras names it.",
        "anyOf": [{"$ref": "#/definitions/layerType"}, model, REFERENCE],
    }
    by_kind: Schema = {
        **by_type({name: [name] for name in names}),
        "else": {
            "if": {"required": ["layers"]},
            "then": {"$ref": "#/definitions/group"},
            "else": {
                "if": {"required": ["block"]},
                "then": {"$ref": "#/definitions/blockUse"},
                "else": {
                    "if": {"required": ["use"]},
                    "then": {"$ref": "#/definitions/use"},
                    "else": {"required": ["type"]},
                },
            },
        },
    }
    # The description of the type that was chosen comes first: an editor shows the first one that applies to a place.
    return {"type": "object", "allOf": [by_kind, {"properties": {"type": types, **REPETITION}}]}


def _summary(cls: type[Layer]) -> str:
    """The first paragraph of a layer's description, in one line."""
    return " ".join(docs_of(cls).partition("\n\n")[0].split())


def _model() -> Schema:
    """A model that is used as a layer."""
    definition = repeatable(object_schema(ModelLayer, type_name=ModelLayer.type_name()))
    definition["properties"]["spec"] = {
        "description": field_docs(ModelLayer)["spec"],
        "anyOf": [{"type": "string"}, {"type": "object", "required": ["layers"]}],
    }
    return definition

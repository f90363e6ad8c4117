"""The parts of the JSON Schema of specs that no class describes: repetition, groups, blocks and their uses."""

from __future__ import annotations

from typing import Any, TypeAlias

from modelc.language.expansion.blocks import PARAMETER_TYPES

Schema: TypeAlias = "dict[str, Any]"

REFERENCE: Schema = {"$ref": "#/$defs/var"}
ENTRIES: Schema = {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/entry"}}
NAMES: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
REPETITION: Schema = {
    "repeat": {
        "description": "How many times the entry stands here.",
        "anyOf": [{"type": "integer", "minimum": 1}, REFERENCE],
    },
    "each": {
        "description": "Options that differ from one repetition to the next: a list of values for each.",
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": "array"}, REFERENCE]},
        "minProperties": 1,
    },
    "start": {
        "description": "What `#` in the name is at the first repetition: a number, or a letter; 1 unless said.",
        "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[A-Za-z]$"}, REFERENCE],
    },
    "when": {"description": "The entry is there only if this is true.", "anyOf": [{"type": "boolean"}, REFERENCE]},
    "unless": {"description": "The entry is there only if this is false.", "anyOf": [{"type": "boolean"}, REFERENCE]},
}
"""What every entry may say, described once: where a type's own definition closes its list of keys, it admits these."""

GROUP: Schema = {
    "type": "object",
    "description": "Several entries that stand here `repeat` times.",
    "properties": {**dict.fromkeys(REPETITION, True), "layers": ENTRIES},
    "required": ["layers"],
    "additionalProperties": False,
}

BLOCK_USE: Schema = {
    "type": "object",
    "description": "The entries of a block, with values for its parameters.",
    "properties": {
        "block": {"description": "The block's name.", "type": "string"},
        "name": {"description": "What the names of its entries begin with.", "type": "string"},
        "inputs": {"description": "What it is applied to; the entry before it unless said.", **NAMES},
    },
    "required": ["block"],
}


def repeatable(definition: Schema) -> Schema:
    """A definition that admits what every entry may say; options that it requires may be in `each`."""
    properties = {**definition["properties"], **dict.fromkeys(REPETITION, True)}
    options = [key for key in definition["required"] if key != "type"]
    if not options:
        return {**definition, "properties": properties}
    always = [key for key in definition["required"] if key == "type"]
    return {
        **definition,
        "properties": properties,
        "required": always,
        "if": {"not": {"required": ["each"]}},
        "then": {"required": options},
    }


def block() -> Schema:
    """The definition of a block."""
    parameter: Schema = {
        "description": "A type, for one that must be given; a default; or both, with a line of help.",
        "anyOf": [
            {"enum": list(PARAMETER_TYPES)},
            {"type": ["integer", "number", "boolean", "string", "array", "null"]},
            {
                "type": "object",
                "properties": {
                    "type": {"enum": list(PARAMETER_TYPES)},
                    "default": {},
                    "help": {"type": "string"},
                },
                "additionalProperties": False,
            },
        ],
    }
    return {
        "type": "object",
        "description": "A list of entries with parameters. What it is applied to is called `input` in it.",
        "properties": {
            "params": {
                "description": "The parameters, which are used as `${name}`.",
                "type": "object",
                "additionalProperties": parameter,
            },
            "inputs": {"description": "Names for what it is applied to, where that is not one tensor.", **NAMES},
            "layers": {"description": "The entries.", **ENTRIES},
            "outputs": {"description": "The entries whose tensors it gives; the last one unless said.", **NAMES},
            "scope": {
                "description": "Whether the names inside are below the name of the use: `residual_1/conv2d`.",
                "anyOf": [{"type": "boolean"}, REFERENCE],
                "default": True,
            },
            "help": {"description": "What it is.", "type": "string"},
        },
        "required": ["layers"],
        "additionalProperties": False,
    }

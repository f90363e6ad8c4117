"""`Drawer`: values of the kinds that the JSON Schema of the spec language allows, small ones first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any, cast

from modelc.language.schema.schema import whole_schema

Schema = Mapping[str, Any]

ODD: tuple[Any, ...] = (
    10**29, -(10**18), 2**31, 1e308, -1, 0, 5e-324, True, None, "", "x" * 300, "${v}", "a/b", "*", "\u202e", [], {},
    [1, [2]], {"type": {"a": 1}}, {"type": "Dense"}, "\x1b", [[]] * 9,
)  # fmt: skip
"""What an option hardly ever is."""

_VARIABLE = "#/$defs/var"
"""What stands for the value of a variable, where another value may be."""
_SMALL = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8)
_NUMBERS = (0.0, 0.5, 1.0, 0.1, 2.5, 0.25, 0.9, 1e-3, -1.0, -0.5)
_OF_EVERY_LAYER = frozenset({"name", "inputs", "dtype", "input_shape"})
_EXPANDING = frozenset({"repeat", "each", "start", "when", "unless"})
_DEEPEST = 5


@cache
def definitions() -> Schema:
    """The parts of the schema by their names."""
    return cast("Schema", whole_schema()["definitions"])


class Drawer:
    """Draws values; `odd` is the share of those that do not fit, `rich` that of the options that are given."""

    def __init__(self, random: Random, odd: float = 0.0, rich: float = 0.2) -> None:
        self.random = random
        self.odd = odd
        self.rich = rich

    def options(self, name: str) -> dict[str, Any]:
        """The options of a definition with this name: those that it requires, and some of the others."""
        return self._object(definitions()[name], 0)

    def entry(self, type: str) -> dict[str, Any]:
        """A layer of this type, as a spec has it."""
        return {"type": type, **{k: v for k, v in self.options(type).items() if k not in ("type", *_OF_EVERY_LAYER)}}

    def value(self, schema: Any, depth: int = 0) -> Any:
        """A value that a schema allows, but for the odd one."""
        if self.random.random() < self.odd:
            return self.random.choice(ODD)
        if not isinstance(schema, dict) or not schema:  # anything
            return self.random.choice((1, 2, "a", 0.5, [1, 2]))
        schema = cast("dict[str, Any]", schema)
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/definitions/").replace("%20", " ")
            return self._named(name, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        if "anyOf" in schema:
            return self.value(self.random.choice([s for s in schema["anyOf"] if not _is_reference(s)]), depth + 1)
        if "allOf" in schema and "type" not in schema:
            return self.value(schema["allOf"][0], depth + 1)
        return self._plain(schema, depth)

    def _named(self, name: str, depth: int) -> Any:
        definition = definitions()[name]
        if name == "entry":
            return self._layer(depth)
        if "." in name or name[0].isupper():
            return self._object(definition, depth)
        if name == "layer":
            return self._layer(depth) if self.random.random() < 0.7 else self.random.choice(_LAYERS_INSIDE)
        return self.value(definition, depth + 1)

    def _layer(self, depth: int) -> Any:
        type = self.random.choice(_LAYERS_INSIDE)
        return {"type": type, **({} if depth > _DEEPEST else self._object(definitions()[type], depth + 2))}

    def _plain(self, schema: dict[str, Any], depth: int) -> Any:
        kind: Any = schema.get("type")
        if isinstance(kind, list):
            kind = self.random.choice(cast("list[Any]", kind))
        match kind:
            case "integer":
                return self._within(schema, self.random.choice(_SMALL))
            case "number":
                number = self.random.choice(_NUMBERS) if self.random.random() < 0.8 else self.random.choice(_SMALL)
                return self._within(schema, number)
            case "boolean":
                return self.random.random() < 0.5
            case "string":
                return self.random.choice(schema.get("examples") or ("a", "b", "x"))
            case "array":
                return self._array(schema, depth)
            case "object":
                return self._object(schema, depth)
            case _:
                return None

    def _within(self, schema: Schema, number: Any) -> Any:
        low = schema.get("minimum", schema.get("exclusiveMinimum"))
        high = schema.get("maximum", schema.get("exclusiveMaximum"))
        if self.random.random() < 0.1:
            number = self.random.choice(
                [b for b in (schema.get("minimum"), schema.get("maximum"), number) if b is not None]
            )
        if high is not None and (number > high or ("exclusiveMaximum" in schema and number == high)):
            number = high if "maximum" in schema else (low or 0) + (high - (low or 0)) / 2
        if low is not None and (number < low or ("exclusiveMinimum" in schema and number == low)):
            number = low if "minimum" in schema else low + (1 if schema.get("type") == "integer" else 0.5)
        return number

    def _array(self, schema: Schema, depth: int) -> list[Any]:
        low, high = schema.get("minItems", 0), schema.get("maxItems", 4)
        size = self.random.randint(low, max(low, min(high, low + 3))) if depth < _DEEPEST + 4 else low
        items = [self.value(schema.get("items", {}), depth + 1) for _ in range(size)]
        if schema.get("uniqueItems"):
            items = [item for i, item in enumerate(items) if item not in items[:i]]
        return items

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        cases = schema.get("allOf", [{}])[0].get("then", {}).get("allOf")
        if cases:  # one of several types: the type decides about the rest
            chosen = self.random.choice(cases)
            ref = chosen["then"].get("$ref")
            of_type = chosen["if"]["properties"]["type"]
            names = of_type.get("enum") or [of_type["const"]]
            rest = self._object(definitions()[ref.removeprefix("#/definitions/")], depth + 1) if ref else {}
            return {**rest, "type": self.random.choice(names)}
        required = {*schema.get("required", ()), *schema.get("then", {}).get("required", ())}
        for name, option in schema.get("properties", {}).items():
            if name in _OF_EVERY_LAYER or name in _EXPANDING:
                continue
            if name in required or (depth <= _DEEPEST and self.random.random() < self.rich):
                made[name] = self.value(option, depth + 1)
        additional = schema.get("additionalProperties")
        if schema.get("properties", {}).keys() <= {"type"} and isinstance(additional, dict):
            made.pop("type", None)
            made["a"] = self.value(additional, depth + 1)
        return made


def _is_reference(schema: Any) -> bool:
    return isinstance(schema, dict) and cast("dict[str, Any]", schema).get("$ref") == _VARIABLE


_LAYERS_INSIDE = (
    "Dense", "Conv1D", "Conv2D", "LSTM", "GRU", "SimpleRNN", "Activation", "BatchNormalization", "Flatten", "Dropout",
    "LayerNormalization", "Rescaling", "MaxPooling2D", "RandomFlip", "EinsumDense", "Softmax", "Reshape", "ConvLSTM1D",
)  # fmt: skip
"""The layers that others hold: those that time-distributed, bidirectional and pipeline layers can mean."""

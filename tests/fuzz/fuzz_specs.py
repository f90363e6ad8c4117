"""Specs made from the JSON Schema: each layer with options of the kinds that it takes, and now and then wrong ones."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import modelc
from modelc.errors import ModelcError, ResourceError
from modelc.layers.registry import LAYERS

Schema = dict[str, Any]
_NUMBERS = [0, 1, 2, 3, 5, -1, 7]
_ODD: list[Any] = [
    10**29,
    -(10**18),
    2**31,
    1e308,
    True,
    None,
    "",
    "x" * 300,
    [],
    {},
    [1, [2]],
    {"type": {"a": 1}},
    "\x1b",
]
_SHAPES = [[], [4], [6, 4], [6, 6, 2], [3, 4, 4, 2], [8, 8, 3], [1], [5, 1]]
_MOST_WORK = 400_000
"""Multiply-adds and elements up to which a valid spec is run."""


@cache
def _schema() -> Schema:
    path = Path(__file__).parents[2] / "schemas" / "model.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))["definitions"]


def _value(random: Random, schema: Any, depth: int = 0) -> Any:
    schema = schema if isinstance(schema, dict) else {}  # true allows anything
    if random.random() < 0.02:
        return random.choice(_ODD)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2].replace("%20", " ")
        if name == "reference" or depth > 3:
            return random.choice(_NUMBERS)
        return _value(random, _schema().get(name, {}), depth + 1)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return _value(random, random.choice(schema[key]), depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return random.choice(schema["enum"])
    kind = schema.get("type")
    kind = random.choice(kind) if isinstance(kind, list) else kind
    if kind == "integer":
        return max(random.choice(_NUMBERS), schema.get("minimum", -9))
    if kind == "number":
        return random.choice([0.0, 0.5, 1.0, -1.0, 0.1, 2.5])
    if kind == "boolean":
        return random.random() < 0.5
    if kind == "array":
        size = random.choice([schema.get("minItems", 0), 1, 2, 3])
        return [_value(random, schema.get("items", {}), depth + 1) for _ in range(size)]
    if kind == "object" and "properties" in schema and depth < 4:
        return _options(random, schema, depth + 1)
    return random.choice([None, "relu", "a", 1, [1, 2]])


def _options(random: Random, schema: Schema, depth: int) -> Schema:
    required = schema.get("required", [])
    made: Schema = {}
    for name, option in schema.get("properties", {}).items():
        if name in required or (name not in ("inputs", "name", "dtype") and random.random() < 0.12):
            made[name] = _value(random, option, depth)
    return made


def make(random: Random) -> Schema:
    """A spec as plain data."""
    layers: list[Any] = []
    for i in range(random.choice([1, 1, 2, 3, 5])):
        name = random.choice(LAYERS.names)
        entry = {"type": name, **_options(random, _schema().get(name, {}), 0)}
        entry["type"] = name
        if random.random() < 0.05:
            entry["repeat"] = random.choice([2, 3, 10**6])
        if i and random.random() < 0.1:
            entry["inputs"] = random.choice([["input", "input"], "input", {"query": "input"}, [0]])
        layers.append(entry)
    spec: Schema = {"modelc": 1, "input": {"shape": random.choice(_SHAPES)}, "layers": layers}
    if random.random() < 0.1:
        spec["input"]["dtype"] = random.choice(["int32", "uint8", "float64"])
    if random.random() < 0.03:
        spec[random.choice(["outputs", "freeze", "truncate", "name", "limits", "weights"])] = random.choice(_ODD)
    return spec


def run(number: int, *, native: bool = False) -> str:
    """Check the spec of this number against the oracle; what became of it.

    No error but a `ModelcError`; what is written is read as the same; code computes what the definitions do.
    """
    data = make(Random(number))
    try:
        spec = modelc.load_spec(data)
        graph = spec.graph
    except ModelcError as error:
        assert len(str(error)) < 100_000
        return "refused"
    again = modelc.load_spec(spec.to_yaml())
    assert again == spec, "its text is another spec"
    str(spec.summary(wide=True))
    work = sum(n.op.macs(n.output.type, *(v.type for v in n.inputs)) + n.output.type.size for n in graph.nodes)
    if work > _MOST_WORK or sum(w.size for w in graph.weights) > _MOST_WORK:
        return "valid, not run"
    random = np.random.default_rng(number)
    samples = graph.batch_size or 3
    (shape,) = [value.type.dims for value in graph.inputs]
    x = random.uniform(0, 2, (samples, *shape)).astype(np.float32)
    if graph.inputs[0].type.dtype == "int32":
        x = x.astype(np.int32)
    try:
        reference = spec.build(backend="reference")
        with np.errstate(all="ignore"):
            expected = reference(x)
        if native:
            found = spec.build(weights=reference.get_weights())(x)
            _compare(expected, found)
    except (ResourceError, ModelcError):
        return "not run"
    return "run"


def _compare(expected: Any, found: Any) -> None:
    pairs = zip(expected, found, strict=True) if isinstance(expected, list) else [(expected, found)]
    for one, other in pairs:
        assert one.shape == other.shape
        finite = np.isfinite(one) & (np.abs(one) < 1e6)
        scale = max(1.0, float(np.abs(one[finite]).max(initial=0.0)))
        np.testing.assert_allclose(other[finite], one[finite], rtol=1e-3, atol=1e-3 * scale)

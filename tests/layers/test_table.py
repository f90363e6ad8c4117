"""What holds for every layer of the vocabulary. Adding a layer means adding a row, in `rows_spatial` or `rows_core`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from keras_signatures import SIGNATURES
from row import Row
from rows_core import ROWS as CORE_ROWS
from rows_spatial import ROWS as SPATIAL_ROWS

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers.base import Layer
from modelc.layers.registry import LAYERS
from modelc.spec.field_docs import field_docs

Array = np.ndarray[Any, Any]

ROWS = (*CORE_ROWS, *SPATIAL_ROWS)
BATCH = 3

COMMON = Layer.keyword_only
"""The options that all layers have."""


def traced(config: Mapping[str, Any], input: tuple[int, ...], dtype: str = "float32") -> Graph:
    g = Builder()
    x = g.input(TensorType((None, *input), dtype))  # pyright: ignore[reportArgumentType]
    with g.layer("layer"):
        y = LAYERS.coerce(config).call(g, x)
    return g.graph("one", (y,), ("layer",))


def sample(graph: Graph) -> Array:
    """An input: normal, or small integers that every table has rows for."""
    type = graph.inputs[0].type
    rng = np.random.default_rng(0)
    shape = (BATCH, *type.dims)
    return rng.integers(0, 7, shape, np.int32) if type.dtype == "int32" else rng.standard_normal(shape, np.float32)


def values(graph: Graph) -> dict[str, Array]:
    """Weights that differ from their initial values; variances and deviations are positive."""
    rng = np.random.default_rng(1)
    drawn = {w.path: rng.standard_normal(w.shape, np.float32) for w in graph.weights}
    return {path: np.abs(w) + 0.5 if path.endswith(("variance", "stddev")) else w for path, w in drawn.items()}


def variants() -> Iterator[Any]:
    for row in ROWS:
        yield pytest.param(row, row.config, id=row.id)
        for option, others in row.vary.items():
            for other in others:
                yield pytest.param(row, {**row.config, option: other}, id=f"{row.id}-{option}={other}")


every_row = pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
every_variant = pytest.mark.parametrize(("row", "config"), list(variants()))


def test_every_layer_has_a_row() -> None:
    assert {row.config["type"] for row in ROWS} == set(LAYERS.names)


@pytest.mark.parametrize("name", LAYERS.names)
def test_every_option_is_tried(name: str) -> None:
    rows = [row for row in ROWS if row.config["type"] == name]
    tried = {option for row in rows for option in (*row.config, *row.vary)}
    # `test_channels_first` covers the data format.
    assert set(LAYERS[name].model_fields) - COMMON - tried <= {"data_format"}


@every_row
def test_output_shape_is_that_of_keras(row: Row) -> None:
    assert traced(row.config, row.input, row.dtype).outputs[0].type == TensorType((None, *row.output))


@every_row
def test_weights_are_those_of_keras(row: Row) -> None:
    weights = traced(row.config, row.input, row.dtype).weights
    assert tuple((w.name, w.shape) for w in weights) == row.weights


@every_row
def test_initializers_fill_the_weights(row: Row) -> None:
    for weight in traced(row.config, row.input, row.dtype).weights:
        drawn = weight.initializer.draw(weight.shape, np.random.default_rng(0))
        assert (drawn.shape, drawn.dtype) == (weight.shape, np.float32)


@every_variant
def test_inferred_types_are_the_real_ones(row: Row, config: Mapping[str, Any]) -> None:
    graph = traced(config, row.input, row.dtype)
    environment = {graph.inputs[0]: sample(graph), **{w.value: values(graph)[w.path] for w in graph.weights}}
    for node in graph.nodes:
        result = node.op.compute(*(environment[value] for value in node.inputs))
        inferred = node.output.type
        assert result.shape == tuple(BATCH if d is None else d for d in inferred.shape), node.op
        assert result.dtype == inferred.dtype, node.op
        environment[node.output] = result
    assert np.all(np.isfinite(environment[graph.outputs[0]]))


@every_variant
def test_definition_follows_the_dtype(row: Row, config: Mapping[str, Any]) -> None:
    graph = traced(config, row.input, row.dtype)
    x = sample(graph)
    (single,) = interpret(graph, [x], values(graph))
    wide = x.astype(np.float64) if x.dtype == np.float32 else x
    (double,) = interpret(graph, [wide], {path: w.astype(np.float64) for path, w in values(graph).items()})
    if graph.weights or x.dtype == np.float32:
        assert double.dtype == np.float64
    np.testing.assert_allclose(single, double, rtol=2e-5, atol=2e-5)


@every_variant
def test_samples_do_not_mix(row: Row, config: Mapping[str, Any]) -> None:
    graph = traced(config, row.input, row.dtype)
    x = sample(graph)
    (together,) = interpret(graph, [x], values(graph))
    (alone,) = interpret(graph, [x[1:2]], values(graph))
    np.testing.assert_allclose(alone[0], together[1], rtol=1e-5, atol=1e-6)


@every_variant
def test_config_survives_text(row: Row, config: Mapping[str, Any]) -> None:
    layer = LAYERS.coerce(config)
    plain = json.loads(json.dumps(layer.plain()))
    assert LAYERS.coerce(plain) == layer
    for option, value in config.items():
        if option != "type":
            assert getattr(LAYERS.coerce(plain), option) == getattr(layer, option), (option, value)


@every_row
def test_only_what_differs_from_the_defaults_is_written(row: Row) -> None:
    assert set(LAYERS.coerce(row.config).plain()) <= set(row.config)


@pytest.mark.parametrize("name", LAYERS.names)
def test_positional_options_are_in_the_order_of_keras(name: str) -> None:
    layer = LAYERS[name]
    options = [option for option in layer.model_fields if option not in layer.keyword_only]
    assert options[: len(SIGNATURES[name])] == SIGNATURES[name]


@every_row
def test_construction_by_position(row: Row) -> None:
    layer = LAYERS.coerce(row.config)
    arguments = [getattr(layer, option) for option in SIGNATURES[row.config["type"]]]
    rest = {k: v for k, v in row.config.items() if k != "type" and k not in SIGNATURES[row.config["type"]]}
    assert LAYERS[row.config["type"]](*arguments, **rest) == layer


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.id) for row in ROWS if "data_format" in LAYERS[row.config["type"]].model_fields]
)
def test_channels_first(row: Row) -> None:
    last = traced(row.config, row.input)
    x = sample(last)
    (want,) = interpret(last, [x], values(last))
    x = np.moveaxis(x, -1, 1) if x.ndim > 1 else x
    first = traced({**row.config, "data_format": "channels_first"}, x.shape[1:])
    (got,) = interpret(first, [x], values(last))
    assert [w.shape for w in first.weights] == [w.shape for w in last.weights]
    np.testing.assert_array_equal(np.moveaxis(got, 1, -1) if got.ndim > 2 else got, want)


@pytest.mark.parametrize("name", LAYERS.names)
def test_every_option_is_described(name: str) -> None:
    assert LAYERS[name].__doc__
    assert set(field_docs(LAYERS[name])) == set(LAYERS[name].model_fields)

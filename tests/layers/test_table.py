"""What holds for every layer of the vocabulary. Adding a layer means adding a row, in one of the files of rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from keras_signatures import SIGNATURES
from row import Row
from rows_core import ROWS as CORE_ROWS
from rows_images import ROWS as IMAGE_ROWS
from rows_merging import ROWS as MERGING_ROWS
from rows_sequences import ROWS as SEQUENCE_ROWS
from rows_spatial import ROWS as SPATIAL_ROWS

from modelc.config.described import field_docs
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers import LAYERS
from modelc.layers.base import Layer
from modelc.layers.names.containers import CONTAINERS

Array = np.ndarray[Any, Any]

ROWS = (*CORE_ROWS, *SPATIAL_ROWS, *IMAGE_ROWS, *SEQUENCE_ROWS, *MERGING_ROWS)
BATCH = 3

COMMON = Layer.keyword_only
"""The options that all layers have."""


def traced(row: Row, config: Mapping[str, Any] | None = None, input: tuple[int, ...] | None = None) -> Graph:
    g = Builder()
    shapes = (row.input if input is None else input, *row.others)
    inputs = [g.input(TensorType((None, *shape), row.dtype)) for shape in shapes]  # pyright: ignore[reportArgumentType]
    with g.layer("layer"):
        layer = LAYERS.coerce(row.config if config is None else config)
        repeated = inputs[:1] * (layer.required_inputs - len(inputs))
        outputs = layer.apply(g, *inputs, *repeated)
    return g.graph("one", outputs, ("layer",) * len(outputs))


def samples(graph: Graph) -> list[Array]:
    """Inputs: normal, or small integers that every table has rows for."""
    rng = np.random.default_rng(0)
    drawn: list[Array] = []
    for type in (value.type for value in graph.inputs):
        shape = (BATCH, *type.dims)
        integers = type.dtype == "int32"
        drawn.append(rng.integers(0, 7, shape, np.int32) if integers else rng.standard_normal(shape, np.float32))
    return drawn


def values(graph: Graph) -> dict[str, Array]:
    """Weights that differ from their initial values; variances and deviations are positive."""
    rng = np.random.default_rng(1)
    drawn = {w.path: rng.standard_normal(w.shape, np.float32) for w in graph.weights}
    return {path: np.abs(w) + 0.5 if path.endswith(("variance", "stddev")) else w for path, w in drawn.items()}


def variants(row: Row) -> Iterator[Mapping[str, Any]]:
    """The layer as the row has it, then with one other value for one option at a time."""
    yield row.config
    for option, others in row.vary.items():
        for other in others:
            yield {**row.config, option: other}


every_row = pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])


def every_variant(test: Callable[[Row, Mapping[str, Any]], None]) -> Callable[[Row], None]:
    """A test of each row that holds for all its variants; a failure says which one it was."""

    def test_variants(row: Row) -> None:
        for config in variants(row):
            try:
                test(row, config)
            except BaseException as error:
                error.add_note(f"with {config}")
                raise

    test_variants.__name__ = test.__name__
    return every_row(test_variants)


def test_every_layer_has_a_row() -> None:
    assert {row.config["type"] for row in ROWS} == set(LAYERS.names)


@pytest.mark.parametrize("name", LAYERS.names)
def test_every_option_is_tried(name: str) -> None:
    rows = [row for row in ROWS if row.config["type"] == name]
    tried = {option for row in rows for option in (*row.config, *row.vary)}
    # `test_channels_first` covers the data format.
    assert set(LAYERS[name].model_fields) - COMMON - tried <= {"data_format"}


def test_layers_with_layers_inside_are_known() -> None:
    inside = {row.config["type"] for row in ROWS if any(w.path.count("/") > 1 for w in traced(row).weights)}
    assert inside == CONTAINERS - {"Model", "Functional", "Sequential"}


@every_row
def test_output_shape_is_that_of_keras(row: Row) -> None:
    assert traced(row).outputs[0].type.shape == (None, *row.output)


@every_row
def test_weights_are_those_of_keras(row: Row) -> None:
    weights = traced(row).weights
    assert tuple((w.name, w.shape) for w in weights) == row.weights


@every_row
def test_initializers_fill_the_weights(row: Row) -> None:
    for weight in traced(row).weights:
        drawn = weight.initializer.draw(weight.shape, np.random.default_rng(0))
        assert (drawn.shape, drawn.dtype) == (weight.shape, np.float32)


@every_variant
def test_inferred_types_are_the_real_ones(row: Row, config: Mapping[str, Any]) -> None:
    graph = traced(row, config)
    environment = dict(zip(graph.inputs, samples(graph), strict=True))
    drawn = values(graph)
    environment |= {w.value: drawn[w.path] for w in graph.weights}
    for node in graph.nodes:
        results = node.op.compute_all(*(environment[value] for value in node.inputs))
        for output, result in zip(node.outputs, results, strict=True):
            assert result.shape == tuple(BATCH if d is None else d for d in output.type.shape), node.op
            assert result.dtype == output.type.dtype, node.op
            environment[output] = result
    assert np.all(np.isfinite(environment[graph.outputs[0]]))


@every_variant
def test_definition_follows_the_dtype(row: Row, config: Mapping[str, Any]) -> None:
    graph = traced(row, config)
    inputs = samples(graph)
    singles = interpret(graph, inputs, values(graph))
    wide = [x.astype(np.float64) if x.dtype == np.float32 else x for x in inputs]
    doubles = interpret(graph, wide, {path: w.astype(np.float64) for path, w in values(graph).items()})
    for single, double in zip(singles, doubles, strict=True):
        if graph.weights or inputs[0].dtype == np.float32:
            assert double.dtype == np.float64
        np.testing.assert_allclose(single, double, rtol=2e-5, atol=2e-5)


@every_variant
def test_samples_do_not_mix(row: Row, config: Mapping[str, Any]) -> None:
    graph = traced(row, config)
    inputs = samples(graph)
    of_all = interpret(graph, inputs, values(graph))
    of_one = interpret(graph, [x[1:2] for x in inputs], values(graph))
    for together, alone in zip(of_all, of_one, strict=True):
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
    "row",
    [
        pytest.param(row, id=row.id)
        for row in ROWS
        # AutoContrast takes its extremes along the axes 1 and 2 whatever they are, as in Keras; the channels of
        # ConvLSTM come after time, `test_recurrence` has it; the kernel of LocallyConnected is another one with
        # channels first, `test_keras_local` has it.
        if "data_format" in LAYERS[row.config["type"]].model_fields
        and not row.config["type"].startswith(("AutoContrast", "ConvLSTM", "LocallyConnected"))
    ],
)
def test_channels_first(row: Row) -> None:
    last = traced(row)
    (x,) = samples(last)
    (want,) = interpret(last, [x], values(last))
    x = np.moveaxis(x, -1, 1) if x.ndim > 1 else x
    first = traced(row, {**row.config, "data_format": "channels_first"}, x.shape[1:])
    (got,) = interpret(first, [x], values(last))
    assert [w.shape for w in first.weights] == [w.shape for w in last.weights]
    np.testing.assert_array_equal(np.moveaxis(got, 1, -1) if got.ndim > 2 else got, want)


@pytest.mark.parametrize("name", LAYERS.names)
def test_every_option_is_described(name: str) -> None:
    assert LAYERS[name].__doc__
    assert set(field_docs(LAYERS[name])) == set(LAYERS[name].model_fields)

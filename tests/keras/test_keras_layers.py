"""Every layer of the table, to Keras and back: Keras opens what modelc writes, modelc opens what Keras writes.

The models hold one layer each. Outputs are compared with those of Keras itself.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.live_keras import live_keras

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "layers"))

from row import Row
from test_table import ROWS

from modelc.graph.interpret import interpret
from modelc.keras.export.export import export_keras
from modelc.keras.read import KerasModel, read_keras_model
from modelc.layers import LAYERS
from modelc.model.loading import load_spec
from modelc.model.spec import Spec

keras: Any = live_keras()

Array = np.ndarray[Any, Any]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # Keras's own

# An input is no layer of its own, and cells are called by the layers that hold them.
LEFT_OUT = {
    "InputLayer", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells",
    "Equalization",  # Keras cannot load a model that begins with one: it gives its input itself
    "LocallyConnected1D", "LocallyConnected2D",  # Keras 3 has none; `test_older_layers` has them
    "SReLU", "ParametricSoftplus", "SampleNormalization",  # those of Keras 1, recorded in `test_keras1`
    "IntegerLookup",  # needs TensorFlow; recorded in `test_integer_lookup`
}  # fmt: skip


def keras_can(config: Mapping[str, Any]) -> bool:
    """Whether Keras, on JAX, builds and calls the layer of a row."""
    # It makes no kernel of what `output_shape` leaves open, and its dot products take values of the keys' size.
    open_kernel = config.get("equation") == "abc,bcd->abd"
    return not open_kernel and config.get("value_dim") in (None, config.get("key_dim"))


def rows() -> Iterator[Any]:
    for i, row in enumerate(ROWS):
        if row.config["type"] not in LEFT_OUT and keras_can(row.config):
            yield pytest.param(row, id=f"{i}-{row.id}"[:100])


def shapes_of(row: Row) -> list[tuple[int, ...]]:
    """The shapes of all inputs: a layer of several takes the first one for all where the row names no others."""
    needed = LAYERS[row.config["type"]].required_inputs
    return [row.input, *row.others] if row.others else [row.input] * needed


def spec_of(row: Row) -> Spec:
    shapes = shapes_of(row)
    if len(shapes) == 1:
        given = {"shape": list(row.input), "dtype": row.dtype}
        return load_spec({"modelc": 1, "input": given, "layers": [row.config]})
    inputs = {f"x{i}": {"shape": list(shape), "dtype": row.dtype} for i, shape in enumerate(shapes)}
    return load_spec({"modelc": 1, "inputs": inputs, "layers": [{**row.config, "inputs": list(inputs)}]})


def arrays_of(spec: Spec, rng: np.random.Generator) -> dict[str, Array]:
    return {w.path: rng.uniform(0.1, 1, w.shape).astype("float32") for w in spec.graph.weights}


def inputs_of(row: Row, rng: np.random.Generator) -> list[Array]:
    shapes = [(2, *shape) for shape in shapes_of(row)]
    if row.dtype.startswith("float"):
        return [rng.normal(size=shape).astype(row.dtype) for shape in shapes]
    return [rng.integers(0, 3, shape).astype(row.dtype) for shape in shapes]


def ours(spec: Spec, inputs: list[Array], arrays: dict[str, Array]) -> list[Array]:
    entering = [x.astype(np.float32 if x.dtype.kind == "f" else np.int32) for x in inputs]
    return interpret(spec.graph, entering, arrays)


def listed(outputs: Any) -> list[Array]:
    return [np.asarray(y) for y in (outputs if isinstance(outputs, list | tuple) else [outputs])]


def assert_close(found: list[Array], expected: list[Array]) -> None:
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4 * max(1.0, float(np.abs(b).max(initial=0))), rtol=0)


def assert_read(model: KerasModel, inputs: list[Array], expected: list[Array]) -> None:
    arrays, report = model.read_weights()
    assert report.complete, report.lines()
    assert_close(ours(model.spec, inputs, arrays), expected)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("row", list(rows()))
def test_there_and_back(row: Row, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    spec, inputs = spec_of(row), inputs_of(row, rng)
    arrays = arrays_of(spec, rng)
    export_keras(tmp_path / "ours.keras", spec, arrays)
    theirs = keras.models.load_model(tmp_path / "ours.keras")
    expected = listed(theirs(inputs if len(inputs) > 1 else inputs[0], training=False))
    assert_close(ours(spec, inputs, arrays), expected)
    theirs.save(tmp_path / "theirs.keras")
    assert_read(read_keras_model(tmp_path / "theirs.keras"), inputs, expected)
    with contextlib.suppress(TypeError):  # Keras cannot save some layers of pictures so: they hold a module
        theirs.save(tmp_path / "theirs.h5")
        assert_read(read_keras_model(tmp_path / "theirs.h5"), inputs, expected)

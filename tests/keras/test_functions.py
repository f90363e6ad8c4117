"""Models of one call each of TensorFlow's and Keras's functions, as Keras saved them and with what it computed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import ModelcError, load_spec
from modelc.errors import UnsupportedError
from modelc.graph.interpret import interpret
from modelc.keras.export.export import model_config
from modelc.keras.export.expressible import require_in_keras
from modelc.keras.read import read_keras_model
from modelc.layers.operations.coverage import NOT_OF_KERAS, REFUSED
from modelc.layers.operations.table import OPERATIONS
from modelc.model.spec import Spec
from tests.data.functions.inputs import arrays, names_in
from tests.live_keras import live_keras

HERE = Path(__file__).parents[1] / "data" / "functions"


@cache
def recorded(kind: str) -> dict[str, tuple[dict[str, Any], list[Any]]]:
    """The models by call, each with what it gives."""
    found: dict[str, tuple[dict[str, Any], list[Any]]] = {}
    with np.load(HERE / f"{kind}.npz") as file:
        flat = file["outputs"]
        text = str(file["models"].tobytes(), "utf-8")
        for model in json.loads(text):
            outputs: list[Any] = []
            for shape in model["shapes"]:
                count = int(np.prod(shape))
                outputs.append(flat[:count].reshape(shape))
                flat = flat[count:]
            found[model["call"]] = model, outputs
    assert not flat.size
    return found


CALLS = [
    pytest.param(kind, line, id=f"{kind}: {line}")
    for kind in ("tensorflow", "keras")
    for line in (HERE / f"{kind}.txt").read_text().splitlines()
]


def same(spec: Spec, call: str, expected: list[Any]) -> None:
    results = interpret(spec.graph, [arrays(name) for name in names_in(call)], {})
    assert len(results) == len(expected)
    for got, want in zip(results, expected, strict=True):
        assert got.shape == want.shape
        finite = np.isfinite(want)
        np.testing.assert_array_equal(np.asarray(got, np.float32)[~finite], want[~finite])
        scale = np.abs(want[finite]).max(initial=1e-6)
        np.testing.assert_allclose(got[finite], want[finite], rtol=0, atol=3e-5 * scale)


def exported(spec: Spec, call: str, expected: list[Any]) -> bool:
    """Whether Keras has what a spec holds, which is then the same after it was written in its format."""
    try:
        require_in_keras(spec.layers)
        written = model_config(spec)
    except UnsupportedError:
        return False
    same(read_keras_model(json.loads(json.dumps(written))).spec, call, expected)
    return True


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("kind", "line"), CALLS)
def test_a_call_gives_what_keras_gave_in_every_format(kind: str, line: str) -> None:
    """As it is read, from text, and after it was written in the format of Keras."""
    call = line.removeprefix("!").strip()
    model, expected = recorded(kind)[call]
    if line.startswith("!"):
        with pytest.raises(ModelcError) as caught:
            read_keras_model(model["model"]).spec.graph  # noqa: B018
        assert "Traceback" not in str(caught.value)
        return
    spec = read_keras_model(model["model"]).spec
    same(spec, call, expected)
    same(load_spec(spec.to_yaml()), call, expected)
    of_keras_2 = any(f'"{method}"' in line for method in ("area", "gaussian", "mitchellcubic")) or "resize_area" in line
    assert exported(spec, line, expected) is not of_keras_2


def test_the_lists_are_what_was_recorded() -> None:
    for kind in ("tensorflow", "keras"):
        lines = (HERE / f"{kind}.txt").read_text().splitlines()
        assert [line.removeprefix("!").strip() for line in lines] == list(recorded(kind))


def test_every_function_of_keras_is_imported_or_refused() -> None:
    keras: Any = live_keras()
    modules = [keras.ops, *(getattr(keras.ops, name) for name in ("image", "linalg", "nn", "numpy"))]
    public = {
        name
        for module in modules
        for name in dir(module)
        if not name.startswith("_") and callable(getattr(module, name))
    }
    assert public == (set(OPERATIONS) - NOT_OF_KERAS) | set(REFUSED)
    assert not set(OPERATIONS) & set(REFUSED)


def test_every_class_of_keras_is_an_operation_or_refused_for_a_reason() -> None:
    base: Any = pytest.importorskip("keras.src.ops.operation").Operation
    from modelc.keras.config.operations import KERAS_OPERATIONS, operation_from_keras

    unknown: list[str] = []
    todo: list[Any] = list(base.__subclasses__())
    while todo:
        made = todo.pop()
        todo += made.__subclasses__()
        bases = ("Function", "SegmentReduction")
        if not made.__module__.startswith("keras.src.ops.") or made.__name__ in (*KERAS_OPERATIONS, *bases):
            continue
        serialized: dict[str, Any] = {"module": made.__module__, "class_name": made.__name__, "config": {}}
        with pytest.raises(UnsupportedError) as caught:
            operation_from_keras(serialized, [], {}, lambda _: False)
        if ": " not in str(caught.value):
            unknown.append(made.__name__)
    assert unknown == []


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("range", {"limit": 10**12}),
        ("linspace", {"stop": 1.0, "num": 10**12}),
        ("eye", {"num_columns": 10**9}),
        ("reshape", {"shape": [-1, 10**30]}),
        ("reshape", {"shape": {"class_name": "Lambda"}}),
        ("tile", {"multiples": [1, 10**12, 1]}),
        ("one_hot", {"depth": 10**12}),
        ("image.resize_nearest_neighbor", {"size": [10**9, 1]}),
        ("compat.v1.pad", {"paddings": [[0, 0], [0, 10**12], [0, 0]], "mode": "REFLECT"}),
        ("compat.v1.gather", {"indices": [1e300], "axis": 1}),
        ("slice", {"begin": [0], "size": [1, 2, 3]}),
        ("split", {"num_or_size_splits": "two"}),
        ("__operators__.getitem", {"slice_spec": {"start": None, "stop": None, "step": 0}}),
        ("math.add", {"y": [[1], [2, 3]]}),
        ("math.add", {"y": None}),
        ("clip_by_value", {"clip_value_min": "low", "clip_value_max": []}),
        ("__import__", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_malformed_arguments_are_refused_before_any_work(function: str, arguments: dict[str, Any]) -> None:
    first = 3 if function in ("range", "linspace", "eye") else ["in_x", 0, 0]
    node = ["_CONSTANT_VALUE", -1, first, arguments] if first == 3 else [*first, arguments]  # pyright: ignore
    shape: list[Any] = [None, 6, 4]
    model: dict[str, Any] = {
        "class_name": "Functional",
        "config": {
            "name": "model",
            "layers": [
                {"class_name": "InputLayer", "config": {"batch_input_shape": shape, "dtype": "float32", "name": "in_x"},
                 "name": "in_x", "inbound_nodes": []},
                {"class_name": "TFOpLambda", "config": {"name": "f", "function": function}, "name": "f",
                 "inbound_nodes": [node]},
            ],
            "input_layers": [["in_x", 0, 0]],
            "output_layers": [["f", 0, 0]],
        },
        "keras_version": "2.11.0",
    }  # fmt: skip
    with pytest.raises(ModelcError):
        read_keras_model(model).spec.graph  # noqa: B018

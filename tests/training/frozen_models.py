"""Models with layers that are frozen, and what is asked of them: bytes, digests, slots, and the work of a step."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from row import Row
from test_table import ROWS, traced

from modelc import load_spec
from modelc.graph.graph import Graph, Node
from modelc.layers import LAYERS
from modelc.model.model import Model
from modelc.model.symbol import Backend
from modelc.training.batch import TrainingBatch
from modelc.training.freezing import LayerDigest, digests
from modelc.training.step import training_step
from modelc.training.step_graph import StepGraph

Array = np.ndarray[Any, Any]

SAMPLES, STEPS = 4, 3
OPTIMIZER = {
    "type": "SGD", "learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.1, "use_ema": True,
    "ema_overwrite_frequency": 2,
}  # fmt: skip
BATCH_NORMALIZATIONS = [
    Row({"type": "BatchNormalization", **options}, (4, 3), (4, 3), (("moving_mean", ()),))
    for options in ({"center": False}, {"center": False, "scale": False}, {"renorm": True}, {"axis": 1})
]

NORMALIZATION = {"type": "BatchNormalization"}
_BY_STEPS = {"type": "TimeDistributed", "layer": NORMALIZATION}
_GAMMA = (("gamma", (3,)),)
WRAPPED = [
    Row(_BY_STEPS, (4, 3), (4, 3), _GAMMA),
    Row({"type": "TimeDistributed", "layer": _BY_STEPS}, (2, 4, 3), (2, 4, 3), _GAMMA),
]
"""What is frozen with the wrapper that it is in."""

WEIGHTED = [row for row in (*ROWS, *BATCH_NORMALIZATIONS, *WRAPPED) if row.weights]
FIRST = list({row.config["type"]: row for row in reversed(WEIGHTED)}.values())
"""One row for each type of layer."""


def model_of(row: Row, *, below: bool = False, backend: Backend = "reference") -> Model:
    """The layer of the row, frozen, with a head on it that is trained; where `below`, also a trained layer under it."""
    layer = LAYERS.coerce(row.config)
    shapes = [row.input, *row.others]
    shapes += shapes[:1] * (layer.required_inputs - len(shapes))
    names = [f"x{i}" for i in range(len(shapes))]
    entries: list[dict[str, Any]] = []
    operands = list(names)
    if below:
        entries.append({"type": "Dense", "units": shapes[0][-1], "name": "below", "inputs": "x0"})
        operands[0] = "below"
    entries.append({**row.config, "name": "cold", "inputs": operands if len(operands) > 1 else operands[0]})
    entries += head(f"cold[{0}]" if layer_outputs(row) > 1 else "cold")
    inputs = {name: {"shape": list(shape), "dtype": row.dtype} for name, shape in zip(names, shapes, strict=True)}
    spec = {"modelc": 1, "name": "m", "inputs": inputs, "layers": entries, "freeze": "cold", "outputs": ["head"]}
    model = load_spec(json.dumps(spec)).build(backend=backend)
    model.compile(OPTIMIZER, "mse")
    return model


def head(source: str) -> list[dict[str, Any]]:
    return [
        {"type": "Flatten", "name": "flat", "inputs": source},
        {"type": "Dense", "units": 2, "name": "head", "inputs": "flat"},
    ]


def layer_outputs(row: Row) -> int:
    return len(traced(row).outputs)


def data(model: Model, step: int = 0) -> tuple[list[Array], Array]:
    rng = np.random.default_rng(step)
    x = [
        rng.integers(0, 5, (SAMPLES, *value.type.dims), np.int32)
        if value.type.dtype == "int32"
        else rng.standard_normal((SAMPLES, *value.type.dims), np.float32)
        for value in model.graph.inputs
    ]
    return x, rng.standard_normal((SAMPLES, *model.graph.outputs[0].type.dims), np.float32)


def train(model: Model, steps: int = STEPS) -> list[float]:
    return [model.train_on_batch(*data(model, step)) for step in range(steps)]


def step_of(model: Model) -> StepGraph:
    """The graph of the step that the model would make next."""
    x, y = data(model)
    engine = model.trainer.engine
    return training_step(
        model.to_spec(), engine.objective, TrainingBatch(x, (y,), (None,)).labels(model.graph), engine.optimizer
    )


def bytes_of(model: Model, layer: str) -> dict[str, bytes]:
    found = {path: a.tobytes() for path, a in model.arrays.items() if path.startswith(f"{layer}/")}
    assert found
    return found


def digest_of(model: Model) -> dict[str, LayerDigest]:
    return {d.name: d for d in digests(model.layers, model.graph.layers, model.arrays)}


def slots(model: Model) -> set[str]:
    """The paths of the weights for which the optimizer keeps arrays."""
    return {path.split("/", 2)[2] for path in model.training_state()[0] if path.startswith("optimizer/")}


def check_frozen(model: Model, trained: set[str]) -> None:
    """Train, and see that of the layers only those change whose names are given."""
    before, arrays = digest_of(model), {path: a.copy() for path, a in model.arrays.items()}
    train(model)
    after = digest_of(model)
    assert {name for name in after if after[name].digest != before[name].digest} == trained
    assert {d.name for d in after.values() if not d.frozen} == trained
    for path, array in model.arrays.items():
        if path.rpartition("/")[0] not in trained and path.split("/")[0] not in trained:
            assert array.tobytes() == arrays[path].tobytes(), path
    assert slots(model) == {v.path for v in model.trainable_weights}


def work(graph: Graph) -> Counter[str]:
    """The ops outside of the frozen layer."""
    return Counter(repr(node.op) for node in graph.nodes if not inside(node, "cold"))


def inside(node: Node, layer: str) -> bool:
    return node.layer == layer or node.layer.startswith(f"{layer}/")


NESTED: Mapping[str, Any] = {
    "modelc": 1,
    "input": {"shape": [6, 6, 3]},
    "layers": [
        {"type": "Conv2D", "filters": 4, "kernel_size": 3, "name": "conv"},
        {"type": "BatchNormalization", "name": "norm"},
        {"type": "ReLU"},
        {"type": "GlobalAveragePooling2D"},
        {"type": "Dense", "units": 3, "name": "features"},
    ],
}


def nested(base: Mapping[str, Any] | None = None, **spec: Any) -> Model:
    """A model in a model in a model, under a head."""
    inner = {"type": "Model", "name": "inner", "spec": dict(NESTED), **(base or {})}
    middle = {
        "modelc": 1,
        "input": {"shape": [6, 6, 3]},
        "layers": [{"type": "BatchNormalization", "name": "norm"}, inner],
    }
    layers = [{"type": "Model", "name": "base", "spec": middle}, {"type": "Dense", "units": 2, "name": "head"}]
    text = json.dumps({"modelc": 1, "input": {"shape": [6, 6, 3]}, "layers": layers, **spec})
    model = load_spec(text).build(backend="reference")
    model.compile(OPTIMIZER, "mse")
    return model


INNER = {"base/inner/conv", "base/inner/norm", "base/inner/features"}

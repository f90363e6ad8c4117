"""modelc as its users have it, for the conformance runner (its README documents the interface of this file).

Models are opened by `modelc.load_spec`, built, called and counted by their public methods. A layer is a Keras model of
that one layer, whose tensors are the inputs of the model. Two things have no public call, and are asked of the graph
that the spec is traced to: what a layer gives in training, and gradients.

`MODELC_BACKEND` says what runs the graphs: `reference`, the NumPy definitions of the ops (the default), `native`, or
`onnx`: ONNX Runtime, on the file that `model.save("m.onnx")` writes (inference alone: `--no-grad`).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import modelc
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.language.view import trace_spec
from modelc.native.engine.program import NativeProgram
from modelc.passes.differentiate import differentiate, with_seeds
from modelc.weights.variable import Variable

Array = np.ndarray[Any, Any]

CHOSEN = os.environ.get("MODELC_BACKEND", "reference")
BACKEND: Any = "reference" if CHOSEN == "onnx" else CHOSEN
NAME = f"modelc {modelc.__version__} ({CHOSEN})"
UNSUPPORTED = (modelc.UnsupportedError, modelc.SpecError, modelc.InputError)
"""Refusals that a user would read. `conformance_refused.py` says which cases are refused and why, and CI compares."""


# --- models


class _Model:
    """A model that Keras described, opened as its users open it."""

    def __init__(self, source: str, *, is_text: bool) -> None:
        self._source, self._is_text = source, is_text
        self._open: dict[str, Any] = {}
        self._spec: modelc.Spec | None = None
        self._built: modelc.Model | None = None

    def needs_shape(self) -> bool:
        """Whether the file says nothing of what its model takes."""
        return self.spec.input is None and not self.spec.is_functional

    def give_shape(self, shape: Sequence[int]) -> None:
        """What `--input-shape` says."""
        self._open, self._spec = {"input_shape": list(shape[1:])}, None

    @property
    def spec(self) -> modelc.Spec:
        if self._spec is None:
            if self._is_text:
                with tempfile.TemporaryDirectory() as folder:
                    path = Path(folder) / "model.json"
                    path.write_text(self._source, encoding="utf-8")
                    self._spec = modelc.load_spec(path, **self._open)
            else:
                self._spec = modelc.load_spec(self._source, **self._open)
        return self._spec

    @property
    def model(self) -> modelc.Model:
        if self._built is None:
            self._built = self.spec.build(backend=BACKEND)
        return self._built

    def set_weights(self, arrays: Sequence[Array]) -> None:
        self.model.set_weights(arrays)

    def get_weights(self) -> list[Array]:
        return self.model.get_weights()

    def load_weights(self, path: str) -> None:
        self.model.load_weights(path)

    def __call__(self, *arrays: Array) -> list[Array]:
        if CHOSEN == "onnx":
            return in_onnx_runtime(self.model, arrays)
        result = self.model(arrays[0] if len(arrays) == 1 else list(arrays))
        return list(result.values()) if isinstance(result, dict) else _listed(result)

    def count_params(self) -> dict[str, int]:
        summary = self.spec.summary()
        return {
            "total": summary.params,
            "trainable": summary.trainable_params,
            "non_trainable": summary.non_trainable_params,
        }

    def layer_rows(self) -> list[tuple[str, str, Any, int]]:
        """The rows of `summary`, among which bare operations are none of Keras's layers."""
        operations = {layer.name for layer in self.spec.layers if isinstance(layer, modelc.layers.Operation)}
        return [
            (row.name, _CLASSES.get(row.type, row.type), _shapes(row.output_shapes), row.params)
            for row in self.spec.summary().rows
            if row.name not in operations
        ]

    def weight_specs(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(variable.name, variable.shape) for variable in self.model.weights]


def in_onnx_runtime(model: modelc.Model, arrays: Sequence[Array]) -> list[Array]:
    """The outputs of the model's ONNX file; states are zeros, as of a model that was not called yet."""
    import onnxruntime

    samples = {len(x) for value, x in zip(model.graph.inputs, arrays, strict=False) if value.type.batched}
    if len(samples) > 1:  # as a call of the model says
        raise modelc.InputError(f"the inputs hold different numbers of samples: {sorted(samples)}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        model.save(path)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    given = list(arrays) + [np.zeros(one.shape, np.float32) for one in session.get_inputs()[len(arrays) :]]
    named = {
        one.name: np.ascontiguousarray(array, _DTYPES[one.type])
        for one, array in zip(session.get_inputs(), given, strict=True)
    }
    return list(session.run(None, named))[: len(model.output_names)]


_DTYPES = {
    "tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64", "tensor(bool)": "bool",
    **{f"tensor({sign}int{bits})": f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)},
}  # fmt: skip
"""The dtypes of ONNX Runtime, as NumPy calls them."""


_CLASSES = {"GroupQueryAttention": "GroupedQueryAttention"}
"""Keras's names of classes where it exports them under another one."""


def _shapes(shapes: Sequence[Sequence[int | None]]) -> Any:
    return list(shapes[0]) if len(shapes) == 1 else [list(shape) for shape in shapes]


def _listed(value: Any) -> list[Array]:
    return list(value) if isinstance(value, list | tuple) else [value]


def model_from_json(text: str) -> _Model:
    return _Model(text, is_text=True)


def load(path: str) -> _Model:
    return _Model(path, is_text=False)


def build(model: _Model, input_shapes: Sequence[Sequence[int]]) -> None:
    if model.needs_shape() and len(input_shapes) == 1:
        model.give_shape(input_shapes[0])


# --- layers


class _OneLayer:
    """A Keras model of one layer; its arguments in the call are what the model is written with."""

    def __init__(self, config: Mapping[str, Any], shapes: Sequence[Sequence[int]], dtypes: Sequence[str], case: Any):
        self._config, self._style, self._names = config, case["call_style"], case["input_names"]
        self._outputs = len(case["output_shapes"])
        self._shapes, self._dtypes = shapes, dtypes
        self._weights: list[Array] = []
        self._is_one_image = config["class_name"] in ("CenterCrop", "Resizing") and len(shapes[0]) == 3

    def set_weights(self, arrays: Sequence[Array]) -> None:
        self._weights = list(arrays)

    def get_weights(self) -> list[Array]:
        return self._weights

    def __call__(self, *arrays: Array, training: bool = False, **arguments: Any) -> list[Array]:
        model, tensors = self._written(arguments)
        inputs = [*arrays, *tensors]
        if training:
            return self._in_training(model, inputs)
        if self._weights:
            model.set_weights(self._weights)
        return model(*inputs)

    def _in_training(self, model: _Model, inputs: Sequence[Array]) -> list[Array]:
        graph = trace_spec(model.spec, training=True)
        results = run(graph, inputs, self._values(graph))
        updated = dict(zip(graph.updates, results[len(graph.outputs) :], strict=True))
        self._weights = [updated.get(w.path, x) for w, x in zip(graph.weights, self._weights, strict=True)]
        return results[: len(graph.outputs)]

    def gradients(
        self, arrays: Sequence[Array], seed_grads: Sequence[Array | None], *, training: bool = False, **arguments: Any
    ) -> tuple[list[Array | None], list[Array | None]]:
        model, tensors = self._written(arguments)
        graph, seeds = with_seeds(trace_spec(model.spec, training=training))
        wanted = [x for x in graph.inputs[: len(arrays)] if x.type.dtype == "float32"]
        trained = [w.value for w in graph.weights if w.trainable]
        made = differentiate(graph, [*wanted, *trained], seeds)
        into = [np.asarray(dy, np.float32) for seed, dy in zip(seeds, seed_grads, strict=True) if seed]
        count = len(graph.outputs)
        found = run(made, [*arrays, *tensors, *into], self._values(graph))[count : count + len(wanted) + len(trained)]
        by_value = dict(zip([*wanted, *trained], found, strict=True))
        return (
            [by_value.get(x) for x in graph.inputs[: len(arrays)]],
            [by_value.get(w.value) for w in graph.weights],
        )

    def _values(self, graph: Graph) -> dict[str, Array]:
        return {w.path: np.asarray(x, np.float32) for w, x in zip(graph.weights, self._weights, strict=True)}

    def _written(self, arguments: Mapping[str, Any]) -> tuple[_Model, list[Array]]:
        """The Keras model that calls the layer with these arguments, and the arrays among them."""
        written = _OneLayerModel(self._shapes, self._dtypes, is_one_image=self._is_one_image)
        operands = [written.input(shape, dtype) for shape, dtype in zip(self._shapes, self._dtypes, strict=True)]
        named = {name: written.argument(value) for name, value in arguments.items()}
        if self._style == "kwargs":
            args, kwargs = [], dict(zip(self._names, operands, strict=True))
        else:
            args, kwargs = ([operands] if self._style == "list" else operands), {}
        text = written.text(self._config, args, {**kwargs, **named}, self._outputs)
        return _Model(text, is_text=True), written.arrays


class _OneLayerModel:
    """Writes what `to_json` of Keras 3 gives for a Functional model of one layer."""

    def __init__(self, shapes: Sequence[Sequence[int]], dtypes: Sequence[str], *, is_one_image: bool) -> None:
        self._inputs: list[dict[str, Any]] = []
        # Inputs of several batch sizes, which some layer joins: all shapes are fixed then. So is that of one image.
        is_free = len({tuple(shape[:1]) for shape in shapes}) == 1 and not is_one_image
        self._batch = shapes[0][0] if is_free else None
        self.arrays: list[Array] = []

    def input(self, shape: Sequence[int], dtype: str) -> dict[str, Any]:
        """An InputLayer, as the tensor that it gives."""
        name = f"x{len(self._inputs)}"
        is_free = shape and shape[0] == self._batch
        batch_shape = [None if is_free else shape[0], *shape[1:]]
        config = {"batch_shape": batch_shape, "dtype": dtype, "sparse": False, "ragged": False, "name": name}
        entry = {"module": "keras.layers", "class_name": "InputLayer", "config": config, "registered_name": None}
        self._inputs.append({**entry, "name": name, "inbound_nodes": []})
        history = {"shape": batch_shape, "dtype": dtype, "keras_history": [name, 0, 0]}
        return {"class_name": "__keras_tensor__", "config": history}

    def argument(self, value: Any) -> Any:
        """An argument of the call, in which arrays become inputs of the model."""
        if isinstance(value, list | tuple):
            return [self.argument(item) for item in value]
        if not isinstance(value, np.ndarray):
            return value
        self.arrays.append(value)
        return self.input(value.shape, value.dtype.name)

    def text(self, config: Mapping[str, Any], args: Sequence[Any], kwargs: Mapping[str, Any], outputs: int) -> str:
        name = config["config"]["name"]
        layer = {**config, "name": name, "inbound_nodes": [{"args": args, "kwargs": kwargs}]}
        layers = [*self._inputs, layer]
        inputs = [[entry["name"], 0, 0] for entry in self._inputs]
        options = {"name": "one", "trainable": True, "layers": layers, "input_layers": inputs}
        options["output_layers"] = [[name, 0, i] for i in range(outputs)]
        model = {"module": "keras", "class_name": "Functional", "config": options}
        return json.dumps({**model, "registered_name": None, "keras_version": "3.15.1", "backend": "jax"})


def layer(
    config: Mapping[str, Any], input_shapes: Sequence[Sequence[int]], input_dtypes: Sequence[str], case: Any
) -> _OneLayer:
    return _OneLayer(config, input_shapes, input_dtypes, case)


def gradients(
    obj: _OneLayer, inputs: Sequence[Array], seed_grads: Sequence[Array | None], **call_kwargs: Any
) -> tuple[list[Array | None], list[Array | None]]:
    """The gradients of ``Σ_k Σ output_k·seed_grads[k]``, for every input and every weight; None for integers."""
    return obj.gradients(inputs, seed_grads, **call_kwargs)


def run(graph: Graph, inputs: Sequence[Array], weights: Mapping[str, Array]) -> list[Array]:
    """The outputs of a graph, then its updates."""
    given = list(_entering(graph, inputs))
    if BACKEND == "reference":
        return interpret(graph, given, weights)
    return NativeProgram(graph, {path: Variable(path, value) for path, value in weights.items()}).run(given)


def _entering(graph: Graph, inputs: Sequence[Array]) -> Iterator[Array]:
    for value, x in zip(graph.inputs, inputs, strict=True):
        yield np.ascontiguousarray(x, value.type.dtype)

"""modelc as the conformance runner sees it (its README documents the interface of this file).

`MODELC_BACKEND` says what runs the graphs: `reference`, the NumPy definitions of the ops (the default), or `native`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.interop.keras import UnsupportedError, chain_from_keras, layer_from_keras
from modelc.layers.base import Layer
from modelc.runtime.native_program import NativeProgram
from modelc.variables import Variable

Array = np.ndarray[Any, Any]
Run = Callable[[Graph, Sequence[Array], Mapping[str, Array]], list[Array]]


def _native(graph: Graph, inputs: Sequence[Array], weights: Mapping[str, Array]) -> list[Array]:
    program = NativeProgram(graph, {path: Variable(path, value) for path, value in weights.items()})
    return program.run([np.ascontiguousarray(x) for x in inputs])


_BACKENDS: dict[str, Run] = {"reference": interpret, "native": _native}
_BACKEND = os.environ.get("MODELC_BACKEND", "reference")

NAME = f"modelc ({_BACKEND})"
UNSUPPORTED = (UnsupportedError,)


def run(graph: Graph, inputs: Sequence[Array], weights: Mapping[str, Array]) -> list[Array]:
    """The outputs of `graph`, then its updates."""
    return _BACKENDS[_BACKEND](graph, inputs, weights)


class _Stateful:
    """Holds a value for every weight of a graph, in order."""

    def __init__(self) -> None:
        self.values: dict[str, Array] = {}

    def _assign(self, graph: Graph, arrays: Sequence[Array]) -> None:
        want = [w.shape for w in graph.weights]
        got = [np.shape(a) for a in arrays]
        if want != got:
            raise ValueError(f"the weights have the shapes {want}, given {got}")
        self.values = {w.path: np.asarray(a, np.float32) for w, a in zip(graph.weights, arrays, strict=True)}

    def get_weights(self) -> list[Array]:
        return list(self.values.values())


class _OneLayer(_Stateful):
    def __init__(self, layer: Layer, shapes: Sequence[Sequence[int]], dtypes: Sequence[str]) -> None:
        super().__init__()
        self.layer = layer
        self.types = [_type((None, *shape[1:]), dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]

    def set_weights(self, arrays: Sequence[Array]) -> None:
        self._assign(self._trace(training=False, batch=0, tensors={})[0], arrays)

    def __call__(self, *arrays: Array, training: bool = False, **tensors: Array) -> list[Array]:
        graph, outputs = self._trace(training=training, batch=len(arrays[0]), tensors=tensors)
        inputs = [_entering(x) for x in (*arrays, *tensors.values())]
        results = run(graph, inputs, self.values)
        self.values.update(zip(graph.updates, results[outputs:], strict=True))
        return results[:outputs]

    def _trace(self, *, training: bool, batch: int, tensors: Mapping[str, Array]) -> tuple[Graph, int]:
        g = Builder(training=training)
        operands = [g.input(type) for type in self.types]
        extra = {name: g.input(_extra_type(np.asarray(x), batch)) for name, x in tensors.items()}
        with g.layer("layer"):
            output = self.layer.call(g, *operands, **extra)
        return g.graph("layer", (output,), ("layer",)), 1


class _Chain(_Stateful):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.model = chain_from_keras(json.loads(text))
        self.graph: Graph | None = None
        self.batch: int | None = None
        if self.model.input_shape is not None:
            self.build(self.model.input_shape)

    def build(self, shape: Sequence[int | None]) -> None:
        g = Builder()
        self.batch = shape[0]
        x: Value = g.input(_type((None, *shape[1:]), self.model.dtype))
        for layer in self.model.layers:
            assert layer.name is not None
            with g.layer(layer.name):
                start, entering = g.mark(), x
                x = layer.call(g, x)
                g.record(
                    start, name=layer.name, type=type(layer).__name__, input=entering, output=x,
                    trainable=layer.trainable,
                )  # fmt: skip
        self.graph = g.graph(self.model.name, (x,), (self.model.layers[-1].name or "",))

    @property
    def built(self) -> Graph:
        assert self.graph is not None, "the model has no input shape yet"
        return self.graph

    def set_weights(self, arrays: Sequence[Array]) -> None:
        self._assign(self.built, arrays)

    def __call__(self, x: Array) -> list[Array]:
        return run(self.built, [_entering(x)], self.values)

    def count_params(self) -> dict[str, int]:
        trainable = {t.name for t in self.built.layers if t.trainable}
        total = sum(w.size for w in self.built.weights)
        trained = sum(w.size for w in self.built.weights if w.trainable and w.layer in trainable)
        return {"total": total, "trainable": trained, "non_trainable": total - trained}

    def layer_rows(self) -> list[tuple[str, str, list[int | None], int]]:
        rows = [(t.name, t.type, self._shape(t.output), sum(w.size for w in t.weights)) for t in self.built.layers]
        if self.model.input_name is None:
            return rows
        return [(self.model.input_name, "InputLayer", self._shape(self.built.inputs[0]), 0), *rows]

    def weight_specs(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(w.name, w.shape) for w in self.built.weights]

    def _shape(self, value: Value) -> list[int | None]:
        return [self.batch, *value.type.shape[1:]]


def layer(config: Mapping[str, Any], input_shapes: Sequence[Sequence[int]], input_dtypes: Sequence[str]) -> _OneLayer:
    return _OneLayer(layer_from_keras(config), input_shapes, input_dtypes)


def model_from_json(text: str) -> _Chain:
    return _Chain(text)


def build(model: _Chain, input_shapes: Sequence[Sequence[int]]) -> None:
    if model.graph is None:
        model.build(input_shapes[0])


def _type(shape: tuple[int | None, ...], dtype: str) -> TensorType:
    return TensorType(shape, "float32" if dtype.startswith("float") else "int32")


def _extra_type(x: Array, batch: int) -> TensorType:
    """A mask: its first dimension is the batch where it has the batch's size."""
    shape: tuple[int | None, ...] = x.shape
    return _type((None, *shape[1:]) if shape and shape[0] == batch else shape, x.dtype.name)


def _entering(x: Array) -> Array:
    x = np.asarray(x)
    return x.astype(np.float32 if np.issubdtype(x.dtype, np.floating) else np.int32)

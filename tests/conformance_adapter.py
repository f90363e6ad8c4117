"""modelc as the conformance runner sees it (its README documents the interface of this file).

`MODELC_BACKEND` says what runs the graphs: `reference`, the NumPy definitions of the ops (the default), or `native`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value, leaves
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.interop.keras import UnsupportedError, layer_from_keras
from modelc.interop.keras_import import KerasModel, read_keras_model
from modelc.layers.base import Layer
from modelc.layers.operation import Operation
from modelc.passes.differentiate import differentiate, with_seeds
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
        self.batch = shapes[0][0] if shapes else None
        # Inputs of several batch sizes, which some layer joins: all of the shapes are fixed then.
        first = (None,) if len({tuple(shape[:1]) for shape in shapes}) == 1 else ()
        self.types = [_type((*first, *shape[len(first) :]), dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]

    def set_weights(self, arrays: Sequence[Array]) -> None:
        self._assign(self._trace(self.layer, {}, training=False), arrays)

    def __call__(self, *arrays: Array, training: bool = False, **arguments: Any) -> list[Array]:
        layer, tensors = self._split(arguments)
        graph = self._trace(layer, tensors, training=training)
        inputs = [_entering(x) for x in (*arrays, *_flat(tensors))]
        results = run(graph, inputs, self.values)
        outputs = len(graph.outputs)
        self.values.update(zip(graph.updates, results[outputs:], strict=True))
        return results[:outputs]

    def gradients(
        self, arrays: Sequence[Array], seed_grads: Sequence[Array | None], *, training: bool = False, **arguments: Any
    ) -> tuple[list[Array | None], list[Array | None]]:
        layer, tensors = self._split(arguments)
        graph, seeds = with_seeds(self._trace(layer, tensors, training=training))
        wanted = [x for x in graph.inputs[: len(arrays)] if x.type.dtype == "float32"]
        trained = [w.value for w in graph.weights if w.trainable]
        made = differentiate(graph, [*wanted, *trained], seeds)
        given = [_entering(x) for x in (*arrays, *_flat(tensors))]
        into = [np.asarray(dy, np.float32) for seed, dy in zip(seeds, seed_grads, strict=True) if seed]
        count = len(graph.outputs)
        found = run(made, [*given, *into], self.values)[count : count + len(wanted) + len(trained)]
        by_value = dict(zip([*wanted, *trained], found, strict=True))
        return (
            [by_value.get(x) for x in graph.inputs[: len(arrays)]],
            [by_value.get(w.value) for w in graph.weights],
        )

    def _split(self, arguments: Mapping[str, Any]) -> tuple[Layer, dict[str, Any]]:
        """The layer with the options that Keras takes in the call, and the tensors."""
        options = {k: v for k, v in arguments.items() if k in self.layer.call_options}
        tensors = {k: v for k, v in arguments.items() if k not in options and v is not None}
        return (self.layer.model_copy(update=options) if options else self.layer), tensors

    def _trace(self, layer: Layer, tensors: Mapping[str, Any], *, training: bool) -> Graph:
        g = Builder(training=training, batch_size=self.batch)
        operands = [g.input(type) for type in self.types]

        def declared(x: Any) -> Any:
            if isinstance(x, list | tuple):
                return tuple(declared(item) for item in cast("Sequence[Any]", x))
            return None if x is None else g.input(_extra_type(np.asarray(x), self.batch or 0))

        extra = {name: declared(x) for name, x in tensors.items()}
        positional = [extra.pop(name) for name in layer.input_names[len(operands) :] if name in extra]
        with g.layer("layer"):
            outputs = layer.apply(g, *operands, *positional, **extra)
        return g.graph("layer", outputs, ("layer",) * len(outputs))


def _flat(tensors: Mapping[str, Any]) -> list[Array]:
    """The arrays among the named tensors, in the order in which they are declared."""
    arrays: list[Array] = []
    for x in tensors.values():
        arrays += [y for y in cast("Sequence[Any]", x) if y is not None] if isinstance(x, list | tuple) else [x]
    return arrays


class _Model(_Stateful):
    """A model that Keras described, with its weights by path."""

    def __init__(self, source: Any) -> None:
        super().__init__()
        self._source = source
        self._read: KerasModel | None = None
        self._shape: Sequence[int] | None = None
        """A shape of one sample that was given, where the model leaves sizes open."""
        try:
            self._set(read_keras_model(source))
        except UnsupportedError as error:
            if "leaves sizes open" not in str(error):
                raise

    def _set(self, model: KerasModel) -> None:
        self._read = model if model.spec.is_functional or model.spec.input is not None else None

    def build(self, shape: Sequence[Any]) -> None:
        if self._read is None:
            self._shape = shape[1:]
            self._set(read_keras_model(self._source, input_shape=self._shape))

    @property
    def keras(self) -> KerasModel:
        if self._read is None:  # counts do not depend on the sizes that are left open: any will do
            self.build((None, 160, 160, 3))
        assert self._read is not None
        return self._read

    @property
    def graph(self) -> Graph:
        return self.keras.spec.graph

    def set_weights(self, arrays: Sequence[Array]) -> None:
        self._assign(self.graph, arrays)

    def load_weights(self, path: str | None) -> None:
        self.values, _ = self.keras.read_weights(path)

    def __call__(self, *arrays: Array) -> list[Array]:
        return run(self.graph, [_entering(x) for x in arrays], self.values)

    def count_params(self) -> dict[str, int]:
        trained = sum(w.size for t in leaves(self.graph.layers) if t.trainable for w in t.weights if w.trainable)
        total = sum(w.size for w in self.graph.weights)
        return {"total": total, "trainable": trained, "non_trainable": total - trained}

    def layer_rows(self) -> list[tuple[str, str, Any, int]]:
        """The rows of `model.layers`, among which operations are not."""
        rows = self._rows(self.keras)
        if self._shape is None or not self.keras.spec.is_functional:
            return rows
        # A size that follows the one that was left open is no fixed one: it is null in the rows.
        other = self._rows(
            read_keras_model(self._source, input_shape=[*(n + 64 for n in self._shape[:-1]), self._shape[-1]])
        )
        return [
            (name, kind, [a if a == b else None for a, b in zip(shape, grown, strict=True)], count)
            for (name, kind, shape, count), (_, _, grown, _) in zip(rows, other, strict=True)
        ]

    def _rows(self, model: KerasModel) -> list[tuple[str, str, Any, int]]:
        operations = {layer.name for layer in model.spec.layers if isinstance(layer, Operation)}
        return [
            (t.name, _CLASSES.get(t.type, t.type), self._shapes(t.outputs), sum(w.size for w in t.weights))
            for t in model.spec.graph.layers
            if t.name not in operations
        ]

    def weight_specs(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(w.name, w.shape) for w in self.graph.weights]

    def _shapes(self, values: Sequence[Value]) -> Any:
        shapes = [[self.graph.batch_size, *value.type.shape[1:]] for value in values]
        return shapes[0] if len(shapes) == 1 else shapes


_CLASSES = {"GroupQueryAttention": "GroupedQueryAttention"}
"""Keras's names of classes where it exports them under another one."""


def layer(config: Mapping[str, Any], input_shapes: Sequence[Sequence[int]], input_dtypes: Sequence[str]) -> _OneLayer:
    return _OneLayer(layer_from_keras(config), input_shapes, input_dtypes)


def gradients(
    obj: _OneLayer, inputs: Sequence[Array], seed_grads: Sequence[Array | None], **call_kwargs: Any
) -> tuple[list[Array | None], list[Array | None]]:
    """The gradients of ``Σ_k Σ output_k·seed_grads[k]``, for every input and every weight; None for integers."""
    return obj.gradients(inputs, seed_grads, **call_kwargs)


def model_from_json(text: str) -> _Model:
    return _Model(text)


def load(path: str) -> _Model:
    model = _Model(path)
    model.load_weights(None)
    return model


def build(model: _Model, input_shapes: Sequence[Sequence[int]]) -> None:
    if len(input_shapes) == 1:
        model.build(input_shapes[0])


def _type(shape: tuple[int | None, ...], dtype: str) -> TensorType:
    return TensorType(shape, "float32" if dtype.startswith("float") or dtype == "bool" else "int32")


def _extra_type(x: Array, batch: int) -> TensorType:
    """A mask: its first dimension is the batch where it has the batch's size."""
    shape: tuple[int | None, ...] = x.shape
    return _type((None, *shape[1:]) if shape and shape[0] == batch else shape, x.dtype.name)


def _entering(x: Array) -> Array:
    x = np.asarray(x)
    return x.astype(np.float32 if x.dtype.kind in "fb" else np.int32)

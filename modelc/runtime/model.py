"""`Model`: a traced graph with its weights, ready to run."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelc.errors import Diagnostic, InputError, SpecError
from modelc.graph.graph import Graph, prune
from modelc.layers.base import Layer
from modelc.runtime.inputs import as_input, check_input
from modelc.runtime.program import Program, ReferenceProgram
from modelc.runtime.symbol import Symbol
from modelc.spec.selectors import select_ordered
from modelc.variables import Variable

if TYPE_CHECKING:
    from modelc.spec.spec import Spec

Array = NDArray[Any]
Backend = Literal["native", "reference"]
OnCompile = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Traced:
    """A graph, its layers in order and its variables by path: what several models can be made of."""

    graph: Graph
    layers: tuple[Layer, ...]
    variables: Mapping[str, Variable]

    def bind(self) -> None:
        """Give each layer its weights and its symbolic input and output."""
        for layer, record in zip(self.layers, self.graph.layers, strict=True):
            layer.bind(
                tuple(self.variables[w.path] for w in record.weights),
                Symbol(self, record.input, f"{record.name}.input"),
                Symbol(self, record.output, record.name),
            )


class Model:
    """A model that runs: `model(x)` for one batch, `predict` for many.

    Made by `spec.build()`, by `modelc.load`, or from symbolic tensors of another model, with which it then shares
    its weights: `Model(inputs=base.inputs, outputs=[layer.output for layer in base.layers])`.
    """

    def __init__(
        self, inputs: Symbol | Sequence[Symbol], outputs: Symbol | Sequence[Symbol], name: str | None = None
    ) -> None:
        traced, names = _connect(_symbols(inputs, "inputs"), _symbols(outputs, "outputs"), name)
        self._set_up(traced, names, single=isinstance(outputs, Symbol))

    @classmethod
    def from_traced(
        cls, traced: Traced, *, spec: Spec | None = None, backend: Backend = "native", on_compile: OnCompile | None = None
    ) -> Self:
        """The model of a whole traced graph, compiled."""
        new = cls.__new__(cls)
        new._set_up(traced, traced.graph.output_names, single=len(traced.graph.outputs) == 1, spec=spec, backend=backend)
        new.compile_native(on_compile)
        return new

    def _set_up(
        self,
        traced: Traced,
        output_names: Sequence[str],
        *,
        single: bool,
        spec: Spec | None = None,
        backend: Backend = "native",
    ) -> None:
        self._traced = traced
        self._output_names = tuple(output_names)
        self._single = single
        self._spec = spec
        self._backend: Backend = backend
        self._program: Program | None = None
        self._lock = threading.Lock()

    # --- what it consists of

    @property
    def name(self) -> str:
        """The model's name."""
        return self._traced.graph.name

    @property
    def spec(self) -> Spec | None:
        """The spec that the model was built from; None for one made of symbolic tensors."""
        return self._spec

    @property
    def graph(self) -> Graph:
        """The traced graph, before any pass."""
        return self._traced.graph

    @property
    def layers(self) -> list[Layer]:
        """The layers, bound to their weights."""
        return list(self._traced.layers)

    @property
    def inputs(self) -> list[Symbol]:
        """The symbolic inputs."""
        return [Symbol(self._traced, value, "input") for value in self.graph.inputs]

    @property
    def outputs(self) -> list[Symbol]:
        """The symbolic outputs."""
        return [Symbol(self._traced, v, n) for v, n in zip(self.graph.outputs, self._output_names, strict=True)]

    @property
    def output_names(self) -> tuple[str, ...]:
        """The layers that the outputs are of."""
        return self._output_names

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """The layer of that name, or at that index. Raises `SpecError` where there is none."""
        return find_layer(self._traced.layers, name, index)

    # --- weights

    @property
    def weights(self) -> list[Variable]:
        """All weights, layer by layer, in Keras's order."""
        return [self._traced.variables[w.path] for w in self.graph.weights]

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        return [v for layer in self.layers for v in layer.trainable_weights]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        return [v for layer in self.layers for v in layer.non_trainable_weights]

    def count_params(self) -> int:
        """The number of elements in all weights."""
        return sum(w.size for w in self.graph.weights)

    def get_weights(self) -> list[Array]:
        """Copies of all arrays, in order."""
        return [v.value.copy() for v in self.weights]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Assign all weights, in order. Raises `WeightsError`, and assigns nothing, where they do not match."""
        from modelc.weights import assign_all

        assign_all(self.weights, weights, f"the model `{self.name}`")

    def save_weights(self, path: str | os.PathLike[str]) -> None:
        """Write all weights to a safetensors file, by path (`conv2d/kernel`)."""
        from modelc.interop.tensors import save_weights

        save_weights(path, {v.path: v.value for v in self.weights})

    def load_weights(self, path: str | os.PathLike[str]) -> None:
        """Read all weights from a safetensors file. Raises `WeightsError`, and loads nothing, on any mismatch."""
        from modelc.interop.tensors import load_weights

        load_weights(path, self.weights)

    # --- running

    def __call__(self, x: Any) -> Any:
        """The outputs for one batch: an array, or a list where the model has several outputs."""
        results = self.program.run([self._input(x)])
        return results[0] if self._single else results

    def predict(self, x: Any, batch_size: int = 32) -> Any:
        """The outputs for all samples of `x`, run in batches of `batch_size`; `x` may be memory-mapped."""
        if batch_size < 1:
            raise InputError(f"`batch_size` must be at least 1, found {batch_size}")
        source = np.asanyarray(_only(x))
        check_input(source, self.graph.inputs[0].type)
        if len(source) <= batch_size:
            return self(source)
        parts = list(self.batches(source, batch_size))
        results = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return results[0] if self._single else results

    def batches(self, x: Array, batch_size: int) -> Iterator[list[Array]]:
        """The outputs of one batch after the other."""
        for start in range(0, len(x), batch_size):
            yield self.program.run([self._input(x[start : start + batch_size])])

    def _input(self, x: Any) -> Array:
        return as_input(_only(x), self.graph.inputs[0].type)

    @property
    def program(self) -> Program:
        """The compiled graph; made at the first call where building did not."""
        program = self._program
        return program if program is not None else self.compile_native(None)

    def compile_native(self, on_compile: OnCompile | None) -> Program:
        """Compile for the model's backend, once; `on_compile(family, seconds)` tells of kernels made on the way."""
        with self._lock:
            if self._program is None:
                self._program = self._make_program(on_compile)
            return self._program

    def _make_program(self, on_compile: OnCompile | None) -> Program:
        if self._backend == "reference":
            return ReferenceProgram(self.graph, self._traced.variables)
        from modelc.runtime.native_program import NativeProgram

        return NativeProgram(self.graph, self._traced.variables, on_compile)

    # --- other models

    def extract(self, *selectors: str) -> Model:
        """The model that returns the outputs of these layers; it shares its weights with this one."""
        names = select_ordered(selectors, [str(layer.name) for layer in self.layers])
        symbols = [self.get_layer(name).output for name in names]
        return Model(self.inputs, symbols[0] if len(symbols) == 1 else symbols, self.name)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model as one `.modelc` file: spec, weights and a manifest."""
        from modelc.interop.artifact import save

        save(self, path)

    def summary(self, **options: Any) -> None:
        """Print the table of layers, shapes and parameters, as Keras does."""
        from modelc.report.summary import summarize

        print(summarize(self, **options))

    def __repr__(self) -> str:
        return f"<Model {self.name}: {len(self._traced.layers)} layers, {self.count_params():,} parameters>"


def find_layer(layers: Sequence[Layer], name: str | None, index: int | None) -> Layer:
    """The layer of that name, or at that index. Raises `SpecError` where there is none."""
    from modelc.suggest import did_you_mean

    if (name is None) == (index is None):
        raise SpecError(Diagnostic("E207", "get_layer takes a name or an index", None, "get_layer"))
    if index is not None:
        if not -len(layers) <= index < len(layers):
            raise SpecError(Diagnostic("E304", f"no layer has the index {index}: there are {len(layers)}", None, "get_layer"))
        return layers[index]
    names = [str(layer.name) for layer in layers]
    if name not in names:
        near = did_you_mean(str(name), names)
        help = f"did you mean `{near}`?" if near else f"the layers are: {', '.join(names[:20])}"
        raise SpecError(Diagnostic("E304", f"there is no layer `{name}`", help, "get_layer"))
    return layers[names.index(name)]


def _only(x: Any) -> Any:
    """The one input of a call: an array, or a list or mapping that holds one."""
    if isinstance(x, Mapping) and len(x) == 1:  # pyright: ignore[reportUnknownArgumentType]
        return next(iter(x.values()))  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
    if isinstance(x, list | tuple) and len(x) == 1 and isinstance(x[0], np.ndarray):  # pyright: ignore[reportUnknownArgumentType]
        return x[0]  # pyright: ignore[reportUnknownVariableType]
    return x  # pyright: ignore[reportUnknownVariableType]


def _symbols(given: Symbol | Sequence[Symbol], what: str) -> list[Symbol]:
    symbols = [given] if isinstance(given, Symbol) else list(given)
    if not symbols or not all(isinstance(s, Symbol) for s in symbols):
        help = "give the `inputs` of a model, or the `output` of its layers"
        raise SpecError(Diagnostic("E203", f"`{what}` must be symbolic tensors of a model", help, "Model"))
    return symbols


def _connect(inputs: list[Symbol], outputs: list[Symbol], name: str | None) -> tuple[Traced, list[str]]:
    """The part of a traced model between these tensors."""
    traced = outputs[0].owner
    if any(s.owner is not traced for s in (*inputs, *outputs)):
        raise SpecError(Diagnostic("E207", "the inputs and outputs belong to different models", None, "Model"))
    graph = traced.graph
    if [s.value for s in inputs] != list(graph.inputs):
        help = "take `inputs` of the model whose layers these are"
        raise SpecError(Diagnostic("E207", "a model starts at the inputs of the model it is made from", help, "Model"))
    values = [s.value for s in outputs]
    last = max((i for i, record in enumerate(graph.layers) if record.output in values), default=-1)
    records = graph.layers[: last + 1]
    weights = tuple(w for record in records for w in record.weights)
    names = [s.name for s in outputs]
    part = replace(
        graph, name=name or graph.name, outputs=tuple(values), output_names=tuple(names), weights=weights, layers=records
    )
    return Traced(prune(part), traced.layers[: last + 1], traced.variables), names

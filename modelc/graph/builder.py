"""`Builder`: what a layer's `call` writes its ops to while a model is traced."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from modelc.errors import ShapeError
from modelc.graph.graph import Graph, LayerTrace, Node, Value, Weight
from modelc.graph.types import TensorType
from modelc.initializers import Initializer
from modelc.ops.base import Op
from modelc.ops.elementwise import Cast

Mark = tuple[int, int, int]
"""The numbers of nodes, weights and layers at some point of a trace."""


class Builder:
    """Collects the nodes and weights of a model, layer by layer.

    `training` says which of its two computations a layer is to emit; inference unless said.
    """

    def __init__(self, *, training: bool = False) -> None:
        self.training = training
        self._inputs: list[Value] = []
        self._input_dtypes: list[str] = []
        self._nodes: list[Node] = []
        self._weights: list[Weight] = []
        self._layers: list[LayerTrace] = []
        self._updates: dict[str, Value] = {}
        self._path = ""

    def input(self, type: TensorType, dtype: str | None = None) -> Value:
        """Declare an input of the model; `dtype` is what the user declared, where it is not the value's own."""
        value = Value(type)
        self._inputs.append(value)
        self._input_dtypes.append(dtype or type.dtype)
        return value

    def emit(self, op: Op, *operands: Value) -> Value:
        """Apply `op`, to integers as floats where it takes no integers. Raises `ShapeError` where it does not fit."""
        if not op.takes_integers:
            operands = tuple(self.emit(Cast("float32"), v) if v.type.dtype == "int32" else v for v in operands)
        output = Value(_bounded(op.infer(*(operand.type for operand in operands))), self._path)
        self._nodes.append(Node(op, operands, output))
        return output

    def weight(self, name: str, shape: tuple[int, ...], initializer: Initializer, *, trainable: bool = True) -> Value:
        """Declare a weight of the layer that is being traced."""
        value = Value(_bounded(TensorType(shape)), self._path)
        self._weights.append(Weight(f"{self._path}/{name}", value, initializer, trainable))
        return value

    def update(self, weight: Value, value: Value) -> None:
        """In training mode: a call changes the statistic `weight` to `value`."""
        path = next(w.path for w in self._weights if w.value is weight)
        self._updates[path] = value

    @contextmanager
    def layer(self, path: str) -> Generator[None]:
        """Ops and weights inside belong to the layer at `path`."""
        outer, self._path = self._path, path
        try:
            yield
        finally:
            self._path = outer

    def mark(self) -> Mark:
        """How far the trace has come, for `record` and `rewind`."""
        return len(self._nodes), len(self._weights), len(self._layers)

    def rewind(self, mark: Mark) -> None:
        """Forget what was traced since `mark`."""
        nodes, weights, layers = mark
        for weight in self._weights[weights:]:
            self._updates.pop(weight.path, None)
        del self._nodes[nodes:], self._weights[weights:], self._layers[layers:]

    def record(self, start: Mark, *, name: str, type: str, input: Value, output: Value, trainable: bool) -> LayerTrace:
        """Note what the layer that was traced since `start` consists of."""
        macs = sum(n.op.macs(n.output.type, *(v.type for v in n.inputs)) for n in self._nodes[start[0] :])
        weights = tuple(self._weights[start[1] :])
        made = LayerTrace(name, type, input, output, weights, macs, trainable)
        self._layers.append(made)
        return made

    def graph(self, name: str, outputs: tuple[Value, ...], output_names: tuple[str, ...]) -> Graph:
        """The finished graph."""
        return Graph(
            name=name,
            inputs=tuple(self._inputs),
            weights=tuple(self._weights),
            nodes=tuple(self._nodes),
            outputs=outputs,
            output_names=output_names,
            layers=tuple(self._layers),
            input_dtypes=tuple(self._input_dtypes),
            updates=dict(self._updates),
        )


MAX_ELEMENTS = 2**40
"""Elements of one tensor, per sample: beyond, and far below what int64 holds, sizes are mistakes or attacks."""


def _bounded(type: TensorType) -> TensorType:
    """The type itself. Raises `ShapeError` where the tensor is too large to be meant."""
    if type.size > MAX_ELEMENTS:
        raise ShapeError(
            f"it would make a tensor of {type.size:,} elements, more than the {MAX_ELEMENTS:,} allowed", code="E403"
        )
    return type

"""Reverse-mode differentiation (Linnainmaa, 1970): the graph of the gradients of a graph's outputs.

graph f(%0: float32(None, 8))                graph f(%0: float32(None, 8), %1: float32(None, 2))
  %1 = weight dense/kernel float32(8, 2)       %2 = weight dense/kernel float32(8, 2)
  %2 = MatMul(%0, %1) float32(None, 2)         %3 = MatMul(%0, %2) float32(None, 2)
  return %2                                    %4 = MatMulKernelGradient(%0, %1) float32(8, 2)
                                               return %3, %4
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from modelc.errors import ShapeError
from modelc.graph.graph import Graph, Node, Value, prune
from modelc.graph.tensor import Tensor, constant
from modelc.graph.types import TensorType
from modelc.ops.base import Op
from modelc.ops.elementwise import Binary, Cast
from modelc.ops.scan import Scan
from modelc.passes.differentiate_scan import above_values, differentiate_scan


def differentiate(
    graph: Graph, wrt: Sequence[Value], seeds: Sequence[Value | None] | None = None, stopped: Collection[Value] = ()
) -> Graph:
    """The graph with the gradients of `wrt` as further outputs, in that order, named `gradient`.

    What is differentiated is ``Σ_k Σ outputs[k]·seeds[k]``. `seeds` holds for each output a value of the graph, of the
    same type, or None; without it, the first output must be a scalar, the loss, and its seed is 1.

    The nodes of the graph are walked backwards. What comes to a value from several readers is summed. No node is
    differentiated that none of `wrt` lies below, so frozen layers under the lowest one that is trained cost nothing.
    The values in `stopped` count as constants: no gradient passes through them to what they are made of.
    Raises `ShapeError` for an integer among `wrt`, or an output and a seed that do not fit.
    """
    for value in wrt:
        if value.type.dtype != "float32":
            raise ShapeError(f"an integer tensor has no gradient, found {value.type}")
    tape = _Tape(graph)
    if seeds is None:
        loss = graph.outputs[0]
        if loss.type != TensorType(()):
            raise ShapeError(f"the loss must be a scalar, found {loss.type}", "give a seed for each output")
        seeds = (constant(tape, 1.0).value, *(None for _ in graph.outputs[1:]))
    for value, seed in zip(graph.outputs, seeds, strict=True):
        if seed is None:
            continue
        if seed.type != value.type:
            raise ShapeError(f"the seed of {value.type} must have the same type, found {seed.type}")
        tape.add(value, seed)
    above = above_values(graph.nodes, wrt, stopped)
    for node in reversed(graph.nodes):
        if above.isdisjoint(node.outputs) or node.output in stopped:
            continue
        if isinstance(node.op, Scan):
            tape.at(node.layer)
            differentiate_scan(tape, node, above, stopped, differentiate)
        elif (dy := tape.gradients.get(node.output)) is not None:
            tape.back(node, dy, above)
    gradients = tuple(tape.gradient(value) for value in wrt)
    return prune(
        replace(
            graph,
            nodes=tuple(tape.nodes),
            outputs=graph.outputs + gradients,
            output_names=graph.output_names + ("gradient",) * len(gradients),
        )
    )


def with_seeds(graph: Graph) -> tuple[Graph, tuple[Value | None, ...]]:
    """The graph with a further input for the gradient of each output, and these: None for integers."""
    seeds = tuple(Value(value.type) if value.type.dtype == "float32" else None for value in graph.outputs)
    given = tuple(seed for seed in seeds if seed is not None)
    grown = replace(
        graph,
        inputs=graph.inputs + given,
        input_dtypes=graph.input_dtypes + ("float32",) * len(given),
        input_names=graph.input_names + ("gradient",) * len(given),
    )
    return grown, seeds


class _Tape:
    """The nodes of the new graph, and the gradients that are known so far."""

    def __init__(self, graph: Graph) -> None:
        self.nodes: list[Node] = list(graph.nodes)
        self.gradients: dict[Value, Value] = {}
        self._layer = ""
        # What was emitted before is not emitted again: a kernel is transposed once.
        self._emitted: dict[tuple[Op, tuple[Value, ...]], Value] = {}

    def emit(self, op: Op, *operands: Tensor) -> Tensor:
        """A new node, for the layer whose node is differentiated; integers are converted as `Builder` does it."""
        return Tensor(self, self.emit_value(op, *(operand.value for operand in operands)))

    def emit_value(self, op: Op, *operands: Value) -> Value:
        """`emit` for the values of tensors."""
        if not op.takes_integers:
            operands = tuple(self.emit_value(Cast("float32"), v) if v.type.dtype == "int32" else v for v in operands)
        known = self._emitted.get((op, operands))
        if known is not None:
            return known
        output = Value(op.infer(*(operand.type for operand in operands)), self._layer)
        self.nodes.append(Node(op, operands, output))
        self._emitted[op, operands] = output
        return output

    def add(self, value: Value, gradient: Value) -> None:
        """One more contribution to the gradient of a value."""
        known = self.gradients.get(value)
        self.gradients[value] = gradient if known is None else self.emit_value(Binary("add"), known, gradient)

    def at(self, layer: str) -> None:
        """What is emitted from here on belongs to the layer at this path."""
        self._layer = layer

    def back(self, node: Node, dy: Value, above: set[Value]) -> None:
        """From the gradient of a node's output to those of its operands that are above something wanted."""
        self.at(node.layer)
        inputs = tuple(Tensor(self, value) for value in node.inputs)
        found = node.op.gradient(self, inputs, Tensor(self, node.output), Tensor(self, dy))
        for value, gradient in zip(node.inputs, found, strict=True):
            if gradient is None or value not in above:
                continue
            assert gradient.type == value.type, f"{node.op}: the gradient of {value.type} is {gradient.type}"
            self.add(value, gradient.value)

    def gradient(self, value: Value) -> Value:
        """The gradient of a value; zeros where no output depends on it."""
        known = self.gradients.get(value)
        if known is not None:
            return known
        return constant(self, 0.0).broadcast_like(Tensor(self, value)).value

"""Recurrent layers as `LSTM`, `GRU` and `RNN`; two that read the same, in both directions, as one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from modelc.graph.graph import Node, Value
from modelc.onnx.export.rules.recurrence import STEPS_FIRST, RecurrenceTensors, operands_of, reads_little
from modelc.onnx.export.writer import OnnxWriter
from modelc.ops.base import Array
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.matmul import MatMul
from modelc.ops.recurrent import GATES, STATES, Recurrent, RecurrentKind

_OPERATORS = {"simple": "RNN", "lstm": "LSTM", "gru": "GRU", "gru_reset_before": "GRU"}
_ORDERS = {"simple": (0,), "lstm": (0, 3, 1, 2), "gru": (0, 1, 2), "gru_reset_before": (0, 1, 2)}
"""The gates in ONNX's order, by their places in Keras's: i, o, f, c; z, r, h."""
_ACTIVATIONS: dict[str, tuple[str, tuple[float, ...]]] = {
    "tanh": ("Tanh", ()), "sigmoid": ("Sigmoid", ()), "relu": ("Relu", ()), "softsign": ("Softsign", ()),
    "softplus": ("Softplus", ()), "hard_sigmoid": ("HardSigmoid", (1 / 6, 0.5)),
    "keras2_hard_sigmoid": ("HardSigmoid", (0.2, 0.5)),
}  # fmt: skip
"""The activations of the operators, and their alpha and beta."""


@dataclass(frozen=True, slots=True)
class _Direction:
    """A recurrence that an operator can say."""

    node: Node
    op: Recurrent
    units: int
    x: Value
    """What is projected."""
    weights: tuple[Array, Array, Array]
    """The kernel, the recurrent kernel, and both biases, as the operators take them."""
    states: tuple[Value, ...]


def as_operator(w: OnnxWriter, node: Node, op: Recurrent) -> RecurrenceTensors | None:
    """The operator for it; None where there is none that says it."""
    one = _direction(w, node, op)
    if one is None:
        return None
    other = _other_direction(w, one)
    if other is None:
        return _written(w, [one])[0]
    both = sorted((one, other), key=lambda each: each.op.backward)
    made = dict(zip((each.node for each in both), _written(w, both), strict=True))
    w.ahead[other.node] = made[other.node]
    return made[node]


def _direction(w: OnnxWriter, node: Node, op: Recurrent) -> _Direction | None:
    """A recurrence, where an operator can say it."""
    projected = _projection(w, node.inputs[0])
    weights = node.inputs[1 : 2 + op.bias]
    if op.masked or projected is None or None in _chosen(op) or not all(map(w.is_constant, weights)):
        return None
    x, kernel, bias = projected
    units, gates = node.inputs[1].type.dims[0], GATES[op.kind]
    recurrent_bias = w.array(weights[1]).reshape(-1) if op.bias else np.zeros(gates * units, np.float32)
    biases = np.concatenate([_stacked(bias, op.kind), _stacked(recurrent_bias, op.kind)])
    arrays = _stacked(kernel, op.kind), _stacked(w.array(weights[0]), op.kind), biases
    return _Direction(node, op, units, x, arrays, operands_of(op, node)[2])


def _other_direction(w: OnnxWriter, one: _Direction) -> _Direction | None:
    """The recurrence of the same kind that takes the same steps the other way round; none with first states."""
    turned = replace(one.op, backward=not one.op.backward)
    for node in w.users_of_products(one.x):
        if isinstance(node.op, Recurrent) and node not in w.ahead and replace(node.op, kept=one.op.kept) == turned:
            other = _direction(w, node, node.op)
            if other is not None and other.x is one.x and other.units == one.units and not other.states:
                return other if reads_little(w, node, node.op) and not one.states else None
    return None


def _written(w: OnnxWriter, directions: list[_Direction]) -> list[RecurrenceTensors]:
    """One operator for one direction, or for both."""
    first, *others = directions
    op, layer = first.op, w.weight_behind(first.node.inputs[1])
    activations = [one for each in directions for one in _chosen(each.op) if one is not None]
    kernels, recurrent_kernels, biases = (
        np.stack(arrays) for arrays in zip(*(d.weights for d in directions), strict=True)
    )
    states = [w.emit("Unsqueeze", w.use(state), w.integers([0])) for state in first.states]
    alphas = [numbers[0] for _, numbers in activations if numbers]
    betas = [numbers[1] for _, numbers in activations if numbers]
    direction = "bidirectional" if others else "reverse" if op.backward else "forward"
    outputs = w.emit_all(
        _OPERATORS[op.kind],
        [
            w.use(first.x, STEPS_FIRST), w.constant(kernels, f"{layer}/kernel"),
            w.constant(recurrent_kernels, f"{layer}/recurrent_kernel"), w.constant(biases, f"{layer}/bias"),
            *(["", *states] if states else []),
        ],
        1 + STATES[op.kind], layer=layer, hidden_size=first.units, direction=direction,
        activations=[name for name, _ in activations], activation_alpha=alphas or None, activation_beta=betas or None,
        linear_before_reset=1 if op.kind == "gru" else None,
    )  # fmt: skip
    made: list[RecurrenceTensors] = []
    for i, each in enumerate(directions):
        # (T, directions, N, U), and (directions, N, U) of the last states.
        steps, *finals = (
            _taken(w, one, axis, i, len(directions)) for one, axis in zip(outputs, (1, 0, 0), strict=False)
        )
        made.append(RecurrenceTensors(each.node, each.op, each.units, steps, tuple(finals)))
    return made


def _taken(w: OnnxWriter, name: str, axis: int, place: int, count: int) -> str:
    """One direction of an output."""
    if count == 1:
        return w.emit("Squeeze", name, w.integers([axis]))
    return w.emit("Gather", name, w.integers(place), axis=axis)


def _stacked(array: Array, kind: RecurrentKind) -> Array:
    """(..., G·U) → (G·U, ...), the gates in ONNX's order."""
    parts = np.split(array, GATES[kind], axis=-1)
    return np.concatenate([parts[i] for i in _ORDERS[kind]], axis=-1).T


def _chosen(op: Recurrent) -> list[tuple[str, tuple[float, ...]] | None]:
    """The activations in the operator's order, None for what it does not have."""
    inner, gate = _activation(op.activation), _activation(op.recurrent_activation)
    return {"simple": [inner], "lstm": [gate, inner, inner]}.get(op.kind, [gate, inner])


def _activation(op: Unary) -> tuple[str, tuple[float, ...]] | None:
    """An activation of the operators, with its alpha and beta."""
    if op.kind == "relu" and op.filled != (0.0, float("inf"), 0.0):
        return None
    return _ACTIVATIONS.get(op.kind)


def _projection(w: OnnxWriter, x: Value) -> tuple[Value, Array, Array] | None:
    """What is projected to the input of the recurrence, by which kernel and bias."""
    made = w.producer(x)
    bias: Array | None = None
    if made is not None and isinstance(made.op, Binary) and made.op.kind == "add" and w.is_constant(made.inputs[1]):
        bias, made = w.array(made.inputs[1]), w.producer(made.inputs[0])
    if made is None or not isinstance(made.op, MatMul) or not w.is_constant(made.inputs[1]):
        return None
    if w.is_constant(made.inputs[0]) or made.inputs[0].type.rank != 3:
        return None
    kernel: Array = w.array(made.inputs[1])
    width = int(kernel.shape[-1])
    if bias is None:
        return made.inputs[0], kernel, np.zeros(width, np.float32)
    if bias.size not in (1, width) or bias.shape[-1:] not in ((), (bias.size,)):
        return None
    return made.inputs[0], kernel, np.zeros(width, np.float32) + bias.reshape(-1)

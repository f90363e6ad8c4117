"""Recurrent layers: `LSTM`, `GRU` and `RNN`, or a `Scan` of their steps.

The operators have no masks, and a fixed set of activations. What they cannot say is a loop, whose step is written as
the definition of the op is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from modelc.graph.body import Body
from modelc.graph.graph import Node, Value
from modelc.graph.sizes import surely_equal
from modelc.graph.tensor import Tensor
from modelc.graph.types import TensorType
from modelc.onnx.export.layouts import Layout, plain
from modelc.onnx.export.rules.loop import write_scan
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import writes
from modelc.ops.base import Array, Op
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.matmul import MatMul
from modelc.ops.recurrent import GATES, PARTS, STATES, Recurrent
from modelc.ops.scan import Scan, steps_type
from modelc.ops.shape import Reshape, Slice

_STEPS_FIRST: Layout = (1, 0, 2)

_OPERATORS = {"simple": "RNN", "lstm": "LSTM", "gru": "GRU", "gru_reset_before": "GRU"}
_ORDERS = {"simple": (0,), "lstm": (0, 3, 1, 2), "gru": (0, 1, 2), "gru_reset_before": (0, 1, 2)}
"""The gates in ONNX's order, by their places in Keras's: i, o, f, c; z, r, h."""
_ACTIVATIONS: dict[str, tuple[str, tuple[float, ...]]] = {
    "tanh": ("Tanh", ()), "sigmoid": ("Sigmoid", ()), "relu": ("Relu", ()), "softsign": ("Softsign", ()),
    "softplus": ("Softplus", ()), "hard_sigmoid": ("HardSigmoid", (1 / 6, 0.5)),
    "keras2_hard_sigmoid": ("HardSigmoid", (0.2, 0.5)),
}  # fmt: skip
"""The activations of the operators, and their alpha and beta."""


@writes(Recurrent, "LSTM", "GRU", "RNN", "Scan", note="with a mask or another activation, as a loop of its steps")
def write_recurrent(w: OnnxWriter, node: Node, op: Recurrent) -> None:
    """All steps of a recurrent layer, or the last one."""
    units = node.inputs[1].type.dims[0]
    whole = not _reads_little(w, node, op, units)
    written = None if whole else _as_operator(w, node, op, units)
    if written is None:
        written = _as_loop(w, node, op, units, whole)
    if whole or (PARTS[op.kind] == 1 and op.kept != 1):
        w.place(node.output, written.of_steps(w), _STEPS_FIRST)
    elif op.kept == 1 and STATES[op.kind] == PARTS[op.kind]:
        name = written.last(w)
        w.place(node.output, w.reshape(name, (None, -1), node.output.type.shape))
    else:
        w.kept[node.output] = written


@dataclass(frozen=True, slots=True)
class _Written:
    """What a recurrence gives as tensors."""

    node: Node
    op: Recurrent
    units: int
    steps: str
    """(T, N, U), or (T, N, P·U) of a loop of which all is read: in the order of time."""
    finals: tuple[str, ...]
    """(N, U) each: the states after the last step taken."""

    def of_steps(self, w: OnnxWriter) -> str:
        """The steps that are kept, in the order in which they were taken."""
        op, all_steps = self.op, self.node.inputs[0].type.shape[1]
        name = w.reversed(self.steps, 0) if op.backward else self.steps
        if not surely_equal(op.kept, all_steps):
            stop = w.integers([np.iinfo(np.int64).max])
            name = w.emit("Slice", name, w.sizes.shape([-op.kept]), stop, w.integers([0]))
        return name

    def last(self, w: OnnxWriter) -> str:
        """(N, P·U): the states after the last step, side by side."""
        return self.finals[0] if len(self.finals) == 1 else w.emit("Concat", *self.finals, axis=1)

    def sliced(self, w: OnnxWriter, node: Node, op: Slice) -> None:
        """Write a slice of the output: of h, or of the last step."""
        shape = self.node.output.type.shape
        if _is_h(op, self.units):
            name = self.of_steps(w)
            start, stop, step = op.starts[1], op.stops[1], op.steps[1]
            if not (surely_equal(start, 0) and step == 1 and surely_equal(stop, shape[1])):
                ends = (w.sizes.shape([n]) for n in (start, stop))
                name = w.emit("Slice", name, *ends, w.integers([0]), w.integers([step]))
            w.place(node.output, name, _STEPS_FIRST)
            return
        if self._parts_of_last(w, node):
            return
        w.place(node.output, w.reshape(self.last(w), (None, -1), node.output.type.shape))

    def _parts_of_last(self, w: OnnxWriter, node: Node) -> bool:
        """Where the last step is taken apart at once: its parts as they are."""
        apart = w.only_user(node.output)
        if apart is None or not isinstance(apart.op, Reshape) or apart.output.type.rank != 2:
            return False
        users = w.users(apart.output)
        places = [_part(user.op, self.units) for user in users]
        if w.is_result(apart.output) or any(place is None or place >= len(self.finals) for place in places):
            return False
        for user, place in zip(users, places, strict=True):
            assert place is not None
            w.place(user.output, self.finals[place])
            w.done.add(user)
        w.done.add(apart)
        return True


def _is_h(op: Slice, units: int) -> bool:
    """Whether a slice takes h alone."""
    return op.starts[-1] == 0 and op.stops[-1] == units and op.steps[-1] == 1


def _part(op: Op, units: int) -> int | None:
    """Which of the states a slice of the last step takes."""
    if not isinstance(op, Slice) or len(op.starts) != 2 or op.steps[1] != 1 or op.stops[1] != op.starts[1] + units:
        return None
    return op.starts[1] // units if op.starts[1] % units == 0 else None


def _reads_little(w: OnnxWriter, node: Node, op: Recurrent, units: int) -> bool:
    """Whether no more is read than h of the steps, and the states after the last one."""
    carried = STATES[op.kind] == PARTS[op.kind]
    if PARTS[op.kind] == 1 or (op.kept == 1 and carried):
        return True
    if w.is_result(node.output):
        return False

    def little(user: Node) -> bool:
        if not isinstance(user.op, Slice):
            return False
        last = surely_equal(user.op.starts[1], op.kept - 1) and surely_equal(user.op.stops[1], op.kept)
        return _is_h(user.op, units) or (carried and last and user.op.starts[-1] == 0)

    return all(map(little, w.users(node.output)))


def _as_operator(w: OnnxWriter, node: Node, op: Recurrent, units: int) -> _Written | None:
    """The operator for it; None where there is none that says it."""
    projected = _projection(w, node.inputs[0])
    inner, gate = _activation(op.activation), _activation(op.recurrent_activation)
    chosen = {"simple": [inner], "lstm": [gate, inner, inner]}.get(op.kind, [gate, inner])
    weights = node.inputs[1 : 2 + op.bias]
    if op.masked or projected is None or None in chosen or not all(map(w.is_constant, weights)):
        return None
    x, kernel, bias = projected
    layer, gates = w.weight_behind(node.inputs[1]), GATES[op.kind]
    activations = [one for one in chosen if one is not None]

    def stacked(array: Array) -> Array:
        """(..., G·U) → (1, G·U, ...), the gates in ONNX's order."""
        parts = np.split(array, gates, axis=-1)
        return np.concatenate([parts[i] for i in _ORDERS[op.kind]], axis=-1).T[None]

    recurrent_bias = w.array(weights[1]).reshape(-1) if op.bias else np.zeros(gates * units, np.float32)
    both = np.concatenate([stacked(bias), stacked(recurrent_bias)], axis=1)
    _, _, states = _operands(op, node)
    first = [w.emit("Unsqueeze", w.use(state), w.integers([0])) for state in states]
    alphas = [numbers[0] for _, numbers in activations if numbers]
    betas = [numbers[1] for _, numbers in activations if numbers]
    outputs = w.emit_all(
        _OPERATORS[op.kind],
        [
            w.use(x, _STEPS_FIRST), w.constant(stacked(kernel), f"{layer}/kernel"),
            w.constant(stacked(w.array(weights[0])), f"{layer}/recurrent_kernel"),
            w.constant(both, f"{layer}/bias"), *(["", *first] if first else []),
        ],
        1 + STATES[op.kind], layer=layer, hidden_size=units, direction="reverse" if op.backward else "forward",
        activations=[name for name, _ in activations], activation_alpha=alphas or None, activation_beta=betas or None,
        linear_before_reset=1 if op.kind == "gru" else None,
    )  # fmt: skip
    steps = w.emit("Squeeze", outputs[0], w.integers([1]))
    finals = tuple(w.emit("Squeeze", one, w.integers([0])) for one in outputs[1:])
    return _Written(node, op, units, steps, finals)


def _operands(op: Recurrent, node: Node) -> tuple[Value | None, Value | None, tuple[Value, ...]]:
    """The recurrent bias, the mask and the first states."""
    rest = list(node.inputs[2:])
    bias = rest.pop(0) if op.bias else None
    mask = rest.pop(0) if op.masked else None
    return bias, mask, tuple(rest)


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
    width = kernel.shape[-1]
    if bias is None:
        return made.inputs[0], kernel, np.zeros(width, np.float32)
    if bias.size not in (1, width) or bias.shape[-1:] not in ((), (bias.size,)):
        return None
    return made.inputs[0], kernel, np.zeros(width, np.float32) + bias.reshape(-1)


# --- as a loop


class _StepOps:
    """The ops of a step."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def emit(self, op: Op, *operands: Tensor) -> Tensor:
        """Apply an op."""
        return Tensor(self, self.emit_value(op, *(one.value for one in operands)))

    def emit_value(self, op: Op, *operands: Value) -> Value:
        """`emit` for the values of tensors."""
        output = Value(op.infer(*(operand.type for operand in operands)))
        self.nodes.append(Node(op, operands, output))
        return output


def _as_loop(w: OnnxWriter, node: Node, op: Recurrent, units: int, whole: bool) -> _Written:
    """A `Scan` of the steps; of all parts of what a step leaves where `whole`, else of h."""
    x, kernel = node.inputs[:2]
    bias, mask, states = _operands(op, node)
    g, carried = _StepOps(), STATES[op.kind]
    own_x = Tensor(g, Value(TensorType((x.type.shape[0], *x.type.shape[2:]))))
    own_mask = None if mask is None else Tensor(g, Value(TensorType((mask.type.shape[0],))))
    state_type = TensorType((x.type.shape[0], units))
    before = [Tensor(g, Value(state_type)) for _ in range(carried)]
    own_kernel = Tensor(g, Value(kernel.type))
    own_bias = None if bias is None else Tensor(g, Value(bias.type))
    after = _step(op, own_x, own_kernel, own_bias, before, units)
    if own_mask is not None:
        held = own_mask.reshape((x.type.shape[0], 1))
        after[:carried] = [new.where(held, old) for new, old in zip(after, before, strict=False)]
    left = after[0].concat(*after[1:], axis=1) if whole and len(after) > 1 else after[0]
    scanned = [own_x, *([] if own_mask is None else [own_mask])]
    fixed = [own_kernel, *([] if own_bias is None else [own_bias])]
    inputs = tuple(one.value for one in (*scanned, *before, *fixed))
    body = Body(inputs, tuple(g.nodes), (*(one.value for one in after[:carried]), left.value))
    steps = x.type.shape[1]
    scan = Scan(body, steps, len(scanned), carried, op.backward)  # pyright: ignore[reportArgumentType]
    first = list(states) or [_zeros(w, state_type, x)] * carried
    outside = (x, *([] if mask is None else [mask]), *first, kernel, *([] if bias is None else [bias]))
    finals = tuple(Value(state_type, node.layer) for _ in range(carried))
    all_steps = Value(steps_type(left.value.type, steps), node.layer)  # pyright: ignore[reportArgumentType]
    output, *others = (*finals, all_steps)
    write_scan(w, Node(scan, outside, output, tuple(others)), scan)
    return _Written(node, op, units, w.use(all_steps, _STEPS_FIRST), tuple(w.use(one) for one in finals))


def _zeros(w: OnnxWriter, type: TensorType, like: Value) -> Value:
    """The first states, where none are given."""
    value = Value(type)
    w.place(value, w.emit("Expand", w.number(0.0), w.sizes.shape(type.shape)), plain(type.rank))
    return value


def _step(
    op: Recurrent, x: Tensor, kernel: Tensor, bias: Tensor | None, states: list[Tensor], units: int
) -> list[Tensor]:
    """What a step leaves: the equations of `Recurrent`."""

    def f(y: Tensor) -> Tensor:
        return y.emit(op.activation)

    def g(y: Tensor) -> Tensor:
        return y.emit(op.recurrent_activation)

    def part(y: Tensor, i: int, count: int = 1) -> Tensor:
        return y.part(1, i * units, (i + count) * units)

    h: Any = states[0]
    if op.kind == "gru_reset_before":
        gates = g(part(x, 0, 2) + h @ kernel.part(1, 0, 2 * units))
        z, r = part(gates, 0), part(gates, 1)
        candidate = f(part(x, 2) + (r * h) @ kernel.part(1, 2 * units, 3 * units))
        return [z * h + (1 - z) * candidate, z, r * h]
    inner = h @ kernel if bias is None else h @ kernel + bias
    if op.kind == "simple":
        return [f(x + inner)]
    if op.kind == "lstm":
        i, forget, candidate, o = (part(x + inner, n) for n in range(4))
        c = g(forget) * states[1] + g(i) * f(candidate)
        return [g(o) * f(c), c]
    gates = g(part(x + inner, 0, 2))
    z, r = part(gates, 0), part(gates, 1)
    candidate = f(part(x, 2) + r * part(inner, 2))
    return [z * h + (1 - z) * candidate]

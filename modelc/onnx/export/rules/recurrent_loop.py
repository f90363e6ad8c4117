"""Recurrent layers as a `Scan` of their steps: with masks, and with activations that the operators do not have."""

from __future__ import annotations

from typing import Any

from modelc.graph.body import Body
from modelc.graph.graph import Node, Value
from modelc.graph.tensor import Tensor
from modelc.graph.types import TensorType
from modelc.onnx.export.layouts import plain
from modelc.onnx.export.rules.loop import write_scan
from modelc.onnx.export.rules.recurrence import STEPS_FIRST, RecurrenceTensors, operands_of
from modelc.onnx.export.writer import OnnxWriter
from modelc.ops.base import Op
from modelc.ops.recurrent import STATES, Recurrent
from modelc.ops.scan import Scan, steps_type


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


def as_loop(w: OnnxWriter, node: Node, op: Recurrent, units: int, whole: bool) -> RecurrenceTensors:
    """A `Scan` of the steps; of all parts of what a step leaves where `whole`, else of h."""
    x, kernel = node.inputs[:2]
    bias, mask, states = operands_of(op, node)
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
    return RecurrenceTensors(node, op, units, w.use(all_steps, STEPS_FIRST), tuple(w.use(one) for one in finals))


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

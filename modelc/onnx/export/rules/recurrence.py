"""`RecurrenceTensors`: what a recurrent layer gives as tensors, and how slices of it are written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import surely_equal
from modelc.onnx.export.layouts import Layout
from modelc.onnx.export.writer import OnnxWriter
from modelc.ops.base import Op
from modelc.ops.recurrent import PARTS, STATES, Recurrent
from modelc.ops.shape import Reshape, Slice

STEPS_FIRST: Layout = (1, 0, 2)
"""(T, N, C) of (N, T, C): how the operators take and give sequences."""


@dataclass(frozen=True, slots=True)
class RecurrenceTensors:
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
        if takes_h(op, self.units):
            name = self.of_steps(w)
            start, stop, step = op.starts[1], op.stops[1], op.steps[1]
            if not (surely_equal(start, 0) and step == 1 and surely_equal(stop, shape[1])):
                ends = (w.sizes.shape([n]) for n in (start, stop))
                name = w.emit("Slice", name, *ends, w.integers([0]), w.integers([step]))
            w.place(node.output, name, STEPS_FIRST)
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


def takes_h(op: Slice, units: int) -> bool:
    """Whether a slice takes h alone."""
    return op.starts[-1] == 0 and op.stops[-1] == units and op.steps[-1] == 1


def _part(op: Op, units: int) -> int | None:
    """Which of the states a slice of the last step takes."""
    if not isinstance(op, Slice) or len(op.starts) != 2 or op.steps[1] != 1 or op.stops[1] != op.starts[1] + units:
        return None
    return op.starts[1] // units if op.starts[1] % units == 0 else None


def operands_of(op: Recurrent, node: Node) -> tuple[Value | None, Value | None, tuple[Value, ...]]:
    """The recurrent bias, the mask and the first states."""
    rest = list(node.inputs[2:])
    bias = rest.pop(0) if op.bias else None
    mask = rest.pop(0) if op.masked else None
    return bias, mask, tuple(rest)


def reads_little(w: OnnxWriter, node: Node, op: Recurrent) -> bool:
    """Whether no more is read than h of the steps, and the states after the last one."""
    units = node.inputs[1].type.dims[0]
    carried = STATES[op.kind] == PARTS[op.kind]
    if PARTS[op.kind] == 1 or (op.kept == 1 and carried):
        return True
    if w.is_result(node.output):
        return False

    def little(user: Node) -> bool:
        if not isinstance(user.op, Slice):
            return False
        last = surely_equal(user.op.starts[1], op.kept - 1) and surely_equal(user.op.stops[1], op.kept)
        return takes_h(user.op, units) or (carried and last and user.op.starts[-1] == 0)

    return all(map(little, w.users(node.output)))

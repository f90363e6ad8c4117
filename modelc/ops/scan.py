"""Loops over steps: ops of one step, done for each of them, with states passed from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.body import Body
from modelc.graph.field import ReceptiveField, Seen
from modelc.graph.graph import Node
from modelc.graph.interpret import run_nodes
from modelc.graph.sizes import same_shape
from modelc.graph.types import Shape, TensorType
from modelc.ops.base import Array, Op


@dataclass(frozen=True)
class Scan(Op):
    """``s_{t+1}, y_t = body(x_t, s_t, f)`` for every step t, from the first to the last, or from the last `backward`.

    Operands: the `scanned` x (N, T, ...), or (T, ...) without a batch, of which a step reads its part; the `carried`
    first states s, of types that no step changes; and f, which all steps read as they are.

    Outputs: the states after the last step taken, then the y of all steps, each at the place of its step: (N, T, ...),
    or (T, ...) without a batch.

    The body has an input for each operand, and as outputs the new states, then the y.
    """

    takes_integers: ClassVar[bool] = True

    body: Body
    steps: int
    scanned: int
    carried: int
    backward: bool = False

    def infer(self, *operands: TensorType) -> TensorType:
        """The type of the first output."""
        return self.infer_all(*operands)[0]

    def infer_all(self, *operands: TensorType) -> tuple[TensorType, ...]:
        """The types of the states, then of the y."""
        kinds = [step_type(x) if i < self.scanned else x for i, x in enumerate(operands)]
        for value, found in zip(self.body.inputs, kinds, strict=True):
            if value.type.dtype != found.dtype or not same_shape(value.type.shape, found.shape):
                raise ShapeError(f"a step takes {value.type}, found {found}")
        types = [value.type for value in self.body.outputs]
        return (*types[: self.carried], *(steps_type(y, self.steps) for y in types[self.carried :]))

    def compute(self, *operands: Array) -> Array:
        """The first output."""
        return self.compute_all(*operands)[0]

    def compute_all(self, *operands: Array) -> tuple[Array, ...]:
        """A loop over the steps."""
        states = operands[self.scanned : self.scanned + self.carried]
        fixed = operands[self.scanned + self.carried :]
        axes = [int(steps_axis(value.type)) for value in self.body.inputs[: self.scanned]]
        ys: list[list[Array]] = [[] for _ in self.body.outputs[self.carried :]]
        for t in reversed(range(self.steps)) if self.backward else range(self.steps):
            parts = (np.take(x, t, axis) for x, axis in zip(operands, axes, strict=False))
            known = dict(zip(self.body.inputs, (*parts, *states, *fixed), strict=True))
            run_nodes(self.body.nodes, known, keep=self.body.outputs)
            states = tuple(known[value] for value in self.body.outputs[: self.carried])
            for taken, value in zip(ys, self.body.outputs[self.carried :], strict=True):
                taken.append(known[value])
        made = zip(ys, self.body.outputs[self.carried :], strict=True)
        order = -1 if self.backward else 1
        return (*states, *(np.stack(taken[::order], steps_axis(value.type)) for taken, value in made))

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Those of the body for every step."""
        return self.steps * self.body.macs

    def receptive_field(self, operands: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
        """See `fields`."""
        return self.fields(operands)[0]

    def fields(self, operands: Sequence[Seen]) -> tuple[ReceptiveField | None, ...]:
        """What an element of each output sees: of all steps where there are states, else of its own one."""
        body = self.body
        seen = {
            value: Seen(value.type, _of_step(operand.field, value.type) if i < self.scanned else operand.field)
            for i, (value, operand) in enumerate(zip(body.inputs, operands, strict=True))
        }
        states = body.inputs[self.scanned : self.scanned + self.carried]
        for _ in range(min(self.steps, _FOLLOWED) if states else 1):
            for node in body.nodes:
                of = [seen.get(value, Seen(value.type, None)) for value in node.inputs]
                if any(operand.field is not None for operand in of):
                    for value, field in zip(node.outputs, fields_of(node, of), strict=True):
                        seen[value] = Seen(value.type, field)
            before = [seen[state].field for state in states]
            for state, after in zip(states, body.outputs, strict=False):
                seen[state] = Seen(state.type, seen[after].field if after in seen else None)
            if [seen[state].field for state in states] == before:
                break
        scanned = [operand.field for operand in operands[: self.scanned]]
        whole = bool(states), self.steps > _FOLLOWED
        made = [_of_steps(seen[v].field if v in seen else None, v.type, scanned, *whole) for v in body.outputs]
        finals = [field and field.with_axes((*field.axes[:1], *field.axes[2:])) for field in made[: self.carried]]
        return (*finals, *made[self.carried :])


_FOLLOWED = 256
"""So many steps are followed to tell what is seen after them; after more it is all."""


def with_inner(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes, and those of the steps of loops among them."""
    for node in nodes:
        yield node
        if isinstance(node.op, Scan):
            yield from with_inner(node.op.body.nodes)


def comparable(op: Op) -> Any:
    """What is equal for two ops that compute the same: the op itself, of a loop what is done in a step."""
    if not isinstance(op, Scan):
        return op
    numbers = {value: i for i, value in enumerate(op.body.inputs)}
    rows: list[Any] = [(value.type, op.steps, op.scanned, op.carried, op.backward) for value in op.body.inputs]
    for node in op.body.nodes:
        rows.append((comparable(node.op), tuple(numbers[value] for value in node.inputs)))
        for value in node.outputs:
            numbers[value] = len(numbers)
    return (*rows, tuple(numbers[value] for value in op.body.outputs))


def fields_of(node: Node, operands: Sequence[Seen]) -> tuple[ReceptiveField | None, ...]:
    """What an element of each output of a node sees."""
    if isinstance(node.op, Scan):
        return node.op.fields(operands)
    return (node.op.receptive_field(operands, node.output.type), *(None for _ in node.others))


def steps_axis(type: TensorType) -> int:
    """The axis of the steps, in a tensor that has all of what has this type in one step."""
    return 1 if type.batched else 0


def step_type(type: TensorType) -> TensorType:
    """The type of a step of (N, T, ...), or (T, ...) without a batch."""
    shape: Shape = (None, *type.shape[2:]) if type.batched else type.shape[1:]
    return type.with_shape(shape)


def steps_type(type: TensorType, steps: int) -> TensorType:
    """The type of all steps of what has this type in one."""
    return type.with_shape((None, steps, *type.dims) if type.batched else (steps, *type.dims))


def _of_step(field: ReceptiveField | None, type: TensorType) -> ReceptiveField | None:
    """What an element of one step sees: the axis of the steps is left out."""
    if field is None:
        return None
    axis = steps_axis(type)
    return field.with_axes((*field.axes[:axis], *field.axes[axis + 1 :]))


def _of_steps(
    field: ReceptiveField | None, type: TensorType, scanned: Sequence[ReceptiveField | None], over: bool, all: bool
) -> ReceptiveField | None:
    """What an element of all steps sees: the axis of the steps runs along that of what is scanned.

    With states it sees `over` the steps, and `all` there is if they are too many to be followed.
    """
    if field is None:
        return None
    axis = steps_axis(type)
    along = next((f.axes[1] for f in scanned if f is not None and len(f.axes) > 1), None)
    whole = field.with_axes((*field.axes[:axis], along, *field.axes[axis:]))
    if all and over:
        return whole.mixed(type.rank + 1)
    return whole.over(axis) if over else whole

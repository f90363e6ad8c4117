"""`scan`: write a loop over the steps of sequences by writing one of its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from modelc.graph.body import closed, read_from_outside, replaced
from modelc.graph.builder import Builder
from modelc.graph.graph import Value, pruned
from modelc.graph.tensor import Tensor
from modelc.graph.traced_loop import NotOneStepError, TracedLoop
from modelc.ops.base import Op
from modelc.ops.constant import Range
from modelc.ops.sample_attention import SampleAttention
from modelc.ops.scan import Scan, step_type, steps_axis

Tensors = tuple[Tensor, ...]
Step = Callable[[Tensors, Tensors], tuple[Sequence[Tensor], Sequence[Tensor]]]
"""From what is scanned, of this step, and the states before it to the states after it and what the step gives."""


@dataclass(frozen=True)
class Scanned:
    """What a loop gives."""

    states: Tensors
    """After the last step."""
    outputs: Tensors
    """What the steps give, each at the place of its step: (N, T, ...), or (T, ...) without a batch."""


def scan(g: Builder, step: Step, scanned: Sequence[Tensor], states: Sequence[Tensor], *, backward: bool) -> Scanned:
    """Do `step`, which is traced once, for every step of `scanned`, (N, T, ...) or (T, ...).

    A step may read any tensor from outside, and declare weights and assign to them as layers do. The states after a
    step have the types of those before it. `backward` takes the last step first.

    Raises `NotOneStepError` where a step has effects that the loop cannot have: new values of weights that are trained,
    penalties that are no sums over the steps, attention among samples in which weights are dropped, and sums over all
    parts of a batch that is split.
    """
    steps = scanned[0].shape[steps_axis(scanned[0].type)]
    assert steps is not None
    xs = tuple(Value(step_type(x.type), g.path) for x in scanned)
    before = tuple(Value(state.type, g.path) for state in states)
    with g.loop(steps) as loop:
        after, given = step(tuple(map(g.tensor, xs)), tuple(map(g.tensor, before)))
    for state, new in zip(before, after, strict=True):
        assert state.type == new.type, f"a step makes {new.type} of {state.type}"
    return _Loop(g, loop, backward).made(
        (xs, scanned), (before, states, [x.value for x in after]), [x.value for x in given]
    )


def _draws_by_itself(op: Op) -> bool:
    """Whether an op draws numbers that are the same in all steps."""
    return isinstance(op, SampleAttention) and bool(op.rate)


class _Loop:
    """A step that was traced, on its way to be an op."""

    def __init__(self, g: Builder, loop: TracedLoop, backward: bool) -> None:
        self._g, self._loop, self._backward = g, loop, backward
        trained = any(g.known_weight(path).trainable for path in loop.assigned)
        whole = any(not regularizer.additive for regularizer, _ in loop.penalized)
        if trained or whole or any(_draws_by_itself(node.op) for node in loop.nodes):
            raise NotOneStepError

    def made(
        self, scanned: tuple[Sequence[Value], Sequence[Tensor]],
        carried: tuple[Sequence[Value], Sequence[Tensor], Sequence[Value]], given: Sequence[Value],
    ) -> Scanned:  # fmt: skip
        g, loop = self._g, self._loop
        xs, sequences = scanned
        before, states, after = carried
        kept, first, last, new = self._assigned()
        penalized = (output.value for _, output in loop.penalized)
        outputs = [new.get(value, value) for value in (*after, *last, *given, *penalized)]
        nodes = pruned(replaced(loop.nodes, new), outputs)
        if loop.number in read_from_outside(nodes, outputs, ()):
            xs, sequences = [*xs, loop.number], [*sequences, g.emit(Range(loop.steps))]
        done = closed(nodes, [*xs, *before, *kept], outputs)
        g.keep(done.before)
        count = len(before) + len(kept)
        op = Scan(done.body, loop.steps, len(xs), count, self._backward)
        made = g.emit_all(op, *sequences, *states, *map(g.tensor, (*first, *done.fixed)))
        for path, value in zip(loop.assigned, made[len(before) : count], strict=True):
            g.assign_after_loop(path, value)
        outputs, penalized = made[count : count + len(given)], made[count + len(given) :]
        for (regularizer, _), output in zip(loop.penalized, penalized, strict=True):
            g.penalize(regularizer, (output,))
        return Scanned(made[: len(before)], outputs)

    def _assigned(self) -> tuple[list[Value], list[Value], list[Value], dict[Value, Value]]:
        """The weights that a step assigns to, as states: in the body, before the loop, after a step; and what they are
        in the place of."""
        inside: list[Value] = []
        first: list[Value] = []
        last: list[Value] = []
        new: dict[Value, Value] = {}
        for path, assigned in self._loop.assigned.items():
            value = assigned.before or self._g.known_weight(path).value
            state = Value(value.type, self._g.path)
            new |= dict.fromkeys((value, *assigned.copies), state)
            inside.append(state)
            first.append(value)
            last.append(assigned.last)
        return inside, first, last, new

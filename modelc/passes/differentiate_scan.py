"""The gradients of a loop over steps: a loop over the steps in the other order (Werbos, 1990).

s', y = f(x, s, w)      dx, ds, dw_t = f'(x, s, w; dy, ds'),   dw = Σ_t dw_t

What a step of it reads of the forward loop is given by that as further outputs: the states before each step, and what
takes long to compute, as products do; the rest is computed again from these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from modelc.graph.body import Body, closed, read_from_outside, replaced
from modelc.graph.graph import Graph, Node, Value, pruned
from modelc.graph.tensor import Tensor, constant
from modelc.ops.base import Emitter
from modelc.ops.elementwise import Binary
from modelc.ops.scan import Scan, steps_type


class Tape(Emitter, Protocol):
    """The gradients so far, and the nodes of the graph that they become."""

    nodes: list[Node]
    gradients: dict[Value, Value]

    def add(self, value: Value, gradient: Value) -> None:
        """One more contribution to the gradient of a value."""
        ...


Differentiate = Callable[[Graph, Sequence[Value], Sequence[Value | None], Collection[Value]], Graph]


def above_values(nodes: Iterable[Node], wrt: Iterable[Value], stopped: Collection[Value]) -> set[Value]:
    """`wrt` and the values that depend on them, through none that is `stopped`."""
    above = set(wrt)
    for node in nodes:
        if not above.isdisjoint(node.inputs):
            above.update(value for value in node.outputs if value not in stopped)
    return above


def differentiate_scan(
    tape: Tape, node: Node, above: Collection[Value], stopped: Collection[Value], differentiate: Differentiate
) -> None:
    """Add the gradients of the operands of a loop that are `above` something wanted."""
    assert isinstance(node.op, Scan)
    step = _Step.of(tape, node, node.op, above, stopped)
    if step is None:
        return
    backward = step.differentiated(differentiate, stopped)
    saved = step.saved(backward)
    step.emit(backward, _widened(tape, node, saved))


@dataclass(frozen=True)
class _Step:
    """What is differentiated of one step."""

    tape: Tape
    node: Node
    op: Scan
    wanted: tuple[int, ...]
    """The operands whose gradients are asked for, by their numbers."""
    states: tuple[int, ...]
    """The states that gradients go through, by their numbers."""
    seeds: dict[int, Value]
    """In the body: the gradient of each of its outputs that has one, by its number."""

    @classmethod
    def of(cls, tape: Tape, node: Node, op: Scan, above: Collection[Value], stopped: Collection[Value]) -> _Step | None:
        body = op.body
        first = range(op.scanned, op.scanned + op.carried)
        wanted = [i for i, v in enumerate(node.inputs) if v in above and v.type.dtype == "float32"]
        while True:
            reached = above_values(body.nodes, [body.inputs[i] for i in wanted], stopped)
            more = [
                i for i, after in zip(first, body.outputs, strict=False)
                if i not in wanted and after in reached and after.type.dtype == "float32"
            ]  # fmt: skip
            if not more:
                break
            wanted += more
        states = tuple(i - op.scanned for i in sorted(wanted) if i in first)
        outputs = [*states, *range(op.carried, len(body.outputs))]
        has = {i for i in outputs if i in states or (node.outputs[i] in tape.gradients and body.outputs[i] in reached)}
        if not any(node.outputs[i] in tape.gradients for i in has):
            return None
        seeds = {i: Value(body.outputs[i].type, node.layer) for i in outputs if i in has}
        return cls(tape, node, op, tuple(sorted(wanted)), states, seeds)

    def differentiated(self, differentiate: Differentiate, stopped: Collection[Value]) -> _Backward:
        """The nodes that make the gradients of a step, and these, in the order of `wanted`."""
        body = self.op.body
        names = ("",) * len(body.outputs)
        graph = Graph("step", (*body.inputs, *self.seeds.values()), (), body.nodes, body.outputs, names)
        seeds = [self.seeds.get(i) for i in range(len(body.outputs))]
        made = differentiate(graph, [body.inputs[i] for i in self.wanted], seeds, stopped)
        return _Backward(made.nodes, made.outputs[len(body.outputs) :])

    def saved(self, backward: _Backward) -> tuple[Value, ...]:
        """The values of the forward step that are read as they are, and not computed again."""
        body = self.op.body
        dear = {value for n in body.nodes if _is_dear(n) for value in n.outputs}
        kept = backward.without(dear)
        reads = read_from_outside(kept, backward.gradients, self.seeds.values())
        states = body.inputs[self.op.scanned : self.op.scanned + self.op.carried]
        return tuple(value for value in reads if value in dear or value in states)

    def emit(self, backward: _Backward, saved: dict[Value, Value]) -> None:
        """The loop back, `saved` being all steps of what it reads of the forward one."""
        op, body, tape = self.op, self.op.body, self.tape
        first, last = op.scanned, op.scanned + op.carried
        operands = dict(zip(body.inputs, self.node.inputs, strict=True))
        sequences = {v: operands[v] for v in body.inputs[:first]} | saved
        sequences |= {seed: tape.gradients[self.node.outputs[i]] for i, seed in self.seeds.items() if i >= op.carried}
        nodes = list(backward.without(saved))
        carried: list[tuple[Value, Value, Value]] = []  # in the body, before the loop, after a step
        given: list[Value] = []
        for i, gradient in zip(self.wanted, backward.gradients, strict=True):
            operand = self.node.inputs[i]
            if i < first:
                given.append(gradient)
            elif i < last:
                seed, known = self.seeds[i - first], tape.gradients.get(self.node.outputs[i - first])
                carried.append((seed, known or self._zeros(operand), gradient))
            else:
                sum_so_far, total = (Value(operand.type, self.node.layer) for _ in range(2))
                nodes.append(Node(Binary("add"), (sum_so_far, gradient), total))
                carried.append((sum_so_far, self._zeros(operand), total))
        outputs = [*(after for _, _, after in carried), *given]
        reads = read_from_outside(nodes, outputs, ())
        scanned = [value for value in sequences if value in reads]
        if not scanned:
            scanned = [next(iter(sequences))]  # something says how many steps there are
        done = closed(nodes, [*scanned, *(state for state, _, _ in carried)], outputs)
        tape.nodes += replaced(done.before, operands)
        fixed = [operands.get(value, value) for value in done.fixed]
        made = Scan(done.body, op.steps, len(scanned), len(carried), not op.backward)
        values = [*(sequences[v] for v in scanned), *(start for _, start, _ in carried), *fixed]
        output, *others = (Value(t, self.node.layer) for t in made.infer_all(*(v.type for v in values)))
        tape.nodes.append(Node(made, tuple(values), output, tuple(others)))
        found = [output, *others]
        of_states = [i for i in self.wanted if i >= first]
        of_steps = [i for i in self.wanted if i < first]
        for i, gradient in zip((*of_states, *of_steps), found, strict=True):
            tape.add(self.node.inputs[i], gradient)

    def _zeros(self, like: Value) -> Value:
        return constant(self.tape, 0.0).broadcast_like(Tensor(self.tape, like)).value


@dataclass(frozen=True)
class _Backward:
    """The nodes of a step and of its gradients."""

    nodes: tuple[Node, ...]
    gradients: tuple[Value, ...]

    def without(self, known: Collection[Value]) -> tuple[Node, ...]:
        """The nodes that the gradients depend on where some values are known."""
        return pruned(self.nodes, self.gradients, known)


def _is_dear(node: Node) -> bool:
    """Whether it takes longer to compute it again than to keep it."""
    return bool(node.macs)


def _widened(tape: Tape, node: Node, saved: Sequence[Value]) -> dict[Value, Value]:
    """Let a loop give all steps of these values, too; where they are."""
    op = node.op
    assert isinstance(op, Scan)
    given = dict(zip(op.body.outputs[op.carried :], node.outputs[op.carried :], strict=True))
    more = [value for value in saved if value not in given]
    if more:
        made = {value: Value(steps_type(value.type, op.steps), node.layer) for value in more}
        body = Body(op.body.inputs, op.body.nodes, (*op.body.outputs, *more))
        place = next(i for i, one in enumerate(tape.nodes) if one.output is node.output)
        tape.nodes[place] = Node(replace(op, body=body), node.inputs, node.output, (*node.others, *made.values()))
        given |= made
    return {value: given[value] for value in saved}

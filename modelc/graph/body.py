"""`Body`: the ops of one step of a loop, as the attribute of an op; and how it is written while a model is traced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modelc.graph.graph import Node, Value, pruned
from modelc.system.forks import cached_property


@dataclass(frozen=True, eq=False)
class Body:
    """Ops in order, on values of their own: all that they read is an input, or made by one of them.

    Two bodies are the same only if they are the same object.
    """

    inputs: tuple[Value, ...]
    nodes: tuple[Node, ...]
    outputs: tuple[Value, ...]

    @cached_property
    def macs(self) -> int:
        """The multiply-adds of a sample."""
        return sum(node.macs for node in self.nodes)

    def __repr__(self) -> str:
        return f"{len(self.nodes)} ops"


def read_from_outside(nodes: Iterable[Node], outputs: Iterable[Value], inputs: Iterable[Value]) -> tuple[Value, ...]:
    """What nodes and outputs read that is neither an input nor made by a node, each once."""
    known, found = set(inputs), dict[Value, None]()
    for node in nodes:
        found |= {value: None for value in node.inputs if value not in known}
        known.update(node.outputs)
    found |= {value: None for value in outputs if value not in known}
    return tuple(found)


def replaced(nodes: Iterable[Node], new: Mapping[Value, Value]) -> tuple[Node, ...]:
    """The nodes with other values for some that they read."""
    return tuple(
        node if new.keys().isdisjoint(node.inputs)
        else Node(node.op, tuple(new.get(v, v) for v in node.inputs), node.output, node.others)
        for node in nodes
    )  # fmt: skip


def invariant(nodes: Sequence[Node], varying: Iterable[Value]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The nodes that depend on none of the varying values, which are the same in all steps, and the others."""
    moving, same, others = set(varying), list[Node](), list[Node]()
    for node in nodes:
        if moving.isdisjoint(node.inputs):
            same.append(node)
        else:
            others.append(node)
            moving.update(node.outputs)
    return tuple(same), tuple(others)


@dataclass(frozen=True, slots=True)
class Closed:
    """A body, and what belongs to it outside."""

    body: Body
    before: tuple[Node, ...]
    """The nodes that are the same in all steps, to be done once before the loop."""
    fixed: tuple[Value, ...]
    """What the steps read as it is: the operands for the last inputs of the body."""


def closed(nodes: Sequence[Node], inputs: Sequence[Value], outputs: Sequence[Value]) -> Closed:
    """The body of nodes which may read values from outside."""
    before, moving = invariant(pruned(nodes, outputs), inputs)
    outside = read_from_outside(moving, outputs, inputs)
    own = {value: Value(value.type, value.layer) for value in outside}
    body = Body((*inputs, *own.values()), replaced(moving, own), tuple(own.get(value, value) for value in outputs))
    return Closed(body, before, outside)

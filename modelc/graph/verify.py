"""The invariants of graphs, and the dialects that they are written in: the wall between passes and targets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modelc.graph.body import Body, read_from_outside
from modelc.graph.graph import Graph, Value
from modelc.ops.base import Op
from modelc.ops.scan import Scan


class InvalidGraphError(AssertionError):
    """A pass has made a graph that is none: a mistake in modelc, not in a spec."""


@dataclass(frozen=True)
class Dialect:
    """The ops that a graph may have at some point on its way to a target."""

    name: str
    knows: Callable[[Op], bool]
    computes_constants: bool = False
    """Whether ops of weights alone may be any: their NumPy definitions are run when the weights change."""


PORTABLE = Dialect("portable", lambda op: op.portable)
"""What any target may be given: no op that the passes of another one have made."""


def verify(graph: Graph, dialect: Dialect | None = None) -> None:
    """Check every node of a graph, as tests do before and after each pass.

    Raises:
        InvalidGraphError: a value is made twice, or read before it is made, or has another type than its op infers; or
            an op is not of the dialect.
    """
    known: set[Value] = {*graph.inputs, *(weight.value for weight in graph.weights)}
    for node in graph.nodes:
        for value in node.inputs:
            _require(value in known, f"{node.op} of `{node.layer}` reads a value that nothing has made yet")
        inferred = node.op.infer_all(*(value.type for value in node.inputs))
        _require(len(inferred) == len(node.outputs), f"{node.op} gives {len(inferred)} values, not {len(node.outputs)}")
        for value, type in zip(node.outputs, inferred, strict=True):
            _require(value not in known, f"{node.op} of `{node.layer}` makes a value that was made before")
            _require(value.type == type, f"{node.op} gives {type}, but the graph says {value.type}")
            known.add(value)
        if isinstance(node.op, Scan):
            _require_body(node.op.body)
    for value in graph.results:
        _require(value in known, "a result is a value that nothing makes")
    _require(len(graph.outputs) == len(graph.output_names), "the outputs and their names differ in number")
    paths = [weight.path for weight in graph.weights]
    _require(len(set(paths)) == len(paths), "two weights have one path")
    if dialect is not None:
        require_dialect(graph, dialect)


def _require_body(body: Body) -> None:
    """`verify` for the steps of a loop."""
    outside = read_from_outside(body.nodes, body.outputs, body.inputs)
    _require(not outside, "a step of a loop reads a value from outside of it")
    for node in body.nodes:
        inferred = node.op.infer_all(*(value.type for value in node.inputs))
        _require(inferred == tuple(value.type for value in node.outputs), f"{node.op} gives {inferred} in a loop")
        if isinstance(node.op, Scan):
            _require_body(node.op.body)


def require_dialect(graph: Graph, dialect: Dialect) -> None:
    """Raise `InvalidGraphError` for an op that is not of the dialect: the part of `verify` that every build can pay."""
    for node in graph.nodes:
        if not dialect.knows(node.op) and not (dialect.computes_constants and node.output in graph.constants):
            raise InvalidGraphError(f"{node.op} of `{node.layer}` is no op of the {dialect.name} dialect")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise InvalidGraphError(message)

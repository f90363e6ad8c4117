"""The invariants of graphs, checked before and after each pass in tests."""

from __future__ import annotations

from modelc.graph.graph import Graph, Value


class InvalidGraphError(AssertionError):
    """A pass has made a graph that is none: a mistake in modelc, not in a spec."""


def verify(graph: Graph) -> None:
    """Raise `InvalidGraphError` unless every value is made once, before it is read, with the type its op infers."""
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
    for value in graph.results:
        _require(value in known, "a result is a value that nothing makes")
    _require(len(graph.outputs) == len(graph.output_names), "the outputs and their names differ in number")
    paths = [weight.path for weight in graph.weights]
    _require(len(set(paths)) == len(paths), "two weights have one path")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise InvalidGraphError(message)

"""`Rewriter`: how a pass writes the graph that it returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from modelc.graph.graph import Graph, Node, Value, prune
from modelc.ops.base import Op


def rewrite(graph: Graph, rule: Callable[[Rewriter, Node], Value | None]) -> Graph:
    """The graph in which what `rule` gives for a node takes the place of its output; None keeps the node."""
    rewriter = Rewriter(graph)
    for node in graph.nodes:
        output = rule(rewriter, node)
        if output is None:
            rewriter.keep(node)
        else:
            rewriter.replace(node.output, output)
    return rewriter.graph_out()


class Rewriter:
    """Goes along with a pass through the nodes of a graph, and collects those of the new one.

    The pass calls `keep` for a node that stays and `replace` for one whose output becomes another value. Values
    that nothing reads any more are dropped at the end.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.constants = set(graph.constants)
        self._nodes: list[Node] = []
        self._producers: dict[Value, Node] = {}
        self._uses = {value: len(users) for value, users in graph.users.items()}
        self._results = set(graph.results)
        self._new: dict[Value, Value] = {}

    def new(self, value: Value) -> Value:
        """What a value of the old graph has become."""
        return self._new.get(value, value)

    def operands(self, node: Node) -> tuple[Value, ...]:
        """What the inputs of an old node have become."""
        return tuple(self.new(value) for value in node.inputs)

    def producer(self, value: Value) -> Node | None:
        """The new node that makes a value of the new graph."""
        return self._producers.get(value)

    def sole_use(self, old: Value) -> bool:
        """Whether an old value is read by one node only and is no result, so that it may vanish."""
        return self._uses.get(old, 0) == 1 and old not in self._results

    def emit(self, op: Op, *operands: Value, layer: str) -> Value:
        """Add a node, on behalf of a layer."""
        output = Value(op.infer(*(operand.type for operand in operands)), layer)
        self._add(Node(op, operands, output))
        return output

    def keep(self, node: Node) -> None:
        """Add an old node, on what its inputs have become."""
        operands = self.operands(node)
        if all(a is b for a, b in zip(operands, node.inputs, strict=True)):
            self._add(node)
        else:
            types = node.op.infer_all(*(operand.type for operand in operands))
            output, *others = (Value(type, node.layer) for type in types)
            self._add(Node(node.op, operands, output, tuple(others)))
            for old, new in zip(node.outputs, (output, *others), strict=True):
                self.replace(old, new)

    def replace(self, old: Value, new: Value) -> None:
        """From now on, read `new` in place of `old`."""
        self._new[old] = new

    def _add(self, node: Node) -> None:
        self._nodes.append(node)
        self._producers |= dict.fromkeys(node.outputs, node)
        if all(value in self.constants for value in node.inputs):
            self.constants.update(node.outputs)

    def graph_out(self) -> Graph:
        """The new graph."""
        graph = self.graph
        return prune(
            replace(
                graph,
                nodes=tuple(self._nodes),
                outputs=tuple(self.new(v) for v in graph.outputs),
                updates={path: self.new(v) for path, v in graph.updates.items()},
            )
        )

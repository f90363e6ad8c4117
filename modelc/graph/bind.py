"""A graph with free sizes for given sizes, where all expressions become plain numbers, or in another scope of sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from modelc.graph.body import Body
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, Node, Value
from modelc.graph.limits import require_bounded
from modelc.graph.sizes import Size, as_size
from modelc.graph.types import TensorType


@dataclass(frozen=True, slots=True)
class BoundGraph:
    """A graph for given sizes, or for those of another scope."""

    graph: Graph
    moved: Mapping[Value, Value] = field(default_factory=dict[Value, Value])
    """By values of the graph with free sizes those that are in their place, as they depend on the sizes. The rest, such
    as what is computed of weights alone, is the same for all sizes."""

    @property
    def made(self) -> frozenset[Value]:
        """The values that the graph with free sizes has not."""
        return frozenset(self.moved.values())


class Binder:
    """A graph whose facts hold for the sizes that it is bound to."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._free = [_is_free(node) for node in graph.nodes]
        """Of each node, whether it has expressions itself."""

    def bound(self, values: Mapping[str, int]) -> BoundGraph:
        """The graph where the symbols of its free sizes have these values.

        Raises `ShapeError` where a tensor is too large to be meant.
        """
        known: dict[Any, int] = {}
        return self._with(lambda size: size.expression.value(values, known), None)

    def scoped(self, sizes: FreeSizes) -> BoundGraph:
        """The graph with the same expressions in these sizes: what is asked of them becomes a fact there."""
        return self._with(lambda size: as_size(sizes, size.expression), sizes)

    def _with(self, number: Callable[[Size], int], sizes: FreeSizes | None) -> BoundGraph:
        binding = _Binding(number)
        graph = binding.graph(self._graph, self._free, sizes)
        return BoundGraph(graph, binding.moved)


class _Binding:
    def __init__(self, number: Callable[[Size], int]) -> None:
        self._of = number
        self.moved: dict[Value, Value] = {}

    def graph(self, graph: Graph, free: list[bool], sizes: FreeSizes | None) -> Graph:
        inputs = tuple(map(self._made, graph.inputs))
        nodes = tuple(map(self._node, graph.nodes, free))
        moved = self.moved
        return replace(
            graph,
            inputs=inputs,
            nodes=nodes,
            outputs=tuple(moved.get(value, value) for value in graph.outputs),
            updates={path: moved.get(value, value) for path, value in graph.updates.items()},
            free_sizes=sizes,
        )

    def _node(self, node: Node, is_free: bool) -> Node:
        moved = self.moved
        if not is_free and moved.keys().isdisjoint(node.inputs):
            return node
        inputs = tuple(moved.get(value, value) for value in node.inputs)
        op = self._number(node.op) if is_free else node.op
        return Node(op, inputs, self._made(node.output), tuple(map(self._made, node.others)))

    def _body(self, body: Body) -> Body:
        inputs = tuple(map(self._made, body.inputs))
        nodes = tuple(self._node(node, _is_free(node)) for node in body.nodes)
        return Body(inputs, nodes, tuple(self.moved.get(value, value) for value in body.outputs))

    def _made(self, value: Value) -> Value:
        shape = self._number(value.type.shape)
        type = value.type if shape is value.type.shape else require_bounded(TensorType(shape, value.type.dtype))
        self.moved[value] = new = Value(type, value.layer)
        return new

    def _number(self, item: Any) -> Any:
        """An attribute of an op with another number for each size: the same object where there is none in it."""
        if isinstance(item, Size):
            return self._of(item)
        if isinstance(item, Body):
            return self._body(item) if _is_free(item) else item
        if isinstance(item, tuple):
            made = tuple(map(self._number, item))  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
            return item if all(map(_same, made, item)) else made  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
        if is_dataclass(item) and not isinstance(item, type):
            old = {f.name: getattr(item, f.name) for f in fields(item) if f.init}
            new = {name: self._number(value) for name, value in old.items()}
            return item if all(new[name] is old[name] for name in old) else replace(item, **new)
        return item


def _same(a: Any, b: Any) -> bool:
    return a is b


def _is_free(item: Any) -> bool:
    if isinstance(item, Size):
        return True
    if isinstance(item, Body):
        return any(_is_free(value.type.shape) for value in item.inputs) or any(map(_is_free, item.nodes))
    if isinstance(item, Node):
        return _is_free(item.op) or any(_is_free(value.type.shape) for value in item.outputs)
    if isinstance(item, tuple):
        return any(map(_is_free, item))  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
    if is_dataclass(item) and not isinstance(item, type):
        return any(_is_free(getattr(item, f.name)) for f in fields(item))
    return False


def has_free_sizes(node: Node) -> bool:
    """Whether an op or what it gives depends on free sizes."""
    return _is_free(node)


def same_values(bound: Graph, free: Graph) -> dict[Value, Value]:
    """The values of a graph with free sizes by those of the same graph for given ones."""
    nodes = zip(bound.nodes, free.nodes, strict=True)
    same = {v: w for a, b in nodes for v, w in zip(a.outputs, b.outputs, strict=True)}
    same |= dict(zip(bound.inputs, free.inputs, strict=True))
    return same | {weight.value: weight.value for weight in free.weights}

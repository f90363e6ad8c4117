"""Do neighbouring elementwise ops and sums in one walk over memory.

%2 = tanh(%0)             →  %2, %4 = chain[tanh, multiply+reduce_sum](%0, %1)
%3 = multiply(%2, %1)
%4 = reduce_sum(%3)

What is light and reads one large tensor only is done again in every chain that needs it, and kept by none: the
difference of a batch from its mean takes no memory from the forward to the backward half of a step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely, same_shape
from modelc.graph.types import TensorType
from modelc.native.ops.base import light
from modelc.native.passes.chain_links import chain_of, fits, space_of
from modelc.ops.reduce import Reduce
from modelc.ops.shape import Reshape

_SMALL = 8
"""A value is small beside one that is so many times as large."""
_MOST_AGAIN = 8
"""Nodes that are done again for one reader, at most."""


@dataclass(frozen=True, eq=False)
class _Cluster:
    """Nodes that are done together: one as it is, or several as a chain."""

    nodes: tuple[Node, ...]
    space: TensorType | None
    """None for a node that can be no part of a chain."""
    reads: frozenset[Value]
    makes: frozenset[Value]

    @classmethod
    def of(cls, nodes: tuple[Node, ...], space: TensorType | None) -> _Cluster:
        makes = frozenset(value for node in nodes for value in node.outputs)
        return cls(nodes, space, frozenset(value for node in nodes for value in node.inputs) - makes, makes)

    def is_small(self, space: TensorType) -> bool:
        """Whether what it makes takes little memory beside a tensor of this type."""
        if isinstance(self.nodes[-1].op, Reshape):
            return True
        return all(
            (space.batched and not value.type.batched) or likely(value.type.size * _SMALL - space.size) <= 0
            for value in self.makes
        )


def fuse_chains(graph: Graph) -> Graph:
    """The graph in which ops over the same tensors are done together. Of its results each has memory of its own."""
    spaces = {
        node.output: space for node in graph.nodes
        if node.output not in graph.constants and (space := space_of(node)) is not None
    }  # fmt: skip
    again = _done_again(graph, spaces)
    merger = _Merger(graph, again)
    for node in graph.nodes:
        if node.output not in again:
            space = spaces.get(node.output)
            merger.add(_Cluster.of((*_inlined(node, again), node) if space else (node,), space))
    read = {value for cluster in merger.order for value in cluster.reads} | set(graph.results)
    return replace(graph, nodes=tuple(_written(cluster, read) for cluster in merger.order))


def _written(cluster: _Cluster, read: set[Value]) -> Node:
    """The node of a cluster."""
    if len(cluster.nodes) == 1:
        return cluster.nodes[0]
    chain, reads, outputs = chain_of(cluster.nodes, read)
    return Node(chain, reads, outputs[0], outputs[1:])


# --- what is done again


def _done_again(graph: Graph, spaces: dict[Value, TensorType]) -> dict[Value, Node]:
    """The nodes that are light, read one large tensor and are read by parts of chains over the same shape only."""
    again: dict[Value, Node] = {}
    results = set(graph.results)
    for node in graph.nodes:
        space = spaces.get(node.output)
        if space is None or not light(node.op) or node.output in results:
            continue
        large = [value for value in dict.fromkeys(node.inputs) if same_shape(value.type.shape, space.shape)]
        readers = graph.users.get(node.output, [])
        if len(large) <= 1 and all(_same(spaces.get(reader.output), space) for reader in readers):
            again[node.output] = node
    for node in graph.nodes:
        inlined = _inlined(node, again)
        if inlined and not (len(inlined) <= _MOST_AGAIN and _fit((*inlined, node), spaces[node.output])):
            for value in node.inputs:
                again.pop(value, None)
    return again


def _fit(nodes: tuple[Node, ...], space: TensorType) -> bool:
    chain, reads, _ = chain_of(nodes, [nodes[-1].output])
    return fits(chain, reads, space)


def _inlined(node: Node, again: dict[Value, Node]) -> tuple[Node, ...]:
    """The nodes that have to be done again for this one, in order."""
    found: dict[Node, None] = {}

    def visit(value: Value) -> None:
        made = again.get(value)
        if made is not None and made not in found:
            for operand in made.inputs:
                visit(operand)
            found[made] = None

    for value in node.inputs:
        visit(value)
    return tuple(found)


def _same(a: TensorType | None, b: TensorType) -> bool:
    return a is not None and same_shape(a.shape, b.shape)


# --- what is done together


class _Merger:
    """The clusters so far, in an order in which they can be done."""

    def __init__(self, graph: Graph, again: dict[Value, Node]) -> None:
        self.order: list[_Cluster] = []
        self._graph = graph
        self._again = again
        self._results = set(graph.results)

    def add(self, cluster: _Cluster) -> None:
        """One more cluster, merged with those before it as far as that saves reading, costs no memory and fits."""
        self.order.append(cluster)
        at: int | None = len(self.order) - 1
        while at is not None:
            at = self._merge(at)

    def _merge(self, at: int) -> int | None:
        """Merge a cluster with the nearest before it that is fit for it; the place of both, or None."""
        later = self.order[at]
        if later.space is None:
            return None
        wanted = self._wanted(later)
        for i in range(at - 1, -1, -1):
            earlier = self.order[i]
            fed = not earlier.makes.isdisjoint(later.reads)
            # What gives sums only takes no memory wherever it is done.
            beside = not wanted and _shares(earlier, later)
            if (fed or beside) and _same(earlier.space, later.space):
                place = self._join(i, at)
                if place is not None:
                    return place
            if not earlier.is_small(later.space):
                return None
        return None

    def _join(self, i: int, at: int) -> int | None:
        """Put the clusters at two places into one; its place, or None where that cannot be done."""
        earlier, later = self.order[i], self.order[at]
        assert later.space is not None
        if not later.reads.isdisjoint(self._sums(earlier)):  # a sum is known when all of it has been read
            return None
        nodes = tuple(dict.fromkeys((*earlier.nodes, *later.nodes)))
        merged = _Cluster.of(nodes, later.space)
        chain, reads, _ = chain_of(nodes, [*self._wanted(merged), *self._sums(merged)])
        if not fits(chain, reads, later.space):
            return None
        between = self.order[i + 1 : at]
        before, needed = list[_Cluster](), set(later.reads)
        for cluster in reversed(between):
            if not cluster.makes.isdisjoint(needed):
                before.insert(0, cluster)
                needed |= cluster.reads
        if any(not cluster.reads.isdisjoint(earlier.makes) for cluster in before):
            return None
        after = [cluster for cluster in between if cluster not in before]
        self.order[i : at + 1] = [*before, merged, *after]
        return i + len(before)

    def _wanted(self, cluster: _Cluster) -> list[Value]:
        """The large values of a cluster that others read, as far as is known."""
        nodes = set(cluster.nodes)
        return [
            node.output for node in cluster.nodes
            if node.output not in self._again and not isinstance(node.op, Reduce)
            and (node.output in self._results or any(user not in nodes for user in self._graph.users[node.output]))
        ]  # fmt: skip

    def _sums(self, cluster: _Cluster) -> list[Value]:
        return [node.output for node in cluster.nodes if isinstance(node.op, Reduce)]


def _shares(a: _Cluster, b: _Cluster) -> bool:
    """Whether both read one large tensor."""
    assert b.space is not None
    return any(same_shape(value.type.shape, b.space.shape) for value in a.reads & b.reads)

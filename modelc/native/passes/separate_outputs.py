"""Give every result memory of its own: copy those that are an input, a constant, or share another's elements."""

from __future__ import annotations

from dataclasses import replace

from modelc.graph.graph import Graph, Node, Value
from modelc.native.ops.fused import Copy
from modelc.ops.constant import Constant, Range
from modelc.ops.shape import Reshape


def separate_outputs(graph: Graph) -> Graph:
    """The graph in which each result is written by a node of its own."""
    nodes = list(graph.nodes)
    written = {
        node.output for node in graph.nodes if isinstance(node.op, Constant | Range)
    }  # with the weights, by no kernel
    taken = {*graph.inputs, *graph.constants, *written}
    results: list[Value] = []
    for value in graph.results:
        root = storage_root(graph, value)
        if root in taken:
            copy = Node(Copy(), (value,), Value(value.type, value.layer))
            nodes.append(copy)
            value = root = copy.output
        taken.add(root)
        results.append(value)
    count = len(graph.outputs)
    updates = dict(zip(graph.updates, results[count:], strict=True))
    return replace(graph, nodes=tuple(nodes), outputs=tuple(results[:count]), updates=updates)


def storage_root(graph: Graph, value: Value) -> Value:
    """The value whose memory `value` is a view of: a reshape moves nothing."""
    producer = graph.producers.get(value)
    while producer is not None and isinstance(producer.op, Reshape):
        value = producer.inputs[0]
        producer = graph.producers.get(value)
    return value

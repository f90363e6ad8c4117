"""What a call on a graph takes: operations and bytes, by the number of samples."""

from __future__ import annotations

from modelc.graph.graph import Graph

BatchAmount = tuple[int, int]
"""An amount of a call, and of each of its samples."""


def amount_at(amount: BatchAmount, batch: int) -> int:
    """That of a call with so many samples."""
    fixed, per_sample = amount
    return fixed + per_sample * batch


def operations(graph: Graph) -> BatchAmount:
    """Multiply-adds, and elements written, of all nodes that are computed in a call."""
    nodes = [node for node in graph.nodes if node.output not in graph.constants]
    types = [node.output.type for node in nodes]
    macs = sum(node.macs for node in nodes)
    fixed, batched = (sum(type.size for type in types if type.batched == is_batched) for is_batched in (False, True))
    return fixed, macs + batched


def call_bytes(graph: Graph) -> BatchAmount:
    """The bytes of what goes into a call, and of its results.

    Weights count twice: as they are, and as the kernels read them.
    """
    types = [value.type for value in (*graph.inputs, *graph.results)]
    weights = 2 * sum(weight.value.type.bytes for weight in graph.weights)
    fixed, batched = (sum(type.bytes for type in types if type.batched == is_batched) for is_batched in (False, True))
    return weights + fixed, batched

"""Run the updates of training where their gradients are known, not at the end: so a gradient need not be kept.

%7 = MatMulKernelGradient(…)      %7 = MatMulKernelGradient(…)
%8 = MatMulKernelGradient(…)      %9 = update(%1, %7)
%9 = update(%1, %7)               %8 = MatMulKernelGradient(…)
%10 = update(%2, %8)              %10 = update(%2, %8)

A step of training is written as it is thought of: forward, backward, update. Then all gradients of weights live at
once, as many bytes as the weights have. Only the order changes here, never what is computed.
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node, Value


def update_early(graph: Graph) -> Graph:
    """The graph in which what is done with weights and their gradients alone follows the last of its operands."""
    own = {node.output: i for i, node in enumerate(graph.nodes)}
    places = dict(own)
    updating = _of_updates(graph)
    moved = [node for node in graph.nodes if node.output in updating]
    for node in moved:
        places[node.output] = max((places.get(value, -1) for value in node.inputs), default=-1)
    for node in reversed(moved):  # what is made of weights alone waits for what reads it
        if places[node.output] < 0:
            readers = graph.users.get(node.output, ())
            places[node.output] = min((places[reader.output] for reader in readers), default=own[node.output])

    def key(node: Node) -> tuple[int, int]:
        return places[node.output], own[node.output]

    return graph.with_nodes(tuple(sorted(graph.nodes, key=key)))


def _of_updates(graph: Graph) -> set[Value]:
    """The values that only updates depend on, and no sample of a batch is an operand of."""
    needed = set(graph.outputs)
    found: set[Value] = set()
    for node in reversed(graph.nodes):
        if node.output in needed or any(value.type.batched for value in (node.output, *node.inputs)):
            needed.update(node.inputs if node.output in needed else ())
        elif node.output not in graph.constants:
            found.add(node.output)
    return found

"""Loops over steps, as one op and as ops in a row.

`with_loops` takes the step of each `Scan` through the passes, as a graph of its own, and moves out of it what is
the same in all steps, such as packed kernels: a `NativeScan`.

`flatten_loops` writes a loop as the ops that are lowered one after the other, the last of which goes back:

%9, %10 = NativeScan(%1, %2, %3)    %8, %9, %10 = BeginLoop(%1, %2, %3)      done, the state, memory for all steps
                                    %4 = TakePart(%1, %8)
                                    … the ops of a step, which reads %4, %9 and %3, and makes %5 and %6
                                    PutPart(%6, %8, %10)
                                    SetState(%5, %9)
                                    Turn(%8, …)

A flat graph is for planning memory and for lowering only: what stands in it is no value that is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from modelc.graph.body import Body, closed, replaced
from modelc.graph.graph import Graph, Node, Value, Weight, pruned
from modelc.graph.types import TensorType
from modelc.initializers.classes import Zeros
from modelc.native.ops.loop import BeginLoop, NativeScan, PutPart, SetState, TakePart, Turn
from modelc.ops.scan import Scan

_COUNT = TensorType((2,))
"""Room for an int64."""
_NOTHING = TensorType((0,))


def with_loops(graph: Graph, optimize: Callable[[Graph], Graph]) -> Graph:
    """The graph with a `NativeScan` for each `Scan`; `optimize` is done to each step."""
    if not any(isinstance(node.op, Scan) for node in graph.nodes):
        return graph
    read = {value for node in graph.nodes for value in node.inputs} | set(graph.results)
    nodes: list[Node] = []
    for node in graph.nodes:
        if isinstance(node.op, Scan) and node.output not in graph.constants:
            nodes += _optimized(graph, with_outputs(node, read), optimize)
        else:
            nodes.append(node)
    return graph.with_nodes(tuple(nodes))


def _optimized(graph: Graph, node: Node, optimize: Callable[[Graph], Graph]) -> list[Node]:
    """The loop, after what is the same in all its steps."""
    op = node.op
    assert isinstance(op, Scan)
    body, count = op.body, op.scanned + op.carried
    moving, fixed = body.inputs[:count], dict(zip(body.inputs[count:], node.inputs[count:], strict=True))
    weights = [Weight(f"{i}", v, Zeros(), False) for i, v in enumerate(fixed) if fixed[v] in graph.constants]
    known = {weight.value for weight in weights}
    names = ("",) * len(body.outputs)
    inputs = (*moving, *(value for value in fixed if value not in known))
    step = optimize(Graph("step", inputs, tuple(weights), body.nodes, body.outputs, names, exact=graph.exact))
    done = closed(step.nodes, moving, step.outputs)
    made = NativeScan(done.body, op.steps, op.scanned, op.carried, op.backward)
    operands = (*node.inputs[:count], *(fixed.get(value, value) for value in done.fixed))
    return [*replaced(done.before, fixed), Node(made, operands, node.output, node.others)]


def with_outputs(node: Node, read: Collection[Value]) -> Node:
    """A loop that gives only those of its outputs that are read, and the states that these depend on."""
    op = node.op
    assert isinstance(op, Scan)
    body = op.body
    first = op.scanned
    states = {i for i in range(op.carried) if node.outputs[i] in read}
    ys = [i for i in range(op.carried, len(body.outputs)) if node.outputs[i] in read]
    while True:
        outputs = [*(body.outputs[i] for i in sorted(states)), *(body.outputs[i] for i in ys)]
        needed = _needed(body, outputs)
        more = {i for i in range(op.carried) if body.inputs[first + i] in needed} - states
        if not more:
            break
        states |= more
    scanned = [i for i in range(first) if body.inputs[i] in needed] or [0]  # one says how many steps there are
    fixed = [i for i in range(first + op.carried, len(body.inputs)) if body.inputs[i] in needed]
    kept = [*scanned, *(first + i for i in sorted(states)), *fixed]
    new = Body(tuple(body.inputs[i] for i in kept), body.nodes, tuple(outputs))
    output, *others = (node.outputs[i] for i in (*sorted(states), *ys))
    made = replace(op, body=new, scanned=len(scanned), carried=len(states))
    return Node(made, tuple(node.inputs[i] for i in kept), output, tuple(others))


def _needed(body: Body, outputs: Collection[Value]) -> set[Value]:
    return {*outputs, *(value for node in pruned(body.nodes, outputs) for value in node.inputs)}


def flatten_loops(graph: Graph) -> Graph:
    """The graph with the ops of each loop in a row."""
    if not any(isinstance(node.op, NativeScan) for node in graph.nodes):
        return graph
    return graph.with_nodes(tuple(one for node in graph.nodes for one in _flat(node)))


def _flat(node: Node) -> list[Node]:
    op = node.op
    if not isinstance(op, NativeScan):
        return [node]
    body, first, count = op.body, op.scanned, op.scanned + op.carried
    layer = node.layer
    done = Value(_COUNT, layer)
    states, ys = node.outputs[: op.carried], node.outputs[op.carried :]
    parts = {value: Value(value.type, layer) for value in body.inputs[:first]}
    new = parts | dict(zip(body.inputs[first:], (*states, *node.inputs[count:]), strict=True))
    nodes = [Node(BeginLoop(op.scanned, op.carried), node.inputs, done, node.outputs)]
    nodes += [
        Node(TakePart(op.steps, op.backward), (whole, done), part)
        for whole, part in zip(node.inputs, parts.values(), strict=False)
    ]
    for one in body.nodes:
        made = {value: Value(value.type, value.layer) for value in one.outputs}
        output, *others = made.values()
        nodes += _flat(Node(one.op, tuple(new.get(value, value) for value in one.inputs), output, tuple(others)))
        new |= made
    outputs = [new.get(value, value) for value in body.outputs]
    nodes += [
        Node(PutPart(op.steps, op.backward), (value, done, y), Value(_NOTHING, layer))
        for value, y in zip(outputs[op.carried :], ys, strict=True)
    ]
    nodes += [
        Node(SetState(), (value, state), Value(_NOTHING, layer))
        for value, state in zip(outputs, states, strict=False)
        if value is not state
    ]
    nodes.append(Node(Turn(op.steps), (done, *node.inputs, *node.outputs), Value(_NOTHING, layer)))
    return nodes

"""A graph as text, one node per line, for debugging and tests of passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from modelc.graph.graph import Graph, Node, Value
from modelc.ops.scan import Scan


def format_graph(graph: Graph) -> str:
    """The graph as text. Values are numbered in the order in which they are made, constants marked with `const`.

    graph sequential(%0: float32(None, 8))
      %1 = weight dense/kernel float32(8, 2)
      %2 = MatMul(%0, %1) float32(None, 2)                    # dense
      return %2
    """
    names: dict[Value, str] = {}

    def name(value: Value) -> str:
        return names.setdefault(value, f"%{len(names)}")

    inputs = ", ".join(f"{name(value)}: {value.type}" for value in graph.inputs)
    lines = [f"graph {graph.name}({inputs})"]
    lines += [f"  {name(weight.value)} = weight {weight.path} {weight.value.type}" for weight in graph.weights]
    for node in graph.nodes:
        lines += _lines(node, name, "const " if node.output in graph.constants else "")
    lines += [f"  update {path} = {name(value)}" for path, value in graph.updates.items()]
    lines.append(f"  return {', '.join(map(name, graph.outputs))}")
    return "\n".join(lines)


def _lines(node: Node, name: Callable[[Value], str], constant: str = "", indent: str = "  ") -> Iterator[str]:
    """A node, and below a loop its step: what it takes of each operand, its nodes, and what it gives."""
    operands = ", ".join(map(name, node.inputs))
    made, types = ", ".join(map(name, node.outputs)), ", ".join(str(value.type) for value in node.outputs)
    line = f"{indent}{made} = {constant}{node.op.name}({operands}) {types}"
    yield f"{line:<72}# {node.layer}" if node.layer else line
    if isinstance(node.op, Scan):
        body, inner = node.op.body, f"{indent}    "
        yield f"{indent}  step({', '.join(map(name, body.inputs))})"
        for one in body.nodes:
            yield from _lines(one, name, indent=inner)
        yield f"{inner}return {', '.join(map(name, body.outputs))}"

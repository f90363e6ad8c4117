"""A graph as text, one node per line, for debugging and tests of passes."""

from __future__ import annotations

from modelc.graph.graph import Graph, Value


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
        operands = ", ".join(map(name, node.inputs))
        constant = "const " if node.output in graph.constants else ""
        made, types = ", ".join(map(name, node.outputs)), ", ".join(str(value.type) for value in node.outputs)
        line = f"  {made} = {constant}{node.op.name}({operands}) {types}"
        lines.append(f"{line:<72}# {node.layer}" if node.layer else line)
    lines += [f"  update {path} = {name(value)}" for path, value in graph.updates.items()]
    lines.append(f"  return {', '.join(map(name, graph.outputs))}")
    return "\n".join(lines)

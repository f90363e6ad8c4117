"""Looking around in an ONNX graph: constants, other operands, and nodes that only one node reads."""

from __future__ import annotations

import math
from typing import Any

from modelc.onnx.read.graph import OnnxGraph, OnnxNode, shortest


def number_of(graph: OnnxGraph, name: str) -> float | None:
    """A constant of one number."""
    known = constant_of(graph, name)
    if known is None:
        maker = graph.maker(name)
        if maker is None or maker.op != "Constant":
            return None
        plain = maker.get("value_float", maker.get("value_int"))
        return None if plain is None else float(plain)
    return shortest(known[0].item()) if known[0].size == 1 and known[0].dtype.kind in "fiu" else None


def is_number(graph: OnnxGraph, name: str, number: float) -> bool:
    """Whether a tensor is a constant of this number, to float32's precision."""
    found = number_of(graph, name)
    return found is not None and math.isclose(found, number, rel_tol=1e-4, abs_tol=1e-9)


def other_operand(node: OnnxNode, name: str) -> str | None:
    """The other operand of a node of two, of which `name` is one."""
    if len(node.inputs) != 2 or name not in node.inputs:
        return None
    return node.inputs[1] if node.inputs[0] == name else node.inputs[0]


def with_number(graph: OnnxGraph, node: OnnxNode, number: float) -> str | None:
    """The operand of a sum or a product with this number."""
    for one, other in ((0, 1), (1, 0)):
        if len(node.inputs) == 2 and is_number(graph, node.inputs[one], number):
            return node.inputs[other]
    return None


def made_by(graph: OnnxGraph, name: str, op: str, reader: OnnxNode) -> OnnxNode | None:
    """The node that gives a tensor which `reader` alone takes."""
    node = graph.maker(name)
    return node if node is not None and node.op == op and graph.only_reader(name) is reader else None


def replacing(node: OnnxNode, op: str, inputs: list[str], domain: str = "", **attributes: Any) -> OnnxNode:
    """A node that gives what another one gives."""
    return OnnxNode(op, inputs, list(node.outputs), node.name, domain, attributes)


def constant_of(graph: OnnxGraph, name: str) -> Any:
    """A constant of the file, or one that a node gives, with the name of its dtype."""
    maker = graph.maker(name)
    given = maker.get("value") if maker is not None and maker.op == "Constant" else None
    return graph.constants.get(name, given)


def integers_of(graph: OnnxGraph, name: str) -> list[int] | None:
    """A constant list of integers."""
    known = constant_of(graph, name)
    return None if known is None else [int(one) for one in known[0].ravel()]

"""Patterns of several nodes that are one function: what exporters write for it where their operators had none.

They become nodes of modelc's own domain, or of an operator that newer versions of ONNX have.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from modelc.onnx.read.graph import OWN, OnnxGraph, OnnxNode
from modelc.onnx.read.looking import is_number, made_by, other_operand, replacing, with_number
from modelc.onnx.read.normalizations import group_normalization, keras_layer_normalization, layer_normalization

Pattern = Callable[[OnnxGraph, OnnxNode], "tuple[OnnxNode, list[OnnxNode]] | None"]


def with_patterns(graph: OnnxGraph) -> OnnxGraph:
    """The graph with the patterns replaced."""
    for pattern in (*_ACTIVATIONS, layer_normalization, keras_layer_normalization, group_normalization):
        gone: set[int] = set()
        made: dict[int, OnnxNode] = {}
        for node in graph.nodes:
            if id(node) in gone:
                continue
            try:
                found = pattern(graph, node)
            except (TypeError, ValueError, IndexError, KeyError, AttributeError):
                found = None  # an attribute or a constant of another kind: the rule of its operator says so
            if found is None or any(id(one) in gone for one in found[1]):
                continue
            new, old = found
            gone.update(id(one) for one in old)
            made[id(node)] = new
        if made:
            graph.nodes = [made.get(id(node), node) for node in graph.nodes if id(node) in made or id(node) not in gone]
            graph.changed()
    return graph


# --- patterns, found by their last node


def _silu(graph: OnnxGraph, node: OnnxNode) -> Any:
    """x·sigmoid(x)."""
    return _gated(graph, node, "Sigmoid", "Silu")


def _gated(graph: OnnxGraph, node: OnnxNode, gate: str, becomes: str) -> Any:
    if node.op != "Mul" or len(node.inputs) != 2:
        return None
    for name in node.inputs:
        inner = made_by(graph, name, gate, node)
        if inner is not None and other_operand(node, name) == inner.inputs[0] and inner.inputs[0] != name:
            if gate == "HardSigmoid" and not (
                math.isclose(inner.get("alpha", 0.2), 1 / 6, rel_tol=1e-4) and inner.get("beta", 0.5) == 0.5
            ):
                continue
            domain = OWN if becomes == "Silu" else ""
            return replacing(node, becomes, [inner.inputs[0]], domain), [inner, node]
    return None


def _hard_swish(graph: OnnxGraph, node: OnnxNode) -> Any:
    """x·hard_sigmoid(x)."""
    return _gated(graph, node, "HardSigmoid", "HardSwish")


def _mish(graph: OnnxGraph, node: OnnxNode) -> Any:
    """x·tanh(softplus(x))."""
    if node.op != "Mul" or len(node.inputs) != 2:
        return None
    for name in node.inputs:
        tanh = made_by(graph, name, "Tanh", node)
        soft = None if tanh is None else made_by(graph, tanh.inputs[0], "Softplus", tanh)
        if tanh is not None and soft is not None and other_operand(node, name) == soft.inputs[0]:
            return replacing(node, "Mish", [soft.inputs[0]]), [soft, tanh, node]
    return None


def _gelu(graph: OnnxGraph, node: OnnxNode) -> Any:
    """0.5·x·(1 + erf(x/√2)), with the half at any place."""
    if node.op != "Mul" or len(node.inputs) != 2:
        return None
    product, old = node, [node]
    halved = with_number(graph, node, 0.5)
    if halved is not None:  # (x·(1 + erf))·0.5
        inner = made_by(graph, halved, "Mul", node)
        if inner is None:
            return None
        product = inner
        old.append(inner)
    for name in product.inputs:
        total = made_by(graph, name, "Add", product)
        if total is None:
            continue
        erf_name = with_number(graph, total, 1.0)
        erf = None if erf_name is None else made_by(graph, erf_name, "Erf", total)
        scaled = None if erf is None else graph.maker(erf.inputs[0])
        x = other_operand(product, name)
        if erf is None or scaled is None or x is None or graph.only_reader(scaled.outputs[0]) is not erf:
            continue
        more = [total, erf, scaled]
        if halved is None:  # (0.5·x)·(1 + erf)
            half = made_by(graph, x, "Mul", product)
            inner_x = None if half is None else with_number(graph, half, 0.5)
            if half is None or inner_x is None:
                continue
            x = inner_x
            more.append(half)
        by = math.sqrt(2)
        fits = (scaled.op == "Div" and scaled.inputs[0] == x and is_number(graph, scaled.inputs[1], by)) or (
            scaled.op == "Mul" and with_number(graph, scaled, 1 / by) == x
        )
        if fits:
            return replacing(node, "Gelu", [x], approximate="none"), old + more
    return None


_ACTIVATIONS: tuple[Pattern, ...] = (_silu, _hard_swish, _mish, _gelu)

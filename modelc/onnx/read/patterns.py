"""Patterns of several nodes that are one function: what exporters write for it where their operators had none.

They become nodes of modelc's own domain, or of an operator that newer versions of ONNX have.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from modelc.onnx.read.graph import OWN, OnnxGraph, OnnxNode

Pattern = Callable[[OnnxGraph, OnnxNode], "tuple[OnnxNode, list[OnnxNode]] | None"]


def with_patterns(graph: OnnxGraph) -> OnnxGraph:
    """The graph with the patterns replaced."""
    for pattern in (_silu, _hard_swish, _mish, _gelu, _layer_normalization, _group_normalization):
        gone: set[int] = set()
        made: dict[int, OnnxNode] = {}
        for node in graph.nodes:
            if id(node) in gone:
                continue
            found = pattern(graph, node)
            if found is None or any(id(one) in gone for one in found[1]):
                continue
            new, old = found
            gone.update(id(one) for one in old)
            made[id(node)] = new
        if made:
            graph.nodes = [made.get(id(node), node) for node in graph.nodes if id(node) in made or id(node) not in gone]
            graph.changed()
    return graph


# --- looking around


def _number(graph: OnnxGraph, name: str) -> float | None:
    """A constant of one number."""
    known = graph.constants.get(name)
    if known is None:
        maker = graph.maker(name)
        if maker is None or maker.op != "Constant":
            return None
        value = maker.get("value")
        if value is None:
            plain = maker.get("value_float", maker.get("value_int"))
            return None if plain is None else float(plain)
        known = value
    return float(known[0].item()) if known[0].size == 1 and known[0].dtype.kind in "fiu" else None


def _is(graph: OnnxGraph, name: str, number: float) -> bool:
    found = _number(graph, name)
    return found is not None and math.isclose(found, number, rel_tol=1e-4, abs_tol=1e-9)


def _other(node: OnnxNode, name: str) -> str | None:
    """The other operand of a node of two, of which `name` is one."""
    if len(node.inputs) != 2 or name not in node.inputs:
        return None
    return node.inputs[1] if node.inputs[0] == name else node.inputs[0]


def _with_number(graph: OnnxGraph, node: OnnxNode, number: float) -> str | None:
    """The operand of a sum or a product with this number."""
    for one, other in ((0, 1), (1, 0)):
        if len(node.inputs) == 2 and _is(graph, node.inputs[one], number):
            return node.inputs[other]
    return None


def _made_by(graph: OnnxGraph, name: str, op: str, reader: OnnxNode) -> OnnxNode | None:
    """The node that gives a tensor which `reader` alone takes."""
    node = graph.maker(name)
    return node if node is not None and node.op == op and graph.only_reader(name) is reader else None


def _replacing(node: OnnxNode, op: str, inputs: list[str], domain: str = "", **attributes: Any) -> OnnxNode:
    return OnnxNode(op, inputs, list(node.outputs), node.name, domain, attributes)


# --- patterns, found by their last node


def _silu(graph: OnnxGraph, node: OnnxNode) -> Any:
    """x·sigmoid(x)."""
    return _gated(graph, node, "Sigmoid", "Silu")


def _gated(graph: OnnxGraph, node: OnnxNode, gate: str, becomes: str) -> Any:
    if node.op != "Mul" or len(node.inputs) != 2:
        return None
    for name in node.inputs:
        inner = _made_by(graph, name, gate, node)
        if inner is not None and _other(node, name) == inner.inputs[0] and inner.inputs[0] != name:
            if gate == "HardSigmoid" and not (
                math.isclose(inner.get("alpha", 0.2), 1 / 6, rel_tol=1e-4) and inner.get("beta", 0.5) == 0.5
            ):
                continue
            domain = OWN if becomes == "Silu" else ""
            return _replacing(node, becomes, [inner.inputs[0]], domain), [inner, node]
    return None


def _hard_swish(graph: OnnxGraph, node: OnnxNode) -> Any:
    """x·hard_sigmoid(x)."""
    return _gated(graph, node, "HardSigmoid", "HardSwish")


def _mish(graph: OnnxGraph, node: OnnxNode) -> Any:
    """x·tanh(softplus(x))."""
    if node.op != "Mul" or len(node.inputs) != 2:
        return None
    for name in node.inputs:
        tanh = _made_by(graph, name, "Tanh", node)
        soft = None if tanh is None else _made_by(graph, tanh.inputs[0], "Softplus", tanh)
        if tanh is not None and soft is not None and _other(node, name) == soft.inputs[0]:
            return _replacing(node, "Mish", [soft.inputs[0]]), [soft, tanh, node]
    return None


def _gelu(graph: OnnxGraph, node: OnnxNode) -> Any:
    """0.5·x·(1 + erf(x/√2)), with the half at any place."""
    if node.op != "Mul" or len(node.inputs) != 2:
        return None
    product, old = node, [node]
    halved = _with_number(graph, node, 0.5)
    if halved is not None:  # (x·(1 + erf))·0.5
        inner = _made_by(graph, halved, "Mul", node)
        if inner is None:
            return None
        product = inner
        old.append(inner)
    for name in product.inputs:
        total = _made_by(graph, name, "Add", product)
        if total is None:
            continue
        erf_name = _with_number(graph, total, 1.0)
        erf = None if erf_name is None else _made_by(graph, erf_name, "Erf", total)
        scaled = None if erf is None else graph.maker(erf.inputs[0])
        x = _other(product, name)
        if erf is None or scaled is None or x is None or graph.only_reader(scaled.outputs[0]) is not erf:
            continue
        more = [total, erf, scaled]
        if halved is None:  # (0.5·x)·(1 + erf)
            half = _made_by(graph, x, "Mul", product)
            inner_x = None if half is None else _with_number(graph, half, 0.5)
            if half is None or inner_x is None:
                continue
            x = inner_x
            more.append(half)
        by = math.sqrt(2)
        fits = (scaled.op == "Div" and scaled.inputs[0] == x and _is(graph, scaled.inputs[1], by)) or (
            scaled.op == "Mul" and _with_number(graph, scaled, 1 / by) == x
        )
        if fits:
            return _replacing(node, "Gelu", [x], approximate="none"), old + more
    return None


def _layer_normalization(graph: OnnxGraph, node: OnnxNode) -> Any:
    """(x - mean(x)) / sqrt(mean((x - mean(x))²) + ε), along the last axis."""
    if node.op != "Div" or len(node.inputs) != 2:
        return None
    centred = graph.maker(node.inputs[0])
    root = _made_by(graph, node.inputs[1], "Sqrt", node)
    shifted = None if root is None else _made_by(graph, root.inputs[0], "Add", root)
    if centred is None or centred.op != "Sub" or root is None or shifted is None:
        return None
    for name in shifted.inputs:
        variance = _made_by(graph, name, "ReduceMean", shifted)
        other = _other(shifted, name)
        epsilon = None if other is None else _number(graph, other)
        if variance is None or epsilon is None:
            continue
        square = graph.maker(variance.inputs[0])
        mean = graph.maker(centred.inputs[1])
        if square is None or mean is None or mean.op != "ReduceMean" or mean.inputs[0] != centred.inputs[0]:
            continue
        squared = (
            square.op == "Pow" and square.inputs[0] == centred.outputs[0] and _is(graph, square.inputs[1], 2)
        ) or (square.op == "Mul" and square.inputs == [centred.outputs[0]] * 2)
        axis = _last_axis(graph, variance)
        if not squared or axis is None or axis != _last_axis(graph, mean):
            continue
        old = [node, root, shifted, variance, square, centred, mean]
        inside = {id(one) for one in old}
        if any(id(reader) not in inside for one in old[1:] for reader in graph.readers(one.outputs[0])):
            continue
        return _replacing(node, "LayerNormalization", [centred.inputs[0]], axis=axis, epsilon=epsilon), old
    return None


def _group_normalization(graph: OnnxGraph, node: OnnxNode) -> Any:
    """gamma·reshape(instance_norm(reshape(x, (N, groups, -1)))) + beta, as PyTorch writes it."""
    if node.op != "Add" or len(node.inputs) != 2:
        return None
    for name in node.inputs:
        scaled = _made_by(graph, name, "Mul", node)
        beta = _other(node, name)
        if scaled is None or beta not in graph.constants:
            continue
        for inner in scaled.inputs:
            back = _made_by(graph, inner, "Reshape", scaled)
            gamma = _other(scaled, inner)
            normalized = None if back is None else _made_by(graph, back.inputs[0], "InstanceNormalization", back)
            grouped = None if normalized is None else _made_by(graph, normalized.inputs[0], "Reshape", normalized)
            if back is None or normalized is None or grouped is None or gamma not in graph.constants:
                continue
            shape = _integers(graph, grouped.inputs[1])
            one, zero = (graph.constants.get(n) or _constant(graph, n) for n in normalized.inputs[1:3])
            if shape is None or len(shape) != 3 or shape[0] != 0 or shape[2] != -1 or one is None or zero is None:
                continue
            sizes = [graph.constants[n][0] for n in (gamma, beta)]
            if np.any(one[0] != 1) or np.any(zero[0]) or any(max(a.shape, default=0) != a.size for a in sizes):
                continue
            if any(a.ndim < 2 or a.shape[-a.ndim + (a.ndim > 3)] not in (1, a.size) for a in sizes):
                continue
            flat = [f"{n}/flat" for n in (gamma, beta)]
            for own, array in zip(flat, sizes, strict=True):
                graph.constants[own] = (array.reshape(-1), "float32")
            made = _replacing(
                node, "GroupNormalization", [grouped.inputs[0], *flat], num_groups=shape[1],
                epsilon=normalized.get("epsilon", 1e-5),
            )  # fmt: skip
            return made, [node, scaled, back, normalized, grouped]
    return None


def _constant(graph: OnnxGraph, name: str) -> Any:
    """A constant that a node gives."""
    maker = graph.maker(name)
    return maker.get("value") if maker is not None and maker.op == "Constant" else None


def _integers(graph: OnnxGraph, name: str) -> list[int] | None:
    """A constant list of integers."""
    known = graph.constants.get(name) or _constant(graph, name)
    return None if known is None else [int(one) for one in known[0].ravel()]


def _last_axis(graph: OnnxGraph, node: OnnxNode) -> int | None:
    """The axis of a mean that keeps its axes, if it is the last one."""
    axes = node.get("axes")
    if axes is None and len(node.inputs) > 1:
        number = _number(graph, node.inputs[1])
        axes = None if number is None else [int(number)]
    if not axes or len(axes) != 1 or not node.get("keepdims", 1):
        return None
    return axes[0] if axes[0] == -1 else None

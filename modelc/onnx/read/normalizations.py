"""Normalizations that exporters wrote as several nodes: those of layers in three forms, and that of groups."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.onnx.read.graph import OnnxGraph, OnnxNode
from modelc.onnx.read.looking import constant_of, integers_of, is_number, made_by, number_of, other_operand, replacing


def layer_normalization(graph: OnnxGraph, node: OnnxNode) -> Any:
    """(x - mean(x)) / sqrt(mean((x - mean(x))²) + ε), along the last axis."""
    if node.op != "Div" or len(node.inputs) != 2:
        return None
    centred = graph.maker(node.inputs[0])
    root = made_by(graph, node.inputs[1], "Sqrt", node)
    shifted = None if root is None else made_by(graph, root.inputs[0], "Add", root)
    if centred is None or centred.op != "Sub" or root is None or shifted is None:
        return None
    for name in shifted.inputs:
        variance = made_by(graph, name, "ReduceMean", shifted)
        other = other_operand(shifted, name)
        epsilon = None if other is None else number_of(graph, other)
        if variance is None or epsilon is None:
            continue
        square = graph.maker(variance.inputs[0])
        mean = graph.maker(centred.inputs[1])
        if square is None or mean is None or mean.op != "ReduceMean" or mean.inputs[0] != centred.inputs[0]:
            continue
        squared = (
            square.op == "Pow" and square.inputs[0] == centred.outputs[0] and is_number(graph, square.inputs[1], 2)
        ) or (square.op == "Mul" and square.inputs == [centred.outputs[0]] * 2)
        axis = _last_axis(graph, variance)
        if not squared or axis is None or axis != _last_axis(graph, mean):
            continue
        old = [node, root, shifted, variance, square, centred, mean]
        inside = {id(one) for one in old}
        if any(id(reader) not in inside for one in old[1:] for reader in graph.readers(one.outputs[0])):
            continue
        return replacing(node, "LayerNormalization", [centred.inputs[0]], axis=axis, epsilon=epsilon), old
    return None


def keras_layer_normalization(graph: OnnxGraph, node: OnnxNode) -> Any:
    """x·f + (beta - mean(x)·f) with f = gamma / sqrt(mean((x - mean(x))²) + ε), as Keras on TensorFlow computes it."""
    if node.op != "Add" or len(node.inputs) != 2:
        return None
    for name in node.inputs:
        scaled, rest = made_by(graph, name, "Mul", node), graph.maker(other_operand(node, name) or "")
        if scaled is None or rest is None:
            continue
        for x in scaled.inputs:
            found = _of_keras(graph, node, scaled, rest, x)
            if found is not None:
                return found
    return None


def _of_keras(graph: OnnxGraph, node: OnnxNode, scaled: OnnxNode, rest: OnnxNode, x: str) -> Any:
    factor = graph.maker(other_operand(scaled, x) or "")
    if factor is None or rest.op not in ("Add", "Sub"):
        return None
    gamma, inverse = _of_constant(graph, factor)
    root = None if inverse is None else made_by(graph, inverse.inputs[0], "Sqrt", inverse)
    shifted = None if root is None else made_by(graph, root.inputs[0], "Add", root)
    shifts = [one for one in rest.inputs if one in graph.constants]
    moved = graph.maker(next((one for one in rest.inputs if one not in shifts), ""))
    if inverse is None or root is None or shifted is None or moved is None or moved.op != "Mul" or len(shifts) != 1:
        return None
    variance = next((one for one in map(graph.maker, shifted.inputs) if one is not None), None)
    epsilon = next((number for one in shifted.inputs if (number := number_of(graph, one)) is not None), None)
    mean = graph.maker(other_operand(moved, factor.outputs[0]) or "")
    negated = mean if mean is not None and mean.op == "Neg" else None
    mean = graph.maker(negated.inputs[0]) if negated is not None else mean
    square = None if variance is None else graph.maker(variance.inputs[0])
    centred = None if square is None else graph.maker(square.inputs[0])
    if mean is None or variance is None or epsilon is None or square is None or centred is None:
        return None
    plus = rest.op == "Add" and negated is not None
    minus = rest.op == "Sub" and negated is None and rest.inputs[0] == shifts[0]
    fits = (
        (plus or minus) and _is_last_mean(graph, mean) and _is_last_mean(graph, variance) and mean.inputs[0] == x
        and square.op in ("Mul", "Pow") and square.inputs[0] == centred.outputs[0] and centred.op == "Sub"
        and centred.inputs == [x, mean.outputs[0]]
        and (square.inputs[1] == square.inputs[0] or (square.op == "Pow" and is_number(graph, square.inputs[1], 2)))
    )  # fmt: skip
    if not fits:
        return None
    old = [node, scaled, rest, factor, inverse, root, shifted, variance, square, centred, mean, moved]
    old += [negated] if negated is not None else []
    inside = {id(one) for one in old}
    if any(id(reader) not in inside for one in old[1:] for reader in graph.readers(one.outputs[0])):
        return None
    weights = [_vector(graph, gamma), _vector(graph, shifts[0])]
    if any(one is None for one in weights):
        return None
    return replacing(node, "LayerNormalization", [x, *map(str, weights)], axis=-1, epsilon=epsilon), old


def _of_constant(graph: OnnxGraph, factor: OnnxNode) -> tuple[str, OnnxNode | None]:
    """Of gamma·rsqrt the constant, and the node of the root."""
    if factor.op != "Mul":
        return "", None
    for name in factor.inputs:
        inverse = graph.maker(name)
        other = other_operand(factor, name) or ""
        if inverse is not None and inverse.op == "Reciprocal" and other in graph.constants:
            return other, inverse
    return "", None


def _vector(graph: OnnxGraph, name: str) -> str | None:
    """A constant along the last axis as a vector, by a name of its own."""
    array, dtype = graph.constants[name]
    if not array.ndim or array.shape[-1] != array.size:
        return None
    graph.constants[f"{name}/flat"] = (array.reshape(-1), dtype)
    return f"{name}/flat"


def _is_last_mean(graph: OnnxGraph, node: OnnxNode) -> bool:
    """Whether a node is the mean along the last axis, which stays as one of one element.

    TensorFlow's converter writes `GlobalAveragePool` for that of (N, T, C), whose last axis is the only one of space.
    """
    if node.op == "GlobalAveragePool":
        return _rank(graph, node.inputs[0]) == 3
    return node.op == "ReduceMean" and _last_axis(graph, node) is not None


_SAME_RANK = frozenset({
    "LayerNormalization", "Relu", "Dropout", "Identity", "Cast", "Sigmoid", "Silu", "Gelu", "Tanh", "Mul", "Add", "Sub",
})  # fmt: skip
"""Operators whose result has the rank of their largest operand."""


def _rank(graph: OnnxGraph, name: str) -> int | None:
    """The rank of a tensor, by the inputs that it is a sum or a product of; None where that does not say."""
    for _ in range(64):
        declared = next((one for one in graph.inputs if one.name == name), None)
        if declared is not None:
            return None if declared.shape is None else len(declared.shape)
        maker = graph.maker(name)
        if maker is None:
            return None
        if maker.op == "Transpose" and maker.get("perm"):
            return len(maker.get("perm"))
        if maker.op in _SAME_RANK:
            name = next((one for one in maker.inputs if one not in graph.constants), "")
        elif maker.op == "MatMul":
            name = maker.inputs[0]
        else:
            return None
    return None


def group_normalization(graph: OnnxGraph, node: OnnxNode) -> Any:
    """gamma·reshape(instance_norm(reshape(x, (N, groups, -1)))) + beta, as PyTorch writes it."""
    if node.op != "Add" or len(node.inputs) != 2:
        return None
    for name in node.inputs:
        scaled = made_by(graph, name, "Mul", node)
        beta = other_operand(node, name)
        if scaled is None or beta not in graph.constants:
            continue
        for inner in scaled.inputs:
            back = made_by(graph, inner, "Reshape", scaled)
            gamma = other_operand(scaled, inner)
            normalized = None if back is None else made_by(graph, back.inputs[0], "InstanceNormalization", back)
            grouped = None if normalized is None else made_by(graph, normalized.inputs[0], "Reshape", normalized)
            if back is None or normalized is None or grouped is None or gamma not in graph.constants:
                continue
            shape = integers_of(graph, grouped.inputs[1])
            one, zero = (constant_of(graph, n) for n in normalized.inputs[1:3])
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
            made = replacing(
                node, "GroupNormalization", [grouped.inputs[0], *flat], num_groups=shape[1],
                epsilon=normalized.get("epsilon", 1e-5),
            )  # fmt: skip
            return made, [node, scaled, back, normalized, grouped]
    return None


def _last_axis(graph: OnnxGraph, node: OnnxNode) -> int | None:
    """The axis of a mean that keeps its axes, if it is the last one."""
    axes = node.get("axes")
    if axes is None and len(node.inputs) > 1:
        number = number_of(graph, node.inputs[1])
        axes = None if number is None else [int(number)]
    if not axes or len(axes) != 1 or not node.get("keepdims", 1):
        return None
    return axes[0] if axes[0] == -1 else None

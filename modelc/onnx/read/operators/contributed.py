"""Operators of com.microsoft, which ONNX Runtime's optimizer writes."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.onnx.read.composed import applied, required
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.values import Value, known

_MICROSOFT = "com.microsoft."


def _swapped(r: OnnxReader, x: Value, turned: Any) -> Value:
    if not turned:
        return x
    order = list(range(x.rank))
    order[-2:] = order[:-3:-1]
    return applied(r, "Transpose", x, perm=order)


@reads(_MICROSOFT + "FusedMatMul", becomes="Dense, matmul, einsum, multiply")
def _fused_matmul(r: OnnxReader, node: OnnxNode) -> Value:
    if node.get("transBatchA", 0) or node.get("transBatchB", 0):
        raise RefusedError("it moves the axes of its batches")
    a = _swapped(r, required(r, 0, "first matrix"), node.get("transA", 0))
    b = _swapped(r, required(r, 1, "second matrix"), node.get("transB", 0))
    made, alpha = applied(r, "MatMul", a, b), node.get("alpha", 1.0)
    return made if alpha == 1 else applied(r, "Mul", made, known(np.float32(alpha), "float32"))


@reads(_MICROSOFT + "Gelu", _MICROSOFT + "BiasGelu", becomes="Activation, gelu, add")
def _gelu(r: OnnxReader, node: OnnxNode) -> Value:
    return applied(r, "Gelu", _biased(r))


@reads(_MICROSOFT + "FastGelu", becomes="Activation, gelu, add")
def _fast_gelu(r: OnnxReader, node: OnnxNode) -> Value:
    return applied(r, "Gelu", _biased(r), approximate="tanh")


def _biased(r: OnnxReader) -> Value:
    x, bias = required(r, 0, "tensor"), r.value(1)
    return x if bias is None else applied(r, "Add", x, bias)


@reads(_MICROSOFT + "QuickGelu", becomes="sigmoid, multiply")
def _quick_gelu(r: OnnxReader, node: OnnxNode) -> Value:
    x = required(r, 0, "tensor")
    scaled = applied(r, "Mul", x, known(np.float32(node.get("alpha", 1.702)), "float32"))
    return applied(r, "Mul", x, applied(r, "Sigmoid", scaled))


def _with_skip(r: OnnxReader, bias_at: int) -> Value:
    """The sum of the first two operands, and of the bias where there is one."""
    total, bias = applied(r, "Add", required(r, 0, "tensor"), required(r, 1, "skip")), r.value(bias_at)
    return total if bias is None else applied(r, "Add", total, bias)


@reads(_MICROSOFT + "SkipLayerNormalization", becomes="Add, LayerNormalization")
def _skip_layer_normalization(r: OnnxReader, node: OnnxNode) -> tuple[Value, ...]:
    total = _with_skip(r, 4)
    if any(name and r.is_read(name) for name in node.outputs[1:3]):
        raise RefusedError("its mean or its variance is taken")
    made = applied(r, "LayerNormalization", total, required(r, 2, "gamma"), r.value(3), axis=-1,
                   epsilon=node.get("epsilon", 1e-12))  # fmt: skip
    return made, made, made, total


@reads(_MICROSOFT + "SkipSimplifiedLayerNormalization", becomes="Add, RMSNormalization")
def _skip_rms_normalization(r: OnnxReader, node: OnnxNode) -> tuple[Value, ...]:
    total = _with_skip(r, 3)
    made = applied(r, "RMSNormalization", total, required(r, 2, "gamma"), axis=-1, epsilon=node.get("epsilon", 1e-12))
    return made, made, made, total


_ACTIVATIONS = {"Relu", "Tanh", "Sigmoid", "LeakyRelu", "Clip", "HardSigmoid"}


@reads(_MICROSOFT + "FusedConv", _MICROSOFT + "FusedGemm", becomes="Conv1D, Conv2D, Conv3D, Dense, Activation")
def _fused(r: OnnxReader, node: OnnxNode) -> Value:
    operator = node.op.removeprefix("Fused")
    operands = [r.value(i) for i in range(3)]
    skip = r.value(3)
    own = {key: value for key, value in node.attributes.items() if not key.startswith("activation")}
    made = applied(r, operator, *operands, **own)
    if skip is not None:
        made = applied(r, "Add", made, skip)
    activation = node.get("activation", "")
    if not activation:
        return made
    if activation not in _ACTIVATIONS:
        raise RefusedError(f"its activation is {activation[:40]}")
    parameters: list[float] = node.get("activation_params") or []
    if activation == "Clip":
        return applied(r, "Clip", made, *(known(np.float32(one), "float32") for one in parameters))
    given: dict[str, Any] = {"alpha": node.get("activation_alpha"), "beta": node.get("activation_beta")}
    given = dict(zip(("alpha", "beta"), parameters, strict=False)) or given
    return applied(r, activation, made, **{key: value for key, value in given.items() if value is not None})

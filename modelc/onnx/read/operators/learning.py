"""Operators of ai.onnx.ml, which scikit-learn's converter writes around networks and for linear models."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.onnx.read.composed import applied, required
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.values import Flow, Known, Value, known

_LEARN = "ai.onnx.ml."
_MOST_LABELS = 1 << 16


def _row(values: Any) -> Known:
    return known(np.asarray(values, np.float32), "float32")


@reads(_LEARN + "Scaler", becomes="subtract, multiply")
def _scaler(r: OnnxReader, node: OnnxNode) -> Value:
    """(x - offset)·scale."""
    x = required(r, 0, "tensor")
    x = x.as_type("float32") if isinstance(x, Flow) else x
    return applied(r, "Mul", applied(r, "Sub", x, _row(node.get("offset") or [0.0])), _row(node.get("scale") or [1.0]))


@reads(_LEARN + "Normalizer", becomes="abs, square, sum, max, sqrt, divide")
def _normalizer(r: OnnxReader, node: OnnxNode) -> Value:
    x, norm = required(r, 0, "tensor"), node.get("norm", "MAX")
    if norm == "MAX":
        axes = known(np.array([-1]), "int64")
        size = applied(r, "ReduceMax", x, axes) if r.opset >= 18 else applied(r, "ReduceMax", x, axes=[-1])
        return applied(r, "Div", x, size)
    if norm not in ("L1", "L2"):
        raise RefusedError(f"its norm is {norm[:40]}")
    return applied(r, "LpNormalization", x, axis=-1, p=int(norm[1]))


def _linear(r: OnnxReader, node: OnnxNode, rows: int) -> Value:
    x, weights = required(r, 0, "tensor"), np.asarray(node.get("coefficients") or [], np.float32)
    if not rows or not weights.size or weights.size % rows:
        raise RefusedError("its coefficients are not those of its targets")
    x = x.as_type("float32") if isinstance(x, Flow) else x
    bias = _row(node.get("intercepts") or [0.0] * rows)
    return applied(r, "Gemm", x, _row(weights.reshape(rows, -1)), bias, transB=1)


@reads(_LEARN + "LinearRegressor", becomes="Dense")
def _linear_regressor(r: OnnxReader, node: OnnxNode) -> Value:
    return _transformed(r, node, _linear(r, node, node.get("targets", 1)))


def _transformed(r: OnnxReader, node: OnnxNode, made: Value) -> Value:
    match node.get("post_transform", "NONE"):
        case "NONE":
            return made
        case "LOGISTIC":
            return applied(r, "Sigmoid", made)
        case "SOFTMAX":
            return applied(r, "Softmax", made, axis=-1)
        case other:
            raise RefusedError(f"its `post_transform` is {other[:40]}")


@reads(_LEARN + "LinearClassifier", becomes="Dense, Activation, argmax, take")
def _linear_classifier(r: OnnxReader, node: OnnxNode) -> tuple[Value, ...]:
    labels: list[int] = node.get("classlabels_ints") or []
    if not labels:
        raise RefusedError("its classes are text, or it has none")
    scores = _linear(r, node, len(labels))
    best = applied(r, "ArgMax", scores, axis=-1, keepdims=0)
    return _looked_up(r, best, np.asarray(labels)), _transformed(r, node, scores)


@reads(_LEARN + "ArrayFeatureExtractor", becomes="take", note="with constant places, or of a constant vector")
def _array_feature_extractor(r: OnnxReader, node: OnnxNode) -> Value:
    """x[..., places]; of a vector a matrix of one row."""
    x, places = required(r, 0, "tensor"), r.operand(1)
    if isinstance(places, Flow):
        if not isinstance(x, Known) or x.rank != 1:
            raise RefusedError("it takes places that the model computes out of a tensor")
        flat = applied(r, "Reshape", places, known(np.array([1, -1]), "int64"))
        return _looked_up(r, flat, x.array).as_type(x.dtype)
    if places is None or not isinstance(x, Flow):
        raise RefusedError("its places are left out")
    return applied(r, "Gather", x, known(places.array.ravel(), "int64"), axis=-1)


def _looked_up(r: OnnxReader, places: Value, table: Any) -> Flow:
    """The entries of a constant vector at places that the model computes."""
    assert isinstance(places, Flow)
    if table.size > _MOST_LABELS:
        raise RefusedError(f"it has {table.size} labels; at most {_MOST_LABELS} are read")
    if table.tolist() == list(range(table.size)):
        return places
    return r.same(places, r.op("take", np.asarray(table, np.float64), places.ref, axis=0), "int64")


@reads(_LEARN + "ZipMap", becomes="", note="the probabilities themselves, as an array")
def _zip_map(r: OnnxReader, node: OnnxNode) -> Value:
    numbers: list[int] = node.get("classlabels_int64s") or []
    names: list[str] = node.get("classlabels_strings") or list(map(str, numbers))
    r.labels[node.outputs[0]] = tuple(names)
    return r.flow(merged=True)


@reads(_LEARN + "LabelEncoder", becomes="take, where", note="of integers to numbers")
def _label_encoder(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    keys, values = node.get("keys_int64s"), node.get("values_int64s") or node.get("values_floats")
    if keys is None or values is None or len(keys) != len(values) or not keys or len(keys) > _MOST_LABELS:
        raise RefusedError("it encodes text, or has no table of integers")
    if keys == list(range(len(keys))):
        return _looked_up(r, x, np.asarray(values))
    if len(keys) > 64:
        raise RefusedError("its keys are not 0, 1, 2, …, and more than 64")
    otherwise = node.get("default_int64", -1) if "values_int64s" in node.attributes else node.get("default_float", -0.0)
    made = r.op("multiply", x.ref, 0.0)
    made = r.op("add", made, float(otherwise))
    for key, value in zip(keys, values, strict=True):
        made = r.op("where", r.op("equal", x.ref, float(key)), float(value), made)
    return r.same(x, made, "int64" if "values_int64s" in node.attributes else "float32")

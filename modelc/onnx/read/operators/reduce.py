"""Operators that reduce along axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from modelc.layers.pooling.all_positions import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
)
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.operators.shape import without
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import reads
from modelc.onnx.read.values import Flow, Value
from modelc.sources.refs import Array, Ref

AVERAGES = {3: GlobalAveragePooling1D, 4: GlobalAveragePooling2D, 5: GlobalAveragePooling3D}
MAXIMA = {3: GlobalMaxPooling1D, 4: GlobalMaxPooling2D, 5: GlobalMaxPooling3D}


def _axes(r: OnnxReader, x: Flow) -> list[int]:
    given = r.integers(1, "axes")
    if given is None or not len(given):
        if r.node.get("noop_with_empty_axes", 0):
            return []
        return list(range(x.rank))
    return sorted({r.axis(int(axis), x.rank) for axis in given})


def _result(x: Flow, ref: Ref, axes: list[int], keep: bool) -> Flow:
    return Flow(ref, x.axes, x.dtype) if keep else without(x, ref, axes)


_NUMPY: dict[str, Callable[..., Any]] = {
    "ReduceSum": np.sum, "ReduceMean": np.mean, "ReduceMax": np.max, "ReduceMin": np.min, "ReduceProd": np.prod,
}  # fmt: skip


def _reduced(node: OnnxNode, x: Array, axes: Array | None = None) -> Any:
    given = node.get("axes") if axes is None else axes.ravel().tolist()
    if not given and node.get("noop_with_empty_axes", 0):
        return x
    along = tuple(int(axis) for axis in given) if given else None
    return _NUMPY[node.op](x, axis=along, keepdims=bool(node.get("keepdims", 1)))


_OPERATIONS = {
    "ReduceSum": "sum", "ReduceMean": "mean", "ReduceMax": "max", "ReduceMin": "min", "ReduceProd": "prod",
}  # fmt: skip


@reads(*_OPERATIONS, becomes="GlobalAveragePooling, GlobalMaxPooling, sum, mean, max, min, prod", compute=_reduced)
def _reduce(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    axes, keep = _axes(r, x), bool(node.get("keepdims", 1))
    if not axes:
        return x
    at = sorted(r.sample_axis(x, axis) for axis in axes)
    kinds = {"ReduceMean": AVERAGES, "ReduceMax": MAXIMA}.get(node.op, {})
    kind = kinds.get(x.rank) if x.batch == 0 else None
    if kind is not None and at == list(range(1, x.rank - 1)):
        return _result(x, r.layer(kind, x.ref, keepdims=keep), axes, keep)
    return _result(x, r.op(_OPERATIONS[node.op], x.ref, axis=at, keepdims=keep), axes, keep)


_COMPOSED: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "ReduceL1": (("abs",), "sum", ()),
    "ReduceL2": (("square",), "sum", ("sqrt",)),
    "ReduceSumSquare": (("square",), "sum", ()),
    "ReduceLogSum": ((), "sum", ("log",)),
    "ReduceLogSumExp": ((), "logsumexp", ()),
}


@reads(*_COMPOSED, becomes="abs, square, sum, sqrt, log, logsumexp")
def _composed(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    axes, keep = _axes(r, x), bool(node.get("keepdims", 1))
    before, operation, behind = _COMPOSED[node.op]
    at = sorted(r.sample_axis(x, axis) for axis in axes)
    ref = x.ref
    for one in before:
        ref = r.op(one, ref)
    if at:
        ref = r.op(operation, ref, axis=at, keepdims=keep)
    elif operation == "logsumexp":
        return x
    for one in behind:
        ref = r.op(one, ref)
    return _result(x, ref, axes, keep)


@reads("ArgMax", "ArgMin", becomes="argmax, argmin, flip")
def _arg(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    axis = r.axis(node.get("axis", 0), x.rank)
    keep, at = bool(node.get("keepdims", 1)), r.sample_axis(x, axis)
    last = bool(node.get("select_last_index", 0))  # of equal elements, where modelc takes the first
    source = r.op("flip", x.ref, axis=at) if last else x.ref
    ref = r.op(node.op.lower(), source, axis=at, keepdims=keep)
    if last:
        ref = r.op("subtract", float(r.numbers(x)[axis] - 1), ref)
    made = _result(x, ref, [axis], keep)
    return made.as_type("int64")


def _cumulated(node: OnnxNode, x: Array, axis: Array) -> Any:
    along = int(axis.item())
    source = np.flip(x, along) if node.get("reverse", 0) else x
    if node.get("exclusive", 0):
        ones = (np.zeros if node.op == "CumSum" else np.ones)(_with_one(x.shape, along), x.dtype)
        source = np.concatenate([ones, np.delete(source, -1, along)], along)
    made = (np.cumsum if node.op == "CumSum" else np.cumprod)(source, along, dtype=x.dtype)
    return np.flip(made, along) if node.get("reverse", 0) else made


def _with_one(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return tuple(1 if i == axis % len(shape) else size for i, size in enumerate(shape))


@reads("CumSum", "CumProd", becomes="cumsum, cumprod, pad, flip", compute=_cumulated)
def _cumulative(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    at = r.sample_axis(x, int(r.array(1, "axis").item()))
    reverse = bool(node.get("reverse", 0))
    ref = r.op("flip", x.ref, axis=at) if reverse else x.ref
    if node.get("exclusive", 0):  # each element gives way to the one before it
        rank = len(r.shapes.type_of(ref).shape)
        width = [[int(i == at), 0] for i in range(rank)]
        ref = r.op("pad", ref, pad_width=width, constant_values=float(node.op == "CumProd"))
        ref = r.op("get_item", ref, key=[":-1" if i == at else ":" for i in range(rank)])
    made = r.op(node.op.lower(), ref, axis=at)
    return r.same(x, r.op("flip", made, axis=at) if reverse else made)

"""Operators that give sizes and constants: what they give is known while the file is read."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.graph.sizes import is_free
from modelc.onnx.read.fold import LARGEST_FILLED, grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.reader import NeedsConstantError, OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.tensors import NAMES
from modelc.onnx.read.values import Known, Value
from modelc.onnx.read.writing import product_of
from modelc.sources.refs import Array, SampleCount, has_open, settled


def _sizes(sizes: list[Any]) -> Known:
    open_ones = any(is_free(size) or isinstance(size, SampleCount) for size in sizes)
    return Known(np.array(sizes, dtype=object if open_ones else np.int64), "int64")


def _part(node: OnnxNode, sizes: list[Any]) -> list[Any]:
    return sizes[slice(node.get("start"), node.get("end"))]


def _known_shape(node: OnnxNode, x: Array) -> Known:
    return Known(np.array(_part(node, list(x.shape)), np.int64), "int64")


@reads("Shape", becomes="", compute=_known_shape)
def _shape(r: OnnxReader, node: OnnxNode) -> Value:
    sizes = r.dims(r.flow(merged=True))
    return _sizes(_part(node, sizes))


def _known_size(node: OnnxNode, x: Array) -> Known:
    return Known(np.array(x.size, np.int64), "int64")


@reads("Size", becomes="", compute=_known_size)
def _size(r: OnnxReader, node: OnnxNode) -> Value:
    return Known(settled(np.array(product_of(r.dims(r.flow(merged=True))), dtype=object)), "int64")


def _constant_value(node: OnnxNode) -> Known:
    for key, dtype in (("value_float", "float32"), ("value_int", "int64"), ("value_floats", "float32"),
                       ("value_ints", "int64")):  # fmt: skip
        if key in node.attributes:
            return Known(np.array(node.attributes[key], dtype), dtype)
    if "value" in node.attributes:
        array, dtype = node.attributes["value"]
        return Known(array, dtype, node.outputs[0])
    raise RefusedError("it gives text or a sparse tensor")


@reads("Constant", becomes="", compute=_constant_value)
def _constant(r: OnnxReader, node: OnnxNode) -> Value:
    return _constant_value(node)


def _filled(node: OnnxNode, shape: Array) -> Known:
    value, dtype = node.get("value") or (np.zeros(1, np.float32), "float32")
    sizes = shape.ravel().tolist()
    batch = [i for i, size in enumerate(sizes) if isinstance(size, SampleCount)]
    if len(batch) > 1 or any(map(is_free, sizes)) or any(sizes[i] != SampleCount() for i in batch):
        raise RefusedError("what it computes depends on the number of samples, or on a size that is free")
    plain = [1 if isinstance(size, SampleCount) else int(size) for size in sizes]
    grown(int(np.prod(plain, dtype=np.float64)) if plain else 1, LARGEST_FILLED)
    number = np.asarray(value).ravel()[:1].astype(dtype)
    filled = np.broadcast_to(number.reshape((1,) * len(plain)), plain)  # one number, whatever the sizes
    return Known(filled, dtype, batch=batch[0] if batch else None)


@reads("ConstantOfShape", becomes="", compute=_filled)
def _constant_of_shape(r: OnnxReader, node: OnnxNode) -> Value:
    raise NeedsConstantError(node.inputs[0], "shape")


def _range(node: OnnxNode, start: Array, stop: Array, step: Array) -> Any:
    if any(map(has_open, (start, stop, step))):
        raise RefusedError("how many numbers it gives depends on the number of samples, or on a size that is free")
    first, last, by = (x.item() for x in (start, stop, step))
    count = max(0, int(np.ceil((last - first) / by)))
    grown(count)
    return (first + by * np.arange(count)).astype(start.dtype)


@reads("Range", becomes="", compute=_range)
def _range_of(r: OnnxReader, node: OnnxNode) -> Value:
    for index, what in enumerate(("start", "limit", "step")):
        r.known(index, what)
    raise AssertionError


def _eye(node: OnnxNode, x: Array) -> Any:
    rows, columns = x.shape
    dtype = _dtype(node, x.dtype.name)
    return Known(np.eye(rows, columns, node.get("k", 0), dtype), dtype)


def _dtype(node: OnnxNode, otherwise: str) -> str:
    return NAMES[node.get("dtype")] if "dtype" in node.attributes else otherwise


@reads("EyeLike", becomes="", compute=_eye)
def _eye_like(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    rows, columns = r.numbers(x)
    grown(rows * columns)
    dtype = _dtype(node, x.dtype)
    return Known(np.eye(rows, columns, node.get("k", 0), dtype), dtype)

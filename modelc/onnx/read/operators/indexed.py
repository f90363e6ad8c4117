"""Operators that take or put elements at places that are known: as places of the tensor whose axes are made one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from modelc.onnx.read.composed import applied, required
from modelc.onnx.read.fold import grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import MixesSamplesError, RefusedError, reads
from modelc.onnx.read.values import Flow, Known, Value
from modelc.sources.refs import Array, Ref

_MOST_ROUNDS = 64
"""The most elements that are put at one place together."""


def _numbers(shape: tuple[int, ...]) -> Array:
    """The place of each element among all."""
    return np.arange(grown(math.prod(shape))).reshape(shape)


def _flat(r: OnnxReader, value: Value) -> Ref | Array:
    """All elements of a tensor that is one sample, or of a constant, behind the batch."""
    if isinstance(value, Known):
        return value.array.astype(np.float64).reshape(1, -1)
    value = r.plain(value)
    if value.batch is not None:
        raise MixesSamplesError("it takes or puts elements at places among all samples")
    return r.reshaped(value.ref, [math.prod(r.numbers(value))])


def _taken(r: OnnxReader, x: Flow, places: Array) -> Flow:
    flat = _flat(r, x)
    assert isinstance(flat, Ref)
    ref = r.op("take", flat, places.ravel(), axis=1)
    return Flow(r.reshaped(ref, list(places.shape)), tuple(range(1, places.ndim + 1)), x.dtype)


def _gather_places(shape: tuple[int, ...], indices: Array, batch: int) -> Array:
    """The places that `GatherND` takes."""
    numbers, depth = _numbers(shape), indices.shape[-1]
    lead = shape[:batch]
    rows = indices.reshape(math.prod(lead), *indices.shape[batch:])
    parts = numbers.reshape(math.prod(lead), *shape[batch:])
    grown(math.prod(indices.shape[:-1]) * math.prod(shape[batch + depth :]))
    made = np.stack(
        [part[tuple(np.moveaxis(row.astype(np.int64), -1, 0))] for part, row in zip(parts, rows, strict=True)]
    )
    return made.reshape(*lead, *made.shape[1:])


def _gathered(node: OnnxNode, x: Array, indices: Array) -> Any:
    return x.ravel()[_gather_places(x.shape, indices, node.get("batch_dims", 0))]


@reads("GatherND", becomes="take", note="at constant places", compute=_gathered)
def _gather_nd(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    indices = r.array(1, "indices")
    if x.batch is not None:
        raise MixesSamplesError("it takes elements at places among all samples")
    return _taken(r, x, _gather_places(tuple(r.numbers(x)), indices, node.get("batch_dims", 0)))


# --- putting

_REDUCTIONS = {"add": ("add", 0.0), "mul": ("multiply", 1.0), "max": ("maximum", -3.4e38), "min": ("minimum", 3.4e38)}


def _put(r: OnnxReader, x: Value, updates: Value, places: Array, reduction: str) -> Flow:
    """The tensor with elements put at places; of several at one the last, or all of them by the reduction."""
    shape = r.numbers(x)
    dtype = x.dtype
    base, new = _flat(r, x), _flat(r, updates)
    places, size = places.ravel(), math.prod(shape)
    if not places.size:
        if isinstance(x, Flow):
            return x
        raise RefusedError("it puts nothing into a constant")
    if reduction == "none":
        source = np.arange(size)
        source[places] = size + np.arange(places.size)
        ref = r.op("take", r.op("concatenate", base, new, axis=1), source, axis=1)
    else:
        if reduction not in _REDUCTIONS:
            raise RefusedError(f"its reduction is {reduction[:40]}")
        ref = _combined(r, base, new, places, size, reduction)
    return Flow(r.reshaped(ref, shape), tuple(range(1, len(shape) + 1)), dtype)


def _combined(r: OnnxReader, base: Ref | Array, new: Ref | Array, places: Array, size: int, reduction: str) -> Ref:
    operation, nothing = _REDUCTIONS[reduction]
    order = np.argsort(places, kind="stable")
    ordered = places[order]
    rank = np.arange(places.size) - np.searchsorted(ordered, ordered)  # of the elements at one place, which one
    rounds = int(rank.max()) + 1
    if rounds > _MOST_ROUNDS:
        raise RefusedError(f"it puts {rounds} elements at one place, at most {_MOST_ROUNDS} are read")
    padded = r.op("concatenate", new, np.array([[nothing]]), axis=1)
    made = base
    for number in range(rounds):
        source = np.full(size, places.size)
        chosen = order[rank == number]
        source[places[chosen]] = chosen
        made = r.op(operation, made, r.op("take", padded, source, axis=1))
    assert isinstance(made, Ref)
    return made


def _element_places(shape: tuple[int, ...], indices: Array, axis: int) -> Array:
    grid: list[Any] = list(np.indices(indices.shape))
    index = indices.astype(np.int64)
    grid[axis] = np.where(index < 0, index + shape[axis], index)
    return _numbers(shape)[tuple(grid)]


def _rows_places(shape: tuple[int, ...], indices: Array) -> Array:
    index = np.moveaxis(indices.astype(np.int64), -1, 0)
    return _numbers(shape)[tuple(index)]


def _put_known(x: Array, updates: Array, places: Array, reduction: str) -> Any:
    made, flat, new = x.copy(), places.ravel(), updates.ravel()
    target = made.reshape(-1)
    if reduction == "none":
        target[flat] = new
    else:
        {"add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}[reduction].at(target, flat, new)
    return made


def _scatter_known(node: OnnxNode, x: Array, indices: Array, updates: Array) -> Any:
    axis = node.get("axis", 0)
    return _put_known(x, updates, _element_places(x.shape, indices, axis), node.get("reduction", "none"))


@reads("ScatterElements", "Scatter", becomes="take, concatenate", note="at constant places", compute=_scatter_known)
def _scatter_elements(r: OnnxReader, node: OnnxNode) -> Value:
    x, updates = required(r, 0, "tensor"), required(r, 2, "updates")
    indices = r.array(1, "indices")
    _require_whole(x, updates)
    places = _element_places(tuple(r.numbers(x)), indices, r.axis(node.get("axis", 0), x.rank))
    return _put(r, x, updates, places, node.get("reduction", "none"))


def _require_whole(*values: Value) -> None:
    if any(isinstance(value, Flow) and value.batch is not None for value in values):
        raise MixesSamplesError("it puts elements at places among all samples")


def _scatter_rows_known(node: OnnxNode, x: Array, indices: Array, updates: Array) -> Any:
    return _put_known(x, updates, _rows_places(x.shape, indices), node.get("reduction", "none"))


@reads("ScatterND", becomes="take, concatenate", note="at constant places", compute=_scatter_rows_known)
def _scatter_nd(r: OnnxReader, node: OnnxNode) -> Value:
    x, updates = required(r, 0, "tensor"), required(r, 2, "updates")
    indices = r.array(1, "indices")
    _require_whole(x, updates)
    return _put(r, x, updates, _rows_places(tuple(r.numbers(x)), indices), node.get("reduction", "none"))


@reads("TensorScatter", becomes="take, concatenate", note="at constant places")
def _tensor_scatter(r: OnnxReader, node: OnnxNode) -> Value:
    """A cache (batch, …, sequence, …) whose rows from `write_indices` on are new ones."""
    cache, update = required(r, 0, "cache"), required(r, 1, "update")
    starts = r.known(2, "write indices")
    _require_whole(cache, update)
    shape, new = tuple(r.numbers(cache)), tuple(r.numbers(update))
    axis = r.axis(node.get("axis", -2), cache.rank)
    first = np.zeros(shape[0], np.int64) if starts is None else starts.array.astype(np.int64)
    grown(math.prod(new))
    grid = list(np.indices(new))
    grid[axis] = grid[axis] + first.reshape(-1, *(1,) * (cache.rank - 1))
    if node.get("mode", "linear") == "circular":
        grid[axis] %= shape[axis]
    return _put(r, cache, update, _numbers(shape)[tuple(grid)], "none")


def _reversed_places(shape: tuple[int, ...], lengths: Array, batch: int, time: int) -> Array:
    grown(math.prod(shape))
    grid = list(np.indices(shape))
    length = lengths.astype(np.int64)[grid[batch]]
    grid[time] = np.where(grid[time] < length, length - 1 - grid[time], grid[time])
    return _numbers(shape)[tuple(grid)]


def _reversed_known(node: OnnxNode, x: Array, lengths: Array) -> Any:
    return x.ravel()[_reversed_places(x.shape, lengths, node.get("batch_axis", 1), node.get("time_axis", 0))]


@reads("ReverseSequence", becomes="take", note="of constant lengths", compute=_reversed_known)
def _reverse_sequence(r: OnnxReader, node: OnnxNode) -> Value:
    x, lengths = r.flow(), r.array(1, "lengths")
    if x.batch is not None:
        raise MixesSamplesError("its sequences have lengths of their own")
    return _taken(
        r, x, _reversed_places(tuple(r.numbers(x)), lengths, node.get("batch_axis", 1), node.get("time_axis", 0))
    )


def _compressed(node: OnnxNode, x: Array, condition: Array) -> Any:
    return np.compress(condition.astype(bool), x, node.get("axis"))


@reads("Compress", becomes="take", note="by a constant condition", compute=_compressed)
def _compress(r: OnnxReader, node: OnnxNode) -> Value:
    x, places = r.flow(), np.flatnonzero(r.array(1, "condition"))
    if not places.size:
        raise RefusedError("it takes nothing")
    axis = node.get("axis")
    if axis is None:
        return _taken(r, x, places)
    return r.same(x, r.op("take", x.ref, places, axis=r.sample_axis(x, r.axis(axis, x.rank))))


# --- images of columns


@reads("Col2Im", becomes="take, add")
def _col2im(r: OnnxReader, node: OnnxNode) -> Value:
    """Blocks (N, C·block, L) put at their places of a picture, added where they overlap."""
    x = r.flow()
    image = [int(size) for size in r.array(1, "image shape")]
    block = [int(size) for size in r.array(2, "block shape")]
    rank = len(image)
    strides, dilations = node.get("strides") or [1] * rank, node.get("dilations") or [1] * rank
    pads = node.get("pads") or [0] * (2 * rank)
    _require_whole(x)
    n, rows, _ = r.numbers(x)
    padded = [size + pads[i] + pads[rank + i] for i, size in enumerate(image)]
    counts = [(size - (k - 1) * d - 1) // s + 1
              for size, k, d, s in zip(padded, block, dilations, strides, strict=True)]  # fmt: skip
    channels = rows // math.prod(block)
    grown(n * channels * math.prod(block) * math.prod(counts))
    numbers = _numbers((n, channels, *padded))
    grid = np.indices((n, channels, *block, *counts))
    at = [grid[2 + i] * dilations[i] + grid[2 + rank + i] * strides[i] for i in range(rank)]
    places = numbers[(grid[0], grid[1], *at)]
    empty = Known(np.zeros((n, channels, *padded), np.float32))
    made = _put(r, empty, x, places, "add")
    starts, ends = pads[:rank], [pads[i] + image[i] for i in range(rank)]
    limits = [Known(np.array(one, np.int64), "int64") for one in (starts, ends, range(2, 2 + rank))]
    return applied(r, "Slice", made, *limits)

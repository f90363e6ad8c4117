"""Operators that take parts of tensors."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np

from modelc.graph.sizes import is_free
from modelc.layers.core.embedding import Embedding
from modelc.onnx.read.fold import grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.operators.shape import without
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import MixesSamplesError, RefusedError, reads
from modelc.onnx.read.values import Flow, Known, Value
from modelc.sources.refs import Array, SampleCount, has_open

_FAR = 2**31 - 1
"""Farther than any tensor reaches: what stands for the end in slices."""


def _gathered(node: OnnxNode, x: Array, indices: Array) -> Any:
    axis = node.get("axis", 0)
    if x.size:
        grown(x.size // x.shape[axis] * indices.size)
    return np.take(x, indices.astype(np.int64), axis)


@reads("Gather", becomes="Embedding, get_item, take", compute=_gathered)
def _gather(r: OnnxReader, node: OnnxNode) -> Value:
    x, indices = r.operand(0), r.operand(1)
    if isinstance(x, Known):
        assert isinstance(indices, Flow)
        return _looked_up(r, node, x, indices)
    assert isinstance(x, Flow)
    axis = r.axis(node.get("axis", 0), x.rank)
    if isinstance(indices, Flow):
        return _gathered_at(r, x, indices, axis)
    assert indices is not None
    at = r.sample_axis(x, axis)
    if has_open(indices.array):
        raise RefusedError("its indices depend on a size that is free")
    places = indices.array.astype(np.int64)
    if places.ndim == 0:
        key = [":"] * len(r.shapes.type_of(x.ref).shape)
        ref = r.op("get_item", x.ref, key=[*key[:at], int(places), *key[at + 1 :]])
        return without(x, ref, [axis])
    if places.ndim == 1:
        return r.same(x, r.op("take", x.ref, places, axis=at))
    x = r.plain(x)
    at = x.axes[axis]
    ref = r.op("take", x.ref, places, axis=at)
    extra = places.ndim - 1
    axes = [one + extra * (one > at) for one in x.axes]
    axes[axis : axis + 1] = range(at, at + places.ndim)
    return x.placed(ref, axes)


def _looked_up(r: OnnxReader, node: OnnxNode, table: Known, indices: Flow) -> Flow:
    axis = r.axis(node.get("axis", 0), table.rank)
    if table.batch is not None or axis != 0 or table.rank < 1:
        raise RefusedError("it looks up places of a constant along another axis than the first one")
    rows, *width = table.array.shape
    flat = table.array.reshape(rows, -1)
    ref = r.layer(Embedding, indices.ref, arrays=[flat], name=table.name, input_dim=rows, output_dim=flat.shape[1])
    inner = [len(r.shapes.type_of(indices.ref).shape) + i for i in range(len(width))]
    if len(width) != 1:
        sizes = list(r.shapes.type_of(indices.ref).shape[1:])
        ref = r.reshaped(ref, [*sizes, *width])
    return Flow(ref, (*indices.axes, *inner), table.dtype)


def _gathered_at(r: OnnxReader, x: Flow, indices: Flow, axis: int) -> Flow:
    """At places that the model computes: rows of each sample, by `take_along_axis`."""
    if x.batch is not None or indices.batch is not None:
        raise MixesSamplesError("it takes places that the model computes, the same along the batch")
    x, indices = r.plain(x), r.plain(indices)
    sizes, wanted = r.numbers(x), r.numbers(indices)
    count = int(np.prod(wanted)) if wanted else 1
    before, size, behind = int(np.prod(sizes[:axis])), sizes[axis], int(np.prod(sizes[axis + 1 :]))
    rows = r.reshaped(x.ref, [before, size, behind])
    flat = r.reshaped(indices.ref, [1, count, 1])
    positive = r.op("where", r.op("less", flat, 0.0), r.op("add", flat, float(size)), flat)
    spread = r.op("broadcast_to", positive, shape=[-1, before, count, behind])
    taken = r.op("take_along_axis", rows, r.op("cast", spread, dtype="int32"), axis=2)
    shape = [*sizes[:axis], *wanted, *sizes[axis + 1 :]]
    return Flow(r.reshaped(taken, shape), tuple(range(1, len(shape) + 1)), x.dtype)


def _gathered_elements(node: OnnxNode, x: Array, at: Array) -> Any:
    axis: int = node.get("axis", 0)
    return np.take_along_axis(x, np.where(at < 0, at + x.shape[axis], at), axis)


@reads("GatherElements", becomes="take_along_axis", compute=_gathered_elements)
def _gather_elements(r: OnnxReader, node: OnnxNode) -> Value:
    x, indices = r.plain(r.flow(0)), r.plain(r.flow(1))
    axis = r.axis(node.get("axis", 0), x.rank)
    at = r.sample_axis(x, axis)
    size = r.numbers(x)[axis]
    if x.axes != indices.axes:
        raise MixesSamplesError("its indices have the batch at another axis")
    for i, (own, other) in enumerate(zip(r.dims(x), r.dims(indices), strict=True)):
        if i != axis and not isinstance(own, SampleCount) and own != other:
            raise RefusedError("its indices have other sizes than its tensor")
    positive = r.op("where", r.op("less", indices.ref, 0.0), r.op("add", indices.ref, float(size)), indices.ref)
    return r.same(x, r.op("take_along_axis", x.ref, r.op("cast", positive, dtype="int32"), axis=at))


# --- slices


def _sliced(node: OnnxNode, x: Array, *rest: Array | None) -> Any:
    starts, ends, axes, steps = (
        None if i >= len(rest) or rest[i] is None else np.asarray(rest[i]).ravel().tolist() for i in range(4)
    )
    starts = node.get("starts") if starts is None else starts
    ends = node.get("ends") if ends is None else ends
    axes = node.get("axes") if axes is None else axes
    axes = list(range(len(starts))) if axes is None else axes
    key: list[Any] = [slice(None)] * x.ndim
    for axis, start, end, step in zip(axes, starts, ends, steps or [1] * len(starts), strict=True):
        key[axis] = _bounds(int(start), int(end), int(step), x.shape[axis])
    return x[tuple(key)]


def _bounds(start: int, end: int, step: int, size: int) -> slice:
    """What ONNX means, whose end before the first element is any number below -size."""
    if step > 0:
        return slice(max(-_FAR, min(start, _FAR)), max(-_FAR, min(end, _FAR)), step)
    start = min(start, size - 1)
    start = start + size if start < 0 else start
    return slice(start, None if end < -size else end, step)


@reads("Slice", becomes="get_item", compute=_sliced)
def _slice(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    starts, ends = r.integers(1, "starts"), r.integers(2, "ends")
    axes = r.integers(3, "axes") or list(range(len(starts)))
    steps = r.integers(4, "steps") or [1] * len(starts)
    sizes = r.dims(x)
    key: list[Any] = [":"] * len(r.shapes.type_of(x.ref).shape)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        axis = r.axis(int(axis), x.rank)
        at = x.axes[axis]
        if isinstance(sizes[axis], SampleCount):
            if start == 0 and step == 1 and (isinstance(end, SampleCount) or end >= _FAR or end == r.batch_size):
                continue
            raise MixesSamplesError("it takes samples out of the batch")
        key[at] = _slice_text(start, end, step, sizes[axis])
    if all(one == ":" for one in key):
        return x
    return r.same(x, r.op("get_item", x.ref, key=key))


def _slice_text(start: Any, end: Any, step: int, size: Any) -> str:
    """A slice as `get_item` has it."""
    if any(isinstance(bound, SampleCount) for bound in (start, end)):
        raise MixesSamplesError("its bounds depend on the number of samples")
    for bound in (start, end):
        if is_free(bound) and not _is_size(bound, size):
            raise RefusedError("its bounds are computed from a size that is free")
    first = "" if (step > 0 and _is_number(start, 0)) else str(int(start))
    if step < 0 and not is_free(start) and (start >= _FAR or (isinstance(size, int) and start >= size - 1)):
        first = ""
    last = "" if is_free(end) or end >= _FAR or (isinstance(size, int) and step > 0 and end >= size) else str(int(end))
    if step < 0 and not is_free(end) and (end < -_FAR or (isinstance(size, int) and end < -size)):
        last = ""
    if first == last == "" and step == 1:
        return ":"
    return f"{first}:{last}" + (f":{step}" if step != 1 else "")


def _is_size(bound: Any, size: Any) -> bool:
    return is_free(size) and bound.expression == size.expression


def _is_number(value: Any, number: int) -> bool:
    return isinstance(value, int) and value == number


# --- splits


def _split_known(node: OnnxNode, x: Array, sizes: Array | None = None) -> Any:
    axis = node.get("axis", 0)
    given = node.get("split") if sizes is None else sizes.tolist()
    if given is None:
        count = node.get("num_outputs") or len(node.outputs)
        part = -(-x.shape[axis] // count)
        given = [part] * (x.shape[axis] // part) + ([x.shape[axis] % part] if x.shape[axis] % part else [])
    ends: list[int] = list(accumulate(given))
    return tuple(np.split(x, ends[:-1], axis))


@reads("Split", becomes="split", compute=_split_known)
def _split(r: OnnxReader, node: OnnxNode) -> Value | tuple[Value, ...]:
    x = r.flow()
    axis = r.axis(node.get("axis", 0), x.rank)
    at = r.sample_axis(x, axis)
    given = r.integers(1, "split")
    size = r.dims(x)[axis]
    count = node.get("num_outputs") or len(node.outputs)
    if count > len(node.outputs):
        raise RefusedError(f"it gives {count} parts, and has {len(node.outputs)} outputs")
    if given is None and isinstance(size, int) and size % count:
        part = -(-size // count)
        given = [part] * (count - 1) + [size - part * (count - 1)]
    if given is not None and 0 in given:  # what has no elements is known
        return _split_with_empty(r, x, axis, at, given)
    if given is not None and len(given) == 1:
        return (x,)
    if given is not None and len(set(given)) == 1:
        given, count = None, len(given)
    sections: Any = count if given is None else list(accumulate(given))[:-1]
    if sections == 1:
        return (x,)
    ref = r.op("split", x.ref, indices_or_sections=sections, axis=at)
    return tuple(r.same(x, part) for part in r.parts(ref, len(given) if given is not None else count))


def _split_with_empty(r: OnnxReader, x: Flow, axis: int, at: int, given: list[int]) -> tuple[Value, ...]:
    ends = list(accumulate(given))
    made: list[Value] = []
    for end, count in zip(ends, given, strict=True):
        if not count:
            sizes = r.numbers(x)
            sizes[axis] = 0
            made.append(Known(np.zeros(sizes, x.dtype), x.dtype))
            continue
        key = [f"{end - count}:{end}" if i == at else ":" for i in range(len(r.shapes.type_of(x.ref).shape))]
        made.append(x if count == r.dims(x)[axis] else r.same(x, r.op("get_item", x.ref, key=key)))
    return tuple(made)


@reads("TopK", becomes="top_k", note="always sorted")
def _top_k(r: OnnxReader, node: OnnxNode) -> tuple[Value, ...]:
    x = r.flow()
    axis = r.axis(node.get("axis", -1), x.rank)
    r.sample_axis(x, axis)
    k = int(r.array(1, "k").item()) if len(node.inputs) > 1 else node.get("k")
    order = [i for i in range(x.rank) if i != axis] + [axis]
    moved = x.placed(x.ref, [x.axes[i] for i in order])
    moved = r.plain(moved)
    largest = node.get("largest", 1)
    source = moved.ref if largest else r.op("negative", moved.ref)
    values, places = r.parts(r.op("top_k", source, k=k, sorted=True), 2)
    if not largest:
        values = r.op("negative", values)
    back = [order.index(i) for i in range(x.rank)]
    axes = tuple(moved.axes[i] for i in back)
    return x.placed(values, axes), Flow(places, axes, "int64")


def _triangle(node: OnnxNode, x: Array, k: Array | None = None) -> Any:
    return (np.triu if node.get("upper", 1) else np.tril)(x, 0 if k is None else int(k.item()))


@reads("Trilu", becomes="triu, tril", compute=_triangle)
def _trilu(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.plain(r.flow())
    k = r.known(1, "k")
    if x.batch is not None and x.batch >= x.rank - 2:
        raise MixesSamplesError("it takes a triangle of a matrix whose rows are the batch")
    return r.same(x, r.op("triu" if node.get("upper", 1) else "tril", x.ref, k=0 if k is None else int(k.array.item())))


def _hot(node: OnnxNode, x: Array, depth: Array, values: Array) -> Any:
    count, axis = int(depth.item()), node.get("axis", -1)
    if count < 1:
        raise RefusedError(f"its depth is {count}")
    grown(x.size * count)
    index = np.where(x < 0, x + count, x)[..., None] == np.arange(count)
    made = np.array([values[0], values[1]], values.dtype)[index.astype(np.int64)]
    return Known(np.moveaxis(made, -1, axis), values.dtype.name)


@reads("OneHot", becomes="one_hot", compute=_hot)
def _one_hot(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.plain(r.flow())
    depth = int(r.array(1, "depth").item())
    off, on = (float(value) for value in r.array(2, "values").ravel())
    axis = r.axis(node.get("axis", -1), x.rank + 1)
    index = r.op("where", r.op("less", x.ref, 0.0), r.op("add", x.ref, float(depth)), x.ref)
    count = len(r.shapes.type_of(x.ref).shape)
    ref = r.op("one_hot", index, num_classes=depth)
    if (off, on) != (0.0, 1.0):
        ref = r.op("add", r.op("multiply", ref, on - off), off)
    axes = list(x.axes)
    axes.insert(axis, count)
    values = r.operand(2)
    return Flow(ref, tuple(axes), "float32" if values is None else values.dtype)

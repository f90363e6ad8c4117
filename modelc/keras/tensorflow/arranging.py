"""Functions of TensorFlow that rearrange, join, take apart and make tensors, and those of their shapes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, cast

import numpy as np

from modelc.graph.sizes import is_free, surely_equal
from modelc.graph.types import Shape
from modelc.keras.tensorflow.arithmetic import dtype_of
from modelc.keras.tensorflow.signature import Table, adder
from modelc.keras.tensorflow.steps import MOST, Steps
from modelc.keras.tensorflow.values import as_array, items_of
from modelc.sources.refs import Array, Ref, SampleCount, is_open

TABLE: Table = {}
_add = adder(TABLE)


# --- shapes


@_add("shape", "compat.v1.shape", "shape_v2")
def _shape(s: Steps, input: Any, out_type: Any = None) -> Array:
    sizes = [SampleCount() if size is None else size for size in s.shape(input)]
    return np.array(sizes, object if any(map(is_open, sizes)) else np.int64)


@_add("rank", "compat.v1.rank")
def _rank(s: Steps, input: Any) -> Array:
    return np.array(s.rank(input))


@_add("size", "compat.v1.size", "size_v2")
def _size(s: Steps, input: Any, out_type: Any = None) -> Any:
    return s("prod", _shape(s, input))


@_add("reshape", "compat.v1.reshape")
def _reshape(s: Steps, tensor: Any, shape: Any) -> Any:
    sizes = s.sizes(shape, "shape", free=True)
    if any(size is None for size in sizes[1:]):
        raise s.refuse("it would move the batch, which stays first in modelc")
    if not isinstance(tensor, Ref):
        return s("reshape", tensor, newshape=sizes)
    if any(map(is_free, sizes)):
        sizes = _counted(s, s.shape(tensor), sizes)
    return s("reshape", tensor, newshape=_whole_batch(s, tensor, sizes))


def _counted(s: Steps, shape: Shape, sizes: list[int | None]) -> list[int | None]:
    """The sizes, with -1 in place of a free one if it follows from the number of elements and the other sizes."""
    if shape[0] is None and surely_equal(sizes[0], -1) and surely_equal(_elements(sizes), _elements(shape)):
        sizes = [None, *sizes[1:]]
    free = [at for at, size in enumerate(sizes) if is_free(size)]
    counted = any(surely_equal(size, -1) for size in sizes)
    if len(free) != 1 or sizes[0] is not None or counted:
        return sizes
    return [-1 if at in free else size for at, size in enumerate(sizes)]


def _elements(shape: Sequence[int | None]) -> int:
    """The elements of a sample."""
    return math.prod(cast("Sequence[int]", shape[1:]))


def _whole_batch(s: Steps, tensor: Ref, sizes: list[int | None]) -> list[int | None]:
    """The sizes, in which -1 is the batch where all others are known: TensorFlow counts what is left over."""
    kept = s.type_of(tensor).shape
    if not kept or kept[0] is not None or not sizes or sizes[0] is None or not any(surely_equal(n, -1) for n in sizes):
        return sizes
    if surely_equal(sizes[0], -1):
        return [None, *sizes[1:]]
    raise s.refuse(f"the shape {sizes} would mix the samples of the batch")


@_add("squeeze", "compat.v1.squeeze")
def _squeeze(s: Steps, input: Any, axis: Any = None) -> Any:
    axes = None if axis is None or axis == [] else s.integers(axis, "axis")
    return s("squeeze", input, axis=axes)


@_add("expand_dims", "compat.v1.expand_dims")
def _expand_dims(s: Steps, input: Any, axis: Any = -1) -> Any:
    return s("expand_dims", input, axis=s.integer(axis, "axis"))


@_add("transpose", "compat.v1.transpose", "image.transpose", "linalg.matrix_transpose", "linalg.adjoint")
def _transpose(s: Steps, a: Any, perm: Any = None) -> Any:
    if s.function == "image.transpose":
        return s("swapaxes", a, axis1=-3, axis2=-2)
    if s.function.startswith("linalg"):
        return s("swapaxes", a, axis1=-1, axis2=-2)
    return s("transpose", a, axes=None if perm is None else s.integers(perm, "perm"))


@_add("broadcast_to")
def _broadcast_to(s: Steps, input: Any, shape: Any) -> Any:
    sizes = s.sizes(shape, "shape")
    if isinstance(input, Ref) and s.type_of(input).batched and len(sizes) == s.rank(input):
        sizes[0] = None  # the batch stays what it is, whatever is written
    if not isinstance(input, Ref) and None not in sizes:
        return np.broadcast_to(as_array(input, "`broadcast_to`"), bounded(s, sizes))
    return s("broadcast_to", input, shape=sizes)


@_add("ensure_shape")
def _ensure_shape(s: Steps, x: Any, shape: Any) -> Any:
    return s("identity", x)


# --- constants


def bounded(s: Steps, sizes: list[int | None]) -> list[int]:
    """The sizes of a constant. Raises `UnsupportedError` where they are not known, or too large."""
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        raise s.refuse("it makes a tensor of the batch's size out of nothing")
    if np.prod(known, dtype=float) > MOST or min(known, default=0) < 0:
        raise s.refuse(f"it makes a tensor of the shape {known}, and constants have at most {MOST} elements")
    return known


@_add("zeros", "ones", "fill", "compat.v1.fill", "compat.v1.zeros", "compat.v1.ones")
def _filled(s: Steps, dims: Any, value: Any = None, dtype: Any = None, layout: Any = None) -> Any:
    given = {"zeros": 0.0, "ones": 1.0}.get(s.function.rpartition(".")[2], value)
    sizes = [None if size == SampleCount() else size for size in as_array(dims, "`dims`").reshape(-1).tolist()]
    if None in sizes and sizes[0] is None:
        # A batch axis of size 1: the constant is broadcast over the samples of the tensors that it is combined with.
        sizes[0] = 1
    made = np.full(bounded(s, s.sizes(sizes, "dims")), 0.0)
    filled = as_array(0.0 if "fill" not in s.function and isinstance(given, str) else given, "`value`")
    return made + filled


@_add("range", "compat.v1.range")
def _range(s: Steps, start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None) -> Array:
    first, last = (0, start) if limit is None else (start, limit)
    values = [as_array(value, "an argument of `range`").reshape(-1)[0] for value in (first, last, delta)]
    if any(map(is_open, values)) or not values[2]:
        raise s.refuse("how many numbers it gives depends on the batch, or on a size that the model leaves free")
    begin, end, step = (float(value) for value in values)
    bounded(s, [max(0, int((end - begin) / step) + 1)])
    return np.arange(begin, end, step) if not all(v.is_integer() for v in (begin, end, step)) else np.arange(
        int(begin), int(end), int(step)
    )  # fmt: skip


@_add("linspace", "compat.v1.linspace", "compat.v1.lin_space")
def _linspace(s: Steps, start: Any, stop: Any, num: Any, axis: Any = 0) -> Array:
    count = s.integer(num, "num")
    bounded(s, [count])
    return np.linspace(as_array(start, "`start`"), as_array(stop, "`stop`"), count, axis=s.integer(axis, "axis"))


@_add("eye", "linalg.eye")
def _eye(s: Steps, num_rows: Any, num_columns: Any = None, batch_shape: Any = None, dtype: Any = None) -> Array:
    if batch_shape is not None:
        raise s.refuse("with `batch_shape` it makes a tensor of the batch's size out of nothing")
    rows = s.integer(num_rows, "num_rows")
    columns = rows if num_columns is None else s.integer(num_columns, "num_columns")
    bounded(s, [rows, columns])
    return np.eye(rows, columns)


@_add("one_hot", "compat.v1.one_hot")
def _one_hot(
    s: Steps, indices: Any, depth: Any, on_value: Any = 1.0, off_value: Any = 0.0, axis: Any = -1, dtype: Any = None
) -> Any:
    at = s.integer(axis, "axis")
    y = s("one_hot", indices, num_classes=s.integer(depth, "depth"))
    on, off = (float(as_array(value, "`on_value`")) for value in (on_value, off_value))
    if (on, off) != (1.0, 0.0):
        y = s("add", s("multiply", y, on - off), off)
    return y if at == -1 or at == s.rank(y) - 1 else s("moveaxis", y, source=-1, destination=at)


@_add("sequence_mask", "compat.v1.sequence_mask")
def _sequence_mask(s: Steps, lengths: Any, maxlen: Any = None, dtype: Any = None) -> Any:
    if maxlen is None:
        raise s.refuse("without `maxlen`, its shape depends on the values")
    count = s.integer(maxlen, "maxlen")
    bounded(s, [count])
    y = s("less", np.arange(count), s("expand_dims", lengths, axis=-1))
    return y if dtype is None else s("cast", y, dtype=dtype_of(s, dtype))


# --- joined, taken apart


@_add("concat", "compat.v1.concat", "concat_v2")
def _concat(s: Steps, values: Any, axis: Any = 0) -> Any:
    parts = [_stacked(one) for one in items_of(values)]
    parts = [one for one in parts if isinstance(one, Ref) or np.size(one) or len(parts) == 1]
    parts = _of_every_sample(s, parts)
    return s("concatenate", *parts, axis=s.integer(axis, "axis"))


def _of_every_sample(s: Steps, parts: list[Any]) -> list[Any]:
    """The parts, in which data of one sample that stands beside tensors is repeated for every sample."""
    like = next((one for one in parts if isinstance(one, Ref)), None)
    if like is None or not s.type_of(like).batched or all(isinstance(one, Ref) for one in parts):
        return parts
    rank = s.rank(like)
    one = s("max", like, axis=list(range(1, rank)), keepdims=True) if rank > 1 else like
    zero = s("zeros_like", one)
    return [
        part if isinstance(part, Ref) else s("add", zero, part)
        for part in (p if isinstance(p, Ref) else as_array(p, "an argument of `concat`") for p in parts)
    ]


def _stacked(value: Any) -> Any:
    """A list of numbers, some of which are tensors' sizes, as one."""
    return as_array(value, "an argument of `concat`") if isinstance(value, list | tuple) else value


@_add("stack", "compat.v1.stack", "parallel_stack")
def _stack(s: Steps, values: Any, axis: Any = 0) -> Any:
    parts = _of_every_sample(s, items_of(values))
    return s("stack", *parts, axis=s.integer(axis, "axis"))


@_add("unstack", "compat.v1.unstack")
def _unstack(s: Steps, value: Any, num: Any = None, axis: Any = 0) -> Any:
    return s("unstack", value, num=None if num is None else s.integer(num, "num"), axis=s.integer(axis, "axis"))


@_add("split", "compat.v1.split")
def _split(s: Steps, value: Any, num_or_size_splits: Any, axis: Any = 0, num: Any = None) -> Any:
    sizes = s.data(num_or_size_splits, "num_or_size_splits")
    at = s.integer(axis, "axis")
    if not isinstance(sizes, list):
        count = s.integer(sizes, "num_or_size_splits")
        return s("split", value, indices_or_sections=count, axis=at) if count != 1 else [s("identity", value)]
    parts = s.integers(sizes, "num_or_size_splits")
    if parts.count(-1) == 1:
        parts[parts.index(-1)] = s.size(value, s.axis(value, at)) - sum(parts) - 1
    if any(size <= 0 for size in parts):
        raise s.refuse("it splits off a part without elements")
    if len(parts) == 1:
        return [s("identity", value)]
    return s("split", value, indices_or_sections=list(accumulate(parts))[:-1], axis=at)


@_add("tile", "compat.v1.tile")
def _tile(s: Steps, input: Any, multiples: Any) -> Any:
    times = s.sizes(multiples, "multiples")
    if times and times[0] is None:
        # One sample repeated over the batch stays one: it is broadcast over the tensors that it is combined with.
        if s.shape(input)[0] != 1:
            raise s.refuse("it repeats samples")
        times[0] = 1
    return s("tile", input, repeats=times)


@_add("repeat")
def _repeat(s: Steps, input: Any, repeats: Any, axis: Any = None) -> Any:
    counts = s.integers(repeats, "repeats")
    if axis is None:
        raise s.refuse("without an `axis` it would mix the samples of the batch")
    at = s.axis(input, axis)
    if len(counts) == 1:
        return s("repeat", input, repeats=counts[0], axis=at)
    size = s.size(input, at)
    if len(counts) != size or not 0 < sum(counts) <= MOST or min(counts) < 0:
        raise s.refuse(f"it has {len(counts)} `repeats` for {size} elements")
    return s("take", input, np.repeat(np.arange(size), counts), axis=at)


@_add("reverse", "compat.v1.reverse", "reverse_v2")
def _reverse(s: Steps, tensor: Any, axis: Any) -> Any:
    return s("flip", tensor, axis=s.integers(axis, "axis"))


@_add("roll")
def _roll(s: Steps, input: Any, shift: Any, axis: Any) -> Any:
    return s("roll", input, shift=s.integers(shift, "shift"), axis=s.integers(axis, "axis"))


@_add("pad", "compat.v1.pad", "pad_v2")
def _pad(s: Steps, tensor: Any, paddings: Any, mode: Any = "CONSTANT", constant_values: Any = 0) -> Any:
    pads = s.data(paddings, "paddings")
    value = constant_values if str(mode).lower() == "constant" else None
    return s("pad", tensor, pad_width=[s.integers(row, "paddings") for row in pads], mode=str(mode).lower(),
             constant_values=None if value is None else float(as_array(value, "`constant_values`")))  # fmt: skip


# --- picked


@_add("gather", "compat.v1.gather", "gather_v2", "nn.embedding_lookup", "compat.v1.nn.embedding_lookup")
def _gather(
    s: Steps, params: Any, indices: Any, axis: Any = None, batch_dims: Any = 0, partition_strategy: Any = "mod",
    max_norm: Any = None,
) -> Any:  # fmt: skip
    lead = s.integer(batch_dims, "batch_dims")
    if max_norm is not None:
        raise s.refuse("`max_norm` is not supported")
    if not isinstance(indices, Ref):
        at = s.axis(params, lead if axis is None else axis)
        if lead:
            raise s.refuse("constant `indices` with `batch_dims` are not supported")
        return s("take", params, indices, axis=at)
    if not isinstance(params, Ref) and not lead:
        return s("take", params, indices, axis=s.axis(params, 0 if axis is None else axis))
    at = s.axis(params, lead if axis is None else axis)
    rank, places = s.rank(params), s.rank(indices)
    if not lead:
        raise s.refuse("it looks up rows of a tensor for all samples together, without `batch_dims`")
    return _gathered(s, params, indices, at, lead, rank, places)


def _gathered(s: Steps, x: Any, indices: Any, at: int, lead: int, rank: int, places: int) -> Any:
    """``y[b, ..., i, ...] = x[b, ..., indices[b, i], ...]``, by one index per sample and place."""
    if places - lead != 1:
        raise s.refuse(f"its indices have {places - lead} axes beside those of the batch, and one is supported")
    for axis in range(lead, at):
        indices = s("expand_dims", indices, axis=axis)
    for _ in range(rank - at - 1):
        indices = s("expand_dims", indices, axis=-1)
    return s("take_along_axis", x, indices, axis=at)


@_add("gather_nd", "compat.v1.gather_nd")
def _gather_nd(s: Steps, params: Any, indices: Any, batch_dims: Any = 0, bad_indices_policy: Any = None) -> Any:
    lead = s.integer(batch_dims, "batch_dims")
    if lead != 1 or s.rank(indices) not in (2, 3) or not surely_equal(s.shape(indices)[-1], 1):
        raise s.refuse("it takes one index per place and sample, with `batch_dims` 1, here")
    places = s("squeeze", indices, axis=-1)
    if s.rank(indices) == 2:
        y = _gathered(s, params, s("expand_dims", places, axis=1), 1, 1, s.rank(params), 2)
        return s("squeeze", y, axis=1)
    return _gathered(s, params, places, 1, 1, s.rank(params), 2)


@_add("slice", "compat.v1.slice")
def _slice(s: Steps, input: Any, begin: Any, size: Any) -> Any:
    starts, sizes = s.integers(begin, "begin"), s.sizes(size, "size")
    key = [
        f"{start}:" if n is None or n == -1 else f"{start}:{start + n}" for start, n in zip(starts, sizes, strict=True)
    ]
    return s("get_item", input, key=[":" if item == "0:" else item for item in key])


@_add("strided_slice", "compat.v1.strided_slice")
def _strided_slice(
    s: Steps, input_: Any, begin: Any, end: Any, strides: Any = None, begin_mask: Any = 0, end_mask: Any = 0,
    ellipsis_mask: Any = 0, new_axis_mask: Any = 0, shrink_axis_mask: Any = 0, var: Any = None,
) -> Any:  # fmt: skip
    masks = [s.integer(m, "begin_mask") for m in (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)]
    starts = s.sizes(begin, "begin")
    stops = s.sizes(end, "end")
    steps = [1] * len(starts) if strides is None else s.integers(strides, "strides")
    key: list[Any] = []
    for i, (start, stop, step) in enumerate(zip(starts, stops, steps, strict=True)):
        from_first, to_last, ellipsis, new, shrink = (bool(mask >> i & 1) for mask in masks)
        if ellipsis:
            key.append("...")
        elif new:
            key.append(None)
        elif shrink:
            key.append(start)
        else:
            low = "" if from_first or (start == 0 and step > 0) else start
            high = "" if to_last or stop is None else stop
            key.append(f"{low}:{high}" if step == 1 else f"{low}:{high}:{step}")
    return s("get_item", input_, key=key)


@_add("boolean_mask", "compat.v1.boolean_mask")
def _boolean_mask(s: Steps, tensor: Any, mask: Any, axis: Any = 0) -> Any:
    if isinstance(mask, Ref):
        raise s.refuse("how many elements it gives depends on the values")
    keep = as_array(mask, "`mask`")
    if keep.ndim != 1:
        raise s.refuse(f"its mask has {keep.ndim} axes, and one is supported")
    return s("take", tensor, np.flatnonzero(keep), axis=s.axis(tensor, axis))


@_add("__operators__.getitem")
def _getitem(s: Steps, x: Any, slice_spec: Any) -> Any:
    return s("get_item", x, key=[_item(s, item) for item in items_of(slice_spec)])


def _item(s: Steps, item: Any) -> Any:
    match item:
        case None | "...":
            return item
        case {"class_name": "__ellipsis__"}:
            return "..."
        case {"start": start, "stop": stop, "step": step}:
            parts = [
                "" if part is None or part == SampleCount() else str(s.integer(part, "slice_spec"))
                for part in (start, stop, step)
            ]
            return ":".join(parts if step is not None else parts[:2])
        case list():
            raise s.refuse("it is indexed by a list, and only integers and slices are supported")
        case _:
            if isinstance(item, Ref):
                raise s.refuse("it is indexed by a tensor that depends on the model's inputs")
            return s.integer(item, "slice_spec")

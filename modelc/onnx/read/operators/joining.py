"""Operators that join tensors, or repeat and pad them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modelc.graph.sizes import is_free
from modelc.layers.merging.elements import Concatenate
from modelc.layers.reshaping.padding import ZeroPadding1D, ZeroPadding2D, ZeroPadding3D
from modelc.onnx.read.fold import grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.operators.shape import widened
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import MixesSamplesError, RefusedError, reads
from modelc.onnx.read.values import Flow, Known, Value
from modelc.sources.refs import Array, Ref, SampleCount

LOWEST = -3.4028235e38
"""The lowest float32, which is padded before a maximum."""


def _concatenated(node: OnnxNode, *xs: Array) -> Any:
    return np.concatenate(xs, node.get("axis"))


@reads("Concat", becomes="Concatenate, concatenate", compute=_concatenated)
def _concat(r: OnnxReader, node: OnnxNode) -> Value:
    values = [r.operand(i) for i in range(len(node.inputs))]
    given = [value for value in values if value is not None and not (isinstance(value, Known) and not value.array.size)]
    if len(given) == 1 and isinstance(given[0], Flow):
        return given[0]
    rank = max(value.rank for value in given)
    axis = r.axis(node.get("axis"), rank)
    lead = next(value for value in given if isinstance(value, Flow))
    at = r.sample_axis(lead, axis)
    operands: list[Ref | Array] = []
    for value in given:
        if isinstance(value, Flow):
            operands.append(r.ordered(value, lead.axes).ref)
        else:
            operands.append(_part(value, lead))
    refs = [one for one in operands if isinstance(one, Ref)]
    if len(refs) == len(operands):
        last = at == len(r.shapes.type_of(lead.ref).shape) - 1
        return r.same(lead, r.layer(Concatenate, *refs, axis=-1 if last else at))
    return r.same(lead, r.op("concatenate", *operands, axis=at))


def _part(value: Known, lead: Flow) -> Array:
    """A constant among tensors, the same for every sample."""
    array = value.array
    if lead.batch is not None and array.shape[lead.batch] != 1:
        raise MixesSamplesError("it joins a constant that has other numbers for each sample of the batch")
    array = array.transpose([i for _, i in sorted((at, i) for i, at in enumerate(lead.axes))])
    return array if lead.batch is not None else array[None]


def _expanded(node: OnnxNode, x: Array, shape: Array) -> Any:
    sizes = shape.ravel().tolist()
    batch = [i for i, size in enumerate(sizes) if isinstance(size, SampleCount)]
    if any(map(is_free, sizes)) or len(batch) > 1:
        raise RefusedError("what it makes depends on a size that is free")
    plain = [1 if isinstance(size, SampleCount) else int(size) for size in sizes]
    made = np.broadcast_shapes(x.shape, tuple(plain))
    if batch and made[len(made) - len(plain) + batch[0]] != 1:
        raise MixesSamplesError("it repeats an axis that is not of one element for every sample")
    grown(int(np.prod(made, dtype=np.float64)) if made else 1)
    return Known(np.broadcast_to(x, made), x.dtype.name, batch=len(made) - len(plain) + batch[0] if batch else None)


@reads("Expand", becomes="broadcast_to", compute=_expanded)
def _expand(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    known = r.known(1, "shape")
    assert known is not None
    target = known.array.ravel().tolist()
    return _spread(r, x, target)


def _spread(r: OnnxReader, x: Flow, target: Sequence[Any]) -> Flow:
    missing = len(target) - x.rank
    if missing > 0:
        if x.batch is not None:
            raise MixesSamplesError("it puts axes before the batch")
        x = r.in_order(widened(r.plain(x), [0] * missing))
    sizes = r.dims(x)
    wanted = list(r.shapes.type_of(x.ref).shape)
    for place, size in enumerate(target, x.rank - len(target)):
        own, at = sizes[place], x.axes[place]
        if isinstance(own, SampleCount):
            if not (isinstance(size, SampleCount) or size in (1, r.batch_size)):
                raise MixesSamplesError("it repeats samples of the batch")
        elif isinstance(own, int) and own == 1:
            wanted[at] = size
            if isinstance(size, SampleCount):
                raise MixesSamplesError("it repeats a sample for each sample of the batch")
    if all(a is b or a == b for a, b in zip(wanted, r.shapes.type_of(x.ref).shape, strict=True)):
        return x
    return r.same(x, r.op("broadcast_to", x.ref, shape=[-1, *wanted[1:]]))


def _tiled(node: OnnxNode, x: Array, repeats: Array) -> Any:
    grown(int(x.size * np.prod(repeats.astype(float))))
    return np.tile(x, repeats.astype(int))


@reads("Tile", becomes="tile", compute=_tiled)
def _tile(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    repeats = r.integers(1, "repeats")
    times = [1] * len(r.shapes.type_of(x.ref).shape)
    for axis, count in enumerate(repeats):
        if x.axes[axis] == 0 and count != 1:
            raise MixesSamplesError("it repeats the batch")
        times[x.axes[axis]] = int(count)
    return x if all(one == 1 for one in times) else r.same(x, r.op("tile", x.ref, repeats=times))


def _padded(node: OnnxNode, x: Array, pads: Array | None = None, value: Array | None = None,
            axes: Array | None = None) -> Any:  # fmt: skip
    given = node.get("pads") or node.get("paddings") if pads is None else pads.tolist()
    some = list(range(x.ndim)) if axes is None else [axis % x.ndim for axis in axes.tolist()]
    width = [(0, 0)] * x.ndim
    for place, axis in enumerate(some):
        width[axis] = (int(given[place]), int(given[place + len(some)]))
    if any(low < 0 or high < 0 for low, high in width):
        raise RefusedError("it takes elements of a constant away by negative pads")
    size = 1.0
    for own, (low, high) in zip(x.shape, width, strict=True):
        size *= own + low + high
    grown(int(size))
    mode = node.get("mode", "constant")
    if mode == "constant":
        return np.pad(x, width, constant_values=node.get("value", 0) if value is None else value.item())
    if mode not in ("reflect", "edge", "wrap"):
        raise RefusedError(f"its mode is {mode[:40]}")
    return np.pad(x, width, mode)


_ZERO_PADDINGS = {3: ZeroPadding1D, 4: ZeroPadding2D, 5: ZeroPadding3D}


def pad_last(r: OnnxReader, ref: Ref, pads: Sequence[tuple[int, int]], value: float = 0.0) -> Ref:
    """A tensor (N, *spatial, C) with its positions padded."""
    if not any(low or high for low, high in pads):
        return ref
    kind = _ZERO_PADDINGS.get(len(pads) + 2)
    if value == 0 and kind is not None:
        symmetric = [low if low == high else (low, high) for low, high in pads]
        padding: Any = symmetric[0] if len(set(symmetric)) == 1 and isinstance(symmetric[0], int) else tuple(symmetric)
        if len(pads) == 1:
            padding = symmetric[0]
        elif not isinstance(padding, int):
            padding = tuple((low, high) for low, high in pads)
        return r.layer(kind, ref, padding=padding)
    return r.op("pad", ref, pad_width=[[0, 0], *map(list, pads), [0, 0]], constant_values=value)


@reads("Pad", becomes="ZeroPadding, pad", compute=_padded)
def _pad(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    given = r.integers(1, "pads", node.get("paddings"))
    value = r.known(2, "constant_value")
    some = r.integers(3, "axes")
    axes = list(range(x.rank)) if some is None else [r.axis(int(axis), x.rank) for axis in some]
    fill = float(node.get("value", 0.0) if value is None else value.array.item())
    rank = len(r.shapes.type_of(x.ref).shape)
    width = [(0, 0)] * rank
    for place, axis in enumerate(axes):
        low, high = int(given[place]), int(given[place + len(axes)])
        if (low or high) and x.axes[axis] == 0:
            raise MixesSamplesError("it pads the batch")
        width[x.axes[axis]] = (low, high)
    cropped = [(max(-low, 0), max(-high, 0)) for low, high in width]
    if any(low or high for low, high in cropped):
        key = [f"{low or ''}:{-high or ''}" for low, high in cropped]
        x = r.same(x, r.op("get_item", x.ref, key=key))
    width = [(max(low, 0), max(high, 0)) for low, high in width]
    if not any(low or high for low, high in width):
        return x
    mode = node.get("mode", "constant")
    if mode == "constant":
        if np.isinf(fill):
            fill = LOWEST if fill < 0 else -LOWEST
        if x.batch is not None and rank > 2 and width[-1] == (0, 0):
            return r.same(x, pad_last(r, x.ref, width[1:-1], fill))
        return r.same(x, r.op("pad", x.ref, pad_width=[list(one) for one in width], constant_values=fill))
    return r.same(x, r.op("pad", x.ref, pad_width=[list(one) for one in width], mode=mode))

"""Pooling."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.graph.sizes import is_free
from modelc.layers.activation.classes import Activation, ReLU
from modelc.layers.base import Layer
from modelc.layers.pooling.windows import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from modelc.onnx.read.fold import grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.operators.joining import LOWEST, pad_last
from modelc.onnx.read.operators.reduce import AVERAGES, MAXIMA
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.values import Flow, Value
from modelc.onnx.read.windows import SlidingWindow, padding_of, spatial_sizes, window_of, with_channels_last
from modelc.sources.refs import Ref

_MAX: dict[int, type[Layer]] = {1: MaxPooling1D, 2: MaxPooling2D, 3: MaxPooling3D}
_MOST_PLACES = 1024
_AVERAGE: dict[int, type[Layer]] = {1: AveragePooling1D, 2: AveragePooling2D, 3: AveragePooling3D}


def _window(r: OnnxReader, node: OnnxNode, x: Flow) -> SlidingWindow:
    size: list[int] = node.get("kernel_shape") or []
    if len(size) not in _MAX:
        raise RefusedError(f"its window has {len(size)} axes, and modelc pools along 1 to 3")
    return window_of(node, size, x.rank - 2)


def _pads(r: OnnxReader, node: OnnxNode, window: SlidingWindow, sizes: list[Any]) -> tuple[str, list[tuple[int, int]]]:
    """The option of Keras and what is padded before, with what `ceil_mode` adds at the end."""
    padding = padding_of(node, window, sizes)
    pads = list(padding.pads)
    if not node.get("ceil_mode", 0) or node.get("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
        return padding.option, pads
    given = node.get("pads") or [0] * (2 * window.rank)
    pads = [(given[i], given[window.rank + i]) for i in range(window.rank)]
    if any(is_free(size) for size in sizes) and max(window.strides) > 1:
        raise RefusedError("how much its `ceil_mode` adds depends on a size that is free", "fix it with --input-shape")
    for i, (size, extent, stride) in enumerate(zip(sizes, window.extents, window.strides, strict=True)):
        if stride == 1:
            continue
        low, high = pads[i]
        count = -(-(size + low + high - extent) // stride) + 1
        if (count - 1) * stride >= size + low:  # a window that would begin behind the tensor
            count -= 1
        pads[i] = (low, max(high, (count - 1) * stride + extent - size - low))
    return "valid", pads


@reads("MaxPool", becomes="MaxPooling1D, MaxPooling2D, MaxPooling3D, pad", note="its indices are not given")
def _max_pool(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    window = _window(r, node, x)
    sizes = spatial_sizes(r, x)
    option, pads = _pads(r, node, window, sizes)

    fill = 0.0 if _is_not_negative(r, x) else LOWEST

    def body(ref: Ref) -> Ref:
        padded = pad_last(r, ref, pads, fill)
        if max(window.dilations) > 1:
            return _dilated(r, padded, window, option, "maximum")
        return r.layer(
            _MAX[window.rank], padded, pool_size=window.size, strides=window.strides, padding=option
        )  # fmt: skip

    return with_channels_last(r, x, body)


def _is_not_negative(r: OnnxReader, x: Flow) -> bool:
    """Whether a tensor has no negative elements, by what gives it: then zeros pad as well as the lowest number."""
    match r.maker(x.ref):
        case ReLU(negative_slope=0):
            return True
        case Activation(activation=str(name)):
            return name in ("relu", "relu6", "sigmoid", "softplus", "softmax", "hard_sigmoid")
        case _:
            return False


def _dilated(r: OnnxReader, ref: Ref, window: SlidingWindow, option: str, combined: str) -> Ref:
    """The largest, or the sum, of shifted tensors, one for each place in the window."""
    if np.prod(window.size, dtype=np.float64) > _MOST_PLACES:
        raise RefusedError(f"it pools a dilated window of more than {_MOST_PLACES} places")
    if option == "same":
        raise RefusedError("it pools a dilated window with `auto_pad`")
    sizes = r.shapes.type_of(ref).shape[1:-1]
    made: Ref | None = None
    for place in np.ndindex(*window.size):
        key: list[Any] = [":"]
        for at, dilation, extent, stride, size in zip(
            place, window.dilations, window.extents, window.strides, sizes, strict=True
        ):
            if is_free(size) or size is None:
                raise RefusedError("it pools a dilated window along a size that is free")
            first = at * dilation
            last = first + (size - extent) // stride * stride + 1
            key.append(f"{first}:{last}:{stride}")
        part = r.op("get_item", ref, key=[*key, ":"])
        made = part if made is None else r.op(combined, made, part)
    assert made is not None
    return made


@reads("AveragePool", becomes="AveragePooling1D, AveragePooling2D, AveragePooling3D, pad")
def _average_pool(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    window = _window(r, node, x)
    sizes = spatial_sizes(r, x)
    option, pads = _pads(r, node, window, sizes)
    dilated = max(window.dilations) > 1
    counted = bool(node.get("count_include_pad", 0))
    if dilated and option == "same":
        option, pads = "valid", _same_pads(window, sizes)
    padded_alone = any(low or high for low, high in pads)
    if option == "same" and counted:
        given = node.get("pads")
        if given is None:
            raise RefusedError("it counts what `auto_pad` pads")
        option, pads = "valid", [(given[i], given[window.rank + i]) for i in range(window.rank)]
    factor = _factor(r, node, window, sizes, pads, counted) if padded_alone else None

    def body(ref: Ref) -> Ref:
        padded = pad_last(r, ref, pads)
        if dilated:
            total = _dilated(r, padded, window, option, "add")
            made = r.op("divide", total, float(np.prod(window.size)))
            return made if factor is None else r.op("multiply", made, factor)
        made = r.layer(_AVERAGE[window.rank], padded, pool_size=window.size, strides=window.strides, padding=option)
        return made if factor is None else r.op("multiply", made, factor)

    return with_channels_last(r, x, body)


def _factor(
    r: OnnxReader, node: OnnxNode, window: SlidingWindow, sizes: list[Any], pads: list[tuple[int, int]], counted: bool
) -> Any:
    """What means over whole windows are multiplied with, where padding is not counted; None where all of it is."""
    given = node.get("pads") or [0] * (2 * window.rank)
    real = [(given[i], given[window.rank + i]) if counted else (0, 0) for i in range(window.rank)]
    if real == pads:
        return None
    if any(is_free(size) for size in sizes):
        raise RefusedError("which pads it counts depends on a size that is free", "fix it with --input-shape")
    made: Any = np.ones((), np.float32)
    for size, (low, high), (in_low, in_high), k, reach, stride, dilation in zip(
        sizes, pads, real, window.size, window.extents, window.strides, window.dilations, strict=True
    ):
        marks = np.zeros(grown(low + size + high))
        marks[low - in_low : low + size + in_high] = 1
        counts = [marks[i : i + reach : dilation].sum() for i in range(0, len(marks) - reach + 1, stride)]
        made = np.multiply.outer(made, k / np.maximum(counts, 1))
    return made.astype(np.float32)[..., None]


def _same_pads(window: SlidingWindow, sizes: list[Any]) -> list[tuple[int, int]]:
    """What `auto_pad: SAME_UPPER` pads."""
    if any(map(is_free, sizes)):
        raise RefusedError("its pads depend on a size that is free", "fix it with --input-shape")
    totals = [max((-(-size // s) - 1) * s + reach - size, 0)
              for size, s, reach in zip(sizes, window.strides, window.extents, strict=True)]  # fmt: skip
    return [(total // 2, total - total // 2) for total in totals]


@reads("LpPool", becomes="abs, power, AveragePooling1D, AveragePooling2D, AveragePooling3D")
def _lp_pool(r: OnnxReader, node: OnnxNode) -> Value:
    """(Σ |x|^p)^(1/p) over each window, as the mean of a window whose pads are counted."""
    x = r.flow()
    window, p = _window(r, node, x), float(node.get("p", 2))
    option, pads = _pads(r, node, window, spatial_sizes(r, x))
    if option == "same":
        option, pads = "valid", _same_pads(window, spatial_sizes(r, x))

    def body(ref: Ref) -> Ref:
        padded = pad_last(r, r.op("power", r.op("abs", ref), p), pads)
        if max(window.dilations) > 1:
            total = _dilated(r, padded, window, option, "add")
        else:
            kind = _AVERAGE[window.rank]
            mean = r.layer(kind, padded, pool_size=window.size, strides=window.strides, padding=option)
            total = r.op("multiply", mean, float(np.prod(window.size)))
        return r.op("power", total, 1 / p)

    return with_channels_last(r, x, body)


@reads("GlobalLpPool", becomes="abs, power, sum")
def _global_lp_pool(r: OnnxReader, node: OnnxNode) -> Value:
    x, p = r.flow(), float(node.get("p", 2))
    axes = sorted(r.sample_axis(x, i) for i in range(2, x.rank))
    total = r.op("sum", r.op("power", r.op("abs", x.ref), p), axis=axes, keepdims=True)
    return r.same(x, r.op("power", total, 1 / p))


@reads("GlobalAveragePool", "GlobalMaxPool", becomes="GlobalAveragePooling, GlobalMaxPooling")
def _global(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    kinds = AVERAGES if node.op == "GlobalAveragePool" else MAXIMA
    if x.rank not in kinds:
        operation = "mean" if node.op == "GlobalAveragePool" else "max"
        axes = sorted(r.sample_axis(x, i) for i in range(2, x.rank))
        return r.same(x, r.op(operation, x.ref, axis=axes, keepdims=True)) if axes else x
    return with_channels_last(r, x, lambda ref: r.layer(kinds[x.rank], ref, keepdims=True))

"""Normalizations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from modelc.graph.sizes import is_free
from modelc.layers.normalization.batch_normalization import BatchNormalization
from modelc.layers.normalization.by_sample import GroupNormalization, LayerNormalization, RMSNormalization
from modelc.onnx.read.fold import LARGEST_FILLED, grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.operators.arithmetic import combined
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.values import Flow, Value
from modelc.onnx.read.windows import with_channels_last
from modelc.sources.refs import Ref


@reads("BatchNormalization", becomes="BatchNormalization", note="at inference")
def _batch_normalization(r: OnnxReader, node: OnnxNode) -> Value:
    if node.get("training_mode", 0) or node.get("spatial", 1) == 0:
        raise RefusedError("it computes statistics of the batch, and modelc predicts")
    x = r.flow()
    arrays = [r.array(i, what) for i, what in enumerate(("scale", "bias", "mean", "variance"), 1)]
    at = r.sample_axis(x, 1)
    last = len(r.shapes.type_of(x.ref).shape) - 1
    scale = r.known(1, "scale")
    ref = r.layer(
        BatchNormalization, x.ref, arrays=arrays, name=scale.name if scale is not None else "",
        axis=-1 if at == last else at, epsilon=node.get("epsilon", 1e-5), momentum=node.get("momentum", 0.9),
    )  # fmt: skip
    return r.same(x, ref)


@reads("InstanceNormalization", becomes="GroupNormalization")
def _instance_normalization(r: OnnxReader, node: OnnxNode) -> Value:
    x, scale = r.flow(), r.known(1, "scale")
    arrays = [r.array(1, "scale"), r.array(2, "bias")]
    name = scale.name if scale is not None else ""
    epsilon = node.get("epsilon", 1e-5)
    return with_channels_last(
        r, x, lambda ref: r.layer(GroupNormalization, ref, arrays=arrays, name=name, groups=-1, epsilon=epsilon)
    )


@reads("GroupNormalization", becomes="GroupNormalization")
def _group_normalization(r: OnnxReader, node: OnnxNode) -> Value:
    x, scale = r.flow(), r.known(1, "scale")
    groups, channels = node.get("num_groups"), r.dims(x)[1]
    arrays = [r.array(1, "scale"), r.array(2, "bias")]
    if arrays[0].size == groups != channels:  # before version 21 of the operators: one number per group
        arrays = [np.repeat(array, channels // groups) for array in arrays]
    name = scale.name if scale is not None else ""
    epsilon = node.get("epsilon", 1e-5)
    return with_channels_last(
        r, x, lambda ref: r.layer(GroupNormalization, ref, arrays=arrays, name=name, groups=groups, epsilon=epsilon)
    )


@reads("LayerNormalization", becomes="LayerNormalization, mean, var, rsqrt")
def _layer_normalization(r: OnnxReader, node: OnnxNode) -> Value | tuple[Value, ...]:
    x = r.flow(merged=True)
    axis = r.axis(node.get("axis", -1), x.rank)
    epsilon = node.get("epsilon", 1e-5)
    options: dict[str, Any] = {"epsilon": epsilon}
    made = _over_last_axes(r, x, axis, LayerNormalization, options)
    if not any(name and r.is_read(name) for name in node.outputs[1:]):
        return made
    x = r.in_order(x)
    along = sorted(r.sample_axis(x, i) for i in range(axis, x.rank))
    mean, variance = (r.op(name, x.ref, axis=along, keepdims=True) for name in ("mean", "var"))
    return made, r.same(x, mean), r.same(x, r.op("rsqrt", r.op("add", variance, epsilon)))


@reads("RMSNormalization", becomes="RMSNormalization")
def _rms_normalization(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    axis = r.axis(node.get("axis", -1), x.rank)
    return _over_last_axes(r, x, axis, RMSNormalization, {"epsilon": node.get("epsilon", 1e-5)})


def _over_last_axes(r: OnnxReader, x: Flow, axis: int, kind: Any, options: dict[str, Any]) -> Flow:
    """A normalization of all axes from one on, with a scale and a bias of their sizes."""
    along = list(range(axis, x.rank))
    x = r.with_last(x) if len(along) == 1 else r.in_order(x)
    at = [r.sample_axis(x, i) for i in along]
    if at != sorted(at):
        x = r.plain(x)
        at = [r.sample_axis(x, i) for i in along]
    sizes = tuple(r.dims(x)[axis:])
    if any(map(is_free, sizes)):
        raise RefusedError("it normalizes along an axis whose size is free", "fix it with --input-shape")
    scale, bias = r.known(1, "scale"), r.known(2, "bias")
    last = len(r.shapes.type_of(x.ref).shape) - 1
    fits = all(one is None or one.array.shape == sizes for one in (scale, bias))
    options["axis"] = (-1 if at[0] == last else at[0]) if len(at) == 1 else tuple(at)
    name = scale.name if scale is not None else ""
    if kind is RMSNormalization:
        grown(math.prod(sizes), LARGEST_FILLED)
        weights = [np.ones(sizes) if scale is None or not fits else scale.array]
    else:
        options.update(scale=fits and scale is not None, center=fits and bias is not None)
        weights = [one.array for one in (scale, bias) if one is not None and fits]
    made = r.same(x, r.layer(kind, x.ref, arrays=weights, name=name, **options))
    if fits:
        return made
    for operation, one in (("multiply", scale), ("add", bias)):
        if one is not None:
            made = combined(r, operation, [made, one])
    return made


@reads("MeanVarianceNormalization", becomes="LayerNormalization")
def _mean_variance(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    axes = sorted(r.sample_axis(x, axis) for axis in node.get("axes") or [0, 2, 3])
    ref = r.layer(LayerNormalization, x.ref, axis=tuple(axes), epsilon=1e-9, scale=False, center=False)
    return r.same(x, ref)


@reads("LpNormalization", becomes="square, abs, sum, sqrt, divide")
def _lp_normalization(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    at, squared = r.sample_axis(x, node.get("axis", -1)), node.get("p", 2) == 2
    total = r.op("sum", r.op("square" if squared else "abs", x.ref), axis=[at], keepdims=True)
    norm = r.op("sqrt", total) if squared else total
    return r.same(x, r.op("divide", x.ref, r.op("maximum", norm, 1e-38)))  # of zeros alone it gives zeros


_MOST_CHANNELS = 1024


@reads("LRN", becomes="power, average_pool")
def _lrn(r: OnnxReader, node: OnnxNode) -> Value:
    size = node.get("size")
    if not 1 <= size <= _MOST_CHANNELS:
        raise RefusedError(f"it sums the squares of {size} channels; 1 to {_MOST_CHANNELS} are read")
    alpha, beta, bias = node.get("alpha", 1e-4), node.get("beta", 0.75), node.get("bias", 1.0)
    low, high = (size - 1) // 2, size - 1 - (size - 1) // 2

    def body(ref: Ref) -> Ref:
        rank = len(r.shapes.type_of(ref).shape)
        channels = r.shapes.type_of(ref).shape[-1]
        padded = r.op("pad", r.op("square", ref), pad_width=[[0, 0]] * (rank - 1) + [[low, high]])
        total: Ref | None = None
        for shift in range(size):
            key = ["...", f"{shift}:{shift + (channels or 0)}"]
            part = r.op("get_item", padded, key=key)
            total = part if total is None else r.op("add", total, part)
        assert total is not None
        scale = r.op("power", r.op("add", r.op("multiply", total, alpha / size), bias), -beta)
        return r.op("multiply", ref, scale)

    return with_channels_last(r, r.flow(), body)

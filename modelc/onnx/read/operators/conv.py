"""Convolutions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from modelc.layers.base import Layer
from modelc.layers.convolution.conv import Conv1D, Conv2D, Conv3D
from modelc.layers.convolution.depthwise import DepthwiseConv1D, DepthwiseConv2D
from modelc.layers.convolution.transpose import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
from modelc.layers.merging.elements import Concatenate
from modelc.layers.reshaping.padding import Cropping1D, Cropping2D, Cropping3D
from modelc.onnx.read.fold import grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.operators.joining import pad_last
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.values import Flow, Known, Value
from modelc.onnx.read.windows import padding_of, spatial_sizes, window_of, with_channels_last
from modelc.sources.refs import Array, Ref

_CONVOLUTIONS: dict[int, type[Layer]] = {1: Conv1D, 2: Conv2D, 3: Conv3D}
_DEPTHWISE: dict[int, type[Layer]] = {1: DepthwiseConv1D, 2: DepthwiseConv2D}
_TRANSPOSED: dict[int, type[Layer]] = {1: Conv1DTranspose, 2: Conv2DTranspose, 3: Conv3DTranspose}


def _kernel(r: OnnxReader) -> tuple[Known, int]:
    kernel = r.known(1, "kernel")
    if kernel is None or kernel.rank < 3:
        raise RefusedError("its kernel is not one of 1 to 3 spatial axes")
    rank = kernel.rank - 2
    if rank not in _CONVOLUTIONS:
        raise RefusedError(f"it has {rank} spatial axes, and modelc convolves along 1 to 3")
    return kernel, rank


@reads("Conv", becomes="Conv1D, Conv2D, Conv3D, DepthwiseConv1D, DepthwiseConv2D, ZeroPadding")
def _conv(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    kernel, rank = _kernel(r)
    if x.rank != rank + 2:
        raise RefusedError(f"its kernel has {rank} spatial axes, and its tensor {x.rank - 2}")
    bias = r.known(2, "bias")
    filters, depth, *size = kernel.array.shape
    groups = node.get("group", 1)
    channels = r.dims(x)[1]
    window = window_of(node, node.get("kernel_shape") or size, rank)
    if list(window.size) != size or channels != depth * groups or filters % groups:
        raise RefusedError(f"its kernel {list(kernel.array.shape)} does not fit {channels} channels in {groups} groups")
    padding = padding_of(node, window, spatial_sizes(r, x), causal=True)
    biased = None if bias is None else bias.array
    apart = groups == channels and depth == 1 and rank in _DEPTHWISE and groups > 1
    apart = apart and len(set(window.strides)) == 1
    # Keras convolves no dilated window with strides: there the kernel has zeros in its gaps.
    array, dilations = kernel.array, window.dilations
    if max(window.strides) > 1 and max(dilations) > 1:
        array, dilations = _with_gaps(array, dilations), (1,) * rank
    options: dict[str, Any] = {
        "kernel_size": array.shape[2:], "strides": window.strides, "padding": padding.option,
        "dilation_rate": dilations, "use_bias": biased is not None,
    }  # fmt: skip
    moved = np.moveaxis(array, (0, 1), (-1, -2))  # (*size, C/groups, filters)
    kind = _CONVOLUTIONS[rank]
    if apart:
        kind = _DEPTHWISE[rank]
        moved = moved.reshape(*array.shape[2:], groups, filters // groups)
        options["depth_multiplier"] = filters // groups
    else:
        options.update(filters=filters, groups=groups)
    arrays = [moved] if biased is None else [moved, biased]

    def body(ref: Ref) -> Ref:
        return r.layer(kind, pad_last(r, ref, padding.pads), arrays=arrays, name=kernel.name, **options)

    return with_channels_last(r, x, body)


def _with_gaps(kernel: Array, dilations: tuple[int, ...]) -> Array:
    size = [(k - 1) * d + 1 for k, d in zip(kernel.shape[2:], dilations, strict=True)]
    grown(math.prod((*kernel.shape[:2], *size)))
    made = np.zeros((*kernel.shape[:2], *size), kernel.dtype)
    made[(slice(None), slice(None), *(slice(None, None, d) for d in dilations))] = kernel
    return made


@reads("ConvTranspose", becomes="Conv1DTranspose, Conv2DTranspose, Conv3DTranspose, Cropping, ZeroPadding")
def _conv_transpose(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    kernel, rank = _kernel(r)
    bias = r.known(2, "bias")
    channels, per_group, *size = kernel.array.shape
    groups = node.get("group", 1)
    if r.dims(x)[1] != channels or channels % groups:
        raise RefusedError(f"its kernel {list(kernel.array.shape)} does not fit {r.dims(x)[1]} channels")
    window = window_of(node, node.get("kernel_shape") or size, rank)
    array, dilations = kernel.array, window.dilations
    if max(window.strides) > 1 and max(dilations) > 1:
        array, dilations = _with_gaps(array, dilations), (1,) * rank
    added = node.get("output_padding") or [0] * rank
    crops = _crops(r, node, x, window.strides, window.extents, added)
    options: dict[str, Any] = {
        "filters": per_group, "kernel_size": array.shape[2:], "strides": window.strides, "padding": "valid",
        "dilation_rate": dilations, "use_bias": False,
    }  # fmt: skip
    if any(stride > 1 for stride in window.strides):
        options["output_padding"] = (0,) * rank
    bias_array = None if bias is None else bias.array
    if groups == 1 and bias_array is not None and all(high >= 0 for _, high in crops):
        options["use_bias"] = True

    def one(ref: Ref, part: Array, more: list[Array]) -> Ref:
        moved = np.moveaxis(part, (0, 1), (-1, -2))  # (*size, filters, C)
        return r.layer(_TRANSPOSED[rank], ref, arrays=[moved, *more], name=kernel.name, **options)

    def body(ref: Ref) -> Ref:
        if groups == 1:
            made = one(ref, array, [bias_array] if options["use_bias"] and bias_array is not None else [])
        else:
            parts = r.parts(r.op("split", ref, indices_or_sections=groups, axis=rank + 1), groups)
            made = r.layer(
                Concatenate, *(one(part, own, []) for part, own in zip(parts, np.split(array, groups), strict=True))
            )
        made = _cropped(r, made, crops)
        return made if bias_array is None or options["use_bias"] else r.op("add", made, bias_array)

    return with_channels_last(r, x, body)


def _crops(
    r: OnnxReader, node: OnnxNode, x: Flow, strides: tuple[int, ...], extents: tuple[int, ...], added: list[int]
) -> list[tuple[int, int]]:
    """What is taken away before and behind each axis of (in - 1)·stride + extent positions; below 0 it is added."""
    rank = len(strides)
    shape, auto = node.get("output_shape"), node.get("auto_pad", "NOTSET")
    if shape is None and auto not in ("SAME_UPPER", "SAME_LOWER"):
        pads = (node.get("pads") if auto == "NOTSET" else None) or [0] * (2 * rank)
        return [(pads[i], pads[rank + i] - added[i]) for i in range(rank)]
    sizes = r.numbers(x)[2:]
    wanted = list(shape)[-rank:] if shape is not None else [n * s for n, s in zip(sizes, strides, strict=True)]
    made: list[tuple[int, int]] = []
    for size, stride, extent, extra, target in zip(sizes, strides, extents, added, wanted, strict=True):
        total = (size - 1) * stride + extra + extent - target
        low = total // 2 if auto == "SAME_UPPER" else total - total // 2
        made.append((low, total - low - extra))
    return made


def _cropped(r: OnnxReader, ref: Ref, crops: list[tuple[int, int]]) -> Ref:
    behind = [(max(-low, 0), max(-high, 0)) for low, high in crops]
    ref = pad_last(r, ref, behind)
    away = [(max(low, 0), max(high, 0)) for low, high in crops]
    if not any(low or high for low, high in away):
        return ref
    kind: type[Layer] = {1: Cropping1D, 2: Cropping2D, 3: Cropping3D}[len(away)]
    return r.layer(kind, ref, cropping=away[0] if len(away) == 1 else tuple(away))

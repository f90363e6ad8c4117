"""Sums and products with one constant per channel behind a linear layer: they become part of its kernel and bias.

Exporters write so what a normalization was, or a bias behind a transpose.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from modelc.layers.convolution.conv import Conv1D, Conv2D, Conv3D
from modelc.layers.convolution.depthwise import DepthwiseConv1D, DepthwiseConv2D
from modelc.layers.convolution.transpose import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
from modelc.layers.core.dense import Dense
from modelc.layers.operations.layer import Operation
from modelc.onnx.read.writing import ReadEntry
from modelc.sources.refs import Array

_FILTERS_LAST = (Dense, Conv1D, Conv2D, Conv3D)
_DEPTHWISE = (DepthwiseConv1D, DepthwiseConv2D)
_TRANSPOSED = (Conv1DTranspose, Conv2DTranspose, Conv3DTranspose)


def folded_into(before: ReadEntry, entry: ReadEntry) -> ReadEntry | None:
    """A linear layer with the sum or product behind it in its weights; None where that is something else."""
    layer: Any = before.layer
    if not isinstance(layer, (*_FILTERS_LAST, *_DEPTHWISE, *_TRANSPOSED)) or layer.activation != "linear":
        return None
    operation = entry.layer
    if not isinstance(operation, Operation) or operation.operation not in ("add", "subtract", "multiply"):
        return None
    kernel, *rest = before.arrays
    filters = _filters(layer, kernel)
    numbers = _per_filter(operation, entry.arrays, filters)
    if numbers is None:
        return None
    if operation.operation == "multiply":
        scaled = [_scaled(layer, kernel, numbers), *(bias * numbers for bias in rest)]
        return replace(before, arrays=tuple(scaled))
    bias = rest[0] if rest else np.zeros(filters, np.float32)
    moved = bias + (numbers if operation.operation == "add" else -numbers)
    biased = layer.model_copy(update={"use_bias": True})
    return replace(before, layer=biased, arrays=(kernel, np.asarray(moved, np.float32)))


def _filters(layer: Any, kernel: Array) -> int:
    if isinstance(layer, _DEPTHWISE):
        return kernel.shape[-1] * kernel.shape[-2]
    return kernel.shape[-2] if isinstance(layer, _TRANSPOSED) else kernel.shape[-1]


def _per_filter(operation: Operation, arrays: tuple[Array, ...], filters: int) -> Array | None:
    """The constant of an operation on one tensor, as one number per filter. What is subtracted stands second."""
    operands = operation.operands or ()
    if len(operands) != 2 or operands.count(None) != 1:
        return None
    if operation.operation == "subtract" and operands[0] is not None:
        return None
    given = operands[0] if operands[1] is None else operands[1]
    array = arrays[0] if arrays else np.asarray(given, np.float32)
    if array.dtype.kind != "f" or array.size not in (1, filters) or (array.size > 1 and array.shape[-1] != filters):
        return None
    return np.broadcast_to(array.reshape(-1), (filters,)).astype(np.float32)


def _scaled(layer: Any, kernel: Array, numbers: Array) -> Array:
    if isinstance(layer, _DEPTHWISE):
        return kernel * numbers.reshape(kernel.shape[-2:])
    return kernel * (numbers[:, None] if isinstance(layer, _TRANSPOSED) else numbers)

"""Enlarging and making smaller by interpolation: along each axis a matrix, or a layer of Keras that does the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.layers.base import Layer
from modelc.layers.reshaping.upsampling import UpSampling1D, UpSampling2D, UpSampling3D
from modelc.onnx.read.fold import LARGEST_FILLED, grown
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError, reads
from modelc.onnx.read.values import Flow, Value
from modelc.onnx.read.windows import with_channels_last
from modelc.sources.refs import Array, Ref

_REPEATING: dict[int, type[Layer]] = {3: UpSampling1D, 4: UpSampling2D, 5: UpSampling3D}


def _scales(r: OnnxReader, node: OnnxNode, x: Flow) -> tuple[list[float] | None, list[int] | None]:
    """Scales or sizes along all axes of the ONNX tensor."""
    if node.op == "Upsample" or r.opset < 11:
        scales = r.known(1, "scales")
        given = node.get("scales") if scales is None else scales.array.tolist()
        return [float(one) for one in given], None
    scales, sizes = r.known(2, "scales"), r.known(3, "sizes")
    axes = [r.axis(axis, x.rank) for axis in node.get("axes") or range(x.rank)]
    if sizes is not None and sizes.array.size:
        if node.get("keep_aspect_ratio_policy", "stretch") != "stretch":
            raise RefusedError("it keeps the ratio of width and height")
        whole: list[Any] = r.dims(x)
        for axis, size in zip(axes, sizes.array.tolist(), strict=True):
            if x.axes[axis] != 0:
                whole[axis] = size
        return None, whole
    if scales is None or not scales.array.size:
        raise RefusedError("it has neither scales nor sizes")
    factors = [1.0] * x.rank
    for axis, scale in zip(axes, scales.array.tolist(), strict=True):
        factors[axis] = float(scale)
    return factors, None


@reads("Resize", "Upsample", becomes="UpSampling1D, UpSampling2D, UpSampling3D, Resizing, einsum")
def _resize(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow()
    scales, sizes = _scales(r, node, x)
    mode = node.get("mode", "nearest")
    coordinates = node.get("coordinate_transformation_mode", "half_pixel")
    if node.op == "Upsample" or r.opset < 11:
        coordinates = "asymmetric"
    if scales is not None and x.batch == 0 and scales[:2] == [1.0, 1.0]:
        whole = [round(scale) for scale in scales[2:]]
        if whole == scales[2:] and x.rank in _REPEATING and _repeats(node, mode, coordinates, r.opset):
            return with_channels_last(
                r, x, lambda ref: r.layer(_REPEATING[x.rank], ref, size=whole[0] if x.rank == 3 else tuple(whole))
            )
        if mode in ("linear", "bilinear") and coordinates == "half_pixel" and x.rank == 4 and whole == scales[2:]:
            return with_channels_last(
                r, x, lambda ref: r.layer(UpSampling2D, ref, size=tuple(whole), interpolation="bilinear")
            )
    return _by_matrices(r, node, x, scales, sizes, mode, coordinates)


def _repeats(node: OnnxNode, mode: str, coordinates: str, opset: int) -> bool:
    """Whether the nearest element is that of which the result is a repetition."""
    if mode != "nearest":
        return False
    if coordinates == "asymmetric":
        return node.op == "Upsample" or opset < 11 or node.get("nearest_mode", "round_prefer_floor") == "floor"
    return coordinates == "half_pixel" and node.get("nearest_mode", "round_prefer_floor").startswith("round")


def _by_matrices(
    r: OnnxReader,
    node: OnnxNode,
    x: Flow,
    scales: list[float] | None,
    sizes: list[int] | None,
    mode: str,
    coordinates: str,
) -> Flow:
    """Along each axis that changes, the product with the matrix of its weights."""
    known = [1 if at == 0 else size for at, size in zip(x.axes, r.dims(x), strict=True)]
    ref: Ref = x.ref
    for axis, at in enumerate(x.axes):
        size = known[axis]
        scale = scales[axis] if scales is not None else None
        target = sizes[axis] if sizes is not None else None
        if at == 0 or (scale == 1 and coordinates != "tf_crop_and_resize") or target is size:
            if at == 0 and scale not in (None, 1.0):
                raise RefusedError("it resizes along the batch")
            continue
        if not isinstance(size, int) or (target is not None and not isinstance(target, int)):
            raise RefusedError("it resizes along an axis whose size is free", "fix it with --input-shape")
        if target is not None and target == size:
            continue
        length = int(np.floor(size * scale)) if scale is not None else int(target or 0)
        if coordinates == "align_corners" and scale is not None and length != size * scale and length > 1:
            raise RefusedError("its scale gives no whole length, for which ONNX's runtimes align corners differently")
        factor = float(scale) if scale is not None else length / size
        matrix = interpolation_matrix(node, size, length, factor, mode, coordinates)
        rank = len(r.shapes.type_of(ref).shape)
        letters = "abcdefghij"[:rank]
        made = letters.replace(letters[at], "z")
        ref = r.op("einsum", ref, matrix, subscripts=f"{letters},z{letters[at]}->{made}")
    return r.same(x, ref)


def interpolation_matrix(node: OnnxNode, size: int, length: int, scale: float, mode: str, coordinates: str) -> Array:
    """(length, size): the weights with which each place of the result is made of the elements along an axis.

    ONNX's operator `Resize`, by its coordinate transformations, modes and options.
    """
    grown(length * size, LARGEST_FILLED)
    places = np.arange(length, dtype=np.float64)
    match coordinates:
        case "half_pixel":
            x = (places + 0.5) / scale - 0.5
        case "half_pixel_symmetric":
            adjustment = length / (scale * size)
            x = size / 2 * (1 - adjustment) + (places + 0.5) / scale - 0.5
        case "pytorch_half_pixel":
            x = (places + 0.5) / scale - 0.5 if length > 1 else np.zeros(length)
        case "align_corners":
            x = places * (size - 1) / (length - 1) if length > 1 else np.zeros(length)
        case "asymmetric":
            x = places / scale
        case _:
            raise RefusedError(f"its coordinates are {coordinates[:40]}")
    rows: list[Array] = []
    for place in x:
        rows.append(_row(node, place, size, scale, mode))
    return np.array(rows, np.float64)


def _row(node: OnnxNode, x: float, size: int, scale: float, mode: str) -> Array:
    row = np.zeros(size)
    if mode == "nearest":
        row[min(max(_nearest(node.get("nearest_mode", "round_prefer_floor"), x), 0), size - 1)] = 1
        return row
    antialias = bool(node.get("antialias", 0)) and scale < 1
    shrink = scale if antialias else 1.0
    reach = (2 if mode == "cubic" else 1) / shrink
    first = int(np.floor(x - reach)) + 1
    last = int(np.ceil(x + reach))
    taps = np.arange(first, max(last, first + 1))
    distance = np.abs(taps - x) * shrink
    weights = _cubic(distance, node.get("cubic_coeff_a", -0.75)) if mode == "cubic" else np.maximum(1 - distance, 0)
    if node.get("exclude_outside", 0):
        weights = np.where((taps < 0) | (taps >= size), 0, weights)
    if antialias or node.get("exclude_outside", 0):
        weights = weights / weights.sum()
    np.add.at(row, np.clip(taps, 0, size - 1), weights)
    return row


def _nearest(mode: str, x: float) -> int:
    match mode:
        case "floor":
            return int(np.floor(x))
        case "ceil":
            return int(np.ceil(x))
        case "round_prefer_ceil":
            return int(np.floor(x + 0.5))
        case _:
            return int(np.ceil(x - 0.5))


def _cubic(x: Array, a: float) -> Array:
    """Keys, 1981: a cubic convolution of four elements."""
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0))

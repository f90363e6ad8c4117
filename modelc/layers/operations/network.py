"""The operations of `keras.ops.nn` and `keras.ops.image` that are not elementwise."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import PositiveInt

from modelc.config.options import FiniteFloat, InputDType, NonNegativeFloat
from modelc.errors import ShapeError
from modelc.graph.axes import dims_of, sample_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import along
from modelc.graph.sizes import is_free
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.image.resizing import Resizing
from modelc.layers.operations.arranging import permuted
from modelc.layers.operations.reductions import norm
from modelc.layers.operations.registry import Axes, IntOrInts, Table, adder
from modelc.layers.options.fields import DataFormat, Padding, Sizes2
from modelc.layers.pooling.adaptive import (
    AdaptiveAveragePooling1D,
    AdaptiveAveragePooling2D,
    AdaptiveAveragePooling3D,
    AdaptiveMaxPooling1D,
    AdaptiveMaxPooling2D,
    AdaptiveMaxPooling3D,
)
from modelc.layers.pooling.windows import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from modelc.layers.preprocessing.encode import MAX_CATEGORIES, encode, one_hot
from modelc.layers.reshaping.upsampling import Interpolation
from modelc.ops.constant import Constant
from modelc.ops.normalize import Normalize, NormalizeKind
from modelc.ops.softmax import Glu, Softmax, SoftmaxKind

TABLE: Table = {}
_add = adder(TABLE)

_EPSILON = 1e-7
"""`keras.config.epsilon()`."""

_GREY = (0.2989, 0.587, 0.114)
"""ITU-R BT.601: the weights of red, green and blue in the brightness."""


def _softmax_along(kind: SoftmaxKind, x: Tensor, axis: int) -> Tensor:
    (at,) = sample_axes(axis, x.rank)
    return x.as_float().emit(Softmax(kind, at))


@_add("softmax")
def _softmax(g: Builder, x: Tensor, *, axis: int | None = -1) -> Tensor:
    return _softmax_along("softmax", x, _required(axis))


@_add("log_softmax")
def _log_softmax(g: Builder, x: Tensor, *, axis: int | None = -1) -> Tensor:
    return _softmax_along("log_softmax", x, _required(axis))


@_add("sparsemax")
def _sparsemax(g: Builder, x: Tensor, *, axis: int = -1) -> Tensor:
    return _softmax_along("sparsemax", x, axis)


def _required(axis: int | None) -> int:
    if axis is None:
        raise ShapeError("`axis` must be given: without it the batch would be mixed", code="E204")
    return axis


@_add("glu")
def _glu(g: Builder, x: Tensor, *, axis: int = -1) -> Tensor:
    (at,) = sample_axes(axis, x.rank)
    if x.dims[at - 1] % 2:
        raise ShapeError(f"`glu` halves axis {at}, and {x.dims[at - 1]} is odd", axis=at)
    return x.as_float().emit(Glu(at))


def _normalized(kind: NormalizeKind, x: Tensor, axis: Axes, epsilon: float) -> tuple[Tensor, tuple[int, ...]]:
    axes = sample_axes(-1 if axis is None else axis, x.rank)
    return x.as_float().emit(Normalize(kind, axes, epsilon)), axes


@_add("normalize")
def _normalize(
    g: Builder, x: Tensor, *, axis: Axes = -1, order: PositiveInt = 2, epsilon: NonNegativeFloat | None = None
) -> Tensor:
    """``x / max(norm(x), epsilon)``, the norm that of `order`."""
    least = _EPSILON if epsilon is None else epsilon
    if order == 2:
        return _normalized("l2", x, axis, least**2)[0]
    size = norm(g, x, ord=float(order), axis=axis, keepdims=True)
    return x.as_float() / size.maximum(least)


@_add("rms_norm", "rms_normalization")
def _rms_norm(
    g: Builder, x: Tensor, scale: Tensor | None = None, *, axis: Axes = -1, epsilon: NonNegativeFloat | None = None
) -> Tensor:
    y, axes = _normalized("rms", x, axis, _EPSILON if epsilon is None else epsilon)
    return y if scale is None else y * along(scale.as_float(), axes, x.rank)


@_add("layer_norm", "layer_normalization")
def _layer_norm(
    g: Builder, x: Tensor, gamma: Tensor | None = None, beta: Tensor | None = None, *, axis: Axes = -1,
    epsilon: NonNegativeFloat | None = None,
) -> Tensor:  # fmt: skip
    y, axes = _normalized("mean_variance", x, axis, _EPSILON if epsilon is None else epsilon)
    if gamma is not None:
        y = y * along(gamma.as_float(), axes, x.rank)
    return y if beta is None else y + along(beta.as_float(), axes, x.rank)


def _by_rank(x: Tensor, *layers: type[Layer]) -> type[Layer]:
    """The layer for as many spatial axes as x has."""
    rank = x.rank - 2
    if not 1 <= rank <= len(layers):
        raise ShapeError(f"it takes 1 to {len(layers)} spatial axes, found {max(rank, 0)}", axis="rank")
    return layers[rank - 1]


def _applied(g: Builder, layer: type[Layer], x: Tensor, **options: Any) -> Tensor:
    return layer(**options).apply(g, x)[0]


@_add("max_pool")
def _max_pool(
    g: Builder, inputs: Tensor, *, pool_size: IntOrInts, strides: IntOrInts | None = None, padding: Padding = "valid",
    data_format: DataFormat | None = None,
) -> Tensor:  # fmt: skip
    layer = _by_rank(inputs, MaxPooling1D, MaxPooling2D, MaxPooling3D)
    return _applied(g, layer, inputs, pool_size=pool_size, strides=strides, padding=padding, data_format=data_format)


@_add("average_pool")
def _average_pool(
    g: Builder, inputs: Tensor, *, pool_size: IntOrInts, strides: IntOrInts | None = None, padding: Padding = "valid",
    data_format: DataFormat | None = None,
) -> Tensor:  # fmt: skip
    layer = _by_rank(inputs, AveragePooling1D, AveragePooling2D, AveragePooling3D)
    return _applied(g, layer, inputs, pool_size=pool_size, strides=strides, padding=padding, data_format=data_format)


@_add("adaptive_average_pool")
def _adaptive_average_pool(
    g: Builder, inputs: Tensor, *, output_size: IntOrInts, data_format: DataFormat | None = None
) -> Tensor:
    layer = _by_rank(inputs, AdaptiveAveragePooling1D, AdaptiveAveragePooling2D, AdaptiveAveragePooling3D)
    return _applied(g, layer, inputs, output_size=output_size, data_format=data_format)


@_add("adaptive_max_pool")
def _adaptive_max_pool(
    g: Builder, inputs: Tensor, *, output_size: IntOrInts, data_format: DataFormat | None = None
) -> Tensor:
    layer = _by_rank(inputs, AdaptiveMaxPooling1D, AdaptiveMaxPooling2D, AdaptiveMaxPooling3D)
    return _applied(g, layer, inputs, output_size=output_size, data_format=data_format)


@_add("one_hot")
def _one_hot(
    g: Builder, x: Tensor, *, num_classes: PositiveInt, axis: int = -1, dtype: InputDType | None = None,
    sparse: Literal[False] = False,
) -> Tensor:  # fmt: skip
    _bounded(num_classes)
    y = one_hot(x.as_float(), num_classes)
    (at,) = sample_axes(axis, y.rank)
    order = list(range(y.rank - 1))
    order.insert(at, y.rank - 1)
    return permuted(y, order)


@_add("multi_hot")
def _multi_hot(
    g: Builder, inputs: Tensor, *, num_classes: PositiveInt, axis: Literal[-1] = -1, dtype: InputDType | None = None,
    sparse: Literal[False] = False,
) -> Tensor:  # fmt: skip
    _bounded(num_classes)
    return encode(inputs, "multi_hot", num_classes)


def _bounded(num_classes: int) -> None:
    if num_classes > MAX_CATEGORIES:
        raise ShapeError(f"`num_classes` is at most {MAX_CATEGORIES}, found {num_classes}", code="E403")


@_add("resize")
def _resize(
    g: Builder, images: Tensor, *, size: Sizes2, interpolation: Interpolation = "bilinear",
    antialias: bool = False, crop_to_aspect_ratio: bool = False, pad_to_aspect_ratio: bool = False,
    fill_mode: Literal["constant"] = "constant", fill_value: FiniteFloat = 0.0, data_format: DataFormat | None = None,
) -> Tensor:  # fmt: skip
    height, width = (1 if is_free(n) else n for n in size)
    layer = Resizing(
        height=height, width=width, interpolation=interpolation, crop_to_aspect_ratio=crop_to_aspect_ratio,
        pad_to_aspect_ratio=pad_to_aspect_ratio, fill_mode=fill_mode, fill_value=fill_value, antialias=antialias,
        data_format=data_format,
    )  # fmt: skip
    if any(map(is_free, size)):  # which no option of a layer is
        layer = layer.model_copy(update={"height": size[0], "width": size[1]})
    return layer.apply(g, images)[0]


@_add("rgb_to_grayscale")
def _rgb_to_grayscale(g: Builder, images: Tensor, *, data_format: DataFormat | None = None) -> Tensor:
    x = images.as_float()
    axis = (-3 if data_format == "channels_first" else -1) + x.rank
    if x.rank != 4 or dims_of(x, (axis,)) != (3,):
        raise ShapeError("it takes a batch of images of three channels")
    weights = along(g.emit(Constant(_GREY, (3,))), (axis,), x.rank)
    return (x * weights).sum((axis,), keepdims=True)

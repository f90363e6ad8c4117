"""The functions of `tf.nn`, and what `tf.keras.backend` makes of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from modelc.graph.sizes import same_shape
from modelc.keras.tensorflow.arithmetic import clip
from modelc.keras.tensorflow.arranging import bounded
from modelc.keras.tensorflow.signature import Table, adder
from modelc.keras.tensorflow.steps import Steps
from modelc.keras.tensorflow.values import as_array

TABLE: Table = {}
_add = adder(TABLE)


# --- activations


@_add("nn.elu")
def _elu(s: Steps, features: Any) -> Any:
    return s("elu", features, alpha=1.0)


@_add("nn.silu", "nn.swish")
def _silu(s: Steps, features: Any, beta: Any = 1.0) -> Any:
    factor = float(as_array(beta, "`beta`"))
    if factor == 1:
        return s("silu", features)
    return s("multiply", features, s("sigmoid", s("multiply", features, factor)))


@_add("nn.gelu")
def _gelu(s: Steps, features: Any, approximate: Any = False) -> Any:
    return s("gelu", features, approximate=bool(approximate))


@_add("nn.leaky_relu", "compat.v1.nn.leaky_relu")
def _leaky_relu(s: Steps, features: Any, alpha: Any = 0.2) -> Any:
    return s("leaky_relu", features, negative_slope=float(as_array(alpha, "`alpha`")))


@_add("nn.crelu", "compat.v1.nn.crelu")
def _crelu(s: Steps, features: Any, axis: Any = -1) -> Any:
    return s("concatenate", s("relu", features), s("relu", s("negative", features)), axis=s.integer(axis, "axis"))


@_add("nn.softmax", "math.softmax", "compat.v1.nn.softmax", "compat.v1.math.softmax")
def _softmax(s: Steps, logits: Any, axis: Any = -1) -> Any:
    return s("softmax", logits, axis=s.integer(axis, "axis"))


@_add("nn.log_softmax", "math.log_softmax", "compat.v1.nn.log_softmax", "compat.v1.math.log_softmax")
def _log_softmax(s: Steps, logits: Any, axis: Any = -1) -> Any:
    return s("log_softmax", logits, axis=s.integer(axis, "axis"))


@_add("nn.dropout", "compat.v1.nn.dropout", "nn.experimental.stateless_dropout")
def _dropout(
    s: Steps, x: Any, rate: Any = 0.0, noise_shape: Any = None, seed: Any = None, keep_prob: Any = None
) -> Any:
    share = 1 - float(as_array(keep_prob, "`keep_prob`")) if keep_prob is not None else float(as_array(rate, "`rate`"))
    if share:
        raise s.refuse("it drops values whenever it is called, in prediction too: use the layer Dropout")
    return s("identity", x)


# --- normalization


@_add("math.l2_normalize", "nn.l2_normalize", "linalg.l2_normalize", "compat.v1.math.l2_normalize",
      "compat.v1.nn.l2_normalize", "compat.v1.linalg.l2_normalize", "keras.backend.l2_normalize")  # fmt: skip
def _l2_normalize(s: Steps, x: Any, axis: Any = None, epsilon: Any = 1e-12) -> Any:
    least = float(as_array(epsilon, "`epsilon`"))
    axes = [s.axis(x, a) for a in s.integers(axis, "axis")] if axis is not None else []
    if axes and 0 not in axes and least >= 0:
        return s("normalize", x, axis=axes, epsilon=math.sqrt(least))
    total = s("sum", s("square", x), axis=axes or None, keepdims=True)
    return s("multiply", x, s("rsqrt", s("maximum", total, least)))


@_add("nn.moments", "compat.v1.nn.moments")
def _moments(s: Steps, x: Any, axes: Any, shift: Any = None, keepdims: Any = False) -> Any:
    return s("moments", x, axes=s.integers(axes, "axes"), keepdims=bool(keepdims))


@_add("nn.weighted_moments", "compat.v1.nn.weighted_moments")
def _weighted_moments(s: Steps, x: Any, axes: Any, frequency_weights: Any, keepdims: Any = False) -> Any:
    along = s.integers(axes, "axes")
    total = s("sum", s("add", s("multiply", x, 0.0), frequency_weights), axis=along, keepdims=True)
    mean = s("divide", s("sum", s("multiply", x, frequency_weights), axis=along, keepdims=True), total)
    off = s("multiply", frequency_weights, s("square", s("subtract", x, mean)))
    variance = s("divide", s("sum", off, axis=along, keepdims=True), total)
    if keepdims:
        return [mean, variance]
    return [s("squeeze", mean, axis=along), s("squeeze", variance, axis=along)]


@_add("nn.batch_normalization", "compat.v1.nn.batch_normalization")
def _batch_normalization(
    s: Steps, x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: Any
) -> Any:
    factor = s("rsqrt", s("add", variance, variance_epsilon))
    if scale is not None:
        factor = s("multiply", factor, scale)
    y = s("multiply", s("subtract", x, mean), factor)
    return y if offset is None else s("add", y, offset)


@_add("nn.local_response_normalization", "nn.lrn")
def _local_response_normalization(
    s: Steps, input: Any, depth_radius: Any = 5, bias: Any = 1.0, alpha: Any = 1.0, beta: Any = 0.5
) -> Any:
    reach, channels = s.integer(depth_radius, "depth_radius"), s.size(input, s.axis(input, -1))
    bounded(s, [channels, channels])
    places = np.arange(channels)
    near = (np.abs(places[:, None] - places) <= reach).astype(float)
    total = s("add", s("multiply", s("matmul", s("square", input), near), float(alpha)), float(bias))
    return s("divide", input, s("power", total, float(beta)))


@_add("nn.bias_add", "compat.v1.nn.bias_add", "keras.backend.bias_add")
def _bias_add(s: Steps, value: Any, bias: Any, data_format: Any = None) -> Any:
    if isinstance(data_format, str) and (data_format.startswith("NC") or data_format == "channels_first"):
        for _ in range(s.rank(value) - 2):
            bias = s("expand_dims", bias, axis=-1)
    return s("add", value, bias)


# --- windows


def windows(s: Steps, x: Any, sizes: Any, what: str, data_format: Any) -> list[int] | int:
    """The sizes along the spatial axes, out of one size, those or those of all axes."""
    values = s.integers(sizes, what)
    rank = s.rank(x)
    if len(values) == rank:
        spatial = values[2:] if channels_first(data_format) else values[1:-1]
        if sorted(values) != sorted([*spatial, 1, 1]):
            raise s.refuse(f"its `{what}` {values} reach over samples or channels")
        return spatial
    return values[0] if len(values) == 1 else values


def channels_first(data_format: Any) -> bool:
    """Whether the channels come before the spatial axes."""
    return isinstance(data_format, str) and (data_format.startswith("NC") or data_format == "channels_first")


def spatial_padding(s: Steps, x: Any, padding: Any, data_format: Any) -> tuple[Any, str]:
    """x, padded where the padding is written out, and what is left to do: `same` or `valid`."""
    if isinstance(padding, str):
        if padding.lower() not in ("same", "valid"):
            raise s.refuse(f"its padding is `{padding[:20]}`, and `SAME` and `VALID` are supported")
        return x, padding.lower()
    rows = [s.integers(row, "padding") for row in s.data(padding, "padding")]
    if len(rows) == s.rank(x) - 2:
        rows = [[0, 0], [0, 0], *rows] if channels_first(data_format) else [[0, 0], *rows, [0, 0]]
    return s("pad", x, pad_width=rows), "valid"


def _format(data_format: Any) -> str | None:
    return "channels_first" if channels_first(data_format) else None


@_add("nn.max_pool", "nn.max_pool1d", "nn.max_pool2d", "nn.max_pool3d", "compat.v1.nn.max_pool",
      "compat.v1.nn.max_pool1d", "compat.v1.nn.max_pool2d", "compat.v1.nn.max_pool3d", "nn.avg_pool", "nn.avg_pool1d",
      "nn.avg_pool2d", "nn.avg_pool3d", "compat.v1.nn.avg_pool", "compat.v1.nn.avg_pool1d", "compat.v1.nn.avg_pool2d",
      "compat.v1.nn.avg_pool3d")  # fmt: skip
def _pool(s: Steps, input: Any, ksize: Any, strides: Any, padding: Any, data_format: Any = None) -> Any:
    operation = "max_pool" if "max" in s.function else "average_pool"
    if not isinstance(padding, str) and operation == "max_pool":
        raise s.refuse("its padding is written out, which is supported for convolutions only")
    x, rest = spatial_padding(s, input, padding, data_format)
    return s(operation, x, pool_size=windows(s, x, ksize, "ksize", data_format),
             strides=windows(s, x, strides, "strides", data_format), padding=rest,
             data_format=_format(data_format))  # fmt: skip


@_add("nn.pool", "compat.v1.nn.pool")
def _pool_by_type(
    s: Steps, input: Any, window_shape: Any, pooling_type: Any, padding: Any = "VALID", dilations: Any = None,
    strides: Any = None, data_format: Any = None,
) -> Any:  # fmt: skip
    if dilations is not None and set(s.integers(dilations, "dilations")) != {1}:
        raise s.refuse("`dilations` of pooling are not supported")
    operation = "max_pool" if str(pooling_type).upper() == "MAX" else "average_pool"
    steps = [1] * (s.rank(input) - 2) if strides is None else strides
    return s(operation, input, pool_size=windows(s, input, window_shape, "window_shape", data_format),
             strides=windows(s, input, steps, "strides", data_format), padding=str(padding).lower(),
             data_format=_format(data_format))  # fmt: skip


@_add("nn.conv1d", "nn.conv2d", "nn.conv3d", "nn.convolution", "compat.v1.nn.conv1d", "compat.v1.nn.conv2d",
      "compat.v1.nn.conv3d", "compat.v1.nn.convolution", "nn.conv1d_v2", "nn.conv2d_v2")  # fmt: skip
def _conv(
    s: Steps, input: Any, filters: Any, strides: Any = 1, padding: Any = "VALID", data_format: Any = None,
    dilations: Any = 1, use_cudnn_on_gpu: Any = None,
) -> Any:  # fmt: skip
    x, rest = spatial_padding(s, input, padding, data_format)
    return s("conv", x, filters, strides=windows(s, x, strides, "strides", data_format), padding=rest,
             dilation_rate=windows(s, x, dilations, "dilations", data_format),
             data_format=_format(data_format))  # fmt: skip


@_add("nn.atrous_conv2d")
def _atrous(s: Steps, value: Any, filters: Any, rate: Any, padding: Any) -> Any:
    return s("conv", value, filters, padding=str(padding).lower(), dilation_rate=s.integer(rate, "rate"))


@_add("nn.depthwise_conv2d", "compat.v1.nn.depthwise_conv2d", "compat.v1.nn.depthwise_conv2d_native")
def _depthwise_conv(
    s: Steps, input: Any, filters: Any, strides: Any, padding: Any, dilations: Any = 1, data_format: Any = None
) -> Any:
    x, rest = spatial_padding(s, input, padding, data_format)
    return s("depthwise_conv", x, filters, strides=windows(s, x, strides, "strides", data_format), padding=rest,
             dilation_rate=windows(s, x, dilations, "dilations", data_format),
             data_format=_format(data_format))  # fmt: skip


@_add("nn.separable_conv2d", "compat.v1.nn.separable_conv2d")
def _separable_conv(
    s: Steps, input: Any, depthwise_filter: Any, pointwise_filter: Any, strides: Any, padding: Any,
    data_format: Any = None, dilations: Any = 1,
) -> Any:  # fmt: skip
    return s("separable_conv", input, depthwise_filter, pointwise_filter,
             strides=windows(s, input, strides, "strides", data_format), padding=str(padding).lower(),
             dilation_rate=windows(s, input, dilations, "dilations", data_format),
             data_format=_format(data_format))  # fmt: skip


@_add("nn.conv1d_transpose", "nn.conv2d_transpose", "nn.conv3d_transpose", "compat.v1.nn.conv2d_transpose")
def _conv_transpose(
    s: Steps, input: Any, filters: Any, output_shape: Any, strides: Any, padding: Any = "SAME",
    data_format: Any = None, dilations: Any = 1,
) -> Any:  # fmt: skip
    steps = windows(s, input, strides, "strides", data_format)
    if not isinstance(padding, str):
        raise s.refuse("its padding is written out, which is supported for plain convolutions only")
    y = s("conv_transpose", input, filters, strides=steps, padding=str(padding).lower(),
          dilation_rate=windows(s, input, dilations, "dilations", data_format),
          data_format=_format(data_format))  # fmt: skip
    wanted = s.sizes(output_shape, "output_shape")[1:]
    if not same_shape(s.shape(y)[1:], wanted):
        raise s.refuse(f"its `output_shape` {wanted} is not that of its strides and padding, {list(s.shape(y)[1:])}")
    return y


# --- losses


@_add("nn.sigmoid_cross_entropy_with_logits", "compat.v1.nn.sigmoid_cross_entropy_with_logits")
def _sigmoid_cross_entropy(s: Steps, labels: Any = None, logits: Any = None, _sentinel: Any = None) -> Any:
    return s("subtract", s("softplus", logits), s("multiply", logits, labels))


@_add("nn.softmax_cross_entropy_with_logits", "compat.v1.nn.softmax_cross_entropy_with_logits_v2",
      "compat.v1.nn.softmax_cross_entropy_with_logits")  # fmt: skip
def _softmax_cross_entropy(s: Steps, labels: Any, logits: Any, axis: Any = -1) -> Any:
    at = s.integer(axis, "axis")
    return s("negative", s("sum", s("multiply", labels, s("log_softmax", logits, axis=at)), axis=at))


@_add("nn.sparse_softmax_cross_entropy_with_logits", "compat.v1.nn.sparse_softmax_cross_entropy_with_logits")
def _sparse_softmax_cross_entropy(s: Steps, labels: Any, logits: Any, _sentinel: Any = None) -> Any:
    classes = s.size(logits, s.axis(logits, -1))
    chosen = s("one_hot", labels, num_classes=classes)
    return s("negative", s("sum", s("multiply", chosen, s("log_softmax", logits, axis=-1)), axis=-1))


@_add("nn.weighted_cross_entropy_with_logits")
def _weighted_cross_entropy(s: Steps, labels: Any, logits: Any, pos_weight: Any) -> Any:
    weight = s("add", s("multiply", labels, s("subtract", pos_weight, 1.0)), 1.0)
    rest = s("multiply", s("subtract", 1.0, labels), logits)
    return s("add", rest, s("multiply", weight, s("softplus", s("negative", logits))))


@_add("nn.log_poisson_loss")
def _log_poisson(s: Steps, targets: Any, log_input: Any, compute_full_loss: Any = False) -> Any:
    if compute_full_loss:
        raise s.refuse("`compute_full_loss` is not supported")
    return s("subtract", s("exp", log_input), s("multiply", log_input, targets))


# --- keras.backend


@_add("keras.backend.batch_flatten")
def _batch_flatten(s: Steps, x: Any) -> Any:
    return s("reshape", x, newshape=[None, -1])


@_add("keras.backend.relu", "keras.activations.relu")
def _relu(s: Steps, x: Any, alpha: Any = 0.0, max_value: Any = None, threshold: Any = 0.0) -> Any:
    return s("relu", x, negative_slope=float(alpha), max_value=max_value, threshold=float(threshold))


@_add("keras.backend.hard_sigmoid", "keras.activations.hard_sigmoid")
def _hard_sigmoid(s: Steps, x: Any) -> Any:
    return clip(s, s("add", s("multiply", x, 0.2), 0.5), 0.0, 1.0)


_EPSILON = 1e-7
"""`keras.backend.epsilon()`."""


@_add("keras.backend.binary_crossentropy")
def _binary_crossentropy(s: Steps, target: Any, output: Any, from_logits: Any = False) -> Any:
    if from_logits:
        return _sigmoid_cross_entropy(s, target, output)
    y = clip(s, output, _EPSILON, 1 - _EPSILON)
    positive = s("multiply", target, s("log", s("add", y, _EPSILON)))
    negative = s("multiply", s("subtract", 1.0, target), s("log", s("add", s("subtract", 1.0, y), _EPSILON)))
    return s("negative", s("add", positive, negative))


@_add("keras.backend.categorical_crossentropy")
def _categorical_crossentropy(s: Steps, target: Any, output: Any, from_logits: Any = False, axis: Any = -1) -> Any:
    at = s.integer(axis, "axis")
    if from_logits:
        return _softmax_cross_entropy(s, target, output, at)
    share = s("divide", output, s("sum", output, axis=at, keepdims=True))
    y = clip(s, share, _EPSILON, 1 - _EPSILON)
    return s("negative", s("sum", s("multiply", target, s("log", y)), axis=at))


@_add("keras.backend.sparse_categorical_crossentropy")
def _sparse_categorical_crossentropy(
    s: Steps, target: Any, output: Any, from_logits: Any = False, axis: Any = -1, ignore_class: Any = None
) -> Any:
    if ignore_class is not None or s.axis(output, axis) != s.rank(output) - 1:
        raise s.refuse("`ignore_class` and another axis than the last are not supported")
    logits = output if from_logits else s("log", clip(s, output, _EPSILON, 1 - _EPSILON))
    return _sparse_softmax_cross_entropy(s, s("cast", target, dtype="int32"), logits)

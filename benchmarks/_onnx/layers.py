"""One rule for each kind of Keras layer: the ONNX nodes that compute it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from _onnx.graph import Array, Graph, Value

Rule = Callable[..., Value]
"""From the graph, the layer and its inputs to its result."""

LAYERS: dict[str, Rule] = {}
"""By the name of the layer's class."""


def rule(*kinds: str) -> Callable[[Rule], Rule]:
    def keep(function: Rule) -> Rule:
        LAYERS.update(dict.fromkeys(kinds, function))
        return function

    return keep


def activated(g: Graph, activation: Any, x: Value) -> Value:
    """The result of an activation, a function of Keras."""
    name = activation.__name__
    if name == "linear":
        return x
    if name in ("silu", "swish"):
        return x.like(g.node("Mul", [x.name, g.node("Sigmoid", [x.name])]))
    if name == "relu6":
        return x.like(_clipped(g, x.name, 6))
    if name == "softmax":
        return x.like(g.node("Softmax", [x.name], axis=-1))
    return x.like(g.node({"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "gelu": "Gelu"}[name], [x.name]))


def _clipped(g: Graph, x: str, most: float) -> str:
    return g.node("Clip", [x, g.weight(np.float32(0)), g.weight(np.float32(most))])


def _weights(layer: Any) -> dict[str, Array]:
    """The weights of a layer by name."""
    return {weight.name: np.asarray(weight) for weight in layer.weights}


@rule("Dropout", "StochasticDepth")
def _nothing(g: Graph, layer: Any, x: Value) -> Value:
    return x


@rule("Activation")
def _activation(g: Graph, layer: Any, x: Value) -> Value:
    return activated(g, layer.activation, x)


@rule("ReLU")
def _relu(g: Graph, layer: Any, x: Value) -> Value:
    return x.like(g.node("Relu", [x.name]) if layer.max_value is None else _clipped(g, x.name, layer.max_value))


@rule("Conv2D")
def _conv(g: Graph, layer: Any, x: Value) -> Value:
    w = _weights(layer)
    made = _convolved(g, layer, x, w["kernel"].transpose(3, 2, 0, 1), w.get("bias"), layer.groups)
    return activated(g, layer.activation, made)


@rule("DepthwiseConv2D")
def _depthwise(g: Graph, layer: Any, x: Value) -> Value:
    w = _weights(layer)
    channels = w["kernel"].shape[2]
    made = _convolved(g, layer, x, _depthwise_kernel(w["kernel"]), w.get("bias"), channels)
    return activated(g, layer.activation, made)


@rule("SeparableConv2D")
def _separable(g: Graph, layer: Any, x: Value) -> Value:
    w = _weights(layer)
    depthwise = w["depthwise_kernel"]
    between = _convolved(g, layer, x, _depthwise_kernel(depthwise), None, depthwise.shape[2])
    operands = [between.name, g.weight(w["pointwise_kernel"].transpose(3, 2, 0, 1))]
    if layer.use_bias:
        operands.append(g.weight(w["bias"]))
    return activated(g, layer.activation, Value(g, {"NCHW": g.node("Conv", operands)}))


def _depthwise_kernel(kernel: Array) -> Array:
    """From (rows, columns, channels, multiplier) to (channels · multiplier, 1, rows, columns)."""
    rows, columns, channels, multiplier = kernel.shape
    return kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, rows, columns)


def _convolved(g: Graph, layer: Any, x: Value, kernel: Array, bias: Array | None, groups: int) -> Value:
    operands = [x.as_("NCHW"), g.weight(kernel), *([] if bias is None else [g.weight(bias)])]
    options = _window(layer, kernel.shape[2:]) | {"dilations": layer.dilation_rate, "group": groups}
    return Value(g, {"NCHW": g.node("Conv", operands, **options)})


def _window(layer: Any, size: Any) -> dict[str, Any]:
    """The strides and the padding of a window; the padding as numbers where the sizes are known."""
    options: dict[str, Any] = {"strides": layer.strides}
    if layer.padding == "valid":
        return options
    if None in layer.input.shape[1:3]:
        return options | {"auto_pad": "SAME_UPPER"}
    dilations = getattr(layer, "dilation_rate", (1, 1))
    before, after = [], []
    for length, window, stride, dilation in zip(layer.input.shape[1:3], size, layer.strides, dilations, strict=True):
        pads = max((-(-length // stride) - 1) * stride + (window - 1) * dilation + 1 - length, 0)
        before.append(pads // 2)
        after.append(pads - pads // 2)
    return options | {"pads": [*before, *after]}


@rule("ZeroPadding2D")
def _padding(g: Graph, layer: Any, x: Value) -> Value:
    (top, bottom), (left, right) = layer.padding
    pads = np.array([0, 0, top, left, 0, 0, bottom, right], np.int64)
    return Value(g, {"NCHW": g.node("Pad", [x.as_("NCHW"), g.weight(pads)])})


@rule("MaxPooling2D", "AveragePooling2D")
def _pooling(g: Graph, layer: Any, x: Value) -> Value:
    op = "MaxPool" if type(layer).__name__ == "MaxPooling2D" else "AveragePool"
    options = _window(layer, layer.pool_size)
    return Value(g, {"NCHW": g.node(op, [x.as_("NCHW")], kernel_shape=layer.pool_size, **options)})


@rule("GlobalAveragePooling2D", "GlobalMaxPooling2D")
def _global_pooling(g: Graph, layer: Any, x: Value) -> Value:
    op = "GlobalAveragePool" if "Average" in type(layer).__name__ else "GlobalMaxPool"
    pooled = g.node(op, [x.as_("NCHW")])
    return Value(g, {"NCHW": pooled}) if layer.keepdims else Value(g, {None: g.node("Flatten", [pooled])})


@rule("BatchNormalization")
def _batch_normalization(g: Graph, layer: Any, x: Value) -> Value:
    w = _weights(layer)
    mean, variance = w["moving_mean"], w["moving_variance"]
    scale, offset = w.get("gamma", np.ones_like(mean)), w.get("beta", np.zeros_like(mean))
    operands = [x.as_("NCHW"), *map(g.weight, (scale, offset, mean, variance))]
    return Value(g, {"NCHW": g.node("BatchNormalization", operands, epsilon=layer.epsilon)})


@rule("LayerNormalization")
def _layer_normalization(g: Graph, layer: Any, x: Value) -> Value:
    w = _weights(layer)
    operands = [x.as_("NHWC"), g.weight(w["gamma"]), g.weight(w["beta"])]
    made = g.node("LayerNormalization", operands, axis=-1, epsilon=layer.epsilon)
    return Value(g, {x.layout and "NHWC": made})


@rule("Rescaling")
def _rescaling(g: Graph, layer: Any, x: Value) -> Value:
    scaled = g.node("Mul", [x.name, x.along_channels(layer.scale)])
    return x.like(g.node("Add", [scaled, x.along_channels(layer.offset)]) if np.any(layer.offset) else scaled)


@rule("Normalization")
def _normalization(g: Graph, layer: Any, x: Value) -> Value:
    mean, variance = np.asarray(layer.mean), np.asarray(layer.variance)
    centered = g.node("Sub", [x.name, x.along_channels(mean)])
    return x.like(g.node("Div", [centered, x.along_channels(np.maximum(np.sqrt(variance), 1e-7))]))


@rule("LayerScale")
def _layer_scale(g: Graph, layer: Any, x: Value) -> Value:
    return x.like(g.node("Mul", [x.name, x.along_channels(layer.gamma)]))


@rule("Add", "Multiply")
def _elementwise(g: Graph, layer: Any, first: Value, *others: Value) -> Value:
    name = first.name
    for other in others:
        name = g.node({"Add": "Add", "Multiply": "Mul"}[type(layer).__name__], [name, other.as_(first.layout)])
    return first.like(name)


@rule("Concatenate")
def _concatenate(g: Graph, layer: Any, *parts: Value) -> Value:
    return Value(g, {"NCHW": g.node("Concat", [part.as_("NCHW") for part in parts], axis=1)})


@rule("Flatten")
def _flatten(g: Graph, layer: Any, x: Value) -> Value:
    return Value(g, {None: g.node("Flatten", [x.as_("NHWC")])})


@rule("Reshape")
def _reshape(g: Graph, layer: Any, x: Value) -> Value:
    """To one row and one column of channels, as squeezing and exciting does."""
    *sizes, channels = layer.target_shape
    if sizes != [1, 1]:
        raise NotImplementedError(f"Reshape to {layer.target_shape}")
    return Value(g, {"NCHW": g.node("Reshape", [x.name, g.weight(np.array([0, channels, 1, 1], np.int64))])})


@rule("Dense")
def _dense(g: Graph, layer: Any, x: Value) -> Value:
    w = _weights(layer)
    kernel, bias = g.weight(w["kernel"]), g.weight(w["bias"])
    if len(layer.output.shape) == 2:
        return activated(g, layer.activation, Value(g, {None: g.node("Gemm", [x.name, kernel, bias])}))
    made = g.node("Add", [g.node("MatMul", [x.as_("NHWC"), kernel]), bias])
    return activated(g, layer.activation, Value(g, {x.layout and "NHWC": made}))


@rule("Embedding")
def _embedding(g: Graph, layer: Any, x: Value) -> Value:
    return x.like(g.node("Gather", [g.weight(_weights(layer)["embeddings"]), x.name]))


@rule("LSTM")
def _lstm(g: Graph, layer: Any, x: Value) -> Value:
    """The state after the last step, of an LSTM with the default activations."""
    if layer.return_sequences or layer.go_backwards:
        raise NotImplementedError("LSTM that returns sequences or goes backwards")

    def gates(array: Array) -> Array:  # Keras: i, f, c, o; ONNX: i, o, f, c
        i, f, c, o = np.split(array, 4, axis=-1)
        return np.concatenate([i, o, f, c], axis=-1)

    w = {name: gates(array) for name, array in _weights(layer).items()}
    bias = np.concatenate([w["bias"], np.zeros_like(w["bias"])])  # ONNX has one for inputs, one for states
    steps = g.node("Transpose", [x.name], perm=(1, 0, 2))
    operands = [steps, *map(g.weight, (w["kernel"].T[None], w["recurrent_kernel"].T[None], bias[None]))]
    last = g.node("LSTM", operands, outputs=2, hidden_size=layer.units)
    return Value(g, {None: g.node("Squeeze", [last, g.weight(np.array([0], np.int64))])})


@rule("MultiHeadAttention")
def _attention(g: Graph, layer: Any, query: Value, value: Value, *key: Value) -> Value:
    """softmax(q·kᵀ / √size)·v for each head, between matrices that take all heads at once."""
    w = {weight.path.split("/", 1)[1]: np.asarray(weight) for weight in layer.weights}
    size = layer._key_dim

    def heads(part: str, x: Value, order: tuple[int, ...]) -> str:
        kernel, bias = w[f"{part}/kernel"], w[f"{part}/bias"]
        shape = g.weight(np.array([0, -1, *kernel.shape[1:]], np.int64))
        product = g.node("MatMul", [x.name, g.weight(kernel.reshape(len(kernel), -1))])
        product = g.node("Add", [product, g.weight(bias.reshape(-1))])
        return g.node("Transpose", [g.node("Reshape", [product, shape])], perm=order)

    scale = g.weight(np.float32(1 / np.sqrt(size)))
    q = g.node("Mul", [heads("query", query, (0, 2, 1, 3)), scale])
    scores = g.node("MatMul", [q, heads("key", (*key, value)[0], (0, 2, 3, 1))])
    shares = g.node("Softmax", [scores], axis=-1)
    mixed = g.node("MatMul", [shares, heads("value", value, (0, 2, 1, 3))])
    kernel, bias = w["attention_output/kernel"], w["attention_output/bias"]
    mixed = g.node("Transpose", [mixed], perm=(0, 2, 1, 3))
    mixed = g.node("Reshape", [mixed, g.weight(np.array([0, -1, kernel.shape[0] * kernel.shape[1]], np.int64))])
    made = g.node("MatMul", [mixed, g.weight(kernel.reshape(-1, kernel.shape[-1]))])
    return query.like(g.node("Add", [made, g.weight(bias)]))

"""Layers over spatial axes: what they refuse, and what the table of layers does not show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError, SpecError
from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers import LAYERS
from modelc.layers.convolution.geometry import transpose_crop, window_padding
from modelc.ops.conv import extent


def call(config: dict[str, Any], *inputs: np.ndarray) -> np.ndarray:
    """The output of a layer without weights."""
    g = Builder()
    values = [g.input(TensorType((None, *x.shape[1:]))) for x in inputs]
    with g.layer("layer"):
        y = LAYERS.coerce(config).call(g, *values)
    return interpret(g.graph("one", (y,), ("layer",)), inputs, {})[0]


@pytest.mark.parametrize(
    ("config", "shape", "message"),
    [
        (
            {"type": "Conv2D", "filters": 3, "kernel_size": 3},
            (28, 28),
            "Conv2D takes 4-D input (batch, height, width, channels), found 3-D (None, 28, 28)",
        ),
        (
            {"type": "MaxPooling1D", "data_format": "channels_first"},
            (28,),
            "MaxPooling1D takes 3-D input (batch, channels, steps), found 2-D (None, 28)",
        ),
        (
            {"type": "Conv2D", "filters": 3, "kernel_size": 3, "groups": 3},
            (8, 8, 4),
            "`groups` (=3) must divide the input's channels (=4)",
        ),
        (
            {"type": "Conv2D", "filters": 3, "kernel_size": [3, 2], "dilation_rate": [1, 4]},
            (8, 4, 4),
            "a window of 2 with dilation 4 does not fit into 4 along spatial axis 1",
        ),
        (
            {"type": "AveragePooling2D", "pool_size": 5},
            (8, 4, 4),
            "a window of 5 does not fit into 4 along spatial axis 1",
        ),
        (
            {"type": "Conv1DTranspose", "filters": 3, "kernel_size": 2, "padding": "same", "output_padding": 0},
            (1, 4),
            "1 along spatial axis 0 leaves no output with `kernel_size` (=2) and `output_padding` (=0)",
        ),
        (
            {"type": "Cropping2D", "cropping": [[1, 2], [0, 0]]},
            (3, 5, 4),
            "`cropping` removes 1 + 2 positions of axis 1, which has 3",
        ),
        (
            {"type": "Cropping2D", "cropping": 2, "data_format": "channels_first"},
            (4, 5, 4),
            "`cropping` removes 2 + 2 positions of axis 3, which has 4",
        ),
    ],
)
def test_inputs_that_do_not_fit(config: dict[str, Any], shape: tuple[int, ...], message: str) -> None:
    g = Builder()
    with pytest.raises(ShapeError) as error, g.layer("layer"):
        LAYERS.coerce(config).call(g, g.input(TensorType((None, *shape))))
    assert error.value.message == message


@pytest.mark.parametrize(
    ("config", "code", "message"),
    [
        (
            {"type": "Conv2D", "filters": 3, "kernel_size": 3, "groups": 2},
            "E207",
            "`groups` (=2) must divide `filters` (=3)",
        ),
        (
            {"type": "Conv1D", "filters": 3, "kernel_size": 3, "strides": 2, "dilation_rate": 3},
            "E207",
            "`strides` (=[2]) and `dilation_rate` (=[3]) cannot both be larger than 1",
        ),
        (
            {"type": "Conv2DTranspose", "filters": 3, "kernel_size": 3, "strides": [3, 2], "output_padding": [2, 2]},
            "E207",
            "`output_padding` (=2) must be less than `strides` (=2)",
        ),
        (
            {"type": "Conv1D", "filters": 3, "kernel_size": 3, "lora_rank": 1, "kernel_constraint": "non_neg"},
            "E207",
            "`lora_rank` and `kernel_constraint` do not go together",
        ),
        (
            {"type": "Conv2D", "filters": 3, "kernel_size": 3, "padding": "causal"},
            "E204",
            '`padding` cannot be "causal"',
        ),
        (
            {"type": "Conv2D", "filters": 3, "kernel_size": [3]},
            "E204",
            "`kernel_size`: expected 2 values, one per axis, found 1",
        ),
        (
            {"type": "Conv2D", "filters": 3, "kernel_size": None},
            "E203",
            "`kernel_size`: expected an integer or a list of 2 integers, found null",
        ),
        ({"type": "MaxPooling1D", "pool_size": 0}, "E204", "`pool_size`: must be at least 1, found 0"),
        (
            {"type": "ZeroPadding3D", "padding": [[1, 2], [3]]},
            "E204",
            "`padding`: expected 3 values or pairs, one per axis, found 2",
        ),
        (
            {"type": "ZeroPadding2D", "padding": [[1, 2], [3]]},
            "E204",
            "`padding`: expected 2 values, before and after, found 1",
        ),
        (
            {"type": "Cropping1D", "cropping": "1"},
            "E203",
            '`cropping`: expected an integer or a list of 2 integers, found the text "1"',
        ),
    ],
)
def test_wrong_options(config: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        LAYERS.coerce(config)
    assert [(d.code, d.message) for d in error.value.diagnostics] == [(code, message)]


@pytest.mark.parametrize("steps_axis", [1, 2])
def test_global_average_of_the_steps_that_a_mask_keeps(steps_axis: int) -> None:
    x = np.random.default_rng(0).standard_normal((2, 4, 3)).astype(np.float32)
    mask = np.array([[1, 0, 1, 1], [0, -0.25, 0, 0]], np.float32)
    kept = np.stack([x[0, [0, 2, 3]].mean(0), x[1, 1]])
    config = {"type": "GlobalAveragePooling1D", "data_format": "channels_last" if steps_axis == 1 else "channels_first"}
    x = np.moveaxis(x, 1, steps_axis)
    np.testing.assert_allclose(call(config, x, mask), kept, rtol=1e-6)
    keepdims = call({**config, "keepdims": True}, x, mask)
    np.testing.assert_allclose(keepdims, np.expand_dims(kept, steps_axis), rtol=1e-6)
    with pytest.raises(ShapeError, match="does not have a value for each step"):
        call(config, x, mask[:, :3])


def test_the_sizes_that_padding_is_defined_by() -> None:
    """`same` gives ceil(in / stride) positions, the odd zero at the end; `causal` sees nothing later."""
    for size in range(1, 9):
        for window in range(1, 5):
            for stride in range(1, 4):
                for dilation in range(1, 3):
                    ((low, high),) = window_padding("same", (size,), (window,), (stride,), (dilation,))
                    outputs = (size + low + high - extent(window, dilation)) // stride + 1
                    assert outputs == -(-size // stride) and 0 <= high - low <= 1
                    ((low, high),) = window_padding("causal", (size,), (window,), (stride,), (dilation,))
                    assert (low, high) == (extent(window, dilation) - 1, 0)


def test_the_lengths_that_transposed_padding_is_defined_by() -> None:
    """The output lengths in the documentation of `keras.layers.Conv1DTranspose`."""
    for size in range(1, 5):
        for window in range(1, 6):
            for stride in range(1, 5):
                for added in (None, *range(stride)):
                    padding = None if added is None else (added,)
                    lengths: dict[str, int] = {}
                    for kind in ("valid", "same"):
                        ((low, high),) = transpose_crop(kind, (window,), (stride,), (1,), padding)  # type: ignore[arg-type]
                        lengths[kind] = (size - 1) * stride + window - low - high
                        assert low >= 0
                        if kind == "same" and added is None and window >= stride:
                            # It is the gradient of the convolution whose input is its output.
                            forward = window_padding("same", (size * stride,), (window,), (stride,), (1,))
                            assert ((low, high),) == forward
                    if added is None:
                        assert lengths == {"valid": size * stride + max(window - stride, 0), "same": size * stride}
                    else:
                        base = (size - 1) * stride
                        assert lengths == {"valid": base + window + added, "same": base + window % 2 + added}


@pytest.mark.parametrize("layer", ["DepthwiseConv2D", "SeparableConv2D"])
def test_a_depthwise_convolution_is_one_of_each_channel(layer: str) -> None:
    """``y[..., c·M + m] = x[..., c] * kernel[..., c, m]``, and a separable one multiplies that by a matrix."""
    config = {"type": layer, "kernel_size": [2, 3], "depth_multiplier": 2, "use_bias": False}
    if layer == "SeparableConv2D":
        config["filters"] = 4
    g = Builder()
    x = g.input(TensorType((None, 4, 5, 3)))
    with g.layer("layer"):
        y = LAYERS.coerce(config).call(g, x)
    graph = g.graph("one", (y,), ("layer",))
    rng = np.random.default_rng(0)
    value = rng.standard_normal((2, 4, 5, 3))
    weights = {w.path: rng.standard_normal(w.shape) for w in graph.weights}
    kernel, *pointwise = weights.values()
    expected = np.zeros((2, 3, 3, 6))
    for c in range(3):
        for m in range(2):
            for i in range(3):
                for j in range(3):
                    window = value[:, i : i + 2, j : j + 3, c]
                    expected[:, i, j, 2 * c + m] = (window * kernel[:, :, c, m]).sum((1, 2))
    if pointwise:
        expected = expected @ pointwise[0][0, 0]
    np.testing.assert_allclose(interpret(graph, [value], weights)[0], expected, atol=1e-12)


def test_up_sampling_by_one_changes_nothing() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 2)).astype(np.float32)
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        config = {"type": "UpSampling2D", "size": 1, "interpolation": interpolation}
        np.testing.assert_array_equal(call(config, x), x)


@pytest.mark.parametrize("activation", ["softmax", "log_softmax", "sparsemax", "glu"])
@pytest.mark.parametrize(
    "config",
    [
        {"type": "Conv2D", "filters": 3, "kernel_size": 2},
        {"type": "Conv2DTranspose", "filters": 3, "kernel_size": 2},
        {"type": "DepthwiseConv2D", "kernel_size": 2},
        {"type": "SeparableConv2D", "filters": 3, "kernel_size": 2},
    ],
    ids=lambda config: config["type"],
)
def test_an_activation_with_channels_first_is_along_the_width(config: dict[str, Any], activation: str) -> None:
    """As in Keras, whose activations know no data format: the last axis is the width then."""
    config = {**config, "data_format": "channels_first"}
    layers = [LAYERS.coerce(config), LAYERS.coerce({**config, "activation": activation})]
    x = np.random.default_rng(0).standard_normal((2, 3, 5, 7)).astype(np.float32)
    plain = np.asarray(layers[0](x))
    layers[1](x)
    layers[1].set_weights(layers[0].get_weights())
    expected = LAYERS.coerce({"type": "Activation", "activation": activation})(plain)
    np.testing.assert_allclose(layers[1](x), expected, rtol=1e-5, atol=1e-6)

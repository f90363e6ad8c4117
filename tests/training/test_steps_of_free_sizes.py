"""A step of training on free sizes changes the weights as that of the model for just these sizes does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc import Model, load_spec

Array = np.ndarray[Any, Any]
Sizes = dict[str, int]

CONVOLVED = [
    {"type": "Conv2D", "filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"},
    {"type": "BatchNormalization"}, {"type": "ReLU"},
    {"type": "ZeroPadding2D", "correct_pad": 3},
    {"type": "DepthwiseConv2D", "kernel_size": 3, "strides": 2},
    {"type": "MaxPooling2D", "pool_size": 2, "strides": 1, "padding": "same"},
    {"type": "AveragePooling2D", "pool_size": 2, "strides": 1, "padding": "same"},
]  # fmt: skip

MODELS: dict[str, tuple[dict[str, Any], list[Any], str]] = {
    "pooled": ({"shape": ["h", "w", 3]}, [*CONVOLVED, {"type": "GlobalAveragePooling2D"},
               {"type": "Dense", "units": 2}], "mse"),
    "adaptive": ({"shape": ["h", "w", 3]}, [*CONVOLVED, {"type": "AdaptiveAveragePooling2D", "output_size": 2},
                 {"type": "Flatten"}, {"type": "Dense", "units": 2}], "mse"),
    "largest": ({"shape": ["h", "w", 3]}, [*CONVOLVED, {"type": "AdaptiveMaxPooling2D", "output_size": [1, 2]},
                {"type": "Flatten"}, {"type": "Dense", "units": 2}], "mse"),
    "resized": ({"shape": ["h", "w", 3]}, [*CONVOLVED, {"type": "UpSampling2D"},
                {"type": "Resizing", "height": 3, "width": 4}, {"type": "Flatten"},
                {"type": "Dense", "units": 2}], "mae"),
    "picture to picture": ({"shape": ["h", "w", 3]}, [
        {"type": "Conv2D", "filters": 4, "kernel_size": 3, "padding": "same", "activation": "relu"},
        {"type": "Conv2DTranspose", "filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"},
        {"type": "Conv2D", "filters": 2, "kernel_size": 2, "strides": 2}], "mse"),
    "volume": ({"shape": ["h", "w", "time", 2]}, [
        {"type": "Conv3D", "filters": 3, "kernel_size": 2, "padding": "same"}, {"type": "LayerNormalization"},
        {"type": "Cropping3D", "cropping": [[0, 1], [1, 0], [0, 0]]}, {"type": "GlobalMaxPooling3D"},
        {"type": "Dense", "units": 2}], "mse"),
    "text": ({"shape": ["time"], "dtype": "int32"}, [
        {"type": "Embedding", "input_dim": 9, "output_dim": 5, "mask_zero": True},
        {"type": "Bidirectional", "layer": {"type": "LSTM", "units": 4, "return_sequences": True}},
        {"type": "GRU", "units": 4}, {"type": "Dense", "units": 2}], "mse"),
    "tags": ({"shape": ["time"], "dtype": "int32"}, [
        {"type": "Embedding", "input_dim": 9, "output_dim": 5},
        {"type": "Conv1D", "filters": 6, "kernel_size": 3, "padding": "causal", "dilation_rate": 2},
        {"type": "SimpleRNN", "units": 4, "return_sequences": True}, {"type": "Dense", "units": 2}], "mse"),
    "attention": ({"shape": ["time", 6]}, [
        {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "inputs": ["input", "input"]},
        {"type": "LayerNormalization"}, {"type": "Operation", "operation": "flip", "arguments": {"axis": 1}},
        {"type": "Operation", "operation": "cumsum", "arguments": {"axis": 1}},
        {"type": "GlobalAveragePooling1D"}, {"type": "Dense", "units": 2}], "mse"),
    "every picture": ({"shape": ["time", "h", "w", 2]}, [
        {"type": "TimeDistributed", "layer": {"type": "Model", "spec": {"modelc": 1, "layers": [
            {"type": "Conv2D", "filters": 3, "kernel_size": 3, "padding": "same", "activity_regularizer": "l2"},
            {"type": "BatchNormalization"}, {"type": "ReLU"}, {"type": "GlobalAveragePooling2D"}]}}},
        {"type": "LSTM", "units": 3, "activation": "softmax"}, {"type": "Dense", "units": 2}], "mse"),
    "every sequence": ({"shape": ["time", "h", 2]}, [
        {"type": "TimeDistributed", "layer": {"type": "Bidirectional", "layer": {
            "type": "GRU", "units": 3, "recurrent_activation": "softmax", "return_sequences": True}}},
        {"type": "TimeDistributed", "layer": {"type": "TimeDistributed", "layer": "Softmax"}},
        {"type": "ConvLSTM1D", "filters": 2, "kernel_size": 2, "go_backwards": True, "return_sequences": True},
        {"type": "TimeDistributed", "layer": {"type": "LSTM", "units": 2}},
        {"type": "GlobalMaxPooling1D"}, {"type": "Dense", "units": 2}], "mse"),
    "every step": ({"shape": ["time", "h", "w", 2]}, [
        {"type": "ConvLSTM2D", "filters": 2, "kernel_size": 2, "padding": "same", "return_sequences": True},
        {"type": "TimeDistributed", "layer": {"type": "GlobalAveragePooling2D"}}, {"type": "LSTM", "units": 3},
        {"type": "Dense", "units": 2}], "mse"),
}  # fmt: skip

SIZES: list[Sizes] = [{"h": 9, "w": 12, "time": 5}, {"h": 14, "w": 7, "time": 3}, {"h": 8, "w": 8, "time": 8}]


def model(name: str, sizes: Sizes | None, weights: list[Array] | None) -> Model:
    given, layers, loss = MODELS[name]
    shape = [d if sizes is None else sizes.get(d, d) for d in given["shape"]]
    made = load_spec({"modelc": 1, "input": {**given, "shape": shape}, "layers": layers}).build(seed=1)
    if weights is not None:
        made.set_weights(weights)
    made.compile(optimizer={"type": "SGD", "learning_rate": 0.1}, loss=loss)
    return made


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] * (n == "every step")) for n in MODELS])
def test_a_step_is_that_of_the_fixed_model(name: str) -> None:
    free = model(name, None, None)
    rng = np.random.default_rng(0)
    for sizes in SIZES:
        before = free.get_weights()
        fixed = model(name, sizes, before)
        shape = (4, *(sizes.get(d, d) for d in MODELS[name][0]["shape"]))
        x = rng.integers(0, 9, shape, dtype=np.int32) if len(shape) == 2 else rng.standard_normal(shape, np.float32)
        y = rng.standard_normal(np.shape(fixed(x)), np.float32)
        one, other = free.train_on_batch(x, y), fixed.train_on_batch(x, y)
        np.testing.assert_allclose(one, other, rtol=1e-5)
        moved = 0.0
        for a, b, old in zip(free.get_weights(), fixed.get_weights(), before, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
            moved = max(moved, float(np.abs(a - old).max()))
        assert moved > 1e-4, "nothing was trained"

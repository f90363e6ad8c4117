"""The models of the runs of `parity_cases.py`: specs whose layers have Keras's names and options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

BATCH = 16


@dataclass(frozen=True)
class ParityModel:
    layers: tuple[dict[str, Any], ...]
    """As a spec has them; each takes the one before unless `inputs` names others."""
    loss: str | tuple[str, ...]
    samples: Callable[[np.random.Generator], list[Array]]
    """The inputs of a batch."""
    widths: tuple[tuple[int, ...], ...]
    """The shape of a sample of each output."""
    outputs: tuple[str, ...] = ()
    """The names of the outputs where there are several."""

    @property
    def spec(self) -> Mapping[str, Any]:
        (x,) = self.samples(np.random.default_rng(0))
        dtype = "int32" if x.dtype == np.int32 else "float32"
        spec = {"modelc": 1, "input": {"shape": list(x.shape[1:]), "dtype": dtype}, "layers": list(self.layers)}
        return {**spec, "outputs": list(self.outputs)} if self.outputs else spec


def _normal(*shape: int) -> Callable[[np.random.Generator], list[Array]]:
    return lambda rng: [rng.standard_normal((BATCH, *shape), np.float32)]


def _sentences(rng: np.random.Generator) -> list[Array]:
    """Words 1 to 8, then 0 up to the length."""
    words = rng.integers(1, 9, (BATCH, 6), np.int32)
    words[np.arange(6) >= rng.integers(1, 7, (BATCH, 1))] = 0
    return [words]


def _dense(units: int, activation: str | None = None, **options: Any) -> dict[str, Any]:
    return {"type": "Dense", "units": units, "activation": activation, **options}


def _conv(filters: int, **options: Any) -> dict[str, Any]:
    return {"type": "Conv2D", "filters": filters, "kernel_size": 3, **options}


_NORMALIZE, _POOL = {"type": "BatchNormalization"}, {"type": "GlobalAveragePooling2D"}
_SILU = {"type": "Activation", "activation": "silu"}
_WORDS = {"type": "Embedding", "input_dim": 9, "output_dim": 5, "mask_zero": True}
_WEAK = {"type": "L2", "l2": 0.01}
_BETWEEN = {"type": "MinMaxNorm", "min_value": 0.5, "max_value": 0.9, "rate": 0.5}
_CLASSES = "sparse_categorical_crossentropy"

MODELS = {
    "mlp": ParityModel(
        (_dense(12, "relu"), _dense(8, "tanh"), _dense(4, "softmax")), _CLASSES, _normal(6), ((4,),)
    ),
    # No bias before a normalization: its gradient is 0, and what rounding leaves of it some rules blow up. And smooth:
    # where a ReLU or a maximum changes sides by a rounding, two runs part for good, Keras's from itself as well. With
    # ReLU and MaxPooling2D, and weights that begin 1e-6 apart, its runs of Adam (learning_rate=0.01, amsgrad) were
    # found 0.18 apart after 50 steps.
    "convnet": ParityModel(
        (
            _conv(6, use_bias=False), _NORMALIZE, _SILU, {"type": "AveragePooling2D", "pool_size": 2},
            _conv(8, padding="same", use_bias=False), {**_NORMALIZE, "momentum": 0.9}, _SILU,
            _POOL, _dense(4, "softmax"),
        ),
        "categorical_crossentropy", _normal(10, 10, 3), ((4,),),
    ),
    "relu convnet": ParityModel(
        (
            _conv(6, use_bias=False), _NORMALIZE, {"type": "ReLU"}, {"type": "MaxPooling2D"},
            _conv(8, padding="same", activation="relu"), _POOL, _dense(4, "softmax"),
        ),
        "categorical_crossentropy", _normal(10, 10, 3), ((4,),),
    ),
    "regression": ParityModel((_dense(8, "tanh"), _dense(3)), "mean_squared_error", _normal(6), ((3,),)),
    "counts": ParityModel((_dense(8, "tanh"), _dense(3, "softplus")), "poisson", _normal(6), ((3,),)),
    "penalties": ParityModel(
        (
            _dense(12, "tanh", kernel_regularizer={"type": "L1L2", "l1": 0.001, "l2": 0.01}, bias_regularizer="l2"),
            _dense(8, "tanh", kernel_regularizer={"type": "L2", "l2": 0.02}, activity_regularizer=_WEAK),
            _dense(8, kernel_regularizer={"type": "OrthogonalRegularizer", "factor": 0.01}),
            _dense(4, "softmax"),
        ),
        _CLASSES, _normal(6), ((4,),),
    ),
    "constraints": ParityModel(
        (
            _dense(12, "tanh", kernel_constraint={"type": "MaxNorm", "max_value": 0.8}, bias_constraint="non_neg"),
            _dense(8, "tanh", kernel_constraint=_BETWEEN),
            _dense(4, "softmax", kernel_constraint="unit_norm"),
        ),
        _CLASSES, _normal(6), ((4,),),
    ),
    "two outputs": ParityModel(
        (
            _dense(12, "tanh", name="trunk"), _dense(4, "softmax", name="kind"),
            _dense(3, name="size", inputs="trunk"),
        ),
        (_CLASSES, "mean_squared_error"), _normal(6), ((4,), (3,)), ("kind", "size"),
    ),
    "masked lstm": ParityModel(
        (_WORDS, {"type": "LSTM", "units": 6}, _dense(4, "softmax")), _CLASSES, _sentences, ((4,),)
    ),
    "masked steps": ParityModel(
        (_WORDS, {"type": "LSTM", "units": 6, "return_sequences": True}, _dense(4, "softmax")),
        _CLASSES, _sentences, ((6, 4),),
    ),
    "gru": ParityModel(
        ({"type": "Bidirectional", "layer": {"type": "GRU", "units": 4}}, _dense(1, "sigmoid")),
        "binary_crossentropy", _normal(5, 3), ((1,),),
    ),
    "attention": ParityModel(
        (
            {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3, "name": "heads", "inputs": ["input", "input"]},
            {"type": "Add", "name": "sum", "inputs": ["input", "heads"]},
            {"type": "LayerNormalization"}, {"type": "GlobalAveragePooling1D"}, _dense(4, "softmax"),
        ),
        _CLASSES, _normal(5, 6), ((4,),),
    ),
    "separable": ParityModel(
        (
            {"type": "DepthwiseConv2D", "kernel_size": 3, "activation": "tanh"},
            {"type": "SeparableConv2D", "filters": 6, "kernel_size": 3, "padding": "same"},
            {"type": "GroupNormalization", "groups": 3}, {"type": "PReLU", "shared_axes": [1, 2]},
            {"type": "Conv2DTranspose", "filters": 4, "kernel_size": 3, "strides": 2},
            {"type": "AveragePooling2D", "pool_size": 2}, _POOL, _dense(4, "softmax"),
        ),
        _CLASSES, _normal(8, 8, 3), ((4,),),
    ),
}  # fmt: skip

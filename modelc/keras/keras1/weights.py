"""The arrays of files that Keras 1 saved, in the shapes and the order of Keras 2.

Keras 1 names an array after its layer and a letter: `dense_1_W`, `lstm_1_U_i`; on TensorFlow with `:0` behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.keras.keras1.composed import CARRY, MAXOUT, TRANSFORM
from modelc.keras.weights.tree import LayerNode

Array = NDArray[Any]
Named = Mapping[str, Array]
"""The arrays of a layer by the part of their names behind the layer's: `W`, `U_i`, `running_mean`."""

_SUFFIX = re.compile(
    r"(?P<layer>.*?)_(?P<part>[WUb](_carry|_[a-z])?|gamma|beta|running_mean|running_std|alphas|betas|t_left|a_left|t_right|"
    r"a_right|depthwise_kernel|pointwise_kernel)(?P<tensor>:\d+)?"
)


def names_of_keras_1(names: Sequence[str]) -> bool:
    """Whether names of arrays are those of Keras 1, which have no slash; names of Keras 2 are paths."""
    return bool(names) and all("/" not in name and _SUFFIX.fullmatch(name) for name in names)


def saved_by_theano(names: Sequence[str]) -> bool:
    """Whether Keras 1 ran on Theano, whose names of variables do not end with `:0` as those of TensorFlow do."""
    return not any(":" in name for name in names)


def parted(name: str) -> tuple[str, str]:
    """Split the name of an array into the name of its layer and the rest: `lstm_1`, `U_i`."""
    found = _SUFFIX.fullmatch(name)
    return (found["layer"], found["part"]) if found else (name, "")


def converted(node: LayerNode, arrays: Named, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """The weights of a layer without layers inside, by their names in Keras 2, which have these shapes there.

    Raises `KeyError` or `ValueError` where the arrays are not those of such a layer.
    """
    if node.class_name == "Conv1D":
        return _steps(arrays, shapes)
    convert = _LAYERS.get(node.class_name, _plain)
    return convert(arrays, node.channels_first)


def _plain(arrays: Named, first: bool) -> dict[str, Array]:
    names = {"W": "kernel", "U": "recurrent_kernel", "b": "bias"}
    return {names.get(part, part): array for part, array in arrays.items()}


def _embedding(arrays: Named, first: bool) -> dict[str, Array]:
    return {"embeddings": arrays["W"]}


def _steps(arrays: Named, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    made = _plain(arrays, False)
    kernel = made["kernel"]
    size, *rest = shapes.get("kernel", (0,))
    # (steps, 1, channels, filters) since Keras 1.1, (filters, channels, steps, 1) before.
    straight = kernel.shape == (size, 1, *rest)
    made["kernel"] = (kernel if straight else kernel.transpose(2, 3, 1, 0))[:, 0]
    return made


def _convolution(arrays: Named, first: bool) -> dict[str, Array]:
    made = _plain(arrays, first)
    return {**made, "kernel": _kernel(made["kernel"], first)}


def _kernel(kernel: Array, first: bool) -> Array:
    """(filters, channels, ...) with channels first → (..., channels, filters)."""
    return kernel.transpose(*range(2, kernel.ndim), 1, 0) if first else kernel


def _transposed(arrays: Named, first: bool) -> dict[str, Array]:
    made = _plain(arrays, first)
    kernel = made["kernel"]
    return {**made, "kernel": kernel.transpose(2, 3, 0, 1) if first else kernel.transpose(0, 1, 3, 2)}


def _separable(arrays: Named, first: bool) -> dict[str, Array]:
    return {part: _kernel(array, first and part != "bias") for part, array in _plain(arrays, first).items()}


def _local(arrays: Named, first: bool) -> dict[str, Array]:
    made = _plain(arrays, first)
    bias = made.get("bias")
    if bias is not None and first and bias.ndim == 3:  # (filters, rows, columns): Keras 2 reads it as if it were last
        made["bias"] = bias.reshape(*bias.shape[1:], bias.shape[0])
    return made


def _normalization(arrays: Named, first: bool) -> dict[str, Array]:
    names = {"running_mean": "moving_mean", "running_std": "moving_variance"}
    return {names.get(part, part): array for part, array in arrays.items()}


def _prelu(arrays: Named, first: bool) -> dict[str, Array]:
    return {"alpha": arrays["alphas"]}


def _sample_normalization(arrays: Named, first: bool) -> dict[str, Array]:
    # Keras 1 has statistics as well, which it never uses.
    return {part: arrays[part] for part in ("gamma", "beta")}


def _softplus(arrays: Named, first: bool) -> dict[str, Array]:
    return {"alpha": arrays["alphas"], "beta": arrays["betas"]}


def _gates(order: str, axis_of_filters: int | None = None) -> Callable[[Named, bool], dict[str, Array]]:
    """Concatenate the arrays of gates, which Keras 1 saved one by one, in the order of Keras 2."""

    def convert(arrays: Named, first: bool) -> dict[str, Array]:
        if "W" in arrays:  # saved with `consume_less: gpu`: the gates are concatenated already
            return _plain(arrays, first)
        made: dict[str, Array] = {}
        for part, name in (("W", "kernel"), ("U", "recurrent_kernel"), ("b", "bias")):
            gates = [arrays[f"{part}_{gate}"] for gate in order]
            images = axis_of_filters is not None and part != "b"
            made[name] = np.concatenate([_kernel(gate, first) for gate in gates] if images else gates, -1)
        return made

    return convert


_LAYERS: Mapping[str, Callable[[Named, bool], dict[str, Array]]] = {
    "Embedding": _embedding,
    "Conv2D": _convolution,
    "Conv3D": _convolution,
    "Conv2DTranspose": _transposed,
    "SeparableConv2D": _separable,
    "LocallyConnected1D": _local,
    "LocallyConnected2D": _local,
    "BatchNormalization": _normalization,
    "SampleNormalization": _sample_normalization,
    "PReLU": _prelu,
    "ParametricSoftplus": _softplus,
    "LSTM": _gates("ifco"),
    "GRU": _gates("zrh"),
    "ConvLSTM2D": _gates("ifco", 0),
}


def of_highway(arrays: Named) -> dict[str, dict[str, Array]]:
    """The weights of the Dense layers that replace a Highway, by the names of these layers."""
    parts = {TRANSFORM: {"W": "kernel", "b": "bias"}, CARRY: {"W_carry": "kernel", "b_carry": "bias"}}
    return {name: {new: arrays[old] for old, new in names.items() if old in arrays} for name, names in parts.items()}


def of_maxout(arrays: Named) -> dict[str, dict[str, Array]]:
    """The weights of the Dense layer that replaces a MaxoutDense: (maps, in, out) → (in, maps·out)."""
    maps, inputs, units = arrays["W"].shape
    made = {"kernel": arrays["W"].transpose(1, 0, 2).reshape(inputs, maps * units)}
    return {MAXOUT: {**made, **({"bias": arrays["b"].reshape(-1)} if "b" in arrays else {})}}

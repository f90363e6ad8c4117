"""The kernels of convolutions in files that Keras saved while it computed with Theano.

Theano's convolution is that of mathematics, ``Σ x[o - k]·kernel[k]``; that of TensorFlow, and of modelc, is a
correlation, ``Σ x[o + k]·kernel[k]``. One is the other with the kernel flipped along all of its spatial axes, which is
what Keras did when it loaded a file that the other backend had saved. Depthwise kernels it flips before it hands them
to Theano, so that these are as in TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.keras.weights.tree import LayerNode

Array = NDArray[Any]

_KERNELS = frozenset({"kernel", "recurrent_kernel"})
_AS_IN_TENSORFLOW = ("Depthwise", "Separable")
_CHANNELS = 2
"""The axes of a kernel behind the spatial ones."""


def straightened(arrays: Mapping[str, Array], tree: LayerNode) -> dict[str, Array]:
    """The arrays of a model's weights, by path, with the kernels of its convolutions flipped."""
    prefixes = tuple(_convolutions(tree, ""))
    return {
        path: _flipped(array) if path.startswith(prefixes) and path.rpartition("/")[2] in _KERNELS else array
        for path, array in arrays.items()
    }


def _flipped(kernel: Array) -> Array:
    return np.ascontiguousarray(np.flip(kernel, tuple(range(kernel.ndim - _CHANNELS))))


def _convolutions(model: LayerNode, prefix: str) -> Iterator[str]:
    """What the paths of the weights of convolutions begin with, of those inside of models and wrappers as well."""
    for layer in model.layers:
        path = f"{prefix}{layer.name}/"
        if layer.is_model:
            yield from _convolutions(layer, path)
        elif _is_convolution(layer):
            yield path


def _is_convolution(layer: LayerNode) -> bool:
    if layer.class_name.startswith(_AS_IN_TENSORFLOW):
        return False
    return "conv" in layer.class_name.lower() or any(
        _is_convolution(inner) for inner in (*layer.layers, *(part for _, part in layer.parts))
    )

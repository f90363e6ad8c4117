"""The photograph, the weights and the elements that the recorded outputs of the guide's CNN are of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_sample_image

Array = np.ndarray[Any, Any]

RECORD = Path(__file__).with_name("photograph.npz")

_SAMPLED = 500
"""Elements that are kept of a layer's output."""


def pixels() -> Array:
    """250×250 pixels, 0 to 255, from the middle of a photograph of the Summer Palace that scikit-learn ships."""
    return np.ascontiguousarray(load_sample_image("china.jpg")[88:338, 195:445])


def photograph() -> Array:
    """The same as a batch of one, 0 to 1."""
    return (pixels()[np.newaxis] / np.float32(255)).astype(np.float32)


def weights(shapes: Sequence[Sequence[int]]) -> list[Array]:
    """Kernels of variance 2 / fan_in, so that every layer's output is of order one; biases of deviation 0.1."""
    draw = np.random.RandomState(250)  # whose stream NumPy promises to keep, unlike that of default_rng
    deviations = [0.1 if len(shape) == 1 else np.sqrt(2 / np.prod(shape[:-1])) for shape in shapes]
    return [
        (draw.standard_normal(tuple(shape)) * deviation).astype(np.float32)
        for shape, deviation in zip(shapes, deviations, strict=True)
    ]


def sample(layer: int, output: Array) -> Array:
    """Some elements of a layer's output: all where there are few."""
    if output.size <= _SAMPLED:
        return output.reshape(-1)
    return output.reshape(-1)[np.random.RandomState(layer).randint(output.size, size=_SAMPLED)]

"""Weights and pictures that are made instead of stored: the same ones for Keras and for modelc, by a rule.

Weight number i of a model, of the shape s, comes from ``n = default_rng(i).standard_normal(s)`` by its name:

    kernels                         n·√(gain / fan_in), so that activations keep their size from layer to layer
    bias, beta, moving_mean         0.05·n
    gamma, and LayerScale's factor  1 + 0.05·n
    moving_variance                 1 + 0.1·|n|
    others                          None: what the model is built with; a Normalization's statistics

`fan_in` is the number of values that one output is a sum of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def weight(i: int, name: str, shape: Sequence[int], gain: float = 2.0) -> Array | None:
    """Weight number `i` of a model; `name` is the last part of its path."""
    if not _is_made(name):
        return None
    made = np.empty(math.prod(shape), np.float32)
    # Piece by piece: the largest weights have 100 million elements, and these normals are float64.
    rng, step = np.random.default_rng(i), 1 << 22
    for start in range(0, made.size, step):
        normal = rng.standard_normal(min(step, made.size - start))
        made[start : start + step] = _scaled(normal, name, shape, gain)
    return made.reshape(tuple(shape))


def _is_made(name: str) -> bool:
    return "kernel" in name or name in ("bias", "beta", "moving_mean", "moving_variance", "gamma") or _is_factor(name)


def _is_factor(name: str) -> bool:
    """Whether this is what Keras calls a weight that was given no name: LayerScale's."""
    return name.startswith("variable")


def _scaled(normal: NDArray[np.float64], name: str, shape: Sequence[int], gain: float) -> Any:
    if "kernel" in name:
        return normal * math.sqrt(gain / _fan_in(name, shape))
    if name == "gamma" or _is_factor(name):
        return 1 + 0.05 * normal
    return 1 + 0.1 * np.abs(normal) if name == "moving_variance" else 0.05 * normal


def _fan_in(name: str, shape: Sequence[int]) -> int:
    is_depthwise = "depthwise" in name or (len(shape) == 4 and shape[-1] == 1 and shape[2] > 1)
    return math.prod(shape[:2] if is_depthwise else shape[:-1])


def pictures(shape: Sequence[int], scale: float, seed: int = 0) -> Array:
    """Noise for a model to run on."""
    return np.random.default_rng(seed).standard_normal(tuple(shape), dtype=np.float32) * np.float32(scale)

"""Random numbers of a given distribution and variance."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.types import format_shape
from modelc.ops.base import Array

Mode = Literal["fan_in", "fan_out", "fan_avg"]
Distribution = Literal["truncated_normal", "untruncated_normal", "uniform"]

_TRUNCATED_STDDEV = 0.87962566103423978
"""The standard deviation of a standard normal that is cut at ±2."""


def fans(shape: tuple[int, ...], inputs: tuple[int, ...] | None, outputs: tuple[int, ...] | None) -> tuple[int, int]:
    """How many inputs an output of this weight has, and how many outputs an input has.

    For a kernel (*window, inputs, outputs): window·inputs and window·outputs; for a vector, its length. `inputs` and
    `outputs`, given together, are the axes whose product is the fan instead. Raises `ShapeError` for an axis that
    the shape does not have.
    """
    if inputs is not None and outputs is not None:
        for axis in (*inputs, *outputs):
            if not -len(shape) <= axis < len(shape):
                raise ShapeError(f"a weight of the shape {format_shape(shape)} has no axis {axis} for its fans")
        return math.prod(shape[axis] for axis in inputs), math.prod(shape[axis] for axis in outputs)
    if len(shape) < 2:
        return math.prod(shape), math.prod(shape)
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def scaled(
    shape: tuple[int, ...],
    generator: np.random.Generator,
    scale: float,
    mode: Mode,
    distribution: Distribution,
    sizes: tuple[int, int],
) -> Array:
    """Numbers of the variance ``scale / fan`` and the mean 0."""
    n = {"fan_in": sizes[0], "fan_out": sizes[1], "fan_avg": sum(sizes) / 2}[mode]
    variance = scale / max(1.0, n)
    if distribution == "uniform":
        limit = math.sqrt(3 * variance)
        return uniform(shape, generator, -limit, limit)
    if distribution == "untruncated_normal":
        return normal(shape, generator, 0, math.sqrt(variance))
    return truncated_normal(shape, generator, 0, math.sqrt(variance) / _TRUNCATED_STDDEV)


def normal(shape: tuple[int, ...], generator: np.random.Generator, mean: float, stddev: float) -> Array:
    """``N(mean, stddev²)``, float32."""
    return np.float32(mean) + np.float32(stddev) * generator.standard_normal(shape, np.float32)


def uniform(shape: tuple[int, ...], generator: np.random.Generator, low: float, high: float) -> Array:
    """``U[low, high)``, float32."""
    return np.float32(low) + np.float32(high - low) * generator.random(shape, np.float32)


def truncated_normal(shape: tuple[int, ...], generator: np.random.Generator, mean: float, stddev: float) -> Array:
    """``N(mean, stddev²)``, drawn again where it is further than 2·stddev from the mean; float32."""
    z = generator.standard_normal(math.prod(shape), np.float32)
    outside = np.flatnonzero(np.abs(z) > 2)
    while outside.size:
        z[outside] = generator.standard_normal(outside.size, np.float32)
        outside = outside[np.abs(z[outside]) > 2]
    return np.float32(mean) + np.float32(stddev) * z.reshape(shape)

"""Normalizations of each sample by its own statistics."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.config.options import AxisOrAxes, NonNegativeFloat
from modelc.errors import ShapeError
from modelc.graph.axes import dims_of, sample_axes
from modelc.graph.builder import Builder
from modelc.graph.formulas import along, moments
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import Ones
from modelc.layers.base import Layer
from modelc.layers.normalization.gamma_and_beta import GammaAndBeta, GammaAndBetaPenalties
from modelc.ops.normalize import Normalize

_L2_EPSILON = 1e-24
"""The square of the smallest norm that `keras.layers.UnitNormalization` divides by."""


class _Axes(Layer):
    axis: AxisOrAxes = -1
    """The axis or axes over which mean and variance are computed; -1 is the last."""


class LayerNormalization(GammaAndBetaPenalties, GammaAndBeta, _Axes):
    """Normalizes each sample to mean 0 and variance 1.

    ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, with mean and variance of each sample over `axis` (Ba et
    al., 2016).

    With `rms_scaling`, ``y = gamma·x / sqrt(variance + epsilon)``. Weights: gamma and beta, of x's sizes along `axis`.
    """

    supports_masking = True

    rms_scaling: bool = False
    """Whether to divide by the standard deviation without subtracting the mean and without beta: an older option of
    Keras, not equal to RMSNormalization."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        axes = sample_axes(self.axis, x.rank)
        shape = self._shape_of_weights(x)
        gamma = g.weight("gamma", shape, self.gamma_initializer) if self.scale or self.rms_scaling else None
        beta = g.weight("beta", shape, self.beta_initializer) if self.center and not self.rms_scaling else None
        if shape != (dims := dims_of(x, axes)):  # Keras reshapes, where one would transpose
            gamma, beta = (w and w.reshape(dims) for w in (gamma, beta))
        if self.rms_scaling:
            _, variance = moments(x, axes)
            y = x * (variance + self.epsilon).rsqrt()
        else:
            y = x.emit(Normalize("mean_variance", axes, self.epsilon))
        return _affine(y, gamma, beta, axes)

    def _shape_of_weights(self, x: Tensor) -> tuple[int, ...]:
        """The extents along the axes, in Keras's order: sorted as they are written, so that -1 is before 1."""
        axes = (self.axis,) if isinstance(self.axis, int) else sorted(self.axis)
        return tuple(x.dims[axis % x.rank - 1] for axis in axes)


def _groups(value: object) -> object:
    if isinstance(value, int) and value < 1 and value != -1:
        message = "must be at least 1, or -1 for one per channel, found {found}"
        raise PydanticCustomError("value", message, {"found": value})
    return value


class _GroupsAndAxis(Layer):
    groups: Annotated[
        int, BeforeValidator(_groups), WithJsonSchema({"type": "integer", "minimum": -1, "not": {"const": 0}})
    ] = 32
    """The number of channel groups; -1 for one per channel (instance normalization)."""
    axis: int = -1
    """The channel axis; -1 is the last."""


class GroupNormalization(GammaAndBetaPenalties, GammaAndBeta, _GroupsAndAxis):
    """Normalizes groups of channels of each sample to mean 0 and variance 1.

    ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, with mean and variance of each sample and group (Wu and
    He, 2018). Weights: gamma (C,), beta (C,).
    """

    supports_masking = True

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        (axis,) = sample_axes(self.axis, x.rank)
        (channels,) = shape = dims_of(x, (axis,))
        groups = channels if self.groups == -1 else self.groups
        if channels % groups:
            raise ShapeError(f"`groups` (={groups}) must divide the input's channels (={channels})")
        gamma = g.weight("gamma", shape, self.gamma_initializer) if self.scale else None
        beta = g.weight("beta", shape, self.beta_initializer) if self.center else None
        before, after = x.shape[:axis], x.shape[axis + 1 :]
        grouped = x.reshape((*before, groups, channels // groups, *after))
        axes = tuple(a for a in range(1, grouped.rank) if a != axis)
        y = grouped.emit(Normalize("mean_variance", axes, self.epsilon)).reshape(x.shape)
        return _affine(y, gamma, beta, (axis,))


class RMSNormalization(Layer):
    """Divides each sample by its root mean square.

    ``y = scale·x / sqrt(mean(x²) + epsilon)``, with the mean of each sample over `axis` (Zhang and Sennrich, 2019).

    Weights: scale, of x's sizes along `axis`.
    """

    axis: AxisOrAxes = -1
    """The axis or axes over which the mean of squares is computed; -1 is the last."""
    epsilon: NonNegativeFloat = 1e-6
    """A small constant added to the variance, or the mean of squares, to avoid division by zero."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        axes = sample_axes(self.axis, x.rank)
        scale = g.weight("scale", dims_of(x, axes), Ones())
        return _affine(x.emit(Normalize("rms", axes, self.epsilon)), scale, None, axes)


class UnitNormalization(Layer):
    """L2-normalizes vectors to length 1.

    ``y = x / sqrt(Σ x²)``, with the sum of each sample over `axis`.
    """

    supports_masking = True

    axis: AxisOrAxes = -1
    """The axis or axes of the vectors; -1 is the last."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return x.as_float().emit(Normalize("l2", sample_axes(self.axis, x.rank), _L2_EPSILON))


def _affine(y: Tensor, gamma: Tensor | None, beta: Tensor | None, axes: tuple[int, ...]) -> Tensor:
    """``y·gamma + beta`` with weights that belong to these axes."""
    if gamma is not None:
        y = y * along(gamma, axes, y.rank)
    return y if beta is None else y + along(beta, axes, y.rank)

"""Normalizations of each sample by its own statistics."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.constraints import ConstraintField
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.initializers import InitializerField, Ones, Zeros
from modelc.layers.base import Layer
from modelc.layers.emit import along, as_float, binary, dims_of, moments, sample_axes, unary
from modelc.ops.normalize import Normalize
from modelc.ops.shape import Reshape
from modelc.options import AxisOrAxes, NonNegativeFloat
from modelc.regularizers import RegularizerField

_L2_EPSILON = 1e-24
"""The square of the smallest norm that `keras.layers.UnitNormalization` divides by."""


class LayerNormalization(Layer):
    """``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, mean and variance of each sample over `axis`
    (Ba et al., 2016).

    With `rms_scaling`, ``y = gamma·x / sqrt(variance + epsilon)``. Weights: gamma, beta in x's extents along `axis`.
    """

    supports_masking = True

    axis: AxisOrAxes = -1
    """The axis or axes of the statistics, and of gamma and beta."""
    epsilon: NonNegativeFloat = 0.001
    """Added to the variance, so that nothing is divided by zero."""
    center: bool = True
    """Whether beta is added."""
    scale: bool = True
    """Whether the result is multiplied by gamma."""
    beta_initializer: InitializerField = Zeros()
    """How beta is drawn."""
    gamma_initializer: InitializerField = Ones()
    """How gamma is drawn."""
    beta_regularizer: RegularizerField = None
    """The penalty on beta in training."""
    gamma_regularizer: RegularizerField = None
    """The penalty on gamma in training."""
    beta_constraint: ConstraintField = None
    """What beta is projected to after a training step."""
    gamma_constraint: ConstraintField = None
    """What gamma is projected to after a training step."""
    rms_scaling: bool = False
    """Divide only, with gamma and without beta: Keras's older form, which is not RMSNormalization."""

    def call(self, g: Builder, x: Value) -> Value:
        x = as_float(g, x)
        axes = sample_axes(self.axis, x.type.rank)
        shape = dims_of(x, axes)
        gamma = g.weight("gamma", shape, self.gamma_initializer) if self.scale or self.rms_scaling else None
        beta = g.weight("beta", shape, self.beta_initializer) if self.center and not self.rms_scaling else None
        if self.rms_scaling:
            _, variance = moments(g, x, axes)
            y = binary(g, "multiply", x, unary(g, "rsqrt", unary(g, "scale", variance, 1.0, self.epsilon)))
        else:
            y = g.emit(Normalize("mean_variance", axes, self.epsilon), x)
        return _affine(g, y, gamma, beta, axes)


def _groups(value: object) -> object:
    if isinstance(value, int) and value < 1 and value != -1:
        message = "must be at least 1, or -1 for one per channel, found {found}"
        raise PydanticCustomError("value", message, {"found": value})
    return value


class GroupNormalization(Layer):
    """LayerNormalization of groups of channels: ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, mean and
    variance of each sample and group (Wu and He, 2018). Weights: gamma (C,), beta (C,).
    """

    supports_masking = True

    groups: Annotated[
        int, BeforeValidator(_groups), WithJsonSchema({"type": "integer", "minimum": -1, "not": {"const": 0}})
    ] = 32
    """The number of groups; -1 is one per channel."""
    axis: int = -1
    """The axis of the channels."""
    epsilon: NonNegativeFloat = 0.001
    """Added to the variance, so that nothing is divided by zero."""
    center: bool = True
    """Whether beta is added."""
    scale: bool = True
    """Whether the result is multiplied by gamma."""
    beta_initializer: InitializerField = Zeros()
    """How beta is drawn."""
    gamma_initializer: InitializerField = Ones()
    """How gamma is drawn."""
    beta_regularizer: RegularizerField = None
    """The penalty on beta in training."""
    gamma_regularizer: RegularizerField = None
    """The penalty on gamma in training."""
    beta_constraint: ConstraintField = None
    """What beta is projected to after a training step."""
    gamma_constraint: ConstraintField = None
    """What gamma is projected to after a training step."""

    def call(self, g: Builder, x: Value) -> Value:
        x = as_float(g, x)
        (axis,) = sample_axes(self.axis, x.type.rank)
        (channels,) = shape = dims_of(x, (axis,))
        groups = channels if self.groups == -1 else self.groups
        if channels % groups:
            raise ShapeError(f"`groups` (={groups}) must divide the input's channels (={channels})")
        gamma = g.weight("gamma", shape, self.gamma_initializer) if self.scale else None
        beta = g.weight("beta", shape, self.beta_initializer) if self.center else None
        before, after = x.type.shape[:axis], x.type.shape[axis + 1 :]
        grouped = g.emit(Reshape((*before, groups, channels // groups, *after)), x)
        axes = tuple(a for a in range(1, grouped.type.rank) if a != axis)
        y = g.emit(Reshape(x.type.shape), g.emit(Normalize("mean_variance", axes, self.epsilon), grouped))
        return _affine(g, y, gamma, beta, (axis,))


class RMSNormalization(Layer):
    """``y = scale·x / sqrt(mean(x²) + epsilon)``, the mean of each sample over `axis` (Zhang and Sennrich, 2019).

    Weights: scale, in x's extents along `axis`.
    """

    axis: AxisOrAxes = -1
    """The axis or axes of the mean, and of the scale."""
    epsilon: NonNegativeFloat = 1e-6
    """Added to the mean of squares, so that nothing is divided by zero."""

    def call(self, g: Builder, x: Value) -> Value:
        x = as_float(g, x)
        axes = sample_axes(self.axis, x.type.rank)
        scale = g.weight("scale", dims_of(x, axes), Ones())
        return _affine(g, g.emit(Normalize("rms", axes, self.epsilon), x), scale, None, axes)


class UnitNormalization(Layer):
    """``y = x / sqrt(Σ x²)``, the sum of each sample over `axis`: vectors of length 1."""

    supports_masking = True

    axis: AxisOrAxes = -1
    """The axis or axes of the sum."""

    def call(self, g: Builder, x: Value) -> Value:
        return g.emit(Normalize("l2", sample_axes(self.axis, x.type.rank), _L2_EPSILON), as_float(g, x))


def _affine(g: Builder, y: Value, gamma: Value | None, beta: Value | None, axes: tuple[int, ...]) -> Value:
    """``y·gamma + beta`` with weights that belong to these axes."""
    if gamma is not None:
        y = binary(g, "multiply", y, along(g, gamma, axes, y.type.rank))
    return y if beta is None else binary(g, "add", y, along(g, beta, axes, y.type.rank))

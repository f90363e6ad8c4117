"""The layers that are an activation."""

from __future__ import annotations

from collections.abc import Sequence

from modelc.config.options import AxisOrAxes, FiniteFloat, NonNegativeFloat
from modelc.constraints.classes import ConstraintField
from modelc.errors import ShapeError
from modelc.functions.table import UNARY
from modelc.graph.axes import resolve_axes, sample_axes
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import InitializerField, Zeros
from modelc.layers.activation.activate import activate
from modelc.layers.base import Layer
from modelc.layers.options.fields import ActivationOption
from modelc.ops.elementwise import Unary
from modelc.regularizers.classes import RegularizerField

_RELU, _ELU = UNARY["relu"], UNARY["elu"]

_MASKED = -1e9
"""What is added to a masked score: its exponential is 0."""


class Activation(Layer):
    """Applies an activation function to its input.

    ``y = f(x)`` for one of the activations.
    """

    supports_masking = True

    activation: ActivationOption
    """The name of the function, such as `relu`, `tanh` or `softmax`."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return activate(g, self.activation, x)


class ReLU(Layer):
    """Rectified linear unit.

    ``y = min(x, max_value)`` for x > threshold, else ``negative_slope·(x - threshold)``.
    """

    keras_names = ("ThresholdedReLU",)
    keras_renamed = (("theta", "threshold"),)

    is_activation = True

    supports_masking = True

    max_value: NonNegativeFloat | None = None
    """The largest output, such as 6 for ReLU6; null for no limit."""
    negative_slope: NonNegativeFloat = _RELU.default("negative_slope")
    """The slope below the threshold; 0 makes those outputs 0."""
    threshold: NonNegativeFloat = _RELU.default("threshold")
    """The input up to which the unit is off: only larger inputs pass unchanged."""

    @property
    def elementwise(self) -> Unary:
        """What it does to each element."""
        if self.max_value is None and self.threshold == 0 and self.negative_slope:
            return Unary("leaky_relu", (self.negative_slope,))
        limit = _RELU.default("max_value") if self.max_value is None else self.max_value
        return Unary("relu", (self.negative_slope, limit, self.threshold))

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return x.as_float().emit(self.elementwise)


class LeakyReLU(Layer):
    """ReLU with a small slope for negative inputs.

    ``y = x`` for x ≥ 0, else ``negative_slope·x``.
    """

    keras_renamed = (("alpha", "negative_slope"),)

    is_activation = True

    supports_masking = True

    negative_slope: NonNegativeFloat = 0.3  # in Keras that of the function is another
    """The slope for negative inputs."""

    @property
    def elementwise(self) -> Unary:
        """What it does to each element."""
        return Unary("leaky_relu", (self.negative_slope,))

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return x.as_float().emit(self.elementwise)


class PReLU(Layer):
    """ReLU with a learned slope for negative inputs.

    ``y = x`` for x ≥ 0, else ``alpha·x``, with a learned alpha per position (He et al., 2015).

    Weights: alpha, in the shape of one sample, with size 1 along the shared axes.
    """

    is_activation = True

    supports_masking = True

    alpha_initializer: InitializerField = Zeros()
    """The initializer of alpha: its name, or a mapping with `type`."""
    alpha_regularizer: RegularizerField = None
    """The regularizer of alpha, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`; null for
    none."""
    alpha_constraint: ConstraintField = None
    """The constraint applied to alpha after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`; null for
    none."""
    shared_axes: AxisOrAxes | None = None
    """The axes along which alpha is shared, counted from 1 without the batch axis: `[1, 2]` gives one alpha per channel
    of an image."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        return x.prelu(self.declare(g, x.dims))

    def declare(self, g: Builder, dims: Sequence[int]) -> Tensor:
        """Alpha, for samples of that shape."""
        rank = len(dims) + 1
        shared = () if self.shared_axes is None else sample_axes(self.shared_axes, rank, "shared_axes")
        shape = tuple(1 if axis in shared else size for axis, size in enumerate(dims, 1))
        return g.weight("alpha", shape, self.alpha_initializer)


class ELU(Layer):
    """Exponential linear unit.

    ``y = x`` for x > 0, else ``alpha·(exp(x) - 1)`` (Clevert et al., 2016).
    """

    is_activation = True

    supports_masking = True

    alpha: FiniteFloat = _ELU.default("alpha")
    """The scale of the negative part, which saturates at -alpha."""

    @property
    def elementwise(self) -> Unary:
        """What it does to each element."""
        return Unary("elu", (self.alpha,))

    def call(self, g: Builder, x: Tensor) -> Tensor:
        return x.as_float().emit(self.elementwise)


class Softmax(Layer):
    """Softmax: normalizes its input to probabilities that sum to 1.

    ``y = exp(x) / Σ exp(x)``, the sum over `axis`. An optional mask, 1 (keep) or 0 and broadcast to x, sets the masked
    positions to 0.
    """

    is_activation = True

    input_names = ("inputs", "mask")

    axis: AxisOrAxes = -1
    """The axis or axes along which the outputs sum to 1; -1 is the last."""

    def call(self, g: Builder, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = x.as_float()
        axes = resolve_axes(self.axis, x.rank)
        if mask is None:
            return _softmax(x, axes)
        mask = mask.as_float()
        if mask.rank > x.rank or any(d not in (1, None, n) for d, n in _pairs(mask, x)):
            raise ShapeError(f"the mask {mask.type} does not broadcast to the input {x.type}")
        bias = mask * -_MASKED + _MASKED
        # Where all of an axis is masked, its softmax is not 0 by itself.
        return _softmax(x + bias, axes) * mask


def _pairs(mask: Tensor, x: Tensor) -> list[tuple[int | None, int | None]]:
    return list(zip(mask.shape[::-1], x.shape[::-1], strict=False))


def _softmax(x: Tensor, axes: Sequence[int]) -> Tensor:
    if len(axes) == 1 and axes[0] > 0:
        return x.softmax(axes[0])
    largest = x.max(tuple(axes), keepdims=True)
    e = (x - largest).exp()
    return e / e.sum(tuple(axes), keepdims=True)

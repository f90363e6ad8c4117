"""SReLU and ParametricSoftplus: elementwise functions whose parameters are learned for each position."""

from __future__ import annotations

from modelc.config.options import AxisOrAxes
from modelc.graph.axes import sample_axes
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import Constant, GlorotUniform, Initializer, InitializerField, Ones, Zeros
from modelc.layers.base import Layer


def _parameter(g: Builder, name: str, x: Tensor, initializer: Initializer, shared_axes: AxisOrAxes | None) -> Tensor:
    """A weight in the shape of a sample of x, with size 1 along the shared axes."""
    shared = () if shared_axes is None else sample_axes(shared_axes, x.rank, "shared_axes")
    shape = tuple(1 if axis in shared else size for axis, size in enumerate(x.dims, 1))
    return g.weight(name, shape, initializer)


class SReLU(Layer):
    """S-shaped ReLU: the identity between two learned thresholds, a line with a learned slope beyond each of them.

    ``y = l + a_l·(x - l)`` for x ≤ l, ``y = x`` between l and ``r = l + |t_right|``, ``y = r + a_r·(x - r)`` for x ≥ r,
    with the thresholds l and r and the slopes a_l and a_r (Jin et al., 2016).

    Weights: t_left (l), a_left, t_right, a_right, each in the shape of one sample, with size 1 along the shared axes.
    """

    origin = "Keras 1"

    supports_masking = True

    t_left_initializer: InitializerField = Zeros()
    """The initializer of the left threshold: its name, or a mapping with `type`."""
    a_left_initializer: InitializerField = GlorotUniform()
    """The initializer of the slope below the left threshold: its name, or a mapping with `type`."""
    t_right_initializer: InitializerField = GlorotUniform()
    """The initializer of the distance between the thresholds, whose sign does not matter: its name, or a mapping with
    `type`."""
    a_right_initializer: InitializerField = Ones()
    """The initializer of the slope above the right threshold: its name, or a mapping with `type`."""
    shared_axes: AxisOrAxes | None = None
    """The axes along which the parameters are shared, counted from 1 without the batch axis: `[1, 2]` gives one set per
    channel of an image."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        left = _parameter(g, "t_left", x, self.t_left_initializer, self.shared_axes)
        slope_left = _parameter(g, "a_left", x, self.a_left_initializer, self.shared_axes)
        width = abs(_parameter(g, "t_right", x, self.t_right_initializer, self.shared_axes))
        slope_right = _parameter(g, "a_right", x, self.a_right_initializer, self.shared_axes)
        middle = (x - left).relu().minimum(width)
        below, above = (left - x).relu(), (x - (left + width)).relu()
        return left + middle - slope_left * below + slope_right * above


class ParametricSoftplus(Layer):
    """Softplus with a learned scale and a learned steepness.

    ``y = alpha·log(1 + exp(beta·x))`` (McFarland et al., 2013).

    Weights: alpha, beta, each in the shape of one sample, with size 1 along the shared axes.
    """

    origin = "Keras 1"

    supports_masking = True

    alpha_initializer: InitializerField = Constant(value=0.2)
    """The initializer of the scale: its name, or a mapping with `type`."""
    beta_initializer: InitializerField = Constant(value=5.0)
    """The initializer of the steepness: its name, or a mapping with `type`."""
    shared_axes: AxisOrAxes | None = None
    """The axes along which the parameters are shared, counted from 1 without the batch axis: `[1, 2]` gives one set per
    channel of an image."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        alpha = _parameter(g, "alpha", x, self.alpha_initializer, self.shared_axes)
        beta = _parameter(g, "beta", x, self.beta_initializer, self.shared_axes)
        return alpha * (beta * x).f("softplus")

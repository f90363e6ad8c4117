"""The layers that Keras's application models bring along: ConvNeXt's and Inception-ResNet's."""

from __future__ import annotations

from pydantic import PositiveInt

from modelc.config.options import FiniteFloat, Rate
from modelc.errors import ShapeError
from modelc.graph.axes import require_features
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.initializers.classes import Constant
from modelc.layers.base import Layer
from modelc.layers.regularization.draws import dropout


class LayerScale(Layer):
    """Multiplies each channel by a learned factor.

    ``y[..., c] = gamma[c]·x[..., c]`` (Touvron et al., 2021), used in ConvNeXt. Weights: gamma (C,).
    """

    keras_module = "keras.src.applications.convnext"
    origin = "keras.applications"

    init_values: FiniteFloat
    """The initial value of gamma."""
    projection_dim: PositiveInt
    """The number of channels."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        features = require_features(x, "LayerScale")
        if self.projection_dim not in (1, features):
            raise ShapeError(f"`projection_dim` (={self.projection_dim}) is not the input's {features} channels")
        return x * g.weight("gamma", (self.projection_dim,), Constant(value=self.init_values))


class StochasticDepth(Layer):
    """Randomly sets whole samples to 0 in training, which skips a residual branch.

    In training, ``y = x·m / (1 - rate)`` with m = 0 with probability rate, else 1, per sample (Huang et al., 2016);
    else ``y = x``.
    """

    keras_module = "keras.src.applications.convnext"
    origin = "keras.applications"

    differs_in_training = True

    drop_path_rate: Rate
    """The fraction of samples set to 0 in training, between 0 and 1."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        if not g.training:
            return x
        shape = (x.shape[0], *(1,) * (x.rank - 1))
        return dropout(g, x.as_float(), self.drop_path_rate, shape, seed=None)


class CustomScaleLayer(Layer):
    """Adds a scaled second input to the first.

    ``y = a + scale·b``, the scaled residual of Inception-ResNet-v2.
    """

    keras_module = "keras.src.applications.inception_resnet_v2"
    keras_takes_list = True
    origin = "keras.applications"

    input_names = ("inputs", "residual")
    required_inputs = 2

    scale: FiniteFloat
    """The factor of the second input."""

    def call(self, g: Builder, x: Tensor, residual: Tensor) -> Tensor:
        if x.shape != residual.shape:
            shapes = f"{format_shape(x.shape)} and {format_shape(residual.shape)}"
            raise ShapeError(f"CustomScaleLayer adds inputs of one shape, found {shapes}")
        return x.as_float() + residual.as_float() * self.scale

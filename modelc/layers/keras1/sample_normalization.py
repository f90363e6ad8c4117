"""SampleNormalization: the normalization of each sample that BatchNormalization did in Keras 1 with `mode: 1`."""

from __future__ import annotations

from modelc.graph.axes import require_features
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import InitializerField, Ones, Zeros
from modelc.layers.base import Layer
from modelc.layers.options.fields import Epsilon
from modelc.regularizers.classes import RegularizerField


class SampleNormalization(Layer):
    """Normalizes each sample along its last axis, as BatchNormalization with `mode: 1` of Keras 1 did.

    ``y = gamma·(x - mean) / (s + epsilon) + beta``, ``s = sqrt(variance + epsilon)``, with mean and variance over the
    last axis. LayerNormalization divides by s.

    Weights: gamma, beta, one per feature.
    """

    origin = "Keras 1"

    supports_masking = True

    epsilon: Epsilon = 0.001
    """A small constant added to the variance, and again to its square root, to avoid division by zero."""
    gamma_initializer: InitializerField = Ones()
    """The initializer of gamma: its name, or a mapping with `type`."""
    beta_initializer: InitializerField = Zeros()
    """The initializer of beta: its name, or a mapping with `type`."""
    gamma_regularizer: RegularizerField = None
    """The regularizer of gamma, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`; null for
    none."""
    beta_regularizer: RegularizerField = None
    """The regularizer of beta, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`; null for
    none."""

    def call(self, g: Builder, x: Tensor) -> Tensor:
        x = x.as_float()
        features = require_features(x, "SampleNormalization")
        gamma = g.weight("gamma", (features,), self.gamma_initializer)
        beta = g.weight("beta", (features,), self.beta_initializer)
        centred = x - x.mean((x.rank - 1,), keepdims=True)
        deviation = (centred.square().mean((x.rank - 1,), keepdims=True) + self.epsilon).sqrt()
        return gamma * (centred / (deviation + self.epsilon)) + beta

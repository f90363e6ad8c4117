"""Gamma and beta: the options of the factor and the offset that follow a normalization, in Keras's order.

To place options of its own before these, a layer names these classes before the class that declares those: pydantic
collects the fields of bases from the last to the first.
"""

from __future__ import annotations

from modelc.config.options import NonNegativeFloat
from modelc.constraints.classes import ConstraintField
from modelc.initializers.classes import InitializerField, Ones, Zeros
from modelc.layers.base import Layer
from modelc.regularizers.classes import RegularizerField


class GammaAndBeta(Layer):
    """Epsilon, whether there are gamma and beta, and how they are drawn."""

    epsilon: NonNegativeFloat = 0.001
    """A small constant added to the variance, or the mean of squares, to avoid division by zero."""
    center: bool = True
    """Whether a learned offset, beta, is added to the normalized values."""
    scale: bool = True
    """Whether the normalized values are multiplied by a learned factor, gamma."""
    beta_initializer: InitializerField = Zeros()
    """The initializer of beta: its name, or a mapping with `type`."""
    gamma_initializer: InitializerField = Ones()
    """The initializer of gamma: its name, or a mapping with `type`."""


class GammaAndBetaPenalties(Layer):
    """How gamma and beta are penalized and constrained."""

    beta_regularizer: RegularizerField = None
    """The regularizer of beta, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`; null for
    none."""
    gamma_regularizer: RegularizerField = None
    """The regularizer of gamma, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`; null for
    none."""
    beta_constraint: ConstraintField = None
    """The constraint applied to beta after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`; null for
    none."""
    gamma_constraint: ConstraintField = None
    """The constraint applied to gamma after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`; null for
    none."""

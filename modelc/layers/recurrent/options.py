"""The options of recurrent layers and cells, in groups that keep Keras's order.

Pydantic collects the fields of bases from the last to the first, so a class names its groups in reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import PositiveInt, ValidationInfo, field_validator

from modelc.config.options import NonNegativeInt, Rate
from modelc.constraints.classes import ConstraintField
from modelc.graph.builder import Builder
from modelc.initializers.classes import GlorotUniform, InitializerField, Orthogonal, Zeros
from modelc.layers.activation.classes import PReLU
from modelc.layers.base import Layer
from modelc.layers.options.fields import ActivationOption
from modelc.regularizers.classes import RegularizerField


class Units(Layer):
    """How many units the output and each state have."""

    units: PositiveInt
    """The size of the output and of each state."""


class Activated(Layer):
    """The activation of a recurrent layer."""

    keras_ignored = ("implementation",)  # of several that differ in their speed only

    activation: ActivationOption = "tanh"
    """The activation function of the output and of the candidate state."""

    def declare_activations(self, g: Builder, dims: Sequence[int]) -> None:
        """Declare the weights of the activations, for states of that shape, in Keras's order.

        The steps of a run use them in another one.
        """
        for activation in (self.activation, getattr(self, "recurrent_activation", None)):
            if isinstance(activation, PReLU):  # the only activation with weights
                with g.scope(activation.name or activation.auto_name()):
                    activation.declare(g, dims)


class Gated(Activated):
    """The activation of the gates."""

    recurrent_activation: ActivationOption = "sigmoid"
    """The activation function of the gates."""

    @field_validator("recurrent_activation")
    @classmethod
    def _another_one(cls, gate: Any, info: ValidationInfo) -> Any:
        """Two activations without a name are two, each with its own weights; those of one name are one and the same."""
        other = info.data.get("activation")
        if isinstance(gate, PReLU) and isinstance(other, PReLU) and gate.name is None and other.name is None:
            return gate.model_copy(update={"name": f"{gate.auto_name()}_1"})
        return gate


class Drawn(Layer):
    """The initializers of the weights."""

    use_bias: bool = True
    """Whether a learned number, the bias, is added for each output."""
    kernel_initializer: InitializerField = GlorotUniform()
    """The initializer of the kernel (input weights): its name, or a mapping with `type`."""
    recurrent_initializer: InitializerField = Orthogonal()
    """The initializer of the recurrent kernel (state weights): its name, or a mapping with `type`."""
    bias_initializer: InitializerField = Zeros()
    """The initializer of the bias: its name, or a mapping with `type`."""


class Forgetting(Layer):
    """The bias of the forget gate."""

    unit_forget_bias: bool = True
    """Whether the bias of the forget gate is initialized to 1 (Jozefowicz et al., 2015)."""


class Penalized(Layer):
    """The penalties on the weights."""

    kernel_regularizer: RegularizerField = None
    """The regularizer of the kernel, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`;
    null for none."""
    recurrent_regularizer: RegularizerField = None
    """The regularizer of the recurrent kernel, a penalty added to the training loss, such as `l2` or `{type: L2, l2:
    0.001}`; null for none."""
    bias_regularizer: RegularizerField = None
    """The regularizer of the bias, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`; null
    for none."""


class PenalizedOutput(Layer):
    """The penalty on the output."""

    activity_regularizer: RegularizerField = None
    """The regularizer of the layer's output, a penalty added to the training loss, such as `l2` or `{type: L2, l2:
    0.001}`; null for none."""


class Dropping(Layer):
    """Constraints and dropout."""

    kernel_constraint: ConstraintField = None
    """The constraint applied to the kernel after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`;
    null for none."""
    recurrent_constraint: ConstraintField = None
    """The constraint applied to the recurrent kernel after each update, such as `non_neg` or `{type: MaxNorm,
    max_value: 2}`; null for none."""
    bias_constraint: ConstraintField = None
    """The constraint applied to the bias after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`; null
    for none."""
    dropout: Rate = 0.0
    """The fraction of input elements set to 0 in training, between 0 and 1."""
    recurrent_dropout: Rate = 0.0
    """The fraction of state elements set to 0 in training, between 0 and 1."""


class Resetting(Layer):
    """The two forms of a GRU."""

    reset_after: bool = True
    """Whether the reset gate is applied after the product with the recurrent kernel (compatible with cuDNN) or before
    it."""


class Seeded(Layer):
    """The seed of the dropout."""

    seed: NonNegativeInt | None = None
    """The seed of this layer's random numbers; by default they follow from the model's seed."""

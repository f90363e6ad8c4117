"""The options of recurrent layers and cells, in groups that keep Keras's order.

Pydantic collects the fields of bases from the last to the first, so a class names its groups in reverse.
"""

from __future__ import annotations

from pydantic import PositiveInt

from modelc.constraints import ConstraintField
from modelc.initializers import GlorotUniform, InitializerField, Orthogonal, Zeros
from modelc.layers.base import Layer
from modelc.layers.fields import ActivationOption
from modelc.options import NonNegativeInt, Rate
from modelc.regularizers import RegularizerField


class Units(Layer):
    """The size."""

    units: PositiveInt
    """The number of outputs, and of the elements of each state."""


class Activated(Layer):
    """The function of the candidate and of the output."""

    activation: ActivationOption = "tanh"
    """The function applied to candidates, and to the carried state on its way out."""


class Gated(Activated):
    """The functions of a cell with gates."""

    recurrent_activation: ActivationOption = "sigmoid"
    """The function applied to gates."""


class Drawn(Layer):
    """How the weights are drawn."""

    use_bias: bool = True
    """Whether a bias is added."""
    kernel_initializer: InitializerField = GlorotUniform()
    """How the kernel is drawn, which multiplies the input."""
    recurrent_initializer: InitializerField = Orthogonal()
    """How the recurrent kernel is drawn, which multiplies the state."""
    bias_initializer: InitializerField = Zeros()
    """How the bias is drawn."""


class Forgetting(Layer):
    """The bias of the forget gate."""

    unit_forget_bias: bool = True
    """Whether the bias of the forget gate begins with ones (Jozefowicz et al., 2015)."""


class Penalized(Layer):
    """The penalties on the weights."""

    kernel_regularizer: RegularizerField = None
    """The penalty on the kernel in training."""
    recurrent_regularizer: RegularizerField = None
    """The penalty on the recurrent kernel in training."""
    bias_regularizer: RegularizerField = None
    """The penalty on the bias in training."""


class PenalizedOutput(Layer):
    """The penalty on the output."""

    activity_regularizer: RegularizerField = None
    """The penalty on the output in training."""


class Dropping(Layer):
    """Constraints, and what training drops."""

    kernel_constraint: ConstraintField = None
    """What the kernel is projected to after a training step."""
    recurrent_constraint: ConstraintField = None
    """What the recurrent kernel is projected to after a training step."""
    bias_constraint: ConstraintField = None
    """What the bias is projected to after a training step."""
    dropout: Rate = 0.0
    """The probability of an element of the input to be dropped in training."""
    recurrent_dropout: Rate = 0.0
    """The probability of an element of the state to be dropped in training."""


class Resetting(Layer):
    """The two forms of a GRU."""

    reset_after: bool = True
    """Whether the reset gate applies after the product with the recurrent kernel, as in cuDNN, or before it."""


class Seeded(Layer):
    """The seed of the dropout."""

    seed: NonNegativeInt | None = None
    """Fixes the random draws whatever the model's seed is."""

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
    """The function that new content goes through, `tanh` by default."""


class Gated(Activated):
    """The functions of a cell with gates."""

    recurrent_activation: ActivationOption = "sigmoid"
    """The function that the gates go through, which gives numbers from 0 (closed) to 1 (open)."""


class Drawn(Layer):
    """How the weights are drawn."""

    use_bias: bool = True
    """Whether a learned number, the bias, is added for each output."""
    kernel_initializer: InitializerField = GlorotUniform()
    """The random numbers, or other values, that the kernel, which multiplies the input, start from: the name of an
    initializer, or a mapping with `type`."""
    recurrent_initializer: InitializerField = Orthogonal()
    """The random numbers, or other values, that the recurrent kernel, which multiplies the state, start from: the name
    of an initializer, or a mapping with `type`."""
    bias_initializer: InitializerField = Zeros()
    """The random numbers, or other values, that the bias start from: the name of an initializer, or a mapping with
    `type`."""


class Forgetting(Layer):
    """The bias of the forget gate."""

    unit_forget_bias: bool = True
    """Whether the bias of the forget gate starts from 1, so that the memory is kept at first (Jozefowicz et al., 2015).
    """


class Penalized(Layer):
    """The penalties on the weights."""

    kernel_regularizer: RegularizerField = None
    """A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2, l2: 0.001}`; null for none.
    """
    recurrent_regularizer: RegularizerField = None
    """A penalty on the recurrent kernel, added to the loss in training, such as `l2` or `{type: L2, l2: 0.001}`; null
    for none."""
    bias_regularizer: RegularizerField = None
    """A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2: 0.001}`; null for none."""


class PenalizedOutput(Layer):
    """The penalty on the output."""

    activity_regularizer: RegularizerField = None
    """A penalty on the output of the layer, added to the loss in training, such as `l2` or `{type: L2, l2: 0.001}`;
    null for none."""


class Dropping(Layer):
    """Constraints, and what training drops."""

    kernel_constraint: ConstraintField = None
    """A limit that the kernel must keep after every update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`; null
    for none."""
    recurrent_constraint: ConstraintField = None
    """A limit that the recurrent kernel must keep after every update, such as `non_neg` or `{type: MaxNorm, max_value:
    2}`; null for none."""
    bias_constraint: ConstraintField = None
    """A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`; null
    for none."""
    dropout: Rate = 0.0
    """The share of the input's elements that is set to 0 in training, at random, between 0 and 1."""
    recurrent_dropout: Rate = 0.0
    """The share of the state's elements that is set to 0 in training, at random, between 0 and 1."""


class Resetting(Layer):
    """The two forms of a GRU."""

    reset_after: bool = True
    """Whether the reset gate applies after the product with the recurrent kernel (Keras 3's default) or before it
    (Keras 1)."""


class Seeded(Layer):
    """The seed of the dropout."""

    seed: NonNegativeInt | None = None
    """A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the model's seed
    decides."""

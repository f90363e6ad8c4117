"""The options that all layers with a kernel and a bias share, in Keras's order."""

from __future__ import annotations

from modelc.constraints.classes import ConstraintField
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import GlorotUniform, HeUniform, InitializerField, Zeros
from modelc.layers.activation.activate import activate, has_axis
from modelc.layers.base import Layer
from modelc.layers.convolution.geometry import restore_format
from modelc.layers.options.fields import Activation, ActivationOption, DataFormat
from modelc.regularizers.classes import RegularizerField


class BiasOptions(Layer):
    """An activation, and whether there is a bias."""

    activation: ActivationOption = "linear"
    """The activation function applied to the output, such as `relu`; `linear` for none."""
    use_bias: bool = True
    """Whether a learned bias is added to each output channel."""


class KernelOptions(BiasOptions):
    """How the kernel and the bias are drawn, penalized and constrained.

    To place these after options of its own, a layer names this class before the class that declares those:
    pydantic collects the fields of bases from the last to the first.
    """

    kernel_initializer: InitializerField = GlorotUniform()
    """The initializer of the kernel: its name, or a mapping with `type`."""
    bias_initializer: InitializerField = Zeros()
    """The initializer of the bias: its name, or a mapping with `type`."""
    kernel_regularizer: RegularizerField = None
    """The regularizer of the kernel, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`;
    null for none."""
    bias_regularizer: RegularizerField = None
    """The regularizer of the bias, a penalty added to the training loss, such as `l2` or `{type: L2, l2: 0.001}`; null
    for none."""
    activity_regularizer: RegularizerField = None
    """The regularizer of the layer's output, a penalty added to the training loss, such as `l2` or `{type: L2, l2:
    0.001}`; null for none."""
    kernel_constraint: ConstraintField = None
    """The constraint applied to the kernel after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`;
    null for none."""
    bias_constraint: ConstraintField = None
    """The constraint applied to the bias after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`; null
    for none."""


def finish(
    g: Builder, y: Tensor, bias: Tensor | None, activation: Activation, data_format: DataFormat | None = None
) -> Tensor:
    """``activation(y + bias)`` in a data format, y with its channels last.

    An activation that works along an axis takes the last one of the result, as in Keras: with `channels_first` that is
    no axis of channels.
    """
    y = y if bias is None else y + bias
    if has_axis(activation):
        return activate(g, activation, restore_format(data_format, y))
    return restore_format(data_format, activate(g, activation, y))


def adapt(g: Builder, kernel: Tensor, rank: int, alpha: float | None, name: str = "kernel") -> Tensor:
    """``kernel + alpha/rank · a @ b``: low-rank adaptation (Hu et al., 2021), alpha the rank where it is null.

    kernel: (..., Q). Weights, with `name` in theirs: lora_kernel_a (..., rank), lora_kernel_b (rank, Q).
    """
    *rows, columns = kernel.dims
    a = g.weight(f"lora_{name}_a", (*rows, rank), HeUniform())
    b = g.weight(f"lora_{name}_b", (rank, columns), Zeros())
    delta = a @ b
    if alpha is not None and alpha != rank:
        delta = delta * (alpha / rank)
    return kernel + delta

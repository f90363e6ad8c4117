"""EinsumDense: a kernel applied along any axes of its input."""

from __future__ import annotations

import math
from typing import Annotated, Any, Self, cast

from pydantic import AfterValidator, BeforeValidator, Field, PositiveInt, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import MAX_AXES, FiniteFloat, is_int
from modelc.constraints.classes import ConstraintField
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import GlorotUniform, Initializer, InitializerField, Zeros
from modelc.layers.activation.activate import activate, as_unary
from modelc.layers.base import Layer
from modelc.layers.core.einsum import einsum, transposed
from modelc.layers.core.equation import Equation, Shaped, shaped
from modelc.layers.options.fields import Activation, ActivationOption
from modelc.layers.options.kernel import adapt
from modelc.regularizers.classes import RegularizerField


def _equation(text: str) -> str:
    try:
        Equation.parse(text)
    except ValueError as error:
        raise PydanticCustomError("value", "{text}", {"text": str(error)}) from None
    return text


def _sizes(value: Any) -> Any:
    if is_int(value):
        return (value,)
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


OutputShape = Annotated[
    tuple[PositiveInt | None, ...],
    BeforeValidator(_sizes),
    Field(max_length=MAX_AXES),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "array", "items": {"type": ["integer", "null"], "minimum": 1}, "maxItems": MAX_AXES},
            ]
        }
    ),
]
"""Sizes of which some follow from the input."""


class EinsumDense(Layer):
    """Fully connected layer defined by an einsum equation.

    ``y = f(einsum(equation, x, kernel) + bias)``: in `abc,cd->abd` letters name axes; letters missing from the output
    are summed over.

    The batch is the first axis of x and y; `...` stands for unchanged axes at the start or the end. Weights: kernel,
    whose axes are those of the equation, and with `bias_axes` a bias along these axes; with `lora_rank` also
    lora_kernel_a (..., rank) and lora_kernel_b (rank, ·) for the last axis of the kernel.
    """

    equation: Annotated[str, AfterValidator(_equation)]
    """The einsum equation of input, kernel and output, such as `abc,cd->abd`; letters missing from the output are
    summed over."""
    output_shape: OutputShape
    """The output shape without the batch axis; null for sizes that follow from the input."""
    activation: ActivationOption = "linear"
    """The activation function applied to the result, such as `relu`."""
    bias_axes: str | None = None
    """The letters of the output axes along which the bias varies; null for no bias."""
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
    kernel_constraint: ConstraintField = None
    """The constraint applied to the kernel after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`;
    null for none."""
    bias_constraint: ConstraintField = None
    """The constraint applied to the bias after each update, such as `non_neg` or `{type: MaxNorm, max_value: 2}`; null
    for none."""
    lora_rank: PositiveInt | None = None
    """The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained matrices of this
    rank is added to it. Null trains the weight itself."""
    lora_alpha: FiniteFloat | None = None
    """The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a factor of 1."""
    activity_regularizer: RegularizerField = None
    """The regularizer of the layer's output, a penalty added to the training loss, such as `l2` or `{type: L2, l2:
    0.001}`; null for none."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        output = Equation.parse(self.equation).output
        if self.bias_axes is not None and (not self.bias_axes or any(c not in output for c in self.bias_axes)):
            text = f"`bias_axes` (={self.bias_axes}) must be letters of the output, `{output}`"
            raise PydanticCustomError("conflict", "{text}", {"text": text})
        if self.lora_rank is not None and self.kernel_constraint is not None:
            raise PydanticCustomError("conflict", "`lora_rank` and `kernel_constraint` do not go together")
        return self

    def call(self, g: Builder, x: Tensor) -> Tensor:
        at = shaped(Equation.parse(self.equation), self.bias_axes, x.shape, self.output_shape)
        initializer = with_fans(self.kernel_initializer, at.input_axes, at.output_axes)
        kernel = g.weight("kernel", at.kernel_shape, initializer, trainable=self.lora_rank is None)
        bias = g.weight("bias", at.bias_shape, self.bias_initializer) if at.bias else None
        if self.lora_rank is not None:
            kernel = adapt(g, kernel, self.lora_rank, self.lora_alpha)
        return dense(g, at, x, kernel, bias, self.activation)


def with_fans(initializer: Initializer, inputs: tuple[int, ...], outputs: tuple[int, ...]) -> Initializer:
    """The initializer with these axes for its fans, where it has fans and does not say their axes."""
    fields = type(initializer).model_fields
    if "input_axes" not in fields or None not in (getattr(initializer, f"{side}_axes") for side in ("input", "output")):
        return initializer
    return initializer.model_copy(update={"input_axes": inputs, "output_axes": outputs})


def dense(g: Builder, at: Shaped, x: Tensor, kernel: Tensor, bias: Tensor | None, activation: Activation) -> Tensor:
    """``activation(einsum(x, kernel) + bias)``: one matrix product, unless the output has an axis of both."""
    x = x.as_float()
    if any(c in at.input and c in at.output for c in at.kernel):
        y = einsum(at.input, at.kernel, at.output, x, kernel)
        return activate(g, activation, y if bias is None else y + bias)
    lone = tuple(i for i, c in enumerate(at.input) if c not in at.kernel + at.output)
    letters = "".join(c for i, c in enumerate(at.input) if i not in lone)
    x = x.sum(lone) if lone else x
    rows, sums, columns = _parts(at)
    y = _matrix_product(transposed(x, letters, rows + sums), transposed(kernel, at.kernel, sums + columns), rows)
    before = bias is not None and at.bias == columns and bias.type.size == y.dims[-1]
    if bias is not None and before:
        y = y + bias.reshape((bias.type.size,))
    # What works on single elements does so before they are put in order, where kernels can take it in.
    early = (bias is None or before) and as_unary(activation) is not None
    y = activate(g, activation, y) if early else y
    sizes = dict(zip(at.kernel, kernel.shape, strict=True))
    shape = (*y.shape[:-1], *(sizes[c] for c in columns))
    y = transposed(y if shape == y.shape else y.reshape(shape), rows + columns, at.output)
    if bias is not None and not before:
        y = y + bias
    return y if early else activate(g, activation, y)


def _parts(at: Shaped) -> tuple[str, str, str]:
    """The letters of x that the output has, those that are summed over, and those of the kernel."""
    rows = "".join(c for c in at.output if c not in at.kernel)
    return rows, "".join(c for c in at.input if c in at.kernel), "".join(c for c in at.output if c in at.kernel)


def _matrix_product(x: Tensor, kernel: Tensor, rows: str) -> Tensor:
    """(*rows, *sums), (*sums, *columns) → (*rows, columns)."""
    inputs = math.prod(d or 1 for d in x.shape[len(rows) :])
    flat = (*x.shape[: len(rows)], inputs)
    matrix = (inputs, kernel.type.size // inputs)
    x = x if flat == x.shape else x.reshape(flat)
    return x @ (kernel if matrix == kernel.dims else kernel.reshape(matrix))

"""The names of the functions as types. Made by `python docs/generate` from the table of functions."""

from __future__ import annotations

from typing import Literal

UnaryKind = Literal[
    "abs", "arctan", "celu", "clip", "cos", "elu", "erf", "expm1", "exponential", "floor", "gelu", "gelu_tanh",
    "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh", "keras2_hard_sigmoid", "leaky_relu", "linear", "log",
    "log1p", "log_sigmoid", "mish", "negative", "reciprocal", "relu", "relu6", "round", "rsqrt", "scale", "selu",
    "sigmoid", "sign", "silu", "sin", "soft_shrink", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sqrt",
    "square", "squareplus", "tanh", "tanh_shrink", "threshold",
]  # fmt: skip
"""A function of one tensor."""

BinaryKind = Literal[
    "add", "divide", "equal", "gate", "greater", "greater_equal", "less", "less_equal", "maximum", "minimum",
    "multiply", "not_equal", "prelu", "subtract",
]  # fmt: skip
"""A function of two tensors."""

ActivationName = Literal[
    "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "keras2_hard_sigmoid", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu",
    "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax",
    "squareplus", "swish", "tanh", "tanh_shrink", "threshold",
]  # fmt: skip
"""A value of the option `activation`."""

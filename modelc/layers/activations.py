"""Activations: the functions of `keras.activations` by name, and the layers that are made of one."""

from __future__ import annotations

import math
from typing import get_args

from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.layers.base import Layer
from modelc.layers.fields import ActivationName
from modelc.ops.elementwise import Unary, UnaryKind

_ALIASES = {"swish": "silu", "hard_swish": "hard_silu"}

_PARAMETERS: dict[str, tuple[float, ...]] = {
    "celu": (1.0,),
    "elu": (1.0,),
    "hard_shrink": (0.5,),
    "leaky_relu": (0.2,),
    "relu": (0.0, math.inf, 0.0),
    "soft_shrink": (0.5,),
    "squareplus": (4.0,),
}
"""The constants that `keras.activations` uses where only the name is given."""

_UNARY = frozenset(get_args(UnaryKind))


def activate(g: Builder, name: ActivationName, x: Value) -> Value:
    """Apply the activation of that name, along the last axis where it has an axis."""
    kind = _ALIASES.get(name, name)
    if kind == "linear":
        return x
    if kind in _UNARY:
        return g.emit(Unary(kind, _PARAMETERS.get(kind, ())), x)  # pyright: ignore[reportArgumentType]
    raise NotImplementedError(name)


class Activation(Layer):
    """``y = f(x)`` for one of the activations."""

    activation: ActivationName
    """The activation's name."""

    def call(self, g: Builder, x: Value) -> Value:
        return activate(g, self.activation, x)

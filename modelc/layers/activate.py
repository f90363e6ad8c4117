"""The functions of `keras.activations` by name. Apart from the layers, so that those with an activation start fast."""

from __future__ import annotations

import math
from typing import cast, get_args

from modelc.errors import ShapeError
from modelc.graph.axes import require_features
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.fields import Activation
from modelc.ops.elementwise import Unary, UnaryKind
from modelc.ops.softmax import Glu, Softmax, SoftmaxKind

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
_SOFTMAX = frozenset(get_args(SoftmaxKind))


def as_unary(name: Activation) -> Unary | None:
    """An activation as an elementwise op; None where it works along an axis or has weights, and for `threshold`."""
    if isinstance(name, Layer):
        return getattr(name, "elementwise", None)
    kind = _ALIASES.get(name, name)
    if kind == "threshold" or kind not in _UNARY:
        return None
    return Unary(cast(UnaryKind, kind), _PARAMETERS.get(kind, ()))


def has_axis(activation: Activation) -> bool:
    """Whether an activation may depend on which axis is which, and is no function of each element."""
    return as_unary(activation) is None


def activate(g: Builder, name: Activation, x: Tensor) -> Tensor:
    """Apply an activation, along the last axis where it is a name that has an axis.

    A layer's weights are under its name below those of the layer whose activation it is: `dense/p_re_lu/alpha`.

    Raises `ShapeError` where x has no such axis, for `glu` of an odd number of features, and for `threshold`, whose
    two numbers a name does not give (Keras refuses it, too).
    """
    if isinstance(name, Layer):
        with g.scope(name.name or name.auto_name()):
            return cast("Tensor", name.call(g, x))  # none of the layers that may be an activation gives several
    kind = _ALIASES.get(name, name)
    if kind == "linear":
        return x
    x = x.as_float()
    if kind == "threshold":
        help = "use the layer ReLU with `threshold`, which gives 0 where the input is not above it"
        raise ShapeError("the activation `threshold` needs a threshold and a value, a name gives neither", help, "E204")
    elementwise = as_unary(name)
    if elementwise is not None:
        return g.emit(elementwise, x)
    features = require_features(x, f"the activation `{kind}`")
    if kind in _SOFTMAX:
        return g.emit(Softmax(cast(SoftmaxKind, kind), x.type.rank - 1), x)
    if features % 2:
        raise ShapeError(f"`glu` halves the last axis, and {features} is odd")
    return g.emit(Glu(x.type.rank - 1), x)

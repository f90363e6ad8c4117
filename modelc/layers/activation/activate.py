"""The functions of `keras.activations` by name. Apart from the layers, so that those with an activation start fast."""

from __future__ import annotations

from typing import cast

from modelc.errors import ShapeError
from modelc.functions.function import UnaryFunction
from modelc.functions.kinds import UnaryKind
from modelc.functions.table import ALIASES, NAMED
from modelc.graph.axes import require_features
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.base import Layer
from modelc.layers.options.fields import Activation
from modelc.ops.elementwise import Unary
from modelc.ops.softmax import Glu, Softmax, SoftmaxKind


def as_unary(name: Activation) -> Unary | None:
    """An activation as an elementwise op; None where it works along an axis, has weights, or needs parameters."""
    if isinstance(name, Layer):
        return getattr(name, "elementwise", None)
    function = NAMED[ALIASES.get(name, name)]
    if not isinstance(function, UnaryFunction) or function.needs:
        return None
    return Unary(cast(UnaryKind, function.name), function.filled())


def has_axis(activation: Activation) -> bool:
    """Whether an activation may depend on which axis is which, and is no function of each element."""
    return as_unary(activation) is None


def activate(g: Builder, name: Activation, x: Tensor) -> Tensor:
    """Apply an activation, along the last axis where it is a name that has an axis.

    A layer's weights are under its name below those of the layer whose activation it is: `dense/p_re_lu/alpha`.

    Raises `ShapeError` where x has no such axis, for `glu` of an odd number of features, and for a function with
    parameters that a name does not give: Keras refuses `threshold`, too.
    """
    if isinstance(name, Layer):
        with g.scope(name.name or name.auto_name()):
            return cast("Tensor", name.call(g, x))  # none of the layers that may be an activation gives several
    function = NAMED[ALIASES.get(name, name)]
    if function.name == "linear":
        return x
    x = x.as_float()
    if isinstance(function, UnaryFunction) and function.needs:
        raise _without_parameters(function)
    elementwise = as_unary(name)
    if elementwise is not None:
        return x.emit(elementwise)
    features = require_features(x, f"the activation `{function.name}`")
    if function.name != "glu":
        return x.emit(Softmax(cast(SoftmaxKind, function.name), x.rank - 1))
    if features % 2:
        raise ShapeError(f"`glu` halves the last axis, and {features} is odd")
    return x.emit(Glu(x.rank - 1))


def _without_parameters(function: UnaryFunction) -> ShapeError:
    needs = " and ".join(f"`{name}`" for name in function.needs)
    written = ", ".join(f"{name}: …" for name in function.needs)
    return ShapeError(
        f"the activation `{function.name}` needs {needs}, which its name does not give",
        f"write it as a layer: `{{type: Operation, operation: {function.operation_names[0]}, "
        f"arguments: {{{written}}}}}`",
        "E204",
    )

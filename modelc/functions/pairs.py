"""The functions of two tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from modelc.functions.function import Array, BinaryFunction

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

_Pair = tuple["Tensor | None", "Tensor | None"]


def _comparison(name: str, sign: str, compare: Callable[[Array, Array], Array]) -> BinaryFunction:
    return BinaryFunction(
        name=name,
        equation=f"1 where a {sign} b, else 0",
        definition=lambda a, b: compare(a, b).astype(np.result_type(a, b)),
        derivative=None,
        operations=(name,),
    )


def _chosen(won: Tensor, not_lost: Tensor, dy: Tensor) -> _Pair:
    """Of a maximum or a minimum: all to the one that was chosen, half to each where they are equal."""
    share = 0.5 * (won + not_lost)
    return dy * share, dy * (1 - share)


PAIRS = (
    BinaryFunction(
        name="add", equation="a + b", definition=np.add, derivative=lambda a, b, y, dy: (dy, dy), operations=("add",)
    ),
    BinaryFunction(
        name="subtract",
        equation="a − b",
        definition=np.subtract,
        derivative=lambda a, b, y, dy: (dy, -dy),
        operations=("subtract",),
    ),
    BinaryFunction(
        name="multiply",
        equation="a · b",
        definition=np.multiply,
        derivative=lambda a, b, y, dy: (dy * b, dy * a),
        operations=("multiply",),
    ),
    BinaryFunction(
        name="divide",
        equation="a / b",
        definition=np.divide,
        derivative=lambda a, b, y, dy: (dy / b, -dy * y / b),
        operations=("divide", "true_divide"),
    ),
    BinaryFunction(
        name="maximum",
        equation="the larger one",
        definition=np.maximum,
        derivative=lambda a, b, y, dy: _chosen(a.greater(b), a.greater_equal(b), dy),
        operations=("maximum",),
    ),
    BinaryFunction(
        name="minimum",
        equation="the smaller one",
        definition=np.minimum,
        derivative=lambda a, b, y, dy: _chosen(a.less(b), a.less_equal(b), dy),
        operations=("minimum",),
    ),
    BinaryFunction(
        name="prelu",
        equation="a where a ≥ 0, else b · a",
        definition=lambda a, b: np.where(a < 0, b * a, a),
        # Keras has relu(a) - b·relu(-a), so at 0 nothing comes through.
        derivative=lambda a, b, y, dy: (dy.gate(a) + b * dy.gate(-a), (dy * a).gate(-a)),
    ),
    _comparison("equal", "=", np.equal),
    _comparison("not_equal", "≠", np.not_equal),
    _comparison("greater", ">", np.greater),
    _comparison("greater_equal", "≥", np.greater_equal),
    _comparison("less", "<", np.less),
    _comparison("less_equal", "≤", np.less_equal),
    BinaryFunction(
        name="gate",
        equation="a where b > 0, else 0",
        definition=lambda a, b: np.where(b > 0, a, np.zeros((), a.dtype)),
        derivative=lambda a, b, y, dy: (dy.gate(b), None),
    ),
)

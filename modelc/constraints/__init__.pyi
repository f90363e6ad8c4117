# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The constraints, by Keras's names."""

from collections.abc import Sequence
from typing import Any

from modelc.config.registry import Registry as Registry
from modelc.constraints.classes import Constraint as Constraint
from modelc.constraints.classes import ConstraintField as ConstraintField

CONSTRAINTS: Registry[Constraint]


class MaxNorm(Constraint):
    r"""Limits the norm of weight vectors.

    ``w · min(‖w‖, max_value) / (‖w‖ + 1e-7)``, norms along `axis`.

    Args:
        max_value: The maximum norm of a weight vector.
        axis: The axis or axes of a weight vector: 0 for the kernel of a Dense, `[0, 1, 2]` for that of a Conv2D.
    """

    def __init__(
        self,
        max_value: float = 2.0,
        axis: int | Sequence[int] = 0,
    ) -> None: ...
    @property
    def max_value(self) -> float: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def project(self, *args: Any, **kwargs: Any) -> Any: ...

class MinMaxNorm(Constraint):
    r"""Keeps the norm of weight vectors in a range.

    ``w · (rate·clip(‖w‖, min_value, max_value) + (1 - rate)·‖w‖) / (‖w‖ + 1e-7)``, norms along `axis`.

    Args:
        min_value: The minimum norm of a weight vector.
        max_value: The maximum norm of a weight vector.
        rate: The fraction by which each update moves a norm towards the range; 1 enforces the range fully.
        axis: The axis or axes of a weight vector: 0 for the kernel of a Dense, `[0, 1, 2]` for that of a Conv2D.
    """

    def __init__(
        self,
        min_value: float = 0.0,
        max_value: float = 1.0,
        rate: float = 1.0,
        axis: int | Sequence[int] = 0,
    ) -> None: ...
    @property
    def min_value(self) -> float: ...
    @property
    def max_value(self) -> float: ...
    @property
    def rate(self) -> float: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def project(self, *args: Any, **kwargs: Any) -> Any: ...

class NonNeg(Constraint):
    r"""Sets negative weights to 0: ``max(w, 0)``.
    """

    def __init__(
        self,
    ) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def project(self, *args: Any, **kwargs: Any) -> Any: ...

class UnitNorm(Constraint):
    r"""Scales weight vectors to norm 1.

    ``w / (‖w‖ + 1e-7)``, norms along `axis`.

    Args:
        axis: The axis or axes of a weight vector: 0 for the kernel of a Dense, `[0, 1, 2]` for that of a Conv2D.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = 0,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def project(self, *args: Any, **kwargs: Any) -> Any: ...

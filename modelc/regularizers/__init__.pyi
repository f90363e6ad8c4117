# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The regularizers, by Keras's names."""

from typing import Any, Literal

from modelc.config.registry import Registry as Registry
from modelc.regularizers.classes import Regularizer as Regularizer
from modelc.regularizers.classes import RegularizerField as RegularizerField

REGULARIZERS: Registry[Regularizer]


class L1(Regularizer):
    r"""L1 regularizer, which makes many weights 0: ``l1·Σ|w|``.

    Args:
        l1: The factor of the L1 penalty, the sum of absolute values.
    """

    def __init__(
        self,
        l1: float = 0.01,
    ) -> None: ...
    @property
    def l1(self) -> float: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def penalty(self, *args: Any, **kwargs: Any) -> Any: ...

class L1L2(Regularizer):
    r"""Sum of the L1 and the L2 penalty: ``l1·Σ|w| + l2·Σ w²``.

    Args:
        l1: The factor of the L1 penalty, the sum of absolute values.
        l2: The factor of the L2 penalty, the sum of squares.
    """

    def __init__(
        self,
        l1: float = 0.0,
        l2: float = 0.0,
    ) -> None: ...
    @property
    def l1(self) -> float: ...
    @property
    def l2(self) -> float: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def penalty(self, *args: Any, **kwargs: Any) -> Any: ...

class L2(Regularizer):
    r"""L2 regularizer, which keeps weights small: ``l2·Σ w²``.

    Args:
        l2: The factor of the L2 penalty, the sum of squares.
    """

    def __init__(
        self,
        l2: float = 0.01,
    ) -> None: ...
    @property
    def l2(self) -> float: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def penalty(self, *args: Any, **kwargs: Any) -> Any: ...

class OrthogonalRegularizer(Regularizer):
    r"""Regularizer that makes the rows or columns of a matrix orthogonal to each other.

    ``factor · mean over the pairs i < j of |⟨w_i, w_j⟩| / (‖w_i‖·‖w_j‖)``, with w_i the rows or columns.

    Args:
        factor: The factor of the penalty.
        mode: The vectors made orthogonal: the `rows` or the `columns`.
    """

    def __init__(
        self,
        factor: float = 0.01,
        mode: Literal['rows', 'columns'] = 'rows',
    ) -> None: ...
    @property
    def factor(self) -> float: ...
    @property
    def mode(self) -> Literal['rows', 'columns']: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def penalty(self, *args: Any, **kwargs: Any) -> Any: ...

# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The regularizers, by Keras's names."""

from typing import Any, Literal

from modelc.regularizers.classes import Regularizer as Regularizer
from modelc.regularizers.classes import REGULARIZERS as REGULARIZERS
from modelc.regularizers.classes import RegularizerField as RegularizerField


class L1(Regularizer):
    r"""A penalty on the absolute values of weights, which makes many of them 0: ``l1·Σ|w|``.

    Args:
        l1: The factor of the sum of absolute values, which is added to the loss.
    """

    def __init__(
        self,
        l1: float = 0.01,
    ) -> None: ...
    @property
    def l1(self) -> float: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def penalty(self, *args: Any, **kwargs: Any) -> Any: ...

class L2(Regularizer):
    r"""A penalty on the squares of weights, which keeps them small (weight decay): ``l2·Σ w²``.

    Args:
        l2: The factor of the sum of squares, which is added to the loss.
    """

    def __init__(
        self,
        l2: float = 0.01,
    ) -> None: ...
    @property
    def l2(self) -> float: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def penalty(self, *args: Any, **kwargs: Any) -> Any: ...

class L1L2(Regularizer):
    r"""Both penalties together: ``l1·Σ|w| + l2·Σ w²``.

    Args:
        l1: The factor of the sum of absolute values, which is added to the loss.
        l2: The factor of the sum of squares, which is added to the loss.
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

class OrthogonalRegularizer(Regularizer):
    r"""A penalty on the rows or columns of a matrix that are not orthogonal to each other.

    ``factor · mean over the pairs i < j of |⟨w_i, w_j⟩| / (‖w_i‖·‖w_j‖)``, w_i the rows or columns of a matrix.

    Args:
        factor: The factor of the penalty, which is added to the loss.
        mode: The vectors that are to become orthogonal to each other: the `rows` or the `columns`.
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

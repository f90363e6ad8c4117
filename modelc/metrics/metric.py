"""`Metric` and `State`: numbers about predictions that are sums over batches, until they are asked for.

Every metric measures a batch as arrays that add up, and makes its result from their sums: so a metric is a frozen
config, and all that changes is a dictionary of totals. Batches are measured in float32, as they are compared with
thresholds there; totals are float64, so that a long epoch loses nothing.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import PrivateAttr

from modelc.config.ordered import ComputeDType, Ordered
from modelc.errors import InputError, ShapeError
from modelc.metrics.directions import Direction
from modelc.text.naming import snake_case

Array = NDArray[Any]
Totals = Mapping[str, Any]
"""Arrays and numbers of NumPy, by name."""

EPSILON = 1e-7
"""`keras.config.epsilon()`."""


class Metric(Ordered):
    """Base of all metrics."""

    order: ClassVar[str] = "* name dtype"
    direction: ClassVar[Direction | None] = "up"
    """The way in which it gets better; None for sums and counts, which are good or bad as the case may be."""

    name: str | None = None
    """The name of the metric in logs. By default derived from its type."""
    dtype: ComputeDType = None
    """No effect: metrics are computed in float32 and accumulated in float64."""

    _automatic: str | None = PrivateAttr(None)

    @classmethod
    def lower_case_name(cls) -> str:
        """Keras's: `root_mean_squared_error`."""
        return snake_case(cls.__name__)

    @property
    def label(self) -> str:
        """Its name, or the one that it was called by, or that of its type: `precision_at_recall`."""
        return self.name or self._automatic or snake_case(type(self).__name__)

    @property
    def is_named(self) -> bool:
        """Whether it has a name, or was called by one."""
        return self.name is not None or self._automatic is not None

    def shortest(self) -> Any:
        """A mapping: a word alone would be its name as well."""
        return self.plain()

    def call(self, name: str) -> None:
        """Call it by a name that it keeps: `auc_1`, where another one without a name was used before."""
        self._automatic = name

    def start(self) -> State:
        """The state before the first batch."""
        return State(self)

    @abstractmethod
    def measure(self, y_true: Array, y_pred: Array, weight: Array | None, mask: Array | None) -> Totals:
        """What a batch adds to the totals. Raises `InputError` where the arrays do not fit."""

    @abstractmethod
    def combine(self, totals: Totals) -> ArrayLike:
        """The result of the totals; they are those of `nothing` before the first batch."""

    def nothing(self) -> Totals:
        """The totals of no batch."""
        return {}


class State:
    """A metric over the batches so far."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self.totals: dict[str, Any] = dict(metric.nothing())

    def update(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> None:
        """Take a batch in. Raises `InputError` where the arrays do not fit each other or the metric."""
        self.add(self.measured(y_true, y_pred, sample_weight, mask))

    def measured(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> Totals:
        """What a batch adds to the totals. Raises as `update` does."""
        weight = None if sample_weight is None else np.asarray(sample_weight, np.float32)
        left_in = None if mask is None else np.asarray(mask, np.float32)
        try:
            return self.metric.measure(np.asarray(y_true), np.asarray(y_pred, np.float32), weight, left_in)
        except (ValueError, ShapeError) as error:
            shapes = f"{np.shape(y_true)} and {np.shape(y_pred)}"
            weights = "" if weight is None else f", weighted by {weight.shape}"
            reason, help = (error.message, error.help) if isinstance(error, ShapeError) else (str(error), None)
            raise InputError(
                f"the metric `{self.metric.label}` cannot take labels and predictions of the shapes {shapes}{weights}: "
                f"{reason}",
                help,
            ) from None

    def add(self, added: Totals) -> None:
        """Take in what a batch adds."""
        for name, amount in added.items():
            self.totals[name] = self.totals.get(name, np.float64(0)) + np.asarray(amount, np.float64)

    def result(self) -> float | Array:
        """The metric of all batches since the last reset: a number, or an array of them."""
        with np.errstate(all="ignore"):
            found = np.asarray(self.metric.combine(self.totals), np.float64)
        return float(found) if found.ndim == 0 else found.astype(np.float32)

    def reset(self) -> None:
        """Forget all batches."""
        self.totals = dict(self.metric.nothing())


def same_rank(a: Array, b: Array, *, expand: bool = True) -> tuple[Array, Array]:
    """a and b with the last axis of 1 that only one of them has taken away, or given to the other one if it is (N,)."""
    if a.ndim == b.ndim + 1 and a.shape[-1] == 1:
        return (a, b[..., None]) if b.ndim == 1 and expand else (a[..., 0], b)
    if b.ndim == a.ndim + 1 and b.shape[-1] == 1:
        return (a[..., None], b) if a.ndim == 1 and expand else (a, b[..., 0])
    return a, b


def masked_weight(weight: Array | None, mask: Array | None) -> Array | None:
    """Weights of 0 where the mask is 0."""
    if mask is None or weight is None:
        return weight if mask is None else mask
    mask, weight = same_rank(mask, weight)
    # A weight per sample counts for all of its steps.
    return weight.reshape(*weight.shape, *(1,) * (mask.ndim - weight.ndim)) * mask


def quotient(a: ArrayLike, b: ArrayLike) -> Array:
    """``a / b``, 0 where b is 0."""
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(np.shape(a), np.shape(b))), where=np.not_equal(b, 0))

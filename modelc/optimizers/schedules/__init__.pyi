# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""Schedules of the learning rate, by Keras's names."""

from collections.abc import Sequence
from typing import Any

from modelc.config.registry import Registry as Registry
from modelc.optimizers.schedules.classes import Schedule as Schedule

SCHEDULES: Registry[Schedule]


class CosineDecay(Schedule):
    r"""Cosine decay: the learning rate r follows half a cosine over a fixed number of steps s, after an optional linear
    warm-up.

    ``r = top·((1 - alpha)·(1 + cos(π·min(s, n) / n)) / 2 + alpha)``, n = decay_steps (Loshchilov and Hutter, 2017).

    top is the initial learning rate or, if given, `warmup_target`: r then first rises linearly to it over
    `warmup_steps`, and s counts from the end of the warm-up.

    Args:
        initial_learning_rate: The initial learning rate, at the start of the warm-up or of the cosine.
        decay_steps: The number of steps (batches) of the cosine, without the warm-up.
        alpha: The final learning rate as a fraction of the highest one.
        name: The name of the schedule in saved files.
        warmup_target: The learning rate at the end of the warm-up and the start of the cosine; null for no warm-
            up.
        warmup_steps: The number of warm-up steps, over which the learning rate changes linearly to
            `warmup_target`.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = 'CosineDecay',
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None: ...
    @property
    def initial_learning_rate(self) -> float: ...
    @property
    def decay_steps(self) -> int: ...
    @property
    def alpha(self) -> float: ...
    @property
    def name(self) -> str: ...
    @property
    def warmup_target(self) -> float | None: ...
    @property
    def warmup_steps(self) -> int: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class CosineDecayRestarts(Schedule):
    r"""Cosine decay with warm restarts: the learning rate r repeatedly follows half a cosine.

    The i-th period, i = 0, 1, …, is first_decay_steps·t_mul^i steps long and starts at ``initial_learning_rate·((1 -
    alpha)·m_mul^i + alpha)`` (Loshchilov and Hutter, 2017: SGDR).

    Args:
        initial_learning_rate: The initial learning rate.
        first_decay_steps: The number of steps (batches) of the first period.
        t_mul: The length of each period relative to the previous one.
        m_mul: The amplitude of each period relative to the previous one.
        alpha: The learning rate at the end of each period as a fraction of the initial one.
        name: The name of the schedule in saved files.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: int,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = 'SGDRDecay',
    ) -> None: ...
    @property
    def initial_learning_rate(self) -> float: ...
    @property
    def first_decay_steps(self) -> int: ...
    @property
    def t_mul(self) -> float: ...
    @property
    def m_mul(self) -> float: ...
    @property
    def alpha(self) -> float: ...
    @property
    def name(self) -> str: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class ExponentialDecay(Schedule):
    r"""Exponential decay: the learning rate r is multiplied by a factor every fixed number of steps s.

    ``r = initial_learning_rate·decay_rate^(s / decay_steps)``.

    Args:
        initial_learning_rate: The initial learning rate.
        decay_steps: The number of steps (batches) per multiplication by `decay_rate`.
        decay_rate: The factor of the learning rate per `decay_steps`: 0.5 halves it.
        staircase: Whether the learning rate decreases only every `decay_steps` steps instead of continuously.
        name: The name of the schedule in saved files.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = 'ExponentialDecay',
    ) -> None: ...
    @property
    def initial_learning_rate(self) -> float: ...
    @property
    def decay_steps(self) -> int: ...
    @property
    def decay_rate(self) -> float: ...
    @property
    def staircase(self) -> bool: ...
    @property
    def name(self) -> str: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class InverseTimeDecay(Schedule):
    r"""Inverse time decay: the learning rate r is divided by a linear function of the number of steps s.

    ``r = initial_learning_rate / (1 + decay_rate·s / decay_steps)``.

    Args:
        initial_learning_rate: The initial learning rate.
        decay_steps: The number of steps (batches) over which the divisor grows by `decay_rate`.
        decay_rate: The growth of the divisor, initially 1, per `decay_steps`.
        staircase: Whether the learning rate decreases only every `decay_steps` steps instead of continuously.
        name: The name of the schedule in saved files.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = 'InverseTimeDecay',
    ) -> None: ...
    @property
    def initial_learning_rate(self) -> float: ...
    @property
    def decay_steps(self) -> int: ...
    @property
    def decay_rate(self) -> float: ...
    @property
    def staircase(self) -> bool: ...
    @property
    def name(self) -> str: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class PiecewiseConstantDecay(Schedule):
    r"""Piecewise constant learning rate r, with changes at given steps s.

    ``r = values[i]`` for ``boundaries[i-1] < s ≤ boundaries[i]``: the first value up to and including the first
    boundary, the last value after the last boundary.

    Args:
        boundaries: The steps (batches) after which the learning rate changes, in ascending order.
        values: The learning rates of the intervals: one more than there are boundaries.
        name: The name of the schedule in saved files.
    """

    def __init__(
        self,
        boundaries: Sequence[float],
        values: Sequence[float],
        name: str = 'PiecewiseConstant',
    ) -> None: ...
    @property
    def boundaries(self) -> tuple[float, ...]: ...
    @property
    def values(self) -> tuple[float, ...]: ...
    @property
    def name(self) -> str: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class PolynomialDecay(Schedule):
    r"""Polynomial decay: the learning rate r changes to an end value over a fixed number of steps s.

    ``r = (initial_learning_rate - end_learning_rate)·(1 - min(s, n) / n)^power + end_learning_rate``, n = decay_steps;
    with `cycle`, n is the smallest multiple of decay_steps that is not below s.

    Args:
        initial_learning_rate: The initial learning rate.
        decay_steps: The number of steps (batches) until the end value is reached.
        end_learning_rate: The learning rate after `decay_steps`.
        power: The exponent: 1 for linear decay, larger values for a decay that slows down.
        cycle: Whether to restart from a higher learning rate each time the end value is reached, with n extended
            by `decay_steps`.
        name: The name of the schedule in saved files.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = 'PolynomialDecay',
    ) -> None: ...
    @property
    def initial_learning_rate(self) -> float: ...
    @property
    def decay_steps(self) -> int: ...
    @property
    def end_learning_rate(self) -> float: ...
    @property
    def power(self) -> float: ...
    @property
    def cycle(self) -> bool: ...
    @property
    def name(self) -> str: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

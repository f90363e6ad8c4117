# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""Schedules of the learning rate, by Keras's names."""

from collections.abc import Sequence
from typing import Any

from modelc.optimizers.schedules.classes import Schedule as Schedule
from modelc.optimizers.schedules.classes import SCHEDULES as SCHEDULES


class ExponentialDecay(Schedule):
    r"""``r = initial_learning_rate·decay_rate^(s / decay_steps)``.

    Args:
        initial_learning_rate: r at step 0.
        decay_steps: The steps in which r is multiplied by `decay_rate`.
        decay_rate: The factor.
        staircase: Whether r stays the same for `decay_steps` at a time.
        name: What the schedule is called.
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

class PiecewiseConstantDecay(Schedule):
    r"""``r = values[i]`` for ``boundaries[i-1] < s ≤ boundaries[i]``: the first value up to the first boundary and with
    it, the last one after the last.

    Args:
        boundaries: Steps, in ascending order.
        values: The learning rates between them: one more.
        name: What the schedule is called.
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
    r"""``r = (initial_learning_rate - end_learning_rate)·(1 - min(s, n) / n)^power + end_learning_rate``,
    n = decay_steps; with `cycle`, n is the smallest multiple of decay_steps that is not below s.

    Args:
        initial_learning_rate: r at step 0.
        decay_steps: The steps to the end.
        end_learning_rate: r at the end.
        power: 1 for a line.
        cycle: Whether r begins anew, each time over a longer way.
        name: What the schedule is called.
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

class InverseTimeDecay(Schedule):
    r"""``r = initial_learning_rate / (1 + decay_rate·s / decay_steps)``.

    Args:
        initial_learning_rate: r at step 0.
        decay_steps: The steps in which the divisor grows by `decay_rate`.
        decay_rate: How much the divisor grows.
        staircase: Whether r stays the same for `decay_steps` at a time.
        name: What the schedule is called.
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

class CosineDecay(Schedule):
    r"""``r = top·((1 - alpha)·(1 + cos(π·min(s, n) / n)) / 2 + alpha)``, n = decay_steps (Loshchilov and Hutter, 2017).

    top is the initial learning rate, unless there is a `warmup_target`: then r first goes there, in a straight line
    over `warmup_steps`, and the cosine begins after that, with the target for its top.

    Args:
        initial_learning_rate: r at step 0.
        decay_steps: The steps of the cosine.
        alpha: The share of the top that is left at the end.
        name: What the schedule is called.
        warmup_target: r after the warm-up.
        warmup_steps: The steps of the warm-up.
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
    r"""Cosines that begin anew, as in CosineDecay: the i-th is first_decay_steps·t_mul^i steps long and begins at
    ``initial_learning_rate·((1 - alpha)·m_mul^i + alpha)`` (Loshchilov and Hutter, 2017: SGDR).

    Args:
        initial_learning_rate: r at step 0.
        first_decay_steps: The steps of the first cosine.
        t_mul: How many times as long the next cosine is.
        m_mul: How many times as high the next cosine is.
        alpha: The share of the initial rate that is left at the end of each.
        name: What the schedule is called.
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

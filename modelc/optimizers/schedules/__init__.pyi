# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""Schedules of the learning rate, by Keras's names."""

from collections.abc import Sequence
from typing import Any

from modelc.optimizers.schedules.classes import Schedule as Schedule
from modelc.optimizers.schedules.classes import SCHEDULES as SCHEDULES


class ExponentialDecay(Schedule):
    r"""A learning rate r that shrinks by a factor over a fixed number of steps s.

    ``r = initial_learning_rate·decay_rate^(s / decay_steps)``.

    Args:
        initial_learning_rate: The learning rate at the first step.
        decay_steps: The number of steps (batches) over which the rate is multiplied by `decay_rate` once.
        decay_rate: The factor of the rate per `decay_steps`: 0.5 halves it.
        staircase: Whether the rate falls in jumps, every `decay_steps` steps, instead of a little at each step.
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

class PiecewiseConstantDecay(Schedule):
    r"""A learning rate r that jumps from one fixed value to the next at given steps s.

    ``r = values[i]`` for ``boundaries[i-1] < s ≤ boundaries[i]``: the first value up to the first boundary and with
    it, the last one after the last.

    Args:
        boundaries: The steps (batches) after which the rate changes, in ascending order.
        values: The learning rates before, between and after the boundaries: one more than there are boundaries.
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
    r"""A learning rate r that goes from one value to another over a fixed number of steps s, in a line or a power of it.

    ``r = (initial_learning_rate - end_learning_rate)·(1 - min(s, n) / n)^power + end_learning_rate``,
    n = decay_steps; with `cycle`, n is the smallest multiple of decay_steps that is not below s.

    Args:
        initial_learning_rate: The learning rate at the first step.
        decay_steps: The number of steps (batches) until the end rate is reached.
        end_learning_rate: The learning rate after `decay_steps`.
        power: The exponent of the curve: 1 for a straight line, 2 for a fall that gets slower.
        cycle: Whether the rate starts again each time that it has reached the end, over a longer and longer way.
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

class InverseTimeDecay(Schedule):
    r"""A learning rate r that falls as one over the number of steps s.

    ``r = initial_learning_rate / (1 + decay_rate·s / decay_steps)``.

    Args:
        initial_learning_rate: The learning rate at the first step.
        decay_steps: The number of steps (batches) over which the divisor grows by `decay_rate`.
        decay_rate: The amount by which the divisor of the rate grows per `decay_steps`, from 1 on.
        staircase: Whether the rate falls in jumps, every `decay_steps` steps, instead of a little at each step.
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

class CosineDecay(Schedule):
    r"""A learning rate r that falls along half a cosine over a fixed number of steps s, after a warm-up if wanted.

    ``r = top·((1 - alpha)·(1 + cos(π·min(s, n) / n)) / 2 + alpha)``, n = decay_steps (Loshchilov and Hutter, 2017).

    top is the initial learning rate, unless there is a `warmup_target`: then r first goes there, in a straight line
    over `warmup_steps`, and the cosine begins after that, with the target for its top.

    Args:
        initial_learning_rate: The learning rate at the first step: where the cosine starts, or the warm-up.
        decay_steps: The number of steps (batches) of the cosine, without those of the warm-up.
        alpha: The share of the highest rate that is left at the end; 0 lets it fall to 0.
        name: The name of the schedule in saved files.
        warmup_target: The learning rate at the end of the warm-up, and the start of the cosine; null for no warm-
            up.
        warmup_steps: The number of first steps over which the rate rises in a line to `warmup_target`.
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
    r"""A learning rate r that falls along half a cosine and jumps up again, over and over.

    Cosines that begin anew, as in CosineDecay: the i-th is first_decay_steps·t_mul^i steps long and begins at
    ``initial_learning_rate·((1 - alpha)·m_mul^i + alpha)`` (Loshchilov and Hutter, 2017: SGDR).

    Args:
        initial_learning_rate: The learning rate at the first step: where the first cosine starts.
        first_decay_steps: The number of steps (batches) of the first cosine.
        t_mul: The length of each cosine as a multiple of the one before it.
        m_mul: The height at which each cosine starts as a multiple of the one before it.
        alpha: The share of the initial rate that is left at the end of each cosine.
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

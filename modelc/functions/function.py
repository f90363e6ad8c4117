"""What a row of the table of functions says. Kernels add the formula of the machine to it, under the same name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

Array = NDArray[Any]

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

    Definition = (
        Callable[[Array], Array]
        | Callable[[Array, float], Array]
        | Callable[[Array, float, float], Array]
        | Callable[[Array, float, float, float], Array]
    )
    """y of x and the parameters, in NumPy."""

    Derivative = (
        Callable[[Tensor, Tensor, Tensor], Tensor]
        | Callable[[Tensor, Tensor, Tensor, float], Tensor]
        | Callable[[Tensor, Tensor, Tensor, float, float], Tensor]
        | Callable[[Tensor, Tensor, Tensor, float, float, float], Tensor]
    )
    """``f'(x)·dy`` of x, y, dy and the parameters."""


@dataclass(frozen=True)
class Parameter:
    """A number that a function takes besides its tensors."""

    name: str
    default: float | None = None
    """What it is where it is left out; None where it must be given."""
    least: float = -math.inf
    """The smallest one for which the function is defined."""

    @property
    def unlimited(self) -> bool:
        """Whether it is a limit that is left out: infinite, and null in a spec."""
        return self.default == math.inf


@dataclass(frozen=True, kw_only=True)
class UnaryFunction:
    """``y = f(x; parameters)`` for each element x of a tensor."""

    name: str
    equation: str
    """For the documentation, with the names of the parameters."""
    definition: Definition
    """In NumPy, in the dtype of x: the reference of the kernels in float32, and in float64 that of the tests."""
    derivative: Derivative | None
    """``f'(x)·dy`` of x, y = f(x) and dy, then the parameters; None where f is flat almost everywhere.

    At a kink it is what JAX gives to Keras's function: 0 for relu, half of both sides for a maximum or a minimum.
    """
    parameters: tuple[Parameter, ...] = ()
    activation: bool = False
    """Whether it is a value of the option `activation`."""
    of_keras: bool = True
    """Whether it is one of Keras 3's functions: a model with another one cannot be saved for Keras."""
    aliases: tuple[str, ...] = ()
    """Keras's other names of it."""
    operations: tuple[str, ...] | None = None
    """The functions of `keras.ops` that it is; None: its name and the other ones."""
    light: bool = False
    """Whether it takes a few instructions: less than reading its result from memory."""
    probability: bool = False
    """Whether it gives numbers from 0 to 1, that a loss can take for probabilities."""

    @property
    def operation_names(self) -> tuple[str, ...]:
        """The functions of `keras.ops` that it is."""
        return (self.name, *self.aliases) if self.operations is None else self.operations

    @property
    def needs(self) -> tuple[str, ...]:
        """The parameters that have no default."""
        return tuple(p.name for p in self.parameters if p.default is None)

    def default(self, parameter: str) -> float:
        """The default of a parameter that has one."""
        return next(p.default for p in self.parameters if p.name == parameter and p.default is not None)

    def filled(self, given: Sequence[float] = ()) -> tuple[float, ...]:
        """The values of all parameters, of which the first ones are given. Raises `ValueError` where one is missing."""
        rest = self.parameters[len(given) :]
        if any(p.default is None for p in rest) or len(given) > len(self.parameters):
            raise ValueError(f"`{self.name}` takes {len(self.parameters)} parameters, found {len(given)}")
        return (*given, *(p.default for p in rest if p.default is not None))

    def compute(self, x: Array, parameters: Sequence[float]) -> Array:
        """The definition, with warnings of NumPy left to the caller."""
        definition: Callable[..., Array] = self.definition
        return definition(x, *parameters)

    def slope(self, x: Tensor, y: Tensor, dy: Tensor, parameters: Sequence[float]) -> Tensor | None:
        """``f'(x)·dy``, None where f is flat almost everywhere."""
        derivative: Callable[..., Tensor] | None = self.derivative
        return derivative and derivative(x, y, dy, *parameters)

    def named(self, given: Mapping[str, float | None]) -> tuple[float, ...]:
        """The values of all parameters by their names; null is no limit."""
        return tuple(math.inf if given[p.name] is None else float(given[p.name] or 0.0) for p in self.parameters)


@dataclass(frozen=True, kw_only=True)
class BinaryFunction:
    """``y = f(a, b)`` for each pair of elements of two tensors that broadcast."""

    name: str
    equation: str
    definition: Callable[[Array, Array], Array]
    """In NumPy."""
    derivative: Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor | None, Tensor | None]] | None
    """``∂f/∂a·dy`` and ``∂f/∂b·dy`` of a, b, y and dy, None for one that is flat; None for both of a comparison."""
    operations: tuple[str, ...] = ()
    """The functions of `keras.ops` that it is."""


@dataclass(frozen=True, kw_only=True)
class AxisFunction:
    """An activation that takes all values along an axis together; `ops.softmax` has its definition."""

    name: str
    equation: str
    probability: bool = False
    """Whether it gives numbers from 0 to 1, that a loss can take for probabilities."""

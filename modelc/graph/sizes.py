"""`Size`: a size that a model leaves free, computed with as an integer is.

A model is traced once for sizes that stay free. What layers, ops and passes compute of them are expressions. Where code
asks how two sizes compare, `FreeSizes` proves or assumes the answer.

A `Size` is no `int`: what needs a plain number (`range`, an index, NumPy) gets that of the sizes which the trace was
made for, which is noted as a fact as well. Nothing else leads out of an expression, so that a graph can never be used
for sizes that it does not hold for. To type checkers a size is an `int`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf, prod
from operator import add, index, mul, sub
from typing import Any, cast

from modelc.graph.expressions import Expression, SizeSymbol, number
from modelc.graph.free_sizes import FreeSizes


def declare(free: FreeSizes, symbol: SizeSymbol, size: int) -> int:
    """A free size, which is `size` in the trace."""
    return as_size(free, free.add(symbol, size))


def as_size(free: FreeSizes, expression: Expression) -> int:
    """An expression as a size; a plain number where it is one."""
    plain = expression.number
    return cast("int", Size(free, expression)) if plain is None else plain


class Size:
    """An expression in the free sizes of a scope, which is not a plain number. See the module."""

    __slots__ = ("expression", "sizes")

    def __init__(self, sizes: FreeSizes, expression: Expression) -> None:
        self.sizes = sizes
        self.expression = expression

    def __add__(self, other: Any) -> Any:
        e = _expression(other)
        return _of_floats(add, self, other) if e is None else as_size(self.sizes, self.expression.plus(e))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        e = _expression(other)
        return _of_floats(sub, self, other) if e is None else as_size(self.sizes, self.expression.plus(e, -1))

    def __rsub__(self, other: Any) -> Any:
        e = _expression(other)
        return _of_floats(sub, other, self) if e is None else as_size(self.sizes, e.plus(self.expression, -1))

    def __mul__(self, other: Any) -> Any:
        e = _expression(other)
        return _of_floats(mul, self, other) if e is None else as_size(self.sizes, self.expression.times(e))

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Any:
        e = _expression(other)
        return NotImplemented if e is None else as_size(self.sizes, self.expression.over(e))

    def __rfloordiv__(self, other: Any) -> Any:
        e = _expression(other)
        return NotImplemented if e is None else as_size(self.sizes, e.over(self.expression))

    def __mod__(self, other: Any) -> Any:
        e = _expression(other)
        return NotImplemented if e is None else as_size(self.sizes, self._rest(self.expression, e))

    def __rmod__(self, other: Any) -> Any:
        e = _expression(other)
        return NotImplemented if e is None else as_size(self.sizes, self._rest(e, self.expression))

    @staticmethod
    def _rest(a: Expression, b: Expression) -> Expression:
        return a.plus(a.over(b).times(b), -1)

    def __neg__(self) -> Any:
        return self * -1

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return self if self >= 0 else -self

    def __pow__(self, exponent: int) -> Any:
        return prod([self] * exponent)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    @property
    def plain_symbol(self) -> SizeSymbol | None:
        """The symbol, where it is a free size itself and nothing computed of it."""
        return self.expression.plain_symbol

    # --- questions

    def __eq__(self, other: object) -> bool:
        if isinstance(other, float):
            return float(self) == other
        e = _expression(other)
        return e is not None and self.sizes.equals(self.expression.plus(e, -1), 0)

    def __hash__(self) -> int:
        return hash(self.expression)

    def __ge__(self, other: Any) -> bool:
        return self._compared(other, 1, 0)

    def __gt__(self, other: Any) -> bool:
        return self._compared(other, 1, 1)

    def __le__(self, other: Any) -> bool:
        return self._compared(other, -1, 0)

    def __lt__(self, other: Any) -> bool:
        return self._compared(other, -1, 1)

    def _compared(self, other: Any, sign: int, least: int) -> bool:
        """Whether ``sign·(self - other) ≥ least``."""
        e = _expression(other)
        if e is not None:
            difference = self.expression.plus(e, -1)
            return self.sizes.at_least(difference if sign > 0 else difference.times(number(-1)), least)
        if isinstance(other, float):
            if abs(other) == inf:
                return (other < 0) == (sign > 0)
            difference = sign * (float(self) - other)
            return difference > 0 or (least == 0 and difference == 0)
        return cast("bool", NotImplemented)

    def __bool__(self) -> bool:
        return self != 0

    # --- a plain number, for the sizes of the trace alone

    def __index__(self) -> int:
        return self.sizes.settle(self.expression)

    def __int__(self) -> int:
        return self.sizes.settle(self.expression)

    def __float__(self) -> float:
        return float(self.sizes.settle(self.expression))

    def __truediv__(self, other: Any) -> float:
        return float(self) / float(other)

    def __rtruediv__(self, other: Any) -> float:
        return float(other) / float(self)

    def __ceil__(self) -> Any:
        return self

    def __floor__(self) -> Any:
        return self

    def __round__(self) -> Any:
        return self

    def __reduce__(self) -> Any:
        raise TypeError("a free size belongs to the trace that it was made in")

    def __str__(self) -> str:
        """As Keras prints it; of a trace for the sizes of a call, what the call has."""
        return str(likely(self)) if self.sizes.of_call else "None"

    def __format__(self, spec: str) -> str:
        return format(likely(self), spec) if self.sizes.of_call else "None"

    def __repr__(self) -> str:
        return str(self.expression)


def _of_floats(operation: Callable[[float, float], float], a: Any, b: Any) -> Any:
    """What a size and a float make: a float, for the sizes of the trace alone."""
    return operation(float(a), float(b)) if isinstance(a, float) or isinstance(b, float) else NotImplemented


def _expression(other: Any) -> Expression | None:
    if isinstance(other, Size):
        return other.expression
    if isinstance(other, float):
        return None
    try:
        return number(index(other))
    except TypeError:
        return None


def is_free(size: Any) -> bool:
    """Whether a size is left free: an expression in the sizes of a call."""
    return isinstance(size, Size)


def free_in(size: Any) -> list[str]:
    """The names of the free sizes that a size depends on."""
    return sorted(symbol.name for symbol in size.expression.symbols()) if isinstance(size, Size) else []


def expression_of(size: Any) -> Expression:
    """A size as an expression."""
    return size.expression if isinstance(size, Size) else number(size)


def surely_equal(a: Any, b: Any) -> bool:
    """Whether two sizes are equal whatever the free ones are; no fact is noted."""
    if isinstance(a, Size):
        return isinstance(b, Size) and a.expression == b.expression
    return not isinstance(b, Size) and a == b


def same_shape(*shapes: Sequence[Any]) -> bool:
    """Whether shapes are equal whatever the free sizes are; no fact is noted."""
    first, *others = shapes
    return all(len(s) == len(first) and all(map(surely_equal, s, first)) for s in others)


def no_pads(pads: Sequence[Sequence[Any]]) -> bool:
    """Whether all pads are 0 whatever the free sizes are; no fact is noted."""
    return all(surely_equal(n, 0) for around in pads for n in around)


def surely(size: Any, least: float = -inf, largest: float = inf) -> bool:
    """Whether a size lies in these bounds whatever the free ones are; no fact is noted."""
    if not isinstance(size, Size):
        return least <= size <= largest
    low, high = size.sizes.bounds(size.expression)
    return least <= low and high <= largest


def likely(size: Any) -> Any:
    """What a size is in the trace, for choices of speed alone: whatever is chosen is right for all sizes."""
    return size.expression.value(size.sizes.hints) if isinstance(size, Size) else size


def shown(shape: Iterable[Any]) -> tuple[int | None, ...]:
    """A shape as Keras shows it: None for the batch and for sizes that are free, whether they have names or not."""
    return tuple(None if d is None or isinstance(d, Size | str) else d for d in shape)

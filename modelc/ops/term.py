"""`Term`: a value with arithmetic operators, for formulas of layers and gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelc.ops.base import Emitter
from modelc.ops.elementwise import BinaryKind, UnaryKind
from modelc.ops.emit import binary, constant, scale, unary
from modelc.ops.select import Select

if TYPE_CHECKING:
    from modelc.graph.graph import Value


@dataclass(frozen=True)
class Term:
    """A value that can be computed with; each operation emits an op."""

    g: Emitter
    value: Value

    def __add__(self, other: Term | float) -> Term:
        return self._with("add", other) if isinstance(other, Term) else self._scale(1.0, other)

    def __radd__(self, other: float) -> Term:
        return self + other

    def __sub__(self, other: Term | float) -> Term:
        return self._with("subtract", other) if isinstance(other, Term) else self._scale(1.0, -other)

    def __rsub__(self, other: float) -> Term:
        return self._scale(-1.0, other)

    def __mul__(self, other: Term | float) -> Term:
        return self._with("multiply", other) if isinstance(other, Term) else self._scale(other)

    def __rmul__(self, other: float) -> Term:
        return self._scale(other)

    def __truediv__(self, other: Term | float) -> Term:
        return self._with("divide", other) if isinstance(other, Term) else self._scale(1 / other)

    def __neg__(self) -> Term:
        return self._scale(-1.0)

    def f(self, kind: UnaryKind, *parameters: float) -> Term:
        """``f(x)``."""
        return Term(self.g, unary(self.g, kind, self.value, *parameters))

    def where(self, condition: Term, other: Term | None = None) -> Term:
        """Itself where the condition is positive, else the other one, or 0."""
        if other is None:
            return self._with("gate", condition)
        return self.masked(condition.is_("greater", 0.0), other)

    def masked(self, mask: Term, other: Term | float) -> Term:
        """Itself where the mask is 1, and the other one where it is 0."""
        return Term(self.g, self.g.emit(Select(), mask.value, self.value, self._lift(other).value))

    def half(self) -> Term:
        """1 where it is positive, 0 where it is negative, and 1/2 between: how JAX splits a tie."""
        return 0.5 * self.f("sign") + 0.5

    def is_(self, comparison: BinaryKind, other: Term | float) -> Term:
        """1 where the comparison holds, else 0."""
        return self._with(comparison, other)

    def max(self, other: Term | float) -> Term:
        """The larger one."""
        return self._with("maximum", other)

    def min(self, other: Term | float) -> Term:
        """The smaller one."""
        return self._with("minimum", other)

    def _scale(self, factor: float, offset: float = 0.0) -> Term:
        return Term(self.g, scale(self.g, self.value, factor, offset))

    def _lift(self, other: Term | float) -> Term:
        return other if isinstance(other, Term) else Term(self.g, constant(self.g, other))

    def _with(self, kind: BinaryKind, other: Term | float) -> Term:
        return Term(self.g, binary(self.g, kind, self.value, self._lift(other).value))

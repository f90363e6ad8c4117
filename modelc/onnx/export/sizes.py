"""Sizes as tensors of the file: int64 numbers that are computed from the shapes of the inputs at every call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from modelc.graph.expressions import Atom, Expression, SizeSymbol, atom
from modelc.graph.sizes import Size, surely_equal

if TYPE_CHECKING:
    from modelc.onnx.export.writer import OnnxWriter


class SizeTensors:
    """The sizes of a model, each computed once, in the outermost graph of the file."""

    def __init__(self, writer: OnnxWriter) -> None:
        self._w = writer
        self._symbols: dict[str, tuple[str, int]] = {}
        self._batch: tuple[str, int] | None = None
        self._made: dict[Any, str] = {}

    def declare(self, tensor: str, shape: Sequence[Any]) -> None:
        """Take the sizes of an input of the model."""
        for axis, size in enumerate(shape):
            if size is None:
                self._batch = self._batch or (tensor, axis)
            elif isinstance(size, Size) and (symbol := size.plain_symbol) is not None:
                self._symbols.setdefault(symbol.name, (tensor, axis))

    def name(self, size: Any) -> str:
        """A size as a tensor (1,); None is the batch."""
        if size is None:
            assert self._batch is not None, "no input has a batch"
            return self._extent(*self._batch)
        return self._expression(size.expression) if isinstance(size, Size) else self._w.integers([size])

    def shape(self, dims: Sequence[Any]) -> str:
        """Sizes as a tensor (rank,)."""
        if all(isinstance(d, int) for d in dims):
            return self._w.integers(list(dims))
        key = tuple(d.expression if isinstance(d, Size) else d for d in dims)
        if key not in self._made:
            parts: list[str] = []
            plain: list[int] = []
            for d in dims:
                if isinstance(d, int):
                    plain.append(int(d))
                    continue
                parts += [self._w.integers(plain)] if plain else []
                plain = []
                parts.append(self.name(d))
            parts += [self._w.integers(plain)] if plain else []
            self._made[key] = parts[0] if len(parts) == 1 else self._w.emit("Concat", *parts, axis=0)
        return self._made[key]

    def scalar(self, size: Any) -> str:
        """A size as a tensor ()."""
        if isinstance(size, int):
            return self._w.integers(size)
        return self._once(("scalar", self.name(size)), "Squeeze", self.name(size), self._w.integers([0]))

    def target(self, before: Sequence[Any], after: Sequence[Any]) -> tuple[str, dict[str, Any]]:
        """The shape that a `Reshape` is given, and its attributes: plain numbers where these tell it."""
        if any(isinstance(d, int) and d == 0 for d in after):
            return self.shape(after), {"allowzero": 1}
        told = [
            d if isinstance(d, int) else 0 if i < len(before) and surely_equal(before[i], d) else -1
            for i, d in enumerate(after)
        ]
        if told.count(-1) <= 1:
            return self._w.integers(told), {}
        return self.shape(after), {}

    def _extent(self, tensor: str, axis: int) -> str:
        key = ("extent", tensor, axis)
        if key not in self._made:
            self._made[key] = self._w.emit("Shape", tensor, start=axis, end=axis + 1)
        return self._made[key]

    def _once(self, key: Any, op: str, *inputs: str, **attributes: Any) -> str:
        if key not in self._made:
            self._made[key] = self._w.emit(op, *inputs, **attributes)
        return self._made[key]

    def _expression(self, expression: Expression) -> str:
        if expression not in self._made:
            # In an order that is the same in every process, so that the same model gives the same bytes.
            ordered = sorted(expression.terms.items(), key=lambda term: str(Expression({term[0]: 1})))
            terms = [self._term(monomial, c) for monomial, c in ordered]
            total = terms[0]
            for term in terms[1:]:
                total = self._w.emit("Add", total, term)
            self._made[expression] = total
        return self._made[expression]

    def _term(self, monomial: tuple[Atom, ...], c: int) -> str:
        factors = [self._atom(a) for a in sorted(monomial, key=lambda a: str(atom(a)))]
        if c != 1 or not factors:
            factors.append(self._w.integers([c]))
        product = factors[0]
        for factor in factors[1:]:
            product = self._w.emit("Mul", product, factor)
        return product

    def _atom(self, a: Atom) -> str:
        if isinstance(a, SizeSymbol):
            extent = self._extent(*self._symbols[a.name])
            return extent if a.unit == 1 else self._once(a, "Div", extent, self._w.integers([a.unit]))
        if a not in self._made:
            below, by = self._expression(a.numerator), self._expression(a.denominator)
            # Rounded down, where Div rounds towards 0: the rest of Mod has the sign of the divisor.
            whole = self._w.emit("Sub", below, self._w.emit("Mod", below, by))
            self._made[a] = self._w.emit("Div", whole, by)
        return self._made[a]

"""Free sizes as plain data and back: `[[2, ["time"]], [1, []]]` is ``2·time + 1``, `[n, d]` an atom ``⌊n / d⌋``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from modelc.graph.expressions import Atom, Expression, Quotient, SizeSymbol
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.sizes import Size, as_size


def sizes_data(sizes: FreeSizes) -> dict[str, list[int | None]]:
    """The symbols by name: the least size, the largest, the unit, and the value that it has in the trace."""
    return {
        name: [symbol.least, None if symbol.largest == inf else int(symbol.largest), symbol.unit, sizes.hints[name]]
        for name, symbol in sizes.symbols.items()
    }


def sizes_of_data(data: Mapping[str, Sequence[Any]]) -> FreeSizes:
    """The symbols of `sizes_data`. No fact about them is known."""
    made = FreeSizes()
    for name, (least, largest, unit, hint) in data.items():
        made.add(SizeSymbol(name, least, inf if largest is None else largest, unit), unit * hint)
    return made


def shape_data(shape: Sequence[Any]) -> list[Any]:
    """A shape: numbers, None for the batch, and what `_expression_data` gives for sizes that are free."""
    return [_expression_data(size.expression) if isinstance(size, Size) else size for size in shape]


def shape_of_data(data: Sequence[Any], sizes: FreeSizes | None) -> tuple[Any, ...]:
    """The shape of `shape_data`. Raises `ValueError` where a size is free and there are no `sizes`."""
    if sizes is None:
        if any(isinstance(size, list) for size in data):
            raise ValueError("a size is free, and there are no free sizes")
        return tuple(data)
    return tuple(_size(size, sizes) for size in data)


def _size(data: Any, sizes: FreeSizes) -> Any:
    return as_size(sizes, _expression(data, sizes)) if isinstance(data, list) else data  # pyright: ignore[reportUnknownArgumentType]


def _expression_data(expression: Expression) -> list[Any]:
    return [[c, [*map(_atom_data, monomial)]] for monomial, c in expression.terms.items()]


def _atom_data(atom: Atom) -> Any:
    if isinstance(atom, SizeSymbol):
        return atom.name
    return [_expression_data(atom.numerator), _expression_data(atom.denominator)]


def _expression(data: Sequence[Any], sizes: FreeSizes) -> Expression:
    return Expression({tuple(_atom(atom, sizes) for atom in atoms): c for c, atoms in data})


def _atom(data: Any, sizes: FreeSizes) -> Atom:
    if isinstance(data, str):
        return sizes.symbols[data]
    numerator, denominator = data
    return Quotient(_expression(numerator, sizes), _expression(denominator, sizes))

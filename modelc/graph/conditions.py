"""What the facts of a trace say of the free sizes, in the words of people: `h ≥ 75, w = 32, a.t = b.t`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import inf, lcm

from modelc.graph.expressions import Bounds, Expression, SizeSymbol, number
from modelc.graph.formula import formula
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.halving import change
from modelc.graph.other_sizes import LARGEST

_TRIED = 4096
"""The sizes that are tried to find what one is a multiple of."""

_NEAR = 128
"""How far around its ends a range is looked at for sizes that are none of it."""


def conditions(free: FreeSizes) -> list[str]:
    """The conditions under which a trace holds, each once: of one size by itself where that can be told."""
    least: dict[str, int] = {}
    largest: dict[str, int] = {}
    others: list[str] = []
    for expression, bounds in free.facts.items():
        symbols = [*expression.symbols()]
        step = _step(expression, symbols[0], bounds) if len(symbols) == 1 else None
        found = _of_one(expression, symbols[0], bounds) if len(symbols) == 1 and step is None else None
        if step is not None:
            others.append(f"{symbols[0].name} is a multiple of {step:,}")
        elif found is None:
            others.append(_fact(expression, bounds))
        else:
            name, (low, high) = symbols[0].name, found
            least[name] = max(low, least.get(name, low))
            largest[name] = min(high, largest.get(name, high))
    told = [text for name, symbol in free.symbols.items() if name in least
            for text in _range(symbol, least[name], largest[name])]  # fmt: skip
    told += others + [f"{formula(e)} ≠ {n:,}" for e, n in free.differing]
    return list(dict.fromkeys(told))


def multiples(free: FreeSizes) -> dict[str, int]:
    """What sizes must be multiples of, beyond what their bounds say, so that a trace holds."""
    found: dict[str, int] = {}
    for expression, bounds in free.facts.items():
        symbols = [*expression.symbols()]
        step = _step(expression, symbols[0], bounds) if len(symbols) == 1 else None
        if step is not None:
            found[symbols[0].name] = lcm(step, found.get(symbols[0].name, 1))
    return found


def linked(free: FreeSizes) -> list[set[str]]:
    """The sizes that must be equal, or depend on each other in another way, so that a trace holds."""
    groups: list[set[str]] = []
    for expression, (low, high) in free.facts.items():
        names = {symbol.name for symbol in expression.symbols()}
        if low == high and len(names) > 1:
            met = [group for group in groups if group & names]
            groups = [group for group in groups if group not in met] + [names.union(*met)]
    return groups


def _step(expression: Expression, symbol: SizeSymbol, bounds: Bounds) -> int | None:
    """What a size is a multiple of just where an expression in it lies within bounds."""
    if bounds[0] == -inf or bounds[1] == inf:
        return None
    first, last = (int(min(bound, LARGEST)) for bound in symbol.bounds)
    some = [*islice((n for n in range(first, min(last, _TRIED) + 1) if _lies(expression, symbol, n, bounds)), 2)]
    step = some[1] - some[0] if len(some) > 1 else 0
    near = range(first, min(last, 4 * step) + 1)
    fits = step > 1 and all(_lies(expression, symbol, n, bounds) is (n % step == 0) for n in near)
    return step * symbol.unit if fits else None


def _lies(expression: Expression, symbol: SizeSymbol, n: int, bounds: Bounds) -> bool:
    return bounds[0] <= expression.value({symbol.name: n}) <= bounds[1]


def _range(symbol: SizeSymbol, least: int, largest: int) -> Iterator[str]:
    """What is not said by the bounds of the size already."""
    unit = symbol.unit
    if least == largest:
        yield f"{symbol.name} = {least}"
        return
    if least > -(-symbol.least // unit) * unit:
        yield f"{symbol.name} ≥ {least:,}"
    if largest < min(symbol.largest, LARGEST * unit):
        yield f"{symbol.name} ≤ {largest:,}"


def _of_one(expression: Expression, symbol: SizeSymbol, bounds: Bounds) -> tuple[int, int] | None:
    """The sizes from one to another for which an expression in one size lies within bounds; None where that is
    otherwise."""
    first, last = (int(min(bound, LARGEST)) for bound in symbol.bounds)

    def holds(n: int) -> bool:
        return _lies(expression, symbol, n, bounds)

    if bounds[0] > -inf and bounds[1] < inf:
        some = [n for n in range(first, min(last, _TRIED) + 1) if holds(n)]
        gaps = not some or some[-1] - some[0] != len(some) - 1 or some[-1] == _TRIED
        return None if gaps else (some[0] * symbol.unit, some[-1] * symbol.unit)
    low, high = change(first, last, holds) or (last, last)
    least, largest = (first, low) if holds(first) else (high, last)
    near = {n for at in (first, low) for n in range(max(first, at - _NEAR), min(last, at + _NEAR) + 1)}
    if any(holds(n) is not (least <= n <= largest) for n in near):
        return None  # it rises and falls
    return least * symbol.unit, largest * symbol.unit


def _fact(expression: Expression, bounds: Bounds) -> str:
    low, high = bounds
    if low == high:  # what is subtracted stands on the other side
        added, taken = (
            Expression({m: c * sign for m, c in expression.terms.items() if c * sign > 0}) for sign in (1, -1)
        )
        return f"{formula(added)} = {formula(taken.plus(number(int(low))))}"
    if low == -inf:  # -h ≤ -3 reads better as h ≥ 3
        expression, low, high = expression.times(number(-1)), -high, inf
    text = formula(expression)
    return f"{text} ≥ {int(low):,}" if high == inf else f"{int(low):,} ≤ {text} ≤ {int(high):,}"

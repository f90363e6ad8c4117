"""Expressions in free sizes as text: `1,152·h·w + ⌈h/2⌉`."""

from __future__ import annotations

from fractions import Fraction

from modelc.graph.expressions import Atom, Expression, Monomial, SizeSymbol, number


def formula(expression: Expression, symbols: dict[str, str] | None = None) -> str:
    """The expression as people write it, its highest terms first."""
    if not expression.terms:
        return "0"
    parts: list[str] = []
    for monomial, c in sorted(expression.terms.items(), key=_order):
        text = _term(monomial, abs(c))
        parts.append((" - " if c < 0 else " + ") + text if parts else ("-" if c < 0 else "") + text)
    return "".join(parts)


def _order(term: tuple[Monomial, int]) -> tuple[int, str]:
    monomial, _ = term
    return -len(monomial), "·".join(_factors(monomial)[1])


def _term(monomial: Monomial, c: int) -> str:
    divisor, factors = _factors(monomial)
    share = Fraction(c, divisor)
    if not factors:
        return f"{c:,}"
    text = "·".join(factors)
    if share.numerator != 1:
        text = f"{share.numerator:,}·{text}"
    return text if share.denominator == 1 else f"{text}/{share.denominator:,}"


def _factors(monomial: Monomial) -> tuple[int, list[str]]:
    """What the product is divided by, as a symbol is the size over its unit; and its factors, powers as `h²`."""
    divisor, counted = 1, dict[str, int]()
    for a in monomial:
        if isinstance(a, SizeSymbol):
            divisor *= a.unit
        text = _atom(a)
        counted[text] = counted.get(text, 0) + 1
    return divisor, [text if n == 1 else f"{text}{str(n).translate(_RAISED)}" for text, n in sorted(counted.items())]


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _atom(a: Atom) -> str:
    if isinstance(a, SizeSymbol):
        return a.name
    by = a.denominator.number
    if by is not None:
        plain = _unit(a.numerator)
        if plain is not None:
            return f"⌊{plain.name}/{by * plain.unit:,}⌋"
        above = a.numerator.plus(number(1 - by))
        if above.constant <= 0 < a.numerator.constant:
            return f"⌈{_inner(above)}/{by:,}⌉"
        return f"⌊{_inner(a.numerator)}/{by:,}⌋"
    return f"⌊{_inner(a.numerator)}/{_inner(a.denominator)}⌋"


def _unit(expression: Expression) -> SizeSymbol | None:
    """The symbol that an expression is, where it is the size over a unit."""
    ((monomial, c), *others) = expression.terms.items()
    symbol = monomial[0] if len(monomial) == 1 and c == 1 and not others else None
    return symbol if isinstance(symbol, SizeSymbol) else None


def _inner(expression: Expression) -> str:
    text = formula(expression)
    return text if len(expression.terms) == 1 else f"({text})"

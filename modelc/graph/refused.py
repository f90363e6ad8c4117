"""Why a call's sizes do not suit a model: bounds that they leave, or layers that they are too small for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from modelc.errors import InputError, ModelcError
from modelc.graph.expressions import SizeSymbol
from modelc.graph.free_sizes import FreeSizes, told
from modelc.graph.halving import change

_TRIED = 24
"""The most sizes that a model is traced for to find the least one."""


def require_bounds(sizes: Mapping[str, int], free: FreeSizes) -> None:
    """Raise `InputError` for a size that is smaller, larger or no multiple of what the model says of it."""
    for name, size in sizes.items():
        symbol = free.symbols[name]
        if size < symbol.least or size > symbol.largest or size % symbol.unit:
            raise InputError(f"the size `{name}` is {size}, and must be {bounds_told(symbol)}", _IN_SPEC)


_IN_SPEC = "the bounds are those of `sizes` in the spec"


def bounds_told(symbol: SizeSymbol) -> str:
    """`from 1 to 4096, a multiple of 8`."""
    unit = symbol.unit
    least = -(-symbol.least // unit) * unit
    parts = [f"from {least} to {int(symbol.largest)}" if symbol.largest < float("inf") else f"at least {least}"]
    return ", ".join(parts + ([f"a multiple of {unit}"] if unit > 1 else []))


def refused(
    error: ModelcError, sizes: Mapping[str, int], free: FreeSizes, works: Callable[[Mapping[str, int]], bool]
) -> InputError:
    """The error for sizes that a layer does not take, which names the least ones that it does."""
    diagnostic = error.diagnostics[0]
    helps = [f"`{name}` must be at least {n}" for name, n in least_sizes(sizes, free, works).items()]
    if not helps and diagnostic.help is not None:
        helps = [diagnostic.help]
    return InputError(
        f"the model does not take the sizes {told(sizes)}: {diagnostic.message}", "; ".join(helps) or None
    )


def least_sizes(
    sizes: Mapping[str, int], free: FreeSizes, works: Callable[[Mapping[str, int]], bool]
) -> dict[str, int]:
    """The least size for each that is too small, the others being as large as the model was traced for.

    A size counts as too small where the model works from some larger one on, that one and those after it.
    """
    usual = free.sizes()
    found: dict[str, int] = {}
    for name, size in sizes.items():
        unit = free.symbols[name].unit
        low, high = size // unit, usual[name] // unit

        @cache
        def suits(n: int, name: str = name, unit: int = unit) -> bool:
            return works({**usual, name: n * unit})

        if high <= low or suits(low):
            continue
        edge = change(low, high, suits, _TRIED)
        if edge is not None and suits(edge[1] + 1) and suits(edge[1] + 2):
            found[name] = edge[1] * unit
    return found

"""The sizes that a model with free ones is traced for: the usual ones, or others that a layer needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from modelc.errors import SpecError
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.other_sizes import other_sizes
from modelc.text.listing import listing

T = TypeVar("T")
Trace = Callable[[FreeSizes, Mapping[str, int], Mapping[str, int]], T]
"""Traces a model in a scope of free sizes. The first mapping are the sizes of a call, the second those to assume; by
default it assumes the usual ones."""

_TRIED = 12
"""The most traces that are made to find sizes that all layers take."""


def traced_for_some(trace: Trace[T]) -> T:
    """The trace for the usual sizes, or for others where a layer refuses these because of a size that is free.

    Such a layer adds what has a free size and what has 32 steps: the model takes 32 alone. Raises the `SpecError` of
    the usual sizes, with these in it, where no sizes are found that suit.
    """
    refusals: list[tuple[SpecError, FreeSizes]] = []
    waiting: list[Mapping[str, int]] = [{}]
    seen: list[Mapping[str, int]] = []
    while waiting and len(seen) < _TRIED:
        assumed, free = waiting.pop(), FreeSizes()
        seen.append(assumed)
        try:
            return trace(free, {}, assumed)
        except SpecError as error:
            refusals.append((error, free))
        waiting += [other for other in reversed(other_sizes(free)) if other not in seen]
    error, free = refusals[0]
    blamed = bool(free.refused) and all(other.diagnostics != error.diagnostics for other, _ in refusals[1:])
    raise _with_sizes(trace, free, error) if blamed else error


def applied_for_some(free: FreeSizes, apply: Callable[[], T]) -> T:
    """What `apply` gives, which goes on with a trace by a layer; where the layer refuses the sizes of the trace, these
    become others that it takes and for which the trace so far holds as well.

    Raises the `SpecError` of the layer where there are none.
    """
    before = free.snapshot()
    try:
        return apply()
    except SpecError as error:
        refusal, others = error, other_sizes(free)
    for sizes in others:
        free.forget_since(before)
        if free.holds(free.values(sizes)):
            free.hints = free.values(sizes)
            try:
                return apply()
            except SpecError:
                free.hints = before.hints
    free.forget_since(before)
    raise refusal


def _with_sizes(trace: Trace[T], free: FreeSizes, error: SpecError) -> SpecError:
    """The error with the sizes of its trace as numbers, and which these are."""
    sizes = free.sizes()
    try:
        trace(FreeSizes(), sizes, {})
    except SpecError as told:
        error = told
    largest = {name for name, symbol in free.symbols.items() if symbol.largest < sizes[name] + symbol.unit}
    names = [f"`{name}` is {size}{' (its largest size)' * (name in largest)}" for name, size in sizes.items()]
    note = f"this is where {listing(names)}"
    return SpecError(replace(d, help=f"{d.help}; {note}" if d.help else note) for d in error.diagnostics)

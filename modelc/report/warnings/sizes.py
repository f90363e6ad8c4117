"""Warnings about free sizes: those within the bounds that a layer does not take, such as a picture that is too small.

The facts of the trace say from which size on it holds. Whether a layer refuses the next smaller one, or computes in
another way, a trace of this layer alone says; only after another way all layers are traced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from modelc.errors import Diagnostic, SpecError
from modelc.graph.conditions import linked, multiples
from modelc.graph.expressions import SizeSymbol
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.halving import change
from modelc.language.sizes import NO_BOUNDS
from modelc.language.view import trace_spec
from modelc.report.warnings.alone import refusal
from modelc.text.listing import listing

if TYPE_CHECKING:
    from modelc.language.definition import Definition

_TRACES = 24
"""The most sizes for which layers are traced."""

_MANY = 1 << 16
"""The units that a size without a largest one is taken to have."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """A size up to which, or from which on, a layer refuses its input."""

    name: str
    end: Literal["min", "max"]
    size: int
    """The last size that it takes."""
    beyond: int
    """The next one, which it does not take."""
    why: Diagnostic


@dataclass(slots=True)
class _Search:
    """Which sizes a spec takes."""

    spec: Definition
    free: FreeSizes
    known: dict[tuple[int, ...], Diagnostic | None] = field(default_factory=dict[tuple[int, ...], Diagnostic | None])

    def holds(self, sizes: Mapping[str, int]) -> bool:
        """Whether the trace that there is holds for these."""
        return self.free.holds(self.free.values(sizes))

    @property
    def left(self) -> int:
        """How many more sizes may be traced."""
        return _TRACES - len(self.known)

    def why_not(self, sizes: Mapping[str, int]) -> Diagnostic | None:
        """Why a layer refuses these sizes, None where all take them."""
        if self.holds(sizes):
            return None
        key = tuple(sizes.values())
        if key not in self.known:
            self.known[key] = refusal(self.spec, self.free, sizes) or self._refused(sizes)
        return self.known[key]

    def _refused(self, sizes: Mapping[str, int]) -> Diagnostic | None:
        """Why a layer refuses these sizes, by a trace of all of them."""
        try:
            _ = trace_spec(self.spec, sizes=sizes)
        except SpecError as error:
            return error.diagnostics[0]
        return None

    def end(self, names: Sequence[str], towards: int) -> Iterator[_Refused]:
        """Where the sizes of these names end that the spec takes, from those of the trace to `towards`, if they do."""
        unit, usual = self.free.symbols[names[0]].unit, self.free.sizes()

        def at(n: int) -> dict[str, int]:
            return {**usual, **dict.fromkeys(names, n * unit)}

        start, last = usual[names[0]] // unit, towards // unit
        up = towards > usual[names[0]]
        edge = change(start, last, lambda n: self.holds(at(n))) if up == (last > start) else None
        if edge is None or not self.left:
            return
        if self.why_not(at(edge[1])) is None:  # computed in another way: what comes then has facts of its own
            edge = change(edge[1], last, lambda n: self.why_not(at(n)) is None, self.left)
            if edge is None:
                return
        good, bad = edge
        why = self.why_not(at(bad))
        assert why is not None
        end: Literal["min", "max"] = "max" if up else "min"
        yield from (_Refused(name, end, good * unit, bad * unit, why) for name in names)


def size_warnings(spec: Definition) -> Iterator[Diagnostic]:
    """W404 for every layer that does not take all sizes within the bounds; it names the least or the largest."""
    free = spec.graph.free_sizes
    if free is None:
        return
    # What others ask of the sizes must not make the trace look narrower than it is.
    free = free.snapshot()
    search = _Search(spec, free)
    found: dict[tuple[object, ...], list[_Refused]] = {}
    for names in _together(free):
        for towards in _ends([free.symbols[name] for name in names], spec):
            for refused in search.end(names, towards):
                place = refused.why.file, refused.why.line, refused.why.column
                found.setdefault(place, []).append(refused)
    for some in found.values():
        yield _warning(some, search)


def _together(free: FreeSizes) -> Iterator[list[str]]:
    """The sizes one by one; together those that must be equal, as two inputs have them whose sum is taken."""
    groups, sizes = linked(free), free.sizes()
    for name, symbol in free.symbols.items():
        group = next((group for group in groups if name in group), {name})
        same = [
            n for n in free.symbols if n in group and sizes[n] == sizes[name] and free.symbols[n].unit == symbol.unit
        ]
        if len(same) == len(group) and same[0] == name:  # else no bounds of one can say how they depend on each other
            yield same


def _ends(symbols: Sequence[SizeSymbol], spec: Definition) -> Iterator[int]:
    """The least and the largest size that all of these may have; where there is none, one that is large."""
    unit = symbols[0].unit
    yield max(-(-symbol.least // unit) * unit for symbol in symbols)
    usual = max(spec.sizes.get(symbol.name, NO_BOUNDS).usual for symbol in symbols)
    largest = min(symbol.largest for symbol in symbols)
    yield int(largest) // unit * unit if largest < float("inf") else max(usual, _MANY * unit)


def _warning(some: list[_Refused], search: _Search) -> Diagnostic:
    """The warning for what one layer refuses."""
    needs: dict[str, dict[str, int]] = {}
    for one in some:
        needs.setdefault(one.name, {})[one.end] = one.size
    steps = {
        name: step for name, step in multiples(search.free).items() if _has_gaps(name, needs.get(name, {}), search)
    }
    bounds = {name: {"multiple_of": steps[name]} if name in steps else ends for name, ends in needs.items()}
    written = ", ".join(f"{n}: {{{', '.join(f'{e}: {s}' for e, s in ends.items())}}}" for n, ends in bounds.items())
    first, told = some[0], listing([_needs(name, ends) for name, ends in bounds.items()])
    message = (
        f"the model takes only {told} of the sizes that it leaves free: "
        f"where `{first.name}` is {first.beyond}, {first.why.message}"
    )
    help = f"add `sizes: {{{written}}}`, so that others are refused at once"
    fixed = {name: ends["min"] for name, ends in bounds.items() if ends.get("min") == ends.get("max", 0)}
    if fixed:
        numbers = listing([f"{size} for `{name}`" for name, size in fixed.items()])
        help = f"write {numbers} in the input shape, or {help}"
    return replace(first.why, code="W404", message=message, help=help, severity="warning")


def _has_gaps(name: str, ends: Mapping[str, int], search: _Search) -> bool:
    """Whether between the ends of a size there are others that are refused."""
    symbol, usual = search.free.symbols[name], search.free.sizes()
    if not ends or ends.get("min") == ends.get("max"):
        return False
    size, step = (ends["min"], symbol.unit) if "min" in ends else (ends["max"], -symbol.unit)
    return bool(search.left) and search.why_not({**usual, name: size + step}) is not None


def _needs(name: str, bounds: Mapping[str, int]) -> str:
    least, largest = bounds.get("min"), bounds.get("max")
    if "multiple_of" in bounds:
        return f"multiples of {bounds['multiple_of']} for `{name}`"
    if least is not None and largest is not None:
        return f"`{name}` = {least}" if least == largest else f"`{name}` from {least} to {largest}"
    return f"`{name}` ≥ {least}" if least is not None else f"`{name}` ≤ {largest}"

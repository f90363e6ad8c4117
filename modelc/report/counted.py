"""The costs of a model with free sizes: numbers for sizes that are known, formulas in those that are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from modelc.errors import SpecError
from modelc.graph.conditions import conditions
from modelc.graph.expressions import Expression, SizeSymbol
from modelc.graph.formula import formula
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, LayerTrace
from modelc.graph.refused import bounds_told
from modelc.graph.sizes import Size, same_shape, surely_equal
from modelc.language.definition import Definition
from modelc.language.fixing import require_sizes_of
from modelc.language.sizes import NO_BOUNDS, free_names, symbol_of
from modelc.language.view import input_shapes, trace_spec


class HasDefinition(Protocol):
    """What is made of a definition: a model."""

    def to_spec(self) -> Definition:
        """The definition. Raises `SpecError` for outputs that it cannot name."""
        ...


@dataclass(frozen=True)
class Counted:
    """A model for counting: the free sizes that are known are fixed in its graph."""

    graph: Graph
    """The same layers, in the same order."""
    free: tuple[SizeSymbol, ...]
    """The sizes that the model leaves free, with their bounds."""
    sizes: Mapping[str, int]
    """What is known of these: what was given, else the largest ones."""
    conditions: tuple[str, ...] = ()
    """What sizes that are not known must be for formulas to hold."""

    @property
    def known(self) -> bool:
        """Whether all sizes are known."""
        return len(self.sizes) == len(self.free)


def counted(source: Any, sizes: Mapping[str, int] | None = None) -> Counted:
    """What to count in: a definition or a model for sizes of these names, others at their `max` if they have one.

    Raises `SpecError` for sizes that are not free or are out of bounds, and where a layer does not take them.
    """
    graph: Graph = source.graph
    if graph.free_sizes is None and not sizes:
        return Counted(graph, (), {})
    try:
        spec: Definition = source if isinstance(source, Definition) else source.to_spec()
    except SpecError:  # it has outputs that no definition names: formulas are what its own graph says
        free = () if graph.free_sizes is None else tuple(graph.free_sizes.symbols.values())
        return Counted(graph, free, {}, tuple(conditions(graph.free_sizes)) if graph.free_sizes is not None else ())
    given = require_sizes_of(spec, sizes or {}, "sizes")
    free = free_sizes_of(spec)
    assert graph.free_sizes is not None
    bounded = {s.name: int(s.bounds[1]) * s.unit for s in free if s.largest < float("inf")}
    try:
        traced, known = _fixed(spec, free, {**bounded, **given})
    except SpecError:  # it does not take all sizes at their largest: one may have to be as large as another
        if given or not bounded:
            raise
        usual = graph.free_sizes.sizes()
        traced, known = _fixed(spec, free, {name: usual[name] for name in bounded})
    told = () if traced.free_sizes is None else tuple(conditions(_without_settled(traced, spec.with_sizes(known))))
    return Counted(traced, free, known, told)


def _without_settled(traced: Graph, spec: Definition) -> FreeSizes:
    """What a graph rests on, without sizes that its trace needed as numbers where its costs do not depend on these.

    A sequence is put in the other order by its places, of which there are so many; its costs are the same formulas for
    any number of steps. That is found out by more traces: for a small size, another one, and a larger one.
    """
    free = traced.free_sizes
    assert free is not None
    usual, facts = free.sizes(), dict(free.facts)
    for name, symbol in free.symbols.items():
        plain = Expression({(symbol,): symbol.unit})
        low, high = facts.get(plain, (0, 1))
        if low == high and all(
            _same_costs(traced, spec, {**usual, name: n}) for n in _other_sizes(symbol, usual[name])
        ):
            del facts[plain]
    return replace(free, facts=facts)


def _other_sizes(symbol: SizeSymbol, usual: int) -> list[int]:
    unit, (least, largest) = symbol.unit, symbol.bounds
    wanted = (least + 2, usual // unit // 2 + 1, usual // unit + 7)
    return [int(max(least, min(n, largest))) * unit for n in wanted]


def _same_costs(traced: Graph, spec: Definition, sizes: Mapping[str, int]) -> bool:
    """Whether the costs of a model are the same expressions in a trace for other sizes."""
    try:
        other = trace_spec(spec, sizes=sizes)
    except SpecError:
        return False
    pairs = zip(_records(traced.layers), _records(other.layers), strict=True)
    return all(
        surely_equal(a.macs, b.macs) and same_shape(*([v.type.bytes for v in r.outputs] for r in (a, b)))
        for a, b in pairs
    )


def _records(layers: Iterable[LayerTrace]) -> Iterator[LayerTrace]:
    for record in layers:
        yield record
        yield from _records(record.inner)


def free_sizes_of(spec: Definition) -> tuple[SizeSymbol, ...]:
    """The sizes that a definition leaves free, with their bounds."""
    return tuple(symbol_of(name, spec.sizes.get(name, NO_BOUNDS)) for name in free_names(input_shapes(spec)))


def _fixed(spec: Definition, free: Sequence[SizeSymbol], known: Mapping[str, int]) -> tuple[Graph, dict[str, int]]:
    """The graph with these sizes fixed, and they in their order.

    It is traced anew even where none is: what others have asked of the graph's sizes must not limit the formulas.
    """
    return trace_spec(spec.with_sizes(known)), {s.name: known[s.name] for s in free if s.name in known}


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount: a number, or a formula in sizes that are not known."""

    number: int | None
    formula: str | None = None

    @property
    def text(self) -> str:
        """The number or the formula."""
        return str(self.number) if self.formula is None else self.formula

    def to_dict(self, key: str) -> dict[str, Any]:
        """The documented JSON form: null, and the formula beside it, where there is no number."""
        return {key: self.number} if self.formula is None else {key: None, f"{key}_formula": self.formula}


def amount(size: Any) -> Amount:
    """An amount that was computed of sizes."""
    return Amount(None, formula(size.expression)) if isinstance(size, Size) else Amount(size)


def bounds_of(symbol: SizeSymbol) -> dict[str, int | None]:
    """The documented JSON form of a free size's bounds."""
    largest = None if symbol.largest == float("inf") else int(symbol.largest)
    return {"min": symbol.least, "max": largest, "multiple_of": symbol.unit}


def free_told(symbols: tuple[SizeSymbol, ...]) -> str:
    """`h and w (at least 1), time (from 8 to 4096, a multiple of 8)`."""
    by_bounds: dict[str, list[str]] = {}
    for symbol in symbols:
        by_bounds.setdefault(bounds_told(symbol), []).append(symbol.name)
    return "; ".join(f"{', '.join(names)} ({bounds})" for bounds, names in by_bounds.items())

"""`Summary`: the table of a model's layers, their shapes, parameters and costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from modelc.config.arguments import require_count, require_texts
from modelc.errors import InputError
from modelc.files.preprocessing import Preprocessing
from modelc.graph.expressions import SizeSymbol
from modelc.graph.graph import Graph, Value
from modelc.graph.sizes import shown
from modelc.language.definition import Definition
from modelc.language.labels import labels_of
from modelc.language.pictures import preprocessing_of
from modelc.language.selectors import select
from modelc.layers.base import Layer
from modelc.report.counted import Amount, Counted, amount, bounds_of, counted
from modelc.report.rows import Row, Rows, is_chain, paths_inside
from modelc.report.table import Column, as_csv, as_markdown, as_text, columns_of
from modelc.system.forks import cached_property
from modelc.text.quoting import quote
from modelc.text.unknown import hint

if TYPE_CHECKING:
    from modelc.native.passes.peak import PeakMemory


@dataclass(frozen=True)
class Summary:
    """The selected rows and the totals of the whole model. `str` formats them as a table like Keras's."""

    name: str
    rows: tuple[Row, ...]
    """The rows of the selected layers, each followed by those of its inner layers that are shown."""
    columns: tuple[Column, ...]
    batch_size: int
    params: int
    trainable_params: int
    macs: int | None
    """Multiply-adds per sample; None where `macs_formula` says them."""
    graph: Graph = field(repr=False)
    counted: Counted = field(repr=False)
    """What costs are counted in, and for which sizes."""
    definition: Callable[[], Definition] = field(repr=False)
    """Gives the definition of the model, of which it takes time to make one."""

    macs_formula: str | None = None
    """The multiply-adds as a formula in free sizes that are not known: `1,152·h·w`."""

    @cached_property
    def labels(self) -> tuple[tuple[str, ...] | None, ...]:
        """The names of the classes of each output, or None."""
        return labels_of(self.definition())

    @cached_property
    def preprocessing(self) -> tuple[Preprocessing | None, ...]:
        """For each input, what is done to pictures; None where nothing is said."""
        return preprocessing_of(self.definition())

    @property
    def non_trainable_params(self) -> int:
        """The number of parameters that training does not update."""
        return self.params - self.trainable_params

    @property
    def sizes(self) -> Mapping[str, int]:
        """The sizes of those that are left free that costs are for: what was asked for, else their `max`."""
        return self.counted.sizes

    @property
    def free_sizes(self) -> tuple[SizeSymbol, ...]:
        """The sizes that the model leaves free, with their bounds."""
        return self.counted.free

    @cached_property
    def formulas_hold(self) -> tuple[str, ...]:
        """What free sizes must be for the formulas to hold: `h ≥ 75`. The others the model mostly does not take."""
        return self.counted.conditions

    @cached_property
    def _memory(self) -> int | PeakMemory:
        from modelc.native.passes.peak import call_memory

        return call_memory(self.counted.graph, self.batch_size)

    @property
    def activation_memory(self) -> int | None:
        """The bytes that one call allocates for the batch: the planned arena and the outputs.

        None where that depends on free sizes which are not known: `peak_memory` says what can be said.
        """
        return self._memory if isinstance(self._memory, int) else None

    @property
    def peak_memory(self) -> PeakMemory | None:
        """What a call needs, where that depends on free sizes which are not known."""
        return None if isinstance(self._memory, int) else self._memory

    @cached_property
    def costs(self) -> dict[str, int]:
        """All costs by name; those that depend on sizes which are not known are expressions in them."""
        memory = self._memory if isinstance(self._memory, int) else self._memory.alive
        return {
            "params": self.params,
            "trainable_params": self.trainable_params,
            "non_trainable_params": self.non_trainable_params,
            "macs": sum(record.macs for record in self.counted.graph.layers),
            "activation_memory": memory,
        }

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form; the keys are stable. A nested model has its own `layers`."""
        graph = self.graph
        return {
            "name": self.name,
            "batch_size": self.batch_size,
            "inputs": [
                {"name": name, "shape": list(shown(value.type.shape)), "dtype": dtype}
                for name, value, dtype in zip(graph.input_names, graph.inputs, graph.input_dtypes, strict=True)
            ],
            "outputs": [
                {"name": name, "shape": list(shown(value.type.shape)), "dtype": value.type.dtype}
                | ({} if labels is None else {"labels": list(labels)})
                for name, value, labels in zip(graph.output_labels, graph.outputs, self.labels, strict=True)
            ],
            "layers": [row.to_dict() for row in self.rows if not row.depth],
            "params": self.params,
            "trainable_params": self.trainable_params,
            "non_trainable_params": self.non_trainable_params,
            **Amount(self.macs, self.macs_formula).to_dict("macs"),
            **self._memory_told(),
            **(self._free() if self.free_sizes else {}),
        }

    def _free(self) -> dict[str, Any]:
        """What the JSON form of a model with free sizes has besides."""
        return {
            "sizes": {symbol.name: bounds_of(symbol) for symbol in self.free_sizes},
            "counted_for": dict(self.sizes),
            **({} if self.counted.known else {"formulas_hold": list(self.formulas_hold)}),
        }

    def _memory_told(self) -> dict[str, Any]:
        peak = self.peak_memory
        if peak is None:
            return {"activation_memory": self.activation_memory}
        return {
            **Amount(None, amount(peak.alive).text).to_dict("activation_memory"),
            "activation_memory_peak": {"layer": peak.layer, "sizes": dict(peak.sizes), "bytes": peak.planned},
        }

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON."""
        import json

        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def to_csv(self) -> str:
        """One line per layer, with the columns of the summary."""
        return as_csv(self)

    def to_markdown(self) -> str:
        """The table in Markdown."""
        return as_markdown(self)

    def _repr_html_(self) -> str:
        from modelc.report.html import as_html

        return as_html(self)

    def to_text(self, width: int | None = None, positions: Sequence[float] | None = None) -> str:
        """The table as Keras prints it, in lines of at most `width` characters if given.

        `positions` are where columns end, as shares of the width or in characters. Raises `InputError` where they are
        not one for each column, or leave one too little room.
        """
        return as_text(self, width, positions)

    def __str__(self) -> str:
        return as_text(self)


class Summarized(Protocol):
    """What has a summary: a model."""

    @property
    def graph(self) -> Graph:
        """The traced graph. Raises `SpecError` if a shape does not fit or is not known."""
        ...

    @property
    def layers(self) -> Sequence[Layer]:
        """The layers, as the graph records them."""
        ...

    def to_spec(self) -> Definition:
        """Its definition."""
        ...


def summarize(
    source: Definition | Summarized,
    *,
    batch_size: int = 1,
    layers: Sequence[str] = (),
    columns: Sequence[str] | None = None,
    wide: bool = False,
    expand_nested: bool = False,
    sizes: Mapping[str, int] | None = None,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
) -> Summary:
    """The summary of a spec or a model.

    `layers` are selectors of the rows to show (the totals are those of the whole model), `columns` the columns after
    the layer name, `wide` shows all columns; `expand_nested` shows the layers of nested models; `batch_size` is the
    batch size of `activation_bytes` and `activation_memory`. `sizes` are those of free sizes that costs are counted
    for, by name; the others are their `max`, or stay in formulas. As in Keras, `show_trainable` adds that column, and
    `layer_range` are two regular expressions: rows are shown from the first layer whose name the first one matches to
    the last layer that the second one does.

    Unless `columns` is given, a graph that is not a plain chain has the column `connected_to`. Raises `SpecError` if a
    shape does not fit or is not known, or for an invalid selector, column or size.
    """
    require_count("batch_size", batch_size)
    require_texts("layers", layers, "summary")
    require_texts("columns", columns or (), "summary")
    graph = source.graph
    shown = columns_of(columns, wide, is_chain(graph))
    if show_trainable and "trainable" not in shown:
        shown = (*shown, "trainable")
    costs = counted(source, sizes)
    reaches, windows = _windows(costs.graph) if {"kernel", "receptive_field"} & set(shown) else ({}, {})
    total = sum(w.size for w in graph.stored)
    make = Rows(batch_size, total, reaches, windows)
    layers_of = zip(graph.layers, costs.graph.layers, source.layers, strict=True)
    rows = [make.of(record, cost, layer) for record, cost, layer in layers_of]
    macs = amount(sum(record.macs for record in costs.graph.layers))
    return Summary(
        name=graph.name,
        rows=tuple(_shown(rows[_range([row.name for row in rows], layer_range)], layers, expand_nested)),
        columns=shown,
        batch_size=batch_size,
        params=total,
        trainable_params=sum(row.trainable_params for row in rows),
        macs=macs.number,
        graph=graph,
        definition=(lambda: source) if isinstance(source, Definition) else source.to_spec,
        counted=costs,
        macs_formula=macs.formula,
    )


def _range(names: Sequence[str], patterns: Sequence[str] | None) -> slice:
    """The layers between those that two regular expressions match, in either order."""
    if patterns is None:
        return slice(None)
    require_texts("layer_range", patterns, "summary")
    if len(patterns) != 2:
        raise InputError(f"`layer_range` is the names of two layers, found {len(patterns)}")
    found = [[i for i, name in enumerate(names) if _matches(pattern, name)] for pattern in patterns]
    for pattern, places in zip(patterns, found, strict=True):
        if not places:
            raise InputError(f"`layer_range`: no layer's name matches {quote(pattern)}", hint(pattern, names))
    first, last = min(found[0]), max(found[1])
    return slice(first, last + 1) if first <= last else slice(last, max(found[0]) + 1)


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.match(pattern, name) is not None
    except re.error as error:
        raise InputError(f"`layer_range`: {quote(pattern)} is no regular expression: {error}") from None


def _shown(rows: Sequence[Row], selectors: Sequence[str], expand_nested: bool) -> Iterator[Row]:
    """The rows that selectors choose, by default all; inside of models those chosen by path, or all of them."""
    names, inner = [row.name for row in rows], [path for row in rows for path in paths_inside(row)]
    chosen = select(selectors, names, inner=inner) if selectors else [True] * len(names) + [False] * len(inner)
    wanted = {path for path, wanted in zip([*names, *inner], chosen, strict=True) if wanted}

    def shown(row: Row, above: bool, depth: int) -> Iterator[Row]:
        here = row.name in wanted or (above and expand_nested)
        if here:
            yield replace(row, depth=depth)
        for inside in row.layers:
            yield from shown(inside, here, depth + 1 if here else 0)

    for row in rows:
        yield from shown(row, False, 0)


def _windows(graph: Graph) -> tuple[dict[Value, tuple[int | str, ...]], dict[str, tuple[int, ...]]]:
    """The receptive field of every value, and the extent of every layer's window."""
    from modelc.report.receptive_field import kernel_extents, receptive_fields

    return receptive_fields(graph), kernel_extents(graph)

"""`Summary`: the table of a model's layers, their shapes, parameters and costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from modelc.config.validation import require_count, require_texts
from modelc.files.preprocessing import Preprocessing
from modelc.graph.graph import Graph, Value
from modelc.graph.sizes import shown
from modelc.language.definition import Definition
from modelc.language.labels import labels_of
from modelc.language.pictures import preprocessing_of
from modelc.language.selectors import select
from modelc.layers.base import Layer
from modelc.report.rows import Row, Rows, is_chain, paths_inside
from modelc.report.table import Column, as_csv, as_markdown, as_text, columns_of
from modelc.system.forks import cached_property


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
    macs: int
    """Multiply-adds per sample."""
    graph: Graph = field(repr=False)
    definition: Callable[[], Definition] = field(repr=False)
    """Gives the definition of the model, of which it takes time to make one."""

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

    @cached_property
    def activation_memory(self) -> int:
        """The bytes that one call allocates for the batch: the planned arena and the outputs."""
        from modelc.native.passes.pipeline import activation_memory

        return activation_memory(self.graph, self.batch_size)

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
            "macs": self.macs,
            "activation_memory": self.activation_memory,
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

    def to_text(self, width: int | None = None) -> str:
        """The table as Keras prints it, in lines of at most `width` characters if given."""
        return as_text(self, width)

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
) -> Summary:
    """The summary of a spec or a model.

    `layers` are selectors of the rows to show (the totals are those of the whole model), `columns` the columns after
    the layer name, `wide` shows all columns; `expand_nested` shows the layers of nested models; `batch_size` is the
    batch size of `activation_bytes` and `activation_memory`. Unless `columns` is given, a graph that is not a plain
    chain has the column `connected_to`. Raises `SpecError` if a shape does not fit or is not known, or for an invalid
    selector or column.
    """
    require_count("batch_size", batch_size)
    require_texts("layers", layers, "summary")
    require_texts("columns", columns or (), "summary")
    graph = source.graph
    shown = columns_of(columns, wide, is_chain(graph))
    reaches, windows = _windows(graph) if {"kernel", "receptive_field"} & set(shown) else ({}, {})
    total = sum(w.size for w in graph.stored)
    make = Rows(batch_size, total, reaches, windows)
    rows = [make.of(record, layer) for record, layer in zip(graph.layers, source.layers, strict=True)]
    return Summary(
        name=graph.name,
        rows=tuple(_shown(rows, layers, expand_nested)),
        columns=shown,
        batch_size=batch_size,
        params=total,
        trainable_params=sum(row.trainable_params for row in rows),
        macs=sum(row.macs for row in rows),
        graph=graph,
        definition=(lambda: source) if isinstance(source, Definition) else source.to_spec,
    )


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


def _windows(graph: Graph) -> tuple[dict[Value, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """The receptive field of every value, and the extent of every layer's window."""
    from modelc.report.receptive_field import kernel_extents, receptive_fields

    return receptive_fields(graph), kernel_extents(graph)

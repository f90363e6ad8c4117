"""`Summary`: the table of a model's layers, their shapes, parameters and costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import Graph, LayerTrace, Value
from modelc.graph.types import Shape
from modelc.report.table import COLUMNS, GUIDE_COLUMNS, Column, as_csv, as_markdown, as_text, check_columns
from modelc.spec.selectors import select

if TYPE_CHECKING:
    from modelc.runtime.model import Model
    from modelc.spec.spec import Spec


@dataclass(frozen=True, slots=True)
class Row:
    """One layer."""

    name: str
    type: str
    output_shape: Shape
    """None for the batch."""
    params: int
    trainable_params: int
    """Those that training changes: none of a frozen layer, and never a statistic such as a moving mean."""
    macs: int
    """Multiply-adds per sample, by the convention of docs/macs.md."""
    activation_bytes: int
    """The bytes of the output, for the whole batch."""
    kernel: tuple[int, ...] | None
    """The extent of the layer's window; None where it has none, or where the column was not asked for."""
    receptive_field: tuple[int, ...] | None
    """How much of the input one output element sees, along the axes that windows move along; None as above."""
    trainable: bool
    percent: float
    """The share of the model's parameters, 0 to 100."""


@dataclass(frozen=True)
class Summary:
    """The rows that were asked for, and the totals of the whole model. `str` gives the table, as Keras prints it."""

    name: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    batch_size: int
    params: int
    trainable_params: int
    macs: int
    """Multiply-adds per sample."""
    graph: Graph = field(repr=False)

    @property
    def non_trainable_params(self) -> int:
        """The parameters that training leaves alone."""
        return self.params - self.trainable_params

    @cached_property
    def activation_memory(self) -> int:
        """The bytes that one call allocates for the batch: the arena that the plan lays out, and the outputs."""
        from modelc.passes.pipeline import activation_memory

        return activation_memory(self.graph, self.batch_size)

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form; the keys are stable."""
        return {
            "name": self.name,
            "batch_size": self.batch_size,
            "layers": [
                {
                    "name": row.name,
                    "type": row.type,
                    "output_shape": list(row.output_shape),
                    "params": row.params,
                    "trainable_params": row.trainable_params,
                    "macs": row.macs,
                    "activation_bytes": row.activation_bytes,
                    "trainable": row.trainable,
                }
                for row in self.rows
            ],
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

    def __str__(self) -> str:
        return as_text(self)


def summarize(
    source: Spec | Model,
    *,
    batch_size: int = 1,
    layers: Sequence[str] = (),
    columns: Sequence[str] = GUIDE_COLUMNS,
    wide: bool = False,
) -> Summary:
    """The summary of a spec or a model.

    `layers` are selectors of the rows to show (the totals stay those of the whole model), `columns` what stands
    after the layer's name, `wide` all columns; `batch_size` is what `activation_bytes` and `activation_memory` are
    for. Raises `SpecError` where a shape does not fit, or is not known, or a selector or column is wrong.
    """
    if batch_size < 1:
        raise SpecError(Diagnostic("E204", f"`batch_size` must be at least 1, found {batch_size}", None, "summary"))
    shown = COLUMNS if wide else check_columns(columns)
    graph = source.graph
    reaches, windows = _windows(graph) if {"kernel", "receptive_field"} & set(shown) else ({}, {})
    total = sum(w.size for w in graph.weights)
    rows = tuple(
        _row(record, layer.trainable, batch_size, reaches.get(record.output), windows.get(record.name), total)
        for record, layer in zip(graph.layers, source.layers, strict=True)
    )
    chosen = select(layers, [row.name for row in rows]) if layers else (True,) * len(rows)
    return Summary(
        name=graph.name,
        rows=tuple(row for row, wanted in zip(rows, chosen, strict=True) if wanted),
        columns=shown,
        batch_size=batch_size,
        params=total,
        trainable_params=sum(row.trainable_params for row in rows),
        macs=sum(row.macs for row in rows),
        graph=graph,
    )


def _row(
    record: LayerTrace,
    trainable: bool,
    batch_size: int,
    receptive_field: tuple[int, ...] | None,
    window: tuple[int, ...] | None,
    total: int,
) -> Row:
    params = sum(w.size for w in record.weights)
    return Row(
        name=record.name,
        type=record.type,
        output_shape=record.output.type.shape,
        params=params,
        trainable_params=sum(w.size for w in record.weights if w.trainable) if trainable else 0,
        macs=record.macs,
        activation_bytes=record.output.type.bytes * batch_size,
        kernel=window,
        receptive_field=receptive_field,
        trainable=trainable,
        percent=100 * params / total if total else 0.0,
    )


def _windows(graph: Graph) -> tuple[dict[Value, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """The receptive field of every value, and the extent of every layer's window."""
    from modelc.report.receptive_field import kernel_extents, receptive_fields

    return receptive_fields(graph), kernel_extents(graph)

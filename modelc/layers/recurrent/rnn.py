"""RNN: any cell, or several, run over a sequence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, cast

from pydantic import WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from modelc.config.registry import REGISTRY_MARK
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers import CELLS
from modelc.layers.base import Layer, require_rank
from modelc.layers.recurrent.recurrence import Recurrence
from modelc.layers.recurrent.rnn_cell import RNNCell
from modelc.layers.recurrent.steps import Run, States

_CELL: dict[str, Any] = {REGISTRY_MARK: CELLS.kind}


class CellRecurrence(Recurrence, ABC):
    """A layer that runs a cell over (N, T, C); the weights are the cell's, under its name."""

    @abstractmethod
    def running_cell(self) -> RNNCell:
        """The cell that is applied to each step."""

    def require_sequence(self, x: Tensor) -> None:
        require_rank(x, 3, "(batch, steps, features)", type(self).__name__)

    def state_shapes(self, x: Tensor) -> tuple[tuple[int, ...], ...]:
        return tuple((size,) for size in self.running_cell().state_sizes)

    def declare(self, g: Builder, x: Tensor) -> None:
        cell = self.running_cell()
        with g.scope(cell.name or cell.auto_name()), g.applied(trainable=cell.trainable):
            cell.declare(g, x.dims[-1])

    def run(self, g: Builder, x: Tensor, states: States | None, mask: Tensor | None) -> Run:
        cell = self.running_cell()
        with g.scope(cell.name or cell.auto_name()), g.applied(trainable=cell.trainable):
            return cell.run(g, x, states, mask, backward=self.go_backwards, whole=self.return_sequences)


class _Celled(Layer):
    wrapped = ("cell",)
    keras_parts = (("cell", ("cell",)),)

    cell: Annotated[RNNCell, CELLS.field(), WithJsonSchema({"anyOf": [_CELL, {"type": "array", "items": _CELL}]})]
    """The cell that computes one step: SimpleRNNCell, LSTMCell, GRUCell, StackedRNNCells, or a list of cells."""

    def parts(self) -> Iterator[tuple[str, Layer]]:
        yield self.cell.name or self.cell.auto_name(), self.cell

    @field_validator("cell", mode="before")
    @classmethod
    def _stacked(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        if not value:
            raise PydanticCustomError("value", "expected at least one cell")
        return {"type": "StackedRNNCells", "cells": cast("Sequence[Any]", value)}


class RNN(CellRecurrence, _Celled):
    """Runs a cell over the steps of a sequence: ``h_t, states_t = cell(x_t, states_{t-1})``.

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also the final states. A
    list of cells stands for StackedRNNCells.
    """

    def running_cell(self) -> RNNCell:
        return self.cell

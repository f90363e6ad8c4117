"""StackedRNNCells: several cells as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, field_validator

from modelc.config.options import as_tuple
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers import CELLS
from modelc.layers.base import Layer
from modelc.layers.recurrent.rnn_cell import RNNCell
from modelc.layers.recurrent.steps import Run, States, reverse


class StackedRNNCells(RNNCell):
    """A stack of cells used as one: the output of each is the input of the next.

    States: those of all cells in order.
    """

    holds_layers = True

    wrapped = ("cells",)

    cells: tuple[Annotated[RNNCell, CELLS.field()], ...] = Field(min_length=1)
    """The cells in order."""

    @field_validator("cells", mode="before")
    @classmethod
    def _as_tuple(cls, value: Any) -> Any:
        return as_tuple(value)

    @property
    def state_sizes(self) -> tuple[int, ...]:
        return tuple(size for cell in self.cells for size in cell.state_sizes)

    @property
    def output_size(self) -> int:
        return self.cells[-1].output_size

    def parts(self) -> Iterator[tuple[str, Layer]]:
        yield from self._named()

    def _named(self) -> Iterator[tuple[str, RNNCell]]:
        """The cells with their names; those made from types are numbered, as Keras numbers them."""
        taken: dict[str, int] = {}
        for cell in self.cells:
            name = cell.name or cell.auto_name()
            number = taken[name] = taken.get(name, -1) + 1
            yield f"{name}_{number}" if number else name, cell

    def declare(self, g: Builder, features: int) -> None:
        for name, cell in self._named():
            with g.scope(name), g.applied(trainable=cell.trainable):
                cell.declare(g, features)
            features = cell.output_size

    def step(self, g: Builder, x: Tensor, states: States) -> tuple[Tensor, States]:
        after: States = ()
        for name, cell in self._named():
            count = len(cell.state_sizes)
            with g.scope(name), g.applied(trainable=cell.trainable):
                x, new = cell.step(g, x, states[:count])
            states, after = states[count:], after + new
        return x, after

    def run(
        self, g: Builder, x: Tensor, states: States | None, mask: Tensor | None, *, backward: bool, whole: bool
    ) -> Run:
        # A masked step holds all states, so that running the cells one after the other over the whole sequence
        # is the same as running all of them step by step.
        after: States = ()
        last = len(self.cells) - 1
        for i, (name, cell) in enumerate(self._named()):
            count = len(cell.state_sizes)
            own = None if states is None else states[:count]
            with g.scope(name), g.applied(trainable=cell.trainable):
                done = cell.run(g, x, own, mask, backward=backward, whole=whole or i < last)
            if backward:
                backward, mask = False, None if mask is None else reverse(mask)
            states = None if states is None else states[count:]
            x, after = done.outputs, after + done.states
        return Run(x, after)

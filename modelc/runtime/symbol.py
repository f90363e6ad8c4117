"""`Symbol`: a tensor of a model that has no value yet: what `layer.output` and `model.inputs` give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelc.graph.graph import Value
from modelc.graph.types import Shape, format_shape

if TYPE_CHECKING:
    from modelc.runtime.model import Traced


@dataclass(frozen=True, slots=True)
class Symbol:
    """A tensor of the traced model `owner`."""

    owner: Traced
    value: Value
    name: str

    @property
    def shape(self) -> Shape:
        """The dimensions; None for the batch."""
        return self.value.type.shape

    @property
    def dtype(self) -> str:
        """The type of its elements."""
        return self.value.type.dtype

    def __repr__(self) -> str:
        return f"<Symbol {self.name} shape={format_shape(self.shape)} dtype={self.dtype}>"
